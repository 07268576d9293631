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
let turn = 0;

function tell(): void {
  turn += 1;
  for (const listener of listeners) listener();
}

export function saveDraft(caseId: string, change: Partial<OpinionDraft>): void {
  drafts.set(caseId, { ...(drafts.get(caseId) ?? EMPTY), ...change });
  tell();
}

export function dropDraft(caseId: string): void {
  drafts.delete(caseId);
  tell();
}

/** The draft of a case; it outlives a walk to another case and back. */
export function useDraft(caseId: string): OpinionDraft {
  return useSyncExternalStore(subscribe, () => drafts.get(caseId) ?? EMPTY);
}

const releases = new Map<string, ReleaseDraft>();

/** A decision being written, or released: it stands in the form again when the release is undone or refused. */
export function keepRelease(caseId: string, draft: ReleaseDraft): void {
  releases.set(caseId, draft);
  tell();
}

export function keptRelease(caseId: string): ReleaseDraft | undefined {
  return releases.get(caseId);
}

export function dropRelease(caseId: string): void {
  releases.delete(caseId);
  tell();
}

/** Words of a dialogue of the case that nobody has sent yet. */
export type Aside = "contact" | "forward";

const asides = new Map<string, Partial<Record<Aside, string>>>();

export function keepAside(caseId: string, kind: Aside, words: string): void {
  asides.set(caseId, { ...asides.get(caseId), [kind]: words });
  tell();
}

export function keptAside(caseId: string, kind: Aside): string {
  return asides.get(caseId)?.[kind] ?? "";
}

export type Written = {
  kind: "opinion" | "text_to_member" | "legal_basis" | "missing" | Aside;
  words: string;
};

/** All that was written about a case and not sent, for whoever must take it elsewhere. */
export function useWritten(caseId: string): readonly Written[] {
  useSyncExternalStore(subscribe, () => turn);
  const release = releases.get(caseId);
  const written: Written[] = [
    { kind: "opinion", words: drafts.get(caseId)?.text ?? "" },
    { kind: "text_to_member", words: release?.text ?? "" },
    { kind: "legal_basis", words: release?.legalBasis ?? "" },
    { kind: "missing", words: release?.missing ?? "" },
    { kind: "contact", words: keptAside(caseId, "contact") },
    { kind: "forward", words: keptAside(caseId, "forward") },
  ];
  return written.filter(({ words }) => words.trim() !== "");
}

export function dropWritten(caseId: string): void {
  drafts.delete(caseId);
  releases.delete(caseId);
  asides.delete(caseId);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
