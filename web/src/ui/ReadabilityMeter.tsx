import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { judgeReadability, type Readability } from "@/lib/readability";

const COLOUR: Record<Readability["level"], string> = {
  easy: "meaning.good.strong",
  fair: "meaning.doubt.strong",
  hard: "meaning.bad.strong",
};

/** How easily the member will read the text, and what to mend. */
export function ReadabilityMeter({ text }: { text: string }) {
  const { t } = useTranslation();
  if (text.trim() === "") return null;
  const found = judgeReadability(text);
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      <Box aria-hidden sx={{ height: 4, borderRadius: 2, bgcolor: "surface.hairline", overflow: "hidden" }}>
        <Box sx={{ height: 1, width: `${Math.max(4, found.score)}%`, bgcolor: COLOUR[found.level] }} />
      </Box>
      <Typography variant="caption" role="status" sx={{ color: COLOUR[found.level], fontWeight: 600 }}>
        {t(`readability.level.${found.level}`)} · {t("readability.score", { score: found.score })}
      </Typography>
      {found.longSentences.length > 0 && (
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("readability.long_sentences", { count: found.longSentences.length })}
        </Typography>
      )}
      {found.problems.map(({ word, reason }) => (
        <Typography key={word} variant="caption" sx={{ color: "text.secondary" }}>
          {t(`readability.${reason}`, { word })}
        </Typography>
      ))}
    </Box>
  );
}
