import CheckCircleOutlined from "@mui/icons-material/CheckCircleOutlined";
import ErrorOutlined from "@mui/icons-material/ErrorOutlined";
import HelpOutlineOutlined from "@mui/icons-material/HelpOutlineOutlined";
import HighlightOffOutlined from "@mui/icons-material/HighlightOffOutlined";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { EligibilityCheck } from "@/client/types";

const RESULT = {
  pass: { Icon: CheckCircleOutlined, colour: "meaning.good.strong" },
  warn: { Icon: ErrorOutlined, colour: "meaning.doubt.strong" },
  fail: { Icon: HighlightOffOutlined, colour: "meaning.bad.strong" },
  unknown: { Icon: HelpOutlineOutlined, colour: "text.secondary" },
} as const;

/** The administrative checks: satisfied, to be looked at, not satisfied, or not known. */
export function EligibilityList({ checks }: { checks: readonly EligibilityCheck[] }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1.5 }}>
      {checks.map((check) => {
        const { Icon, colour } = RESULT[check.outcome];
        return (
          <Box component="li" key={check.check} sx={{ display: "flex", gap: 2, alignItems: "flex-start" }}>
            <Icon
              titleAccess={t(`case.result.${check.outcome}`)}
              sx={{ fontSize: 18, color: colour, mt: "1px", flex: "none" }}
            />
            <Typography variant="body2">
              {check.text}
              <Typography component="span" variant="caption" sx={{ color: "text.secondary" }}>
                {check.tiss_reason !== null && ` ${t("case.tiss_code", { code: check.tiss_reason })}`}
                {check.evidence.length > 0 && ` ${check.evidence.join(", ")}`}
              </Typography>
            </Typography>
          </Box>
        );
      })}
    </Box>
  );
}
