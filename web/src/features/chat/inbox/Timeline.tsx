import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useListMessagesInfiniteQuery } from "@/client/chat";
import type { ChatMessage, HandOverEntry } from "@/client/types/chat";
import { formatDate } from "@/lib/format";
import { LoadFailed } from "@/ui/Problems";

import { EntryLine, MessageBubble } from "./MessageBubble";

const NEAR_END_PX = 120;
const RENEWED_EVERY_MS = 7000;

type Turn = { at: string; message: ChatMessage } | { at: string; entry: HandOverEntry };

/** Everything that was said and done, oldest first; it stays at the end while one reads there. */
export function Timeline({ id, entries }: { id: string; entries: readonly HandOverEntry[] }) {
  const { t } = useTranslation();
  const asked = useListMessagesInfiniteQuery(id, {
    // No event tells how far a message got, nor that the assistant answered.
    pollingInterval: RENEWED_EVERY_MS,
    skipPollingIfUnfocused: true,
  });
  const messages = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const turns = inOrder(messages, entries, asked.hasNextPage);
  const box = useStayAtEnd(messages[0]?.id);
  if (asked.error && !asked.data)
    return <LoadFailed error={asked.error} retry={() => void asked.refetch()} />;
  return (
    <Box
      ref={box}
      tabIndex={0}
      role="log"
      aria-label={t("conversations.history")}
      sx={{ flex: 1, minHeight: 0, overflowY: "auto", px: { xs: 3, sm: 5 }, py: 3 }}
    >
      {!asked.data && <Skeleton variant="rounded" height={200} aria-label={t("common.loading")} />}
      {asked.hasNextPage && (
        <Box sx={{ display: "grid", justifyItems: "center", pb: 3 }}>
          <Button
            variant="outlined"
            disabled={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {t("conversations.older")}
          </Button>
        </Box>
      )}
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
        {turns.map((turn, place) => {
          const day = formatDate(turn.at);
          const previous = turns[place - 1];
          const isNewDay = previous === undefined || formatDate(previous.at) !== day;
          return (
            <Box
              component="li"
              key={"message" in turn ? turn.message.id : turn.entry.id}
              sx={{ display: "grid", minWidth: 0 }}
            >
              {isNewDay && (
                <Typography variant="caption" sx={{ justifySelf: "center", color: "text.secondary", py: 2 }}>
                  {day}
                </Typography>
              )}
              {"message" in turn ? (
                <MessageBubble message={turn.message} />
              ) : (
                <EntryLine entry={turn.entry} />
              )}
            </Box>
          );
        })}
      </Box>
    </Box>
  );
}

/** Messages and entries by time. Entries older than the oldest message on the screen wait for it. */
function inOrder(
  messages: readonly ChatMessage[],
  entries: readonly HandOverEntry[],
  hasOlder: boolean,
): Turn[] {
  const oldest = hasOlder ? messages.at(-1)?.sent_at : undefined;
  const turns: Turn[] = [
    ...messages.map((message) => ({ at: message.sent_at, message })),
    ...entries
      .filter((one) => oldest === undefined || one.at >= oldest)
      .map((entry) => ({ at: entry.at, entry })),
  ];
  return turns.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Keeps the end in sight when something new comes while one reads there, and the place when older ones are added. */
function useStayAtEnd(newest: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef({ newest: undefined as string | undefined, height: 0, atEnd: true });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { height, atEnd } = before.current;
    const isOlder = newest === before.current.newest && element.scrollHeight > height && !atEnd;
    if (atEnd) element.scrollTop = element.scrollHeight;
    else if (isOlder) element.scrollTop += element.scrollHeight - height;
    before.current = { newest, height: element.scrollHeight, atEnd };
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const note = () => {
      before.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  });
  return box;
}
