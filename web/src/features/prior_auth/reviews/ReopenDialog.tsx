import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useReopenRequestMutation } from "@/client/reviews";
import type { ReviewAct } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { isLawsuit, maskLawsuit } from "./lawsuit";

type Act = Exclude<ReviewAct, "extend">;

type Props = { requestId: string; version: number; act: Act | null; onClose: () => void };

const LONGEST_NUMBER = 40;
const LONGEST_REASON = 2000;

/** Opens an answer again, and says before what comes of it. */
export function ReopenDialog({ act, onClose, ...request }: Props) {
  return (
    <Dialog open={act !== null} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="rever-titulo">
      {act !== null && <ReopenForm key={act} act={act} onClose={onClose} {...request} />}
    </Dialog>
  );
}

function ReopenForm({ requestId, version, act, onClose }: Omit<Props, "act"> & { act: Act }) {
  const { t } = useTranslation();
  const [reopen, { error, isLoading }] = useReopenRequestMutation();
  const [written, setWritten] = useState("");
  const [read, setRead] = useState(false);
  const ready =
    act === "reanalyse" || (act === "complain" ? written.trim() !== "" : isLawsuit(written) && read);

  const submit = async () => {
    const answer = await reopen(sent(act, written.trim(), { id: requestId, version }));
    if (answer.error) return;
    announce(t(`reviews.done.${act}`));
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      <DialogTitle id="rever-titulo">{t(`reviews.dialog.${act}.title`)}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2">{t(`reviews.dialog.${act}.consequence`)}</Typography>
        <TextField
          autoFocus
          label={t(`reviews.dialog.${act}.field`)}
          helperText={t(`reviews.dialog.${act}.help`)}
          multiline={act === "reanalyse"}
          minRows={act === "reanalyse" ? 3 : 1}
          value={written}
          onChange={(event) => setWritten(shaped(act, event.target.value))}
          slotProps={act === "obey" ? { htmlInput: { inputMode: "numeric" } } : {}}
        />
        {act === "obey" && (
          <FormControlLabel
            control={<Checkbox checked={read} onChange={(_event, checked) => setRead(checked)} />}
            label={t("reviews.order_read")}
          />
        )}
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.back")}</Button>
        <Button type="submit" variant="contained" disabled={!ready || isLoading}>
          {t(`reviews.dialog.${act}.confirm`)}
        </Button>
      </DialogActions>
    </form>
  );
}

function shaped(act: Act, typed: string): string {
  if (act === "obey") return maskLawsuit(typed);
  return typed.slice(0, act === "complain" ? LONGEST_NUMBER : LONGEST_REASON);
}

function sent(act: Act, written: string, { id, version }: { id: string; version: number }) {
  const expected_version = version;
  switch (act) {
    case "reanalyse":
      return { id, act: "reanalysis", body: { reason: written || null, expected_version } } as const;
    case "complain":
      return { id, act: "complaint", body: { number: written, expected_version } } as const;
    case "obey":
      return { id, act: "court-order", body: { court_case: written, expected_version } } as const;
  }
}
