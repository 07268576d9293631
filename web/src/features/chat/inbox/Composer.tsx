import PhoneOutlined from "@mui/icons-material/PhoneOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSendMessageMutation, useWriteNoteMutation } from "@/client/chat";
import { useGetSessionQuery, useMay } from "@/client/identity";
import type { HandOver } from "@/client/types/chat";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { useNow } from "@/lib/useNow";
import { ProblemAlert } from "@/ui/Problems";

import { AnswerMenu } from "./AnswerMenu";
import { hasPlaceholder } from "./placeholders";
import { saveDraft, useDraft, type Kind } from "./drafts";

const LONGEST = 4096;
const SOON_MS = 2 * 3_600_000;
const STILL_TYPING_MS = 4000;

type Props = { one: HandOver; setTyping: (typing: boolean) => void };

/** Where one writes to the person, or a note for the team. What was typed stays until it is sent. */
export function Composer({ one, setTyping }: Props) {
  const { t } = useTranslation();
  const mayWrite = useMay("message:send");
  const id = one.line.conversation_id;
  const [kind, setKind] = useState<Kind>("reply");
  const text = useDraft(id, kind);
  const field = useRef<HTMLTextAreaElement>(null);
  const [send, sending] = useSendMessageMutation();
  const [write, writing] = useWriteNoteMutation();
  const obstacle = useObstacle(one);
  const touch = useTypingSignal(setTyping);
  const busy = sending.isLoading || writing.isLoading;
  const error = kind === "reply" ? sending.error : writing.error;
  const isUnfilled = kind === "reply" && hasPlaceholder(text);
  const ready = text.trim() !== "" && !busy && !isUnfilled && (kind === "note" || obstacle === null);

  const go = (next: Kind) => {
    setKind(next);
    field.current?.focus();
  };
  useKeys({ r: () => go("reply"), n: () => go("note") }, mayWrite);
  const submit = async () => {
    if (!ready) return;
    const answer =
      kind === "reply" ? await send({ id, text: text.trim() }) : await write({ id, text: text.trim() });
    if (answer.error) return;
    saveDraft(id, kind, "");
    setTyping(false);
    announce(t(kind === "reply" ? "conversations.sent" : "conversations.note_saved"));
    field.current?.focus();
  };
  if (!mayWrite) return null;
  return (
    <Box
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      sx={{
        borderTop: "1px solid",
        borderColor: "divider",
        bgcolor: kind === "note" ? "meaning.doubt.soft" : "background.paper",
        px: 3,
        py: 2,
        display: "grid",
        gap: 2,
      }}
    >
      {error !== undefined && <ProblemAlert error={error} kept={t("conversations.kept")} />}
      {kind === "reply" && obstacle}
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={kind}
          onChange={(_event, next: Kind | null) => next !== null && go(next)}
          aria-label={t("conversations.write_as")}
        >
          <ToggleButton value="reply">{t("conversations.reply")}</ToggleButton>
          <ToggleButton value="note">{t("conversations.note")}</ToggleButton>
        </ToggleButtonGroup>
        {kind === "reply" && (
          <AnswerMenu
            one={one}
            use={(words) => {
              saveDraft(id, "reply", text === "" ? words : `${text}\n${words}`);
              field.current?.focus();
            }}
          />
        )}
        <Typography variant="caption" sx={{ color: "text.secondary", flex: "1 1 160px" }}>
          {kind === "note" ? t("conversations.note_label") : <WindowText one={one} />}
        </Typography>
      </Box>
      <Box sx={{ display: "flex", alignItems: "flex-end", gap: 2 }}>
        <TextField
          fullWidth
          multiline
          maxRows={8}
          value={text}
          inputRef={field}
          placeholder={t(kind === "reply" ? "conversations.reply_label" : "conversations.note_label")}
          onChange={(event) => {
            saveDraft(id, kind, event.target.value);
            touch(event.target.value !== "");
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void submit();
            }
          }}
          slotProps={{
            htmlInput: {
              "aria-label": t(kind === "reply" ? "conversations.reply_label" : "conversations.note_label"),
              maxLength: LONGEST,
            },
          }}
        />
        <Button type="submit" variant="contained" disabled={!ready} sx={{ minHeight: 40 }}>
          {t(kind === "reply" ? "conversations.send" : "conversations.save_note")}
        </Button>
      </Box>
      {isUnfilled && (
        <Typography variant="caption" role="status" sx={{ color: "meaning.doubt.strong", fontWeight: 600 }}>
          {t("answers.left")}
        </Typography>
      )}
      <Typography variant="caption" sx={{ color: "text.secondary", display: { xs: "none", sm: "block" } }}>
        {t("conversations.enter_sends")}
        {kind === "reply" && one.line.holder === null && ` · ${t("conversations.becomes_yours")}`}
      </Typography>
    </Box>
  );
}

/** Why one cannot write to the person now, and what one can do; null where one can. */
function useObstacle(one: HandOver) {
  const { t } = useTranslation();
  const now = useNow();
  const me = useGetSessionQuery().data?.principal.id;
  const { holder, state } = one.line;
  const call = one.phone !== null && (
    <Button color="inherit" startIcon={<PhoneOutlined />} href={`tel:+${one.phone.replace(/\D/g, "")}`}>
      {t("conversations.call")}
    </Button>
  );
  const closes = one.line.channel === "whatsapp";
  if (closes && (one.window_ends_at === null || Date.parse(one.window_ends_at) < now)) {
    return (
      <Alert severity="warning" variant="outlined" action={call}>
        {one.window_ends_at === null
          ? t("conversations.window_none")
          : t("conversations.window_closed", { when: formatDateTime(one.window_ends_at) })}
      </Alert>
    );
  }
  if (state === "open" && holder !== null && holder.id !== me) {
    return (
      <Alert severity="info" variant="outlined">
        {t("conversations.held_by", { name: holder.name })}
      </Alert>
    );
  }
  return null;
}

function WindowText({ one }: { one: HandOver }) {
  const { t } = useTranslation();
  const now = useNow();
  if (one.window_ends_at === null || Date.parse(one.window_ends_at) < now) return null;
  const soon = Date.parse(one.window_ends_at) - now < SOON_MS;
  return (
    <Box component="span" sx={soon ? { color: "meaning.doubt.strong", fontWeight: 600 } : undefined}>
      {t(soon ? "conversations.window_soon" : "conversations.window_open", {
        when: formatDateTime(one.window_ends_at),
      })}
    </Box>
  );
}

/** Says that somebody types, until some seconds after the last key. */
function useTypingSignal(setTyping: (typing: boolean) => void): (typing: boolean) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (typing) => {
    clearTimeout(timer.current);
    setTyping(typing);
    if (typing) timer.current = setTimeout(() => setTyping(false), STILL_TYPING_MS);
  };
}
