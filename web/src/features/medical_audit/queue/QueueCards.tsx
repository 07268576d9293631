import Box from "@mui/material/Box";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import type { CaseLine } from "@/client/types/medicalAudit";
import { TABULAR } from "@/ui/theme";
import { TimeLeftText } from "@/ui/TimeLeftText";
import { UrgencyMark } from "@/ui/UrgencyMark";

import { MemberMark, ReasonChips } from "./QueueTable";

/** The queue on a phone: the same facts, one card a case. */
export function QueueCards(props: { rows: readonly CaseLine[]; now: number; loading: boolean }) {
  const { t } = useTranslation();
  if (props.loading) {
    return Array.from({ length: 6 }, (_card, index) => <Skeleton key={index} height={92} sx={{ mx: 3 }} />);
  }
  return (
    <Box component="ul" aria-label={t("app.place.queue")} sx={{ listStyle: "none", m: 0, p: 0 }}>
      {props.rows.map((row) => (
        <Box component="li" key={row.id} sx={{ borderBottom: "1px solid", borderColor: "divider" }}>
          <Box
            component={RouterLink}
            to={`/cockpit/casos/${row.id}`}
            sx={{ display: "grid", gap: 1.5, px: 4, py: 3, color: "inherit", textDecoration: "none" }}
          >
            <Box sx={{ display: "flex", justifyContent: "space-between" }}>
              <UrgencyMark urgency={row.urgency} />
              <TimeLeftText now={props.now} clock={row} />
            </Box>
            <Typography sx={{ fontWeight: 600 }}>{row.procedure}</Typography>
            <Box sx={{ display: "flex", gap: 3, alignItems: "center", minWidth: 0 }}>
              <Typography variant="caption" sx={{ ...TABULAR, color: "text.secondary", flex: "none" }}>
                {row.number} · <MemberMark member={row.member} />
              </Typography>
              <ReasonChips reasons={row.route_reasons} />
            </Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
