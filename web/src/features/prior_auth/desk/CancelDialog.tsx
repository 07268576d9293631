import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCancelRequestMutation } from "@/client/desk";
import type { GuideInfo } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { formatDate } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";

const REASONS = [
  "asked_by_member",
  "asked_by_requester",
  "duplicate",
  "sent_by_mistake",
  "care_no_longer_needed",
] as const;

type Props = {
  open: boolean;
  requestId: string;
  version: number;
  /** The guide that holds while the answer is looked at again. */
  held?: GuideInfo | undefined;
  onClose: () => void;
};

/** Giving a request up, with its reason; it cannot be undone. A guide that holds ends only where that was meant. */
export function CancelDialog({ open, requestId, version, held, onClose }: Props) {
  const { t } = useTranslation();
  const [cancel, { error, isLoading }] = useCancelRequestMutation();
  const [reason, setReason] = useState("");
  const [andGuide, setAndGuide] = useState(false);
  const submit = async () => {
    const answer = await cancel({ id: requestId, reason, expected_version: version, and_guide: andGuide });
    if (answer.error) return;
    announce(t("desk_request.cancelled"));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="cancelar-titulo">
      <DialogTitle id="cancelar-titulo">{t("desk_request.cancel_title")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4, overflow: "visible" }}>
        {held === undefined ? (
          <Typography variant="body2">{t("desk_request.cancel_text")}</Typography>
        ) : (
          <Alert severity="warning" variant="outlined">
            {t("desk_request.cancel_held", { number: held.number, until: formatDate(held.valid_until) })}
          </Alert>
        )}
        <TextField
          select
          label={t("desk_request.cancel_reason")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        >
          {REASONS.map((one) => (
            <MenuItem key={one} value={one}>
              {t(`desk_request.reason.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {held !== undefined && (
          <FormControlLabel
            label={t("desk_request.cancel_and_guide")}
            control={<Checkbox checked={andGuide} onChange={(_, checked) => setAndGuide(checked)} />}
          />
        )}
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("desk_request.keep")}</Button>
        <Button
          color="error"
          variant="contained"
          disabled={reason === "" || isLoading || (held !== undefined && !andGuide)}
          onClick={() => void submit()}
        >
          {t("desk_request.cancel_confirm")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
