import Box from "@mui/material/Box";
import type { ReactNode } from "react";

export type Tone = "good" | "doubt" | "bad" | "quiet";

/** A short word in a soft colour: a reason, a state, a result. */
export function Tag({
  tone = "quiet",
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <Box
      component="span"
      title={title}
      sx={{
        display: "inline-block",
        maxWidth: 1,
        overflow: "hidden",
        textOverflow: "ellipsis",
        whiteSpace: "nowrap",
        verticalAlign: "middle",
        px: 2,
        lineHeight: "20px",
        borderRadius: "6px",
        fontSize: "0.75rem",
        fontWeight: 550,
        bgcolor: `meaning.${tone}.soft`,
        color: `meaning.${tone}.strong`,
      }}
    >
      {children}
    </Box>
  );
}
