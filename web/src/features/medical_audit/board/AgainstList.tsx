import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";

import { findText } from "@/ui/findText";

/** The words for why a board, or a step of it, is not admitted; a name that nobody wrote words for is shown as it is. */
export function againstText(name: string): string {
  return findText(`board.against.${name}`) ?? name;
}

export function AgainstList({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Box component="ul" sx={{ m: 0, pl: 5 }}>
      {names.map((name) => (
        <Typography component="li" variant="body2" key={name}>
          {againstText(name)}
        </Typography>
      ))}
    </Box>
  );
}
