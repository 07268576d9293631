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
