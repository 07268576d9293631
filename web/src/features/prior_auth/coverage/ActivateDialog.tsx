import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useActivatePackMutation } from "@/client/coverage";
import type { CoverageVersion } from "@/client/types/coverage";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

const LONGEST_NOTE = 500;

/** The second person puts a pack in force. */
export function ActivateDialog({
  version,
  onClose,
}: {
  version: CoverageVersion | null;
  onClose: () => void;
}) {
  return (
    <Dialog
      open={version !== null}
      onClose={onClose}
      maxWidth="sm"
      fullWidth
      aria-labelledby="vigorar-titulo"
    >
      {version && <ActivateForm version={version} onClose={onClose} />}
    </Dialog>
  );
}

function ActivateForm({ version, onClose }: { version: CoverageVersion; onClose: () => void }) {
  const { t } = useTranslation();
  const [activate, { error, isLoading }] = useActivatePackMutation();
  const [note, setNote] = useState("");
  const submit = async () => {
    const answer = await activate({ id: version.version_id, note: note.trim() });
    if (answer.error) return;
    announce(t("coverage.activated"));
    onClose();
  };
  return (
    <>
      <DialogTitle id="vigorar-titulo">{t("coverage.activate_title", { name: version.name })}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4, pt: "8px !important" }}>
        <Typography variant="body2">{t("coverage.activate_lead")}</Typography>
        <TextField
          label={t("coverage.note")}
          multiline
          value={note}
          onChange={(event) => setNote(event.target.value.slice(0, LONGEST_NOTE))}
        />
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={isLoading} onClick={() => void submit()}>
          {t("coverage.activate")}
        </Button>
      </DialogActions>
    </>
  );
}
