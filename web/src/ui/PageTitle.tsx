import Typography from "@mui/material/Typography";
import { useEffect, type ReactNode } from "react";

/** The one heading of a page; also names the browser's tab. */
export function PageTitle({ children, tab }: { children: ReactNode; tab: string }) {
  useEffect(() => {
    document.title = `${tab} · AUSTA`;
  }, [tab]);
  return <Typography variant="h1">{children}</Typography>;
}
