import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListConversationsQuery } from "@/client/chat";
import type { ChatMessage, Conversation } from "@/client/types/chat";
import { formatDateTime } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Said } from "@/ui/MessageMarks";
import { Loaded } from "@/ui/Page";
import { Tag } from "@/ui/Tag";

/** What was said on the member's channels. It opens on a press: each look is recorded. */
export function Messages({ memberId }: { memberId: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Button variant="outlined" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "members.hide_messages" : "members.show_messages")}
        </Button>
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("members.messages_recorded")}
        </Typography>
      </Box>
      {open && <Conversations memberId={memberId} />}
    </>
  );
}

function Conversations({ memberId }: { memberId: string }) {
  const { t } = useTranslation();
  const asked = useListConversationsQuery(memberId);
  return (
    <Loaded asked={asked}>
      {(found) =>
        found.every((one) => one.messages.length === 0) ? (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("members.no_messages")}
          </Typography>
        ) : (
          found.map((one) => <Turns key={one.id} one={one} />)
        )
      }
    </Loaded>
  );
}

function Turns({ one }: { one: Conversation }) {
  const { t } = useTranslation();
  return (
    <Box
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      role="region"
      aria-label={t("members.conversation")}
      sx={{
        maxHeight: 480,
        overflowY: "auto",
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        p: 4,
      }}
    >
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
        {one.messages.map((message) => (
          <Turn key={message.id} message={message} />
        ))}
      </Box>
    </Box>
  );
}

function Turn({ message }: { message: ChatMessage }) {
  const { t } = useTranslation();
  const mine = message.direction === "out";
  const who = mine
    ? t(message.author === "assistant" ? "members.said_by.assistant" : "members.said_by.staff")
    : t("members.said_by.member");
  return (
    <Box
      component="li"
      sx={{
        justifySelf: mine ? "end" : "start",
        maxWidth: "min(560px, 92%)",
        px: 3,
        py: 2,
        borderRadius: 1,
        bgcolor: mine ? "surface.selected" : "surface.hover",
      }}
    >
      <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
        {who} · {formatDateTime(message.sent_at)}
        {message.status === "failed" && ` · ${t("members.not_delivered")}`}
      </Typography>
      <Said kind={message.kind} editedAt={message.edited_at} deletedAt={message.deleted_at}>
        <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
          {message.text ?? t("members.not_text", { kind: codeText("message", message.kind) })}
        </Typography>
        {message.document_id !== null && <Tag>{t("members.with_paper")}</Tag>}
      </Said>
    </Box>
  );
}
