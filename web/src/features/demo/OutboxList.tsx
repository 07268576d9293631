import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useListOutboxQuery } from "@/client/demo";
import { formatDateTime } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Blank, LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

const POLL_MS = 3000;

/** Mails and text messages that would have left, newest first: one-time codes and invitations among them. */
export function OutboxList() {
  const { t } = useTranslation();
  const outbox = useListOutboxQuery(undefined, { pollingInterval: POLL_MS });
  if (outbox.error && !outbox.data)
    return <LoadFailed error={outbox.error} retry={() => void outbox.refetch()} />;
  if (!outbox.data) return <Skeleton variant="rounded" height={160} />;
  if (outbox.data.length === 0)
    return <Blank title={t("outbox.empty_title")}>{t("outbox.empty_text")}</Blank>;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
      {outbox.data
        .toSorted((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at))
        .map((message) => (
          <Box
            component="li"
            key={message.notification_id}
            sx={{ p: 3, border: "1px solid", borderColor: "divider", borderRadius: 1 }}
          >
            <Box sx={{ display: "flex", gap: 2, alignItems: "center", mb: 1 }}>
              <Tag>{codeText("channel", message.channel)}</Tag>
              <Typography variant="body2" sx={{ fontWeight: 600, flex: 1, overflowWrap: "anywhere" }}>
                {message.address}
              </Typography>
              <Typography variant="caption" sx={{ color: "text.secondary" }}>
                {formatDateTime(message.created_at)}
              </Typography>
            </Box>
            {message.subject !== "" && (
              <Typography variant="body2" sx={{ fontWeight: 600 }}>
                {message.subject}
              </Typography>
            )}
            <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
              <Linked text={message.text} />
            </Typography>
          </Box>
        ))}
    </Box>
  );
}

/** Text whose addresses of this site can be followed. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((piece, place) =>
    piece.startsWith("http") ? (
      <Link key={place} href={piece} target="_blank" rel="noopener">
        {piece}
      </Link>
    ) : (
      piece
    ),
  );
}
