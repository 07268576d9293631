import Box from "@mui/material/Box";

/** JSON to read: indented, in a fixed-width face, with keys and values told apart. */
export function JsonView({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <Box
      component="pre"
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      sx={{
        m: 0,
        p: 3,
        maxHeight: 320,
        overflow: "auto",
        borderRadius: "6px",
        bgcolor: "surface.sunken",
        fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
        fontSize: "0.75rem",
        lineHeight: 1.55,
        whiteSpace: "pre-wrap",
        overflowWrap: "anywhere",
      }}
    >
      {splitJson(text).map((piece, place) => (
        <Box component="span" key={place} sx={{ color: COLOUR[piece.kind] }}>
          {piece.text}
        </Box>
      ))}
    </Box>
  );
}

type Piece = { kind: "key" | "text" | "plain"; text: string };

const COLOUR: Record<Piece["kind"], string> = {
  key: "primary.main",
  text: "text.primary",
  plain: "text.secondary",
};

function splitJson(json: string): Piece[] {
  const pieces: Piece[] = [];
  const pattern = /("(?:\\.|[^"\\])*")(\s*:)?/g;
  let done = 0;
  for (const match of json.matchAll(pattern)) {
    if (match.index > done) pieces.push({ kind: "plain", text: json.slice(done, match.index) });
    pieces.push({ kind: match[2] ? "key" : "text", text: match[0] });
    done = match.index + match[0].length;
  }
  pieces.push({ kind: "plain", text: json.slice(done) });
  return pieces;
}
