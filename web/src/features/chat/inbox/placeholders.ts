/** What a canned answer may hold in braces. */
export type Filling = { nome: string | null; protocolo: string | null; atendente: string | null };

const BRACED = /\{(nome|protocolo|atendente)\}/g;

/** The text with what is known filled in; the rest stays for a person to see. */
export function fillIn(text: string, filling: Filling): string {
  return text.replace(BRACED, (braces, name: keyof Filling) => filling[name] ?? braces);
}

/** Whether something still stands for what a person must fill in. */
export function hasPlaceholder(text: string): boolean {
  return text.search(BRACED) !== -1;
}

/** `Severino` of `Severino Lopes Damasceno`; a title such as `Dra.` is no name. */
export function firstName(name: string | null): string | null {
  return name?.split(/\s+/).find((word) => word !== "" && !word.endsWith(".")) ?? null;
}
