import { useEffect, useRef, useState } from "react";

import type { TalkMessage } from "@/client/types/talk";

/** Close codes of `/ws/conversations` (docs/reference/conversation-socket.md). */
const ENDED = 4401;
const NEVER_AGAIN = [4400, 4403];

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/** The server beats every 25 seconds; a line that is silent for so long is dead, whatever the browser thinks. */
const SILENT_MS = 60_000;
/** A short break is nobody's concern; a longer one is told. */
const TELL_AFTER_MS = 3000;

type Frame = { type: "hello" } | { type: "beat" } | { type: "message"; message: TalkMessage };

type Listen = {
  /** From where to read on when the page opens; null until that is known. */
  after: number | null;
  tell: (message: TalkMessage) => void;
  /** The line stands (again). */
  stands: () => void;
  /** The session has ended. */
  ended: () => void;
};

type Line = { connected: boolean; seen: (place: number) => void };

/** Listens to the conversation, and comes back by itself after every break, missing nothing. */
export function useTalkSocket({ after, ...listen }: Listen): Line {
  const [connected, setConnected] = useState(true);
  const line = useRef<WebSocket | null>(null);
  const told = useRef(listen);
  useEffect(() => {
    told.current = listen;
  });
  const ready = after !== null;
  const start = useRef(after);
  if (start.current === null) start.current = after;
  useEffect(() => {
    if (!ready) return;
    let place = start.current ?? 0;
    let retryMs = FIRST_RETRY_MS;
    let stopped = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let telling: ReturnType<typeof setTimeout> | undefined;

    const heard = (socket: WebSocket) => {
      clearTimeout(silence);
      silence = setTimeout(() => socket.close(), SILENT_MS);
    };
    const connect = () => {
      clearTimeout(retry);
      const socket = new WebSocket(address(place));
      line.current = socket;
      heard(socket);
      socket.onmessage = (event) => {
        heard(socket);
        const frame = read(event.data);
        if (frame?.type === "hello") {
          retryMs = FIRST_RETRY_MS;
          clearTimeout(telling);
          telling = undefined;
          setConnected(true);
          told.current.stands();
        }
        if (frame?.type === "message") {
          place = Math.max(place, frame.message.place);
          told.current.tell(frame.message);
        }
      };
      socket.onclose = ({ code }) => {
        clearTimeout(silence);
        if (stopped || socket !== line.current) return;
        if (code === ENDED) told.current.ended();
        if (code === ENDED || NEVER_AGAIN.includes(code)) return;
        telling ??= setTimeout(() => setConnected(false), TELL_AFTER_MS);
        retry = setTimeout(connect, retryMs);
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
      };
    };
    const backOnline = () => {
      line.current?.close();
      line.current = null;
      connect();
    };
    window.addEventListener("online", backOnline);
    connect();
    return () => {
      stopped = true;
      window.removeEventListener("online", backOnline);
      for (const timer of [retry, silence, telling]) clearTimeout(timer);
      line.current?.close();
    };
  }, [ready]);
  const [seen] = useState(() => (place: number) => {
    if (line.current?.readyState === 1) line.current.send(JSON.stringify({ type: "seen", place }));
  });
  return { connected, seen };
}

function address(after: number): string {
  const found = new URL("/ws/conversations", location.origin);
  found.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  found.searchParams.set("after", String(after));
  return found.toString();
}

function read(data: unknown): Frame | null {
  try {
    const frame: unknown = JSON.parse(String(data));
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
