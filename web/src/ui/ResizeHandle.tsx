import Box from "@mui/material/Box";
import type { KeyboardEvent, PointerEvent } from "react";

type Props = {
  label: string;
  /** Share of the width that is left of the handle, in percent. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
};

const STEP = 2;

/** The line between two columns: drag it, or focus it and use the arrow keys. */
export function ResizeHandle({ label, value, min, max, onChange }: Props) {
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (frame) set(((event.clientX - frame.left) / frame.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") set(value - STEP);
    if (event.key === "ArrowRight") set(value + STEP);
  };
  return (
    <Box
      role="slider"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      sx={{
        flex: "none",
        width: 9,
        mx: "-4px",
        zIndex: 2,
        cursor: "col-resize",
        touchAction: "none",
        "&::after": {
          content: '""',
          display: "block",
          width: "1px",
          height: 1,
          mx: "auto",
          bgcolor: "divider",
        },
        "&:hover::after, &:focus-visible::after": { width: "3px", bgcolor: "primary.main" },
      }}
    />
  );
}
