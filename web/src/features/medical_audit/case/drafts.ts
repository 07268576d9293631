import { useSyncExternalStore } from "react";

import type { Evidence, OpinionKind } from "@/client/types/medicalAudit";

import type { ReleaseDraft } from "./releaseDraft";

/** An opinion being written. It lives in memory only: what is said of a person is never left in the browser. */
export type OpinionDraft = {
  step: 0 | 1 | 2;
  kind: OpinionKind | null;
  text: string;
  evidence: Evidence | null;
};

const EMPTY: OpinionDraft = { step: 0, kind: null, text: "", evidence: null };

const drafts = new Map<string, OpinionDraft>();
const listeners = new Set<() => void>();

export function saveDraft(caseId: string, change: Partial<OpinionDraft>): void {
  drafts.set(caseId, { ...(drafts.get(caseId) ?? EMPTY), ...change });
  for (const listener of listeners) listener();
}

export function dropDraft(caseId: string): void {
  drafts.delete(caseId);
  for (const listener of listeners) listener();
}

/** The draft of a case; it outlives a walk to another case and back. */
export function useDraft(caseId: string): OpinionDraft {
  return useSyncExternalStore(subscribe, () => drafts.get(caseId) ?? EMPTY);
}

const releases = new Map<string, ReleaseDraft>();

/** What was released: it stands in the form again when the release is undone or refused. */
export function keepRelease(caseId: string, draft: ReleaseDraft): void {
  releases.set(caseId, draft);
}

export function keptRelease(caseId: string): ReleaseDraft | undefined {
  return releases.get(caseId);
}

export function dropRelease(caseId: string): void {
  releases.delete(caseId);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
