import Box from "@mui/material/Box";

/** AUSTA's mark: an A whose bar is a pulse. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <Box component="svg" viewBox="0 0 32 32" aria-hidden sx={{ width: size, height: size, flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#0F766E" />
      <path
        d="M8.5 23.5 16 8l7.5 15.5M11.4 17.6h3.2l1.4-3.4 1.9 6 1.3-2.6h1.6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </Box>
  );
}
