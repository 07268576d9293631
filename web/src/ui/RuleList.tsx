import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { FiredRule } from "@/client/types/priorAuth";
import { Tag, type Tone } from "./Tag";

const EFFECT_TONE: Record<FiredRule["effect"], Tone> = {
  allow: "good",
  ask: "doubt",
  route: "doubt",
  propose: "doubt",
  inform: "quiet",
};

/** The rules that fired, each as a plain sentence with its id and version. */
export function RuleList({ rules }: { rules: readonly FiredRule[] }) {
  const { t } = useTranslation();
  if (rules.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("case.no_rules")}
      </Typography>
    );
  }
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
      {rules.map((rule) => (
        <Box component="li" key={`${rule.id}-${rule.version}`} sx={{ display: "grid", gap: 0.5 }}>
          <Typography variant="body2">{rule.text}</Typography>
          <Box sx={{ display: "flex", gap: 2, alignItems: "center", flexWrap: "wrap" }}>
            <Tag tone={EFFECT_TONE[rule.effect]}>{t(`case.effect.${rule.effect}`)}</Tag>
            <Typography variant="caption" sx={{ color: "text.secondary" }}>
              {t("case.rule_version", { id: rule.id, version: rule.version })}
              {rule.evidence.length > 0 && ` · ${rule.evidence.join(", ")}`}
            </Typography>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
