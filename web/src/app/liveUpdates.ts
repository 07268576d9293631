import { useEffect } from "react";

import { api } from "@/client/api";

import { liveChanged, useAppDispatch } from "./store";

/** The envelope of `/ws`: which thing changed, never its content. */
type LiveEvent = {
  id: string;
  type: string;
  data?: { case_id?: string; request_id?: string; document_id?: string; conversation_id?: string };
};

/** The server closes with these when nobody is signed in or this page may not listen. */
const REFUSED = [4401, 4403];

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

/** A short break is nobody's concern; a longer one is told. */
const TELL_AFTER_MS = 5000;

/** Listens to `/ws` while somebody is signed in; on a change the affected data is fetched again. */
export function useLiveUpdates(enabled: boolean): void {
  const dispatch = useAppDispatch();
  useEffect(() => {
    if (!enabled) return;
    let socket: WebSocket | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let telling: ReturnType<typeof setTimeout> | undefined;
    let lastEventId = "";
    let retryMs = FIRST_RETRY_MS;
    let stopped = false;

    const connect = () => {
      socket = new WebSocket(socketAddress(lastEventId));
      socket.onopen = () => {
        retryMs = FIRST_RETRY_MS;
        clearTimeout(telling);
        telling = undefined;
        dispatch(liveChanged(true));
      };
      socket.onmessage = (message) => {
        const event = readEvent(message.data);
        if (!event) return;
        if (event.id) lastEventId = event.id;
        const tags = tagsOf(event);
        if (tags.length > 0) dispatch(api.util.invalidateTags(tags));
      };
      socket.onclose = (closed) => {
        if (stopped || REFUSED.includes(closed.code)) return;
        telling ??= setTimeout(() => dispatch(liveChanged(false)), TELL_AFTER_MS);
        timer = setTimeout(connect, retryMs);
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
      };
    };
    connect();
    return () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(telling);
      socket?.close();
    };
  }, [enabled, dispatch]);
}

function socketAddress(lastEventId: string): string {
  const address = new URL("/ws", location.origin);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  if (lastEventId !== "") address.searchParams.set("last_event_id", lastEventId);
  return address.toString();
}

function readEvent(data: unknown): LiveEvent | null {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value !== null && "type" in value ? (value as LiveEvent) : null;
  } catch {
    return null;
  }
}

type Tag = Parameters<typeof api.util.invalidateTags>[0][number];

/**
 * What a live event makes stale; an event about nothing on a screen makes nothing stale.
 *
 * Reading a case leaves an access record, so only the case that an event is about is read again, and a signed
 * checkpoint concerns only cases whose decision waits for its seal.
 */
export function tagsOf(event: LiveEvent): Tag[] {
  const [module] = event.type.split(".");
  switch (module) {
    case "medical_audit": {
      const id = event.data?.case_id;
      return event.type.startsWith("medical_audit.case_changed") && id !== undefined
        ? [{ type: "Case", id }, "CaseList", "CaseCounts", "BoardList"]
        : [];
    }
    case "prior_auth": {
      const id = event.data?.request_id;
      return id === undefined ? [] : [{ type: "Request", id }];
    }
    case "documents": {
      const id = event.data?.document_id;
      return [id === undefined ? "Document" : { type: "Document", id }];
    }
    case "chat":
      return ofChat(event);
    case "ledger":
      return event.type.startsWith("ledger.checkpoint_signed") ? ["Proof", "Unsealed"] : [];
    case "notifications":
      return ["Outbox"];
    default:
      return [];
  }
}

/**
 * Of messages only those of conversations on the screen matter: each listed or open one is a tag of its own. A red flag
 * or a hand-over may bring a conversation into the list.
 */
function ofChat({ type, data }: LiveEvent): Tag[] {
  if (type.startsWith("chat.triage_task_")) return ["TriageTask", "HandOverList"];
  const id = data?.conversation_id;
  if (id === undefined) return [];
  const one: Tag = { type: "HandOver", id };
  if (type.startsWith("chat.hand_over_changed")) return [one, "HandOverList"];
  return CHAT_NEWS.some((name) => type.startsWith(`chat.${name}`)) ? [one] : [];
}

const CHAT_NEWS = ["message_received", "message_failed", "attachment_stored"];
