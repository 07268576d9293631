import Box from "@mui/material/Box";

/** A key of the keyboard, as printed on it. */
export function Key({ children }: { children: string }) {
  return (
    <Box
      component="kbd"
      sx={{
        display: "inline-grid",
        placeItems: "center",
        minWidth: 20,
        height: 20,
        px: 1,
        border: "1px solid",
        borderColor: "divider",
        borderBottomWidth: 2,
        borderRadius: "5px",
        bgcolor: "surface.sunken",
        color: "text.secondary",
        fontFamily: "inherit",
        fontSize: "0.6875rem",
        fontWeight: 600,
      }}
    >
      {children}
    </Box>
  );
}
