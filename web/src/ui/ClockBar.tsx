import Box from "@mui/material/Box";

import { elapsedShare } from "@/lib/timeLeft";

/** The legal clock as a thin bar that fills. The words beside it say the same, so it is hidden from readers. */
export function ClockBar({ openedAt, dueAt, now }: { openedAt: string; dueAt: string; now: number }) {
  const share = elapsedShare(openedAt, dueAt, now);
  const colour = share >= 1 ? "meaning.bad.strong" : share > 0.75 ? "meaning.doubt.strong" : "primary.main";
  return (
    <Box aria-hidden sx={{ height: 3, bgcolor: "surface.hairline" }}>
      <Box sx={{ height: 1, width: `${share * 100}%`, bgcolor: colour }} />
    </Box>
  );
}
