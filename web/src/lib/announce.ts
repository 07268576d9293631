type Listener = (message: string) => void;

const listeners = new Set<Listener>();

/** Says a sentence to people who use a screen reader; the shell's live region speaks it. */
export function announce(message: string): void {
  for (const listener of listeners) listener(message);
}

export function onAnnouncement(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
