import CloseOutlined from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { pageImageAddress } from "@/client/documents";
import { useGetCaseQuery } from "@/client/medicalAudit";
import type { CaseDetail, CaseLine } from "@/client/types/medicalAudit";
import { LoadFailed } from "@/ui/Problems";
import { TimeLeftText } from "@/ui/TimeLeftText";
import { UrgencyMark } from "@/ui/UrgencyMark";

import { RuleList } from "@/ui/RuleList";

type Props = { one: CaseLine; now: number; onClose: () => void };

/** A look at a case without leaving the queue: its first page, what is asked and which rules fired. */
export function PeekPanel({ one, now, onClose }: Props) {
  const { t } = useTranslation();
  const detail = useGetCaseQuery(one.id);
  return (
    <Box
      component="aside"
      aria-label={t("queue.peek", { number: one.number })}
      sx={{
        width: { xs: 1, sm: 400 },
        position: { xs: "absolute", lg: "static" },
        right: 0,
        top: 0,
        bottom: 0,
        zIndex: 2,
        flex: "none",
        overflowY: "auto",
        p: 4,
        display: "grid",
        alignContent: "start",
        gap: 4,
        bgcolor: "background.paper",
        borderLeft: "1px solid",
        borderColor: "divider",
        boxShadow: { xs: 8, lg: 0 },
      }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 3 }}>
        <Typography variant="h2" sx={{ flex: 1 }}>
          {one.number}
        </Typography>
        <Button component={RouterLink} to={`/cockpit/casos/${one.id}`} variant="contained">
          {t("queue.open_case")}
        </Button>
        <IconButton aria-label={t("common.close")} onClick={onClose}>
          <CloseOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Box sx={{ display: "flex", gap: 4 }}>
        <UrgencyMark urgency={one.urgency} />
        <TimeLeftText now={now} clock={one} />
      </Box>
      <Typography sx={{ fontWeight: 600 }}>{one.procedure}</Typography>
      {detail.error ? (
        <LoadFailed error={detail.error} retry={() => void detail.refetch()} />
      ) : detail.data ? (
        <PeekContent detail={detail.data} />
      ) : (
        <Skeleton variant="rounded" height={280} />
      )}
    </Box>
  );
}

function PeekContent({ detail }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const { request } = detail;
  const first = request.documents.find((document) => document.document_id !== null)?.document_id;
  return (
    <>
      {first && (
        <Box
          component="img"
          src={pageImageAddress(first, 1, 800)}
          alt={t("queue.first_page")}
          sx={{
            width: 1,
            maxHeight: 340,
            objectFit: "cover",
            objectPosition: "top",
            borderRadius: 1,
            border: "1px solid",
            borderColor: "divider",
          }}
        />
      )}
      <Typography variant="body2">{request.indication ?? t("case.no_indication")}</Typography>
      <Box>
        <Typography variant="h3" sx={{ mb: 1 }}>
          {t("case.rules")}
        </Typography>
        <RuleList rules={request.rules} />
      </Box>
    </>
  );
}
