import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { GuideInfo } from "@/client/types/priorAuth";
import { formatDate } from "@/lib/format";

import { Tag, type Tone } from "./Tag";
import { TABULAR } from "./theme";

const TONE: Record<GuideInfo["standing"], Tone> = {
  valid: "good",
  replaced: "doubt",
  ended: "quiet",
  cancelled: "bad",
};

/** A request's guides, the one that counts first; what was replaced stays to be read, without its password. */
export function GuideList({ guides }: { guides: readonly GuideInfo[] }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
      {guides.toReversed().map((guide) => (
        <Box component="li" key={guide.number} sx={{ display: "grid", gap: 1, justifyItems: "start" }}>
          <Tag tone={TONE[guide.standing]}>{t(`guides.standing.${guide.standing}`)}</Tag>
          <Box component="dl" sx={{ m: 0, display: "flex", flexWrap: "wrap", columnGap: 5, rowGap: 1 }}>
            <Fact name={t("decision.guide")} value={guide.number} />
            {guide.standing === "valid" && <Fact name={t("decision.auth_code")} value={guide.senha} />}
            <Fact name={t("decision.valid_until")} value={formatDate(guide.valid_until)} />
          </Box>
          {guide.replaced_by !== null && (
            <Typography variant="body2" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
              {guide.standing === "replaced" && guide.reason !== null
                ? t(`guides.replaced.${guide.reason}`, { number: guide.replaced_by })
                : t("guides.followed", { number: guide.replaced_by })}
            </Typography>
          )}
        </Box>
      ))}
    </Box>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <Box>
      <Typography component="dt" variant="caption" sx={{ color: "text.secondary" }}>
        {name}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontWeight: 650, ...TABULAR, overflowWrap: "anywhere" }}>
        {value}
      </Typography>
    </Box>
  );
}
