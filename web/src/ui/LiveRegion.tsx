import Snackbar from "@mui/material/Snackbar";
import { useEffect, useState } from "react";

import { onAnnouncement } from "@/lib/announce";

/** Speaks and briefly shows what just happened. */
export function LiveRegion() {
  const [message, setMessage] = useState("");
  const [open, setOpen] = useState(false);
  useEffect(
    () =>
      onAnnouncement((next) => {
        setMessage(next);
        setOpen(true);
      }),
    [],
  );
  return (
    <div role="status" aria-live="polite">
      <Snackbar
        open={open}
        autoHideDuration={4000}
        onClose={(_event, reason) => {
          if (reason !== "clickaway") setOpen(false);
        }}
        message={message}
        anchorOrigin={{ vertical: "bottom", horizontal: "center" }}
      />
    </div>
  );
}
