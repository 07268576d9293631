import CheckCircleOutlined from "@mui/icons-material/CheckCircleOutlined";
import ErrorOutlined from "@mui/icons-material/ErrorOutlined";
import HelpOutlineOutlined from "@mui/icons-material/HelpOutlineOutlined";
import HighlightOffOutlined from "@mui/icons-material/HighlightOffOutlined";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { EligibilityCheck } from "@/client/types/priorAuth";

import { Folded } from "./Folded";

const RESULT = {
  pass: { Icon: CheckCircleOutlined, colour: "meaning.good.strong" },
  warn: { Icon: ErrorOutlined, colour: "meaning.doubt.strong" },
  fail: { Icon: HighlightOffOutlined, colour: "meaning.bad.strong" },
  unknown: { Icon: HelpOutlineOutlined, colour: "text.secondary" },
} as const;

/** The administrative checks: first what somebody has to look at, each with its evidence; what is in order lies folded. */
export function EligibilityList({ checks }: { checks: readonly EligibilityCheck[] }) {
  const { t } = useTranslation();
  const open = checks.filter((check) => check.outcome !== "pass");
  const passed = checks.filter((check) => check.outcome === "pass");
  if (checks.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("case.no_checks")}
      </Typography>
    );
  }
  return (
    <>
      {open.length > 0 && <Checks checks={open} />}
      {passed.length > 0 && (
        <Folded summary={t("case.checks_passed", { count: passed.length })}>
          <Checks checks={passed} />
        </Folded>
      )}
    </>
  );
}

function Checks({ checks }: { checks: readonly EligibilityCheck[] }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
      {checks.map((check) => {
        const { Icon, colour } = RESULT[check.outcome];
        const proof = [...check.evidence];
        if (check.clause) proof.push(check.clause);
        if (check.tiss_reason !== null) proof.push(t("case.tiss_code", { code: check.tiss_reason }));
        return (
          <Box component="li" key={check.check} sx={{ display: "flex", gap: 2, alignItems: "flex-start" }}>
            <Icon
              titleAccess={t(`case.result.${check.outcome}`)}
              sx={{ fontSize: 18, color: colour, mt: "1px", flex: "none" }}
            />
            <Box sx={{ minWidth: 0 }}>
              <Typography variant="body2">
                <Box component="span" sx={{ fontWeight: 600 }}>
                  {t(`case.check.${check.check}`, { defaultValue: check.check })}
                </Box>
                {": "}
                {check.text}
              </Typography>
              {proof.length > 0 && (
                <Typography
                  variant="caption"
                  component="p"
                  sx={{ color: "text.secondary", overflowWrap: "anywhere" }}
                >
                  {proof.join(" · ")}
                </Typography>
              )}
            </Box>
          </Box>
        );
      })}
    </Box>
  );
}
