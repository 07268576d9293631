import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useForwardCaseMutation } from "@/client/medicalAudit";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { keepAside, keptAside } from "./drafts";

/** A nurse hands the case on to a physician, with the reason that the physician will read. */
export function ForwardButton({ one }: { one: CaseDetail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="outlined" color="secondary" onClick={() => setOpen(true)}>
        {t("forward.button")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        maxWidth="sm"
        fullWidth
        aria-labelledby="encaminhar-titulo"
      >
        {open && <ForwardForm one={one} onClose={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function ForwardForm({ one, onClose }: { one: CaseDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const [forward, { error, isLoading }] = useForwardCaseMutation();
  const [reason, setReason] = useState(() => keptAside(one.case.id, "forward"));
  const write = (words: string) => {
    setReason(words);
    keepAside(one.case.id, "forward", words);
  };
  const leave = () => {
    keepAside(one.case.id, "forward", "");
    onClose();
  };
  const submit = async () => {
    const answer = await forward({
      id: one.case.id,
      forward: { reason: reason.trim(), version: one.case.version },
    });
    if (answer.error) return;
    announce(t("forward.done"));
    leave();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <DialogTitle id="encaminhar-titulo">{t("forward.title", { number: one.case.number })}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("forward.lead")}
        </Typography>
        <TextField
          autoFocus
          label={t("forward.reason")}
          multiline
          minRows={3}
          value={reason}
          onChange={(event) => write(event.target.value)}
        />
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={leave}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" disabled={reason.trim() === "" || isLoading}>
          {t("forward.button")}
        </Button>
      </DialogActions>
    </form>
  );
}
