import { useSyncExternalStore } from "react";

/** What is being written: a message to the person, or a note for the team. */
export type Kind = "reply" | "note";

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();

/** Keeps what was typed in memory only: what is said of a person is never left in the browser. */
export function saveDraft(conversationId: string, kind: Kind, text: string): void {
  drafts.set(`${kind} ${conversationId}`, text);
  for (const listener of listeners) listener();
}

/** What was typed and not sent; it outlives a walk to another conversation and back. */
export function useDraft(conversationId: string, kind: Kind): string {
  return useSyncExternalStore(subscribe, () => drafts.get(`${kind} ${conversationId}`) ?? "");
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
