import DoneIcon from "@mui/icons-material/Done";
import DoneAllIcon from "@mui/icons-material/DoneAll";
import ErrorOutlined from "@mui/icons-material/ErrorOutlined";
import LockOutlined from "@mui/icons-material/LockOutlined";
import ScheduleOutlined from "@mui/icons-material/Schedule";
import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { pageImageAddress } from "@/client/documents";
import { useGetSessionQuery, useMay } from "@/client/identity";
import type { ChatMessage, HandOverEntry } from "@/client/types/chat";
import { formatDateTime, formatTime } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { findText } from "@/ui/findText";
import { Said } from "@/ui/MessageMarks";
import { Tag } from "@/ui/Tag";

const ASSISTANT = "assistant";
const VOICE = "audio";
const THUMB_WIDTH = 400;
const LARGE_WIDTH = 1600;

/** One message, of the person on the left, of ours on the right. */
export function MessageBubble({ message }: { message: ChatMessage }) {
  const { t } = useTranslation();
  const me = useGetSessionQuery().data?.principal.id;
  const ours = message.direction === "out";
  const who = !ours
    ? t("conversations.said_by.member")
    : t(
        `conversations.said_by.${message.author === ASSISTANT ? "assistant" : message.author === me ? "me" : "staff"}`,
      );
  const staff = ours && message.author !== ASSISTANT;
  return (
    <Box
      sx={{
        justifySelf: ours ? "end" : "start",
        maxWidth: "min(620px, 92%)",
        minWidth: 0,
        px: 3,
        py: 2,
        borderRadius: 1,
        border: "1px solid",
        borderColor:
          message.urgency === "RED" || message.urgency === "ORANGE" ? "meaning.bad.strong" : "divider",
        bgcolor: staff ? "surface.selected" : ours ? "surface.sunken" : "background.paper",
      }}
    >
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", fontWeight: 600 }}>
        {who}
      </Typography>
      <Said kind={message.kind} editedAt={message.edited_at} deletedAt={message.deleted_at}>
        <Media message={message} />
        {(message.text !== null || message.kind !== VOICE) && (
          <Typography sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
            {message.text ??
              (message.document_id === null
                ? t("members.not_text", { kind: codeText("message", message.kind) })
                : "")}
          </Typography>
        )}
      </Said>
      {message.buttons.length > 0 && (
        <Typography variant="caption" component="p" sx={{ color: "text.secondary", mt: 1 }}>
          {t("conversations.buttons", { titles: message.buttons.map((one) => one.title).join(" · ") })}
        </Typography>
      )}
      <Box
        sx={{
          display: "flex",
          justifyContent: "flex-end",
          alignItems: "center",
          gap: 1,
          color: "text.secondary",
        }}
      >
        {(message.urgency === "RED" || message.urgency === "ORANGE") && (
          <Tag tone="bad">{t(`urgency.word.${message.urgency}`)}</Tag>
        )}
        <Typography variant="caption" title={formatDateTime(message.sent_at)}>
          {formatTime(message.sent_at)}
        </Typography>
        {ours && <Tick status={message.status} />}
      </Box>
    </Box>
  );
}

/** A voice note to hear, or the first page of a paper. */
function Media({ message }: { message: ChatMessage }) {
  const { t } = useTranslation();
  const maySee = useMay("document:read");
  if (message.direction === "in" && message.kind === VOICE) {
    return (
      <Box
        component="audio"
        controls
        preload="none"
        aria-label={t("alerts.listen")}
        src={`/api/v1/messages/${message.id}/voice-note`}
        sx={{ display: "block", maxWidth: 1, my: 1 }}
      >
        <track kind="captions" />
      </Box>
    );
  }
  if (message.document_id === null) return null;
  if (!maySee) return <Tag>{t("members.with_paper")}</Tag>;
  return (
    <Link
      href={pageImageAddress(message.document_id, 1, LARGE_WIDTH)}
      target="_blank"
      rel="noopener"
      aria-label={t("conversations.open_page")}
      sx={{ display: "block", my: 1 }}
    >
      <Box
        component="img"
        loading="lazy"
        src={pageImageAddress(message.document_id, 1, THUMB_WIDTH)}
        alt={t("conversations.page")}
        sx={{
          display: "block",
          width: 240,
          maxWidth: 1,
          height: 200,
          objectFit: "cover",
          objectPosition: "top",
          borderRadius: "6px",
          border: "1px solid",
          borderColor: "divider",
          bgcolor: "#fff",
        }}
      />
    </Link>
  );
}

/** How far it got: a sign, and the word for who cannot see it. */
function Tick({ status }: { status: string }) {
  const { t } = useTranslation();
  const text = findText(`conversations.tick.${status}`) ?? status;
  const sx = { fontSize: 16 };
  switch (status) {
    case "read":
      return <DoneAllIcon titleAccess={text} sx={{ ...sx, color: "primary.main" }} />;
    case "delivered":
      return <DoneAllIcon titleAccess={text} sx={sx} />;
    case "sent":
      return <DoneIcon titleAccess={text} sx={sx} />;
    case "failed":
      return (
        <Box
          component="span"
          sx={{ display: "inline-flex", alignItems: "center", gap: 1, color: "meaning.bad.strong" }}
        >
          <ErrorOutlined aria-hidden sx={sx} />
          <Typography variant="caption" sx={{ fontWeight: 600 }}>
            {t("conversations.tick.failed")}
          </Typography>
        </Box>
      );
    default:
      return <ScheduleOutlined titleAccess={text} sx={sx} />;
  }
}

/** What happened beside the messages, and notes that the person never sees. */
export function EntryLine({ entry }: { entry: HandOverEntry }) {
  const { t } = useTranslation();
  const name = entry.author?.name ?? "AUSTA";
  if (entry.kind === "note") {
    return (
      <Box
        sx={{
          justifySelf: "end",
          maxWidth: "min(620px, 92%)",
          px: 3,
          py: 2,
          borderRadius: 1,
          border: "1px dashed",
          borderColor: "meaning.doubt.strong",
          bgcolor: "meaning.doubt.soft",
        }}
      >
        <Typography
          variant="caption"
          component="p"
          sx={{
            display: "flex",
            alignItems: "center",
            gap: 1,
            color: "meaning.doubt.strong",
            fontWeight: 600,
          }}
        >
          <LockOutlined aria-hidden sx={{ fontSize: 14 }} />
          {t("conversations.note_by", { name })}
        </Typography>
        <Typography sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{entry.text}</Typography>
        <Typography variant="caption" component="p" sx={{ color: "text.secondary", textAlign: "right" }}>
          {formatTime(entry.at)}
        </Typography>
      </Box>
    );
  }
  const reason = entry.reason === null ? "" : t(`conversations.reason.${entry.reason}`);
  return (
    <Typography
      variant="caption"
      sx={{ justifySelf: "center", textAlign: "center", color: "text.secondary", py: 1 }}
    >
      {t(`conversations.entry.${entry.kind}`, { name, receiver: entry.receiver?.name ?? "", reason })} ·{" "}
      {formatTime(entry.at)}
    </Typography>
  );
}
