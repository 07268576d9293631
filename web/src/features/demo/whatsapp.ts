/** The colours of the app that members know; they are the same whatever theme AUSTA has. */
export const WHATSAPP = {
  header: "#008069",
  wallpaper: "#EFEAE2",
  mine: "#D9FDD3",
  theirs: "#FFFFFF",
  ink: "#111B21",
  faint: "#54656F",
  link: "#006E5A",
  read: "#0277BD",
  bar: "#F0F2F5",
} as const;

export type TextPiece = { text: string; style: "plain" | "bold" | "italic" };

/** Splits WhatsApp's marks (`*bold*`, `_italic_`) from plain text. */
export function splitMarks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let done = 0;
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\p{L}\p{N}])/gu)) {
    if (match.index > done) pieces.push({ text: text.slice(done, match.index), style: "plain" });
    pieces.push({ text: match[2] ?? "", style: match[1] === "*" ? "bold" : "italic" });
    done = match.index + match[0].length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), style: "plain" });
  return pieces;
}
