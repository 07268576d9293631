import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useListSatisfactionQuery } from "@/client/chat";
import { formatCount } from "@/lib/format";

const BEST_FIRST = [5, 4, 3, 2, 1] as const;

/** How people found the attendance in the last weeks; nothing while nobody was asked. */
export function SatisfactionCard() {
  const { t, i18n } = useTranslation();
  const weeks = useListSatisfactionQuery().data ?? [];
  const asked = sum(weeks.map((week) => week.asked));
  if (asked === 0) return null;
  const counts = BEST_FIRST.map((rating) => sum(weeks.map((week) => week.ratings[rating - 1] ?? 0)));
  const answered = sum(counts);
  const mean = sum(counts.map((count, place) => count * (BEST_FIRST[place] ?? 0))) / (answered || 1);
  const complaints = sum(weeks.map((week) => week.complaints));
  return (
    <Box
      component="section"
      aria-labelledby="satisfaction"
      sx={{
        width: "min(420px, 92%)",
        justifySelf: "center",
        mb: 8,
        p: 4,
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
      }}
    >
      <Typography id="satisfaction" variant="h3" component="h2">
        {t("satisfaction.title")}
      </Typography>
      <Typography variant="body2" sx={{ color: "text.secondary", mb: 3 }}>
        {answered === 0
          ? t("satisfaction.nobody", { asked: formatCount(asked) })
          : t("satisfaction.summary", {
              mean: mean.toLocaleString(i18n.language, { maximumFractionDigits: 1 }),
              answered: formatCount(answered),
              asked: formatCount(asked),
            })}
      </Typography>
      {answered > 0 && (
        <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}>
          {BEST_FIRST.map((rating, place) => (
            <Box
              component="li"
              key={rating}
              sx={{ display: "grid", gridTemplateColumns: "9em 1fr 3em", alignItems: "center", gap: 2 }}
            >
              <Typography variant="body2">{t(`satisfaction.rating.r${rating}`)}</Typography>
              <Box aria-hidden sx={{ height: 8, borderRadius: "4px", bgcolor: "surface.sunken" }}>
                <Box
                  sx={{
                    height: 1,
                    width: `${(100 * (counts[place] ?? 0)) / answered}%`,
                    borderRadius: "4px",
                    bgcolor: "primary.main",
                  }}
                />
              </Box>
              <Typography variant="body2" sx={{ textAlign: "right", fontVariantNumeric: "tabular-nums" }}>
                {formatCount(counts[place] ?? 0)}
              </Typography>
            </Box>
          ))}
        </Box>
      )}
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mt: 3 }}>
        {t("satisfaction.complaints", { count: complaints })} {t("satisfaction.how")}
      </Typography>
    </Box>
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
