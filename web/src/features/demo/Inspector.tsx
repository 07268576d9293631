import CallMadeOutlined from "@mui/icons-material/CallMade";
import CallReceivedOutlined from "@mui/icons-material/CallReceived";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useGetTranscriptQuery } from "@/client/demo";
import type { InspectorEntry } from "@/client/types/demo";
import { formatTime } from "@/lib/format";
import { JsonView } from "@/ui/JsonView";
import { Blank } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

/** What went over the wire, newest first. */
export function Inspector({ phone, pollMs }: { phone: string; pollMs: number }) {
  const { t } = useTranslation();
  const entries = useGetTranscriptQuery(phone, { pollingInterval: pollMs }).data?.inspector ?? [];
  if (entries.length === 0) {
    return <Blank title={t("phone.inspector_empty")}>{t("phone.inspector_empty_text")}</Blank>;
  }
  const newest = entries.findLast((entry) => !isStatus(entry))?.id;
  return (
    <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
      {entries.toReversed().map((entry) => (
        <Entry key={entry.id} entry={entry} open={entry.id === newest} />
      ))}
    </Box>
  );
}

/** Three of these follow each message; they stand in one thin line. */
function isStatus(entry: InspectorEntry): boolean {
  return entry.kind.startsWith("status");
}

function Entry({ entry, open }: { entry: InspectorEntry; open: boolean }) {
  const { t } = useTranslation();
  const inward = entry.direction === "in";
  const Icon = inward ? CallReceivedOutlined : CallMadeOutlined;
  return (
    <Box component="li">
      <Box
        component="details"
        open={open}
        sx={{ border: "1px solid", borderColor: "divider", borderRadius: 1 }}
      >
        <Box
          component="summary"
          sx={{
            display: "flex",
            alignItems: "center",
            gap: 2,
            px: 3,
            py: isStatus(entry) ? 0.5 : 2,
            cursor: "pointer",
            listStyle: "none",
          }}
        >
          <Icon sx={{ fontSize: 18, color: inward ? "info.main" : "primary.main" }} />
          <Typography variant="body2" sx={{ fontWeight: isStatus(entry) ? 450 : 600, flex: 1 }}>
            {inward ? t("phone.webhook_in") : t("phone.graph_out")}
          </Typography>
          <Tag>{entry.kind}</Tag>
          <Typography variant="caption" sx={{ color: "text.secondary", fontVariantNumeric: "tabular-nums" }}>
            {formatTime(entry.at)}
          </Typography>
        </Box>
        <Box sx={{ px: 3, pb: 3, display: "grid", gap: 2 }}>
          <Typography variant="caption" sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>
            {entry.call}
          </Typography>
          <JsonView value={entry.headers} />
          {entry.body !== null && <JsonView value={entry.body} />}
        </Box>
      </Box>
    </Box>
  );
}
