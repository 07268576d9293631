import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Facts } from "@/ui/Facts";

import { isConfirmed, type ReleaseDraft } from "./releaseDraft";

type Props = {
  open: boolean;
  draft: ReleaseDraft;
  number: string;
  onCancel: () => void;
  onConfirm: () => void;
};

/** What goes against the member is confirmed, never undone: the person reads once more what the member will read. */
export function ConfirmDialog({ open, onCancel, ...rest }: Props) {
  return (
    <Dialog open={open} onClose={onCancel} maxWidth="sm" fullWidth aria-labelledby="confirmacao-titulo">
      {open && <Confirmation onCancel={onCancel} {...rest} />}
    </Dialog>
  );
}

function Confirmation({ draft, number, onCancel, onConfirm }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const [read, setRead] = useState(false);
  if (!isConfirmed(draft.outcome)) return null;
  return (
    <>
      <DialogTitle id="confirmacao-titulo">
        {t(`decision.confirm_title.${draft.outcome}`, { number })}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2">{t("decision.confirm_lead")}</Typography>
        <Box sx={{ p: 3, border: "1px solid", borderColor: "divider", borderRadius: 1 }}>
          <Typography sx={{ fontSize: "1rem", whiteSpace: "pre-line" }}>{draft.text}</Typography>
        </Box>
        <Facts
          rows={[
            [t("decision.reason_code"), draft.reasonCodes.join(", ")],
            [t("decision.legal_basis"), draft.legalBasis],
          ]}
        />
        <FormControlLabel
          control={<Checkbox checked={read} onChange={(_event, checked) => setRead(checked)} />}
          label={t("decision.confirm_read")}
        />
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button autoFocus onClick={onCancel}>
          {t("common.back")}
        </Button>
        <Button
          variant="contained"
          color={draft.outcome === "deny" ? "error" : "primary"}
          disabled={!read}
          onClick={onConfirm}
        >
          {t(`decision.press.${draft.outcome}`)}
        </Button>
      </DialogActions>
    </>
  );
}
