import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useChangeCalendarMutation } from "@/client/clocks";
import type { CalendarChange, OperatorCalendar } from "@/client/types/clocks";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

type Props = {
  open: boolean;
  title: string;
  calendar: OperatorCalendar;
  change: Pick<CalendarChange, "state" | "add" | "remove">;
  /** Whether the change is whole. */
  ready?: boolean;
  children?: ReactNode;
  onClose: () => void;
};

const SHORTEST_REASON = 3;
const LONGEST_REASON = 500;

/** Says what a change of the calendar does, and asks why; one person makes it, and their name stays with it. */
export function ChangeDialog({ open, onClose, ...rest }: Props) {
  const titleId = useId();
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={titleId}>
      {open && <ChangeForm titleId={titleId} onClose={onClose} {...rest} />}
    </Dialog>
  );
}

type FormProps = Omit<Props, "open"> & { titleId: string };

function ChangeForm({ titleId, title, calendar, change, ready = true, children, onClose }: FormProps) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useChangeCalendarMutation();
  const [reason, setReason] = useState("");
  const whole = ready && reason.trim().length >= SHORTEST_REASON;
  const submit = async () => {
    const answer = await send({ seen: calendar.calendar_id, reason: reason.trim(), ...change });
    if (answer.error) return;
    announce(t("calendar.changed"));
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void submit();
      }}
    >
      <DialogTitle id={titleId}>{title}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4, pt: "8px !important" }}>
        {children}
        <TextField
          label={t("calendar.reason")}
          helperText={t("calendar.reason_help")}
          multiline
          value={reason}
          onChange={(event) => setReason(event.target.value.slice(0, LONGEST_REASON))}
        />
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("calendar.effect", { count: calendar.open_terms })}
        </Typography>
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" disabled={!whole || isLoading}>
          {t("common.save")}
        </Button>
      </DialogActions>
    </form>
  );
}
