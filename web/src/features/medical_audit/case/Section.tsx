import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useId, type ReactNode } from "react";

/** A part of the case under its heading; hairlines part one from the next. */
export function Section({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{
        py: 4,
        "&:first-of-type": { pt: 0 },
        "& + &": { borderTop: "1px solid", borderColor: "divider" },
      }}
    >
      <Box
        sx={{ display: "flex", alignItems: "center", justifyContent: "space-between", mb: 2, minHeight: 24 }}
      >
        <Typography id={id} variant="h2">
          {title}
        </Typography>
        {action}
      </Box>
      {children}
    </Box>
  );
}
