import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useState, type ReactNode } from "react";

type Props = {
  summary: string;
  /** Opens it whenever this becomes true; closing is the reader's. */
  open?: boolean;
  variant?: "body2" | "h3";
  children: ReactNode;
};

/** What is in order, or seldom asked for: one line that unfolds. */
export function Folded({ summary, open = false, variant = "body2", children }: Props) {
  const [unfolded, setUnfolded] = useState(open);
  const [wanted, setWanted] = useState(open);
  if (open !== wanted) {
    setWanted(open);
    if (open) setUnfolded(true);
  }
  return (
    <Box component="details" open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <Typography component="summary" variant={variant} sx={{ cursor: "pointer", py: 1 }}>
        {summary}
      </Typography>
      {children}
    </Box>
  );
}
