import useMediaQuery from "@mui/material/useMediaQuery";

/** Three columns on a desk, two on a small one, stacked with a bottom bar on a phone. */
export type Layout = "three" | "two" | "stacked";

export function useLayout(): Layout {
  const three = useMediaQuery("(min-width: 1400px)");
  const two = useMediaQuery("(min-width: 1000px)");
  if (three) return "three";
  return two ? "two" : "stacked";
}
