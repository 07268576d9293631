import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetMemberHomeQuery } from "@/client/memberSession";
import type { TalkMessage } from "@/client/types/talk";
import { formatDate } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { PageTitle } from "@/ui/PageTitle";
import { LoadFailed } from "@/ui/Problems";
import { VisuallyHidden } from "@/ui/VisuallyHidden";

import { OutgoingBubble, TalkBubble } from "./TalkBubble";
import { TalkComposer } from "./TalkComposer";
import { useTalk } from "./useTalk";

const DAY_MS = 86_400_000;

/** A member's conversation with their plan. */
export function TalkPage() {
  const home = useGetMemberHomeQuery();
  if (home.data === undefined) return null;
  return <Talking memberId={home.data.member_id} ended={() => void home.refetch()} />;
}

function Talking({ memberId, ended }: { memberId: string; ended: () => void }) {
  const { t } = useTranslation();
  const { talk, told, outbox, line, ...one } = useTalk(memberId, ended);
  const online = useOnline();
  const last = told.at(-1)?.place ?? 0;
  const visible = useVisible();
  const { seen, connected } = line;
  useEffect(() => {
    if (visible && connected && last > 0) seen(last);
  }, [visible, last, seen, connected]);
  if (talk.error !== undefined) {
    return <LoadFailed error={talk.error} retry={() => void talk.refetch()} />;
  }
  const open = openPlaces(told);
  return (
    <>
      <VisuallyHidden>
        <PageTitle tab={t("my.talk.title")}>{t("my.talk.title")}</PageTitle>
      </VisuallyHidden>
      <Urgent message={told.findLast((each) => each.is_urgent)} />
      {(!online || !connected) && (
        <Alert severity="warning" role="status" sx={{ borderRadius: 0, fontSize: "1.0625rem" }}>
          {t(online ? "my.talk.reconnecting" : "my.talk.offline")}
        </Alert>
      )}
      <Box
        // A reversed column stays at its end, also while messages come.
        sx={{ flex: 1, minHeight: 0, overflowY: "auto", display: "flex", flexDirection: "column-reverse" }}
        tabIndex={0}
        role="region"
        aria-label={t("my.talk.title")}
      >
        <Box
          role="log"
          aria-label={t("my.talk.messages")}
          sx={{
            width: 1,
            maxWidth: 760,
            mx: "auto",
            mb: "auto",
            px: 3,
            py: 4,
            display: "grid",
            gridTemplateColumns: "minmax(0, 1fr)",
            gap: 3,
          }}
        >
          {talk.isLoading && <Waiting />}
          {one.hasOlder && (
            <Button
              variant="outlined"
              disabled={one.older.isFetching}
              onClick={() => void one.loadOlder()}
              sx={{ justifySelf: "center", minHeight: 48, fontSize: "1.0625rem" }}
            >
              {t("my.talk.older")}
            </Button>
          )}
          {talk.data !== undefined && told.length === 0 && outbox.length === 0 && <Welcome send={one.send} />}
          {told.map((message, at) => (
            <Box key={message.place} sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 3 }}>
              <DayLine message={message} before={told[at - 1]} />
              <TalkBubble
                message={message}
                choose={open.has(message.place) ? (option) => one.send(option.title, option) : null}
              />
            </Box>
          ))}
          {outbox.map((each) => (
            <OutgoingBubble
              key={each.clientId}
              one={each}
              again={() => one.again(each)}
              drop={() => one.drop(each)}
            />
          ))}
        </Box>
      </Box>
      <TalkComposer draft={one.draft} setDraft={one.setDraft} send={one.send} sendFile={one.sendFile} />
    </>
  );
}

/** Whose options can be tapped: what came after the member's last words, and the newest that offers any. */
function openPlaces(told: readonly TalkMessage[]): ReadonlySet<number> {
  const mine = told.findLast((one) => one.said_by === "me")?.place ?? 0;
  const offers = told.filter((one) => one.options.length > 0);
  return new Set(
    offers.filter((one, at) => one.place > mine || at === offers.length - 1).map((one) => one.place),
  );
}

/** What an emergency is answered with is said at once to who cannot see it. */
function Urgent({ message }: { message: TalkMessage | undefined }) {
  return (
    <VisuallyHidden>
      <span role="alert">{message?.text}</span>
    </VisuallyHidden>
  );
}

function Welcome({ send }: { send: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gap: 3, justifyItems: "center", textAlign: "center", py: 6 }}>
      <Typography component="p" sx={{ fontSize: "1.375rem", fontWeight: 650 }}>
        {t("my.talk.welcome")}
      </Typography>
      <Typography component="p" sx={{ fontSize: "1.125rem", color: "text.secondary", maxWidth: 420 }}>
        {t("my.talk.welcome_text")}
      </Typography>
      <Button
        variant="contained"
        onClick={() => send(t("my.talk.begin_words"))}
        sx={{ minHeight: 56, fontSize: "1.125rem", px: 6 }}
      >
        {t("my.talk.begin")}
      </Button>
    </Box>
  );
}

function Waiting() {
  return (
    <>
      {[70, 45, 60].map((width, place) => (
        <Skeleton
          key={place}
          variant="rounded"
          height={72}
          sx={{ width: `${width}%`, justifySelf: place === 1 ? "end" : "start" }}
        />
      ))}
    </>
  );
}

/** The day, where one begins. */
function DayLine({ message, before }: { message: TalkMessage; before: TalkMessage | undefined }) {
  const { t } = useTranslation();
  const now = useNow();
  const day = formatDate(message.sent_at);
  if (before !== undefined && formatDate(before.sent_at) === day) return null;
  const today = formatDate(new Date(now).toISOString());
  const yesterday = formatDate(new Date(now - DAY_MS).toISOString());
  return (
    <Typography sx={{ justifySelf: "center", fontSize: "0.9375rem", color: "text.secondary" }}>
      {day === today ? t("my.talk.today") : day === yesterday ? t("my.talk.yesterday") : day}
    </Typography>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    window.addEventListener("online", change);
    window.addEventListener("offline", change);
    return () => {
      window.removeEventListener("online", change);
      window.removeEventListener("offline", change);
    };
  }, []);
  return online;
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const change = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", change);
    return () => document.removeEventListener("visibilitychange", change);
  }, []);
  return visible;
}
