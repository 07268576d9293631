import { useEffect, useMemo, useRef, useState } from "react";

import { newKey } from "@/client/baseQuery";
import { problemOf } from "@/client/problem";
import { sendTalkFile, useGetTalkQuery, useLazyGetOlderTalkQuery, useSendTalkMutation } from "@/client/talk";
import type { TalkMessage, TalkOption } from "@/client/types/talk";

import { keep, readKept, type Outgoing } from "@/lib/unsent";
import { useTalkSocket } from "./useTalkSocket";

/** So long after it was written, something goes out by itself when the line is back; later the person is asked. */
const BY_ITSELF_MS = 10 * 60_000;

/** The conversation, what was written and not told back yet, and the ways to write. */
export function useTalk(memberId: string, ended: () => void) {
  const talk = useGetTalkQuery();
  const [askOlder, older] = useLazyGetOlderTalkQuery();
  const [more, setMore] = useState<readonly TalkMessage[]>([]);
  const [olderBefore, setOlderBefore] = useState<number | null>();
  const [kept] = useState(() => readKept(memberId));
  const [draft, setDraft] = useState(kept.draft);
  const [written, setOutbox] = useState<readonly Outgoing[]>(() => kept.unsent.map(failedBefore));

  const first = talk.data?.page;
  const before = olderBefore === undefined ? (first?.before ?? null) : olderBefore;
  const told = useMemo(() => inOrder([...(first?.items ?? []), ...more]), [first, more]);
  const outbox = useMemo(() => {
    const mine = new Set(told.map((one) => one.client_id));
    return written.filter((one) => !mine.has(one.clientId));
  }, [told, written]);
  useEffect(() => keep(memberId, draft, outbox), [memberId, draft, outbox]);

  const { send, sendFile, again } = useSending(setOutbox);
  const waiting = useRef(outbox);
  useEffect(() => {
    waiting.current = outbox;
  });
  const line = useTalkSocket({
    after: talk.data?.last_place ?? null,
    tell: (message) => setMore((some) => [...some, message]),
    stands: () => {
      for (const one of waiting.current) {
        if (one.state === "failed" && Date.now() - one.at < BY_ITSELF_MS) again(one);
      }
    },
    ended,
  });
  const loadOlder = async () => {
    if (before === null) return;
    const answer = await askOlder(before);
    if (answer.data === undefined) return;
    const { items, before: next } = answer.data;
    setMore((some) => [...some, ...items]);
    setOlderBefore(next);
  };
  return {
    talk,
    told,
    outbox,
    draft,
    setDraft,
    send,
    sendFile,
    again,
    drop: (gone: Outgoing) => setOutbox((all) => all.filter((one) => one.clientId !== gone.clientId)),
    line,
    hasOlder: before !== null,
    loadOlder,
    older,
  };
}

/** Each once, in the order of their places. */
function inOrder(some: readonly TalkMessage[]): TalkMessage[] {
  return [...new Map(some.map((one) => [one.place, one])).values()].sort((a, b) => a.place - b.place);
}

function failedBefore(one: { clientId: string; text: string; at: number }): Outgoing {
  return { ...one, optionId: null, file: null, state: "failed", progress: 0, problem: null };
}

type Change = (change: (all: readonly Outgoing[]) => readonly Outgoing[]) => void;

/** Sends under an id of this browser's choice: what is sent twice is kept once. */
function useSending(setOutbox: Change) {
  const [sendText] = useSendTalkMutation();
  const change = (clientId: string, changed: Partial<Outgoing>) =>
    setOutbox((all) => all.map((one) => (one.clientId === clientId ? { ...one, ...changed } : one)));
  const start = async (one: Outgoing) => {
    const problem = one.file === null ? await sendWords(one) : await sendContent(one, one.file);
    change(one.clientId, problem === null ? { state: "kept" } : { state: "failed", problem });
  };
  const sendWords = async ({ clientId, text, optionId }: Outgoing) => {
    const answer = await sendText({ client_id: clientId, text, option_id: optionId });
    return answer.error === undefined ? null : problemOf(answer.error).code;
  };
  const sendContent = async ({ clientId }: Outgoing, content: File) => {
    const problem = await sendTalkFile(clientId, content, (progress) => change(clientId, { progress }));
    return problem?.code ?? null;
  };
  const begin = (given: Pick<Outgoing, "text" | "optionId" | "file">) => {
    const one: Outgoing = {
      ...given,
      clientId: newKey(),
      state: "sending",
      progress: 0,
      at: Date.now(),
      problem: null,
    };
    setOutbox((all) => [...all, one]);
    void start(one);
  };
  return {
    send: (words: string, option?: TalkOption) =>
      begin({ text: words, optionId: option?.id ?? null, file: null }),
    sendFile: (content: File) => begin({ text: "", optionId: null, file: content }),
    again: (one: Outgoing) => {
      change(one.clientId, { state: "sending", progress: 0, problem: null });
      void start(one);
    },
  };
}
