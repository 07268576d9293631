/** What this person wrote and the server has not told back yet. */
export type Outgoing = {
  clientId: string;
  text: string;
  optionId: string | null;
  file: File | null;
  state: "sending" | "kept" | "failed";
  /** How much of a file has left, 0 to 1. */
  progress: number;
  at: number;
  /** Why it could not be sent, as a code. */
  problem: string | null;
};

/** What is kept in the browser: words that were not sent, until they are or the person leaves. Never files. */
type Kept = { draft: string; unsent: { clientId: string; text: string; at: number }[] };

const PREFIX = "austa.conversa.";

export function readKept(memberId: string): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + memberId) ?? "");
    if (typeof kept === "object" && kept !== null && "draft" in kept && "unsent" in kept) return kept as Kept;
  } catch {
    // Nothing was kept, or somebody else wrote there.
  }
  return { draft: "", unsent: [] };
}

export function keep(memberId: string, draft: string, outbox: readonly Outgoing[]): void {
  const unsent = outbox
    .filter((one) => one.state !== "kept" && one.file === null && one.optionId === null)
    .map(({ clientId, text, at }) => ({ clientId, text, at }));
  if (draft === "" && unsent.length === 0) localStorage.removeItem(PREFIX + memberId);
  else localStorage.setItem(PREFIX + memberId, JSON.stringify({ draft, unsent }));
}

/** Whoever signs out leaves no words behind on a shared machine. */
export function forgetAll(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
