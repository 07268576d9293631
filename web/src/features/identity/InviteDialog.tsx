import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useInviteStaffMutation } from "@/client/identity";
import type { Council, Role } from "@/client/types/identity";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";
import { roleText } from "@/ui/roleText";

const ROLES: readonly Role[] = [
  "medical_auditor",
  "nurse_auditor",
  "authorization_analyst",
  "care_coordinator",
  "technical_director",
  "ombudsman",
  "data_protection_officer",
  "administrator",
];

/** Roles that only a registered professional may have. */
const COUNCIL_OF: Partial<Record<Role, Council["council"]>> = {
  medical_auditor: "CRM",
  technical_director: "CRM",
  nurse_auditor: "COREN",
};

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="convite-titulo">
      {open && <InviteForm onClose={onClose} />}
    </Dialog>
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [invite, { error, isLoading }] = useInviteStaffMutation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("medical_auditor");
  const [uf, setUf] = useState("");
  const [number, setNumber] = useState("");
  const council = COUNCIL_OF[role];
  const ready =
    name.trim() !== "" && email.includes("@") && (!council || (/^[A-Z]{2}$/.test(uf) && number !== ""));

  const submit = async () => {
    const answer = await invite({
      name: name.trim(),
      email: email.trim(),
      roles: [role],
      council: council ? { council, uf, number } : null,
    });
    if (answer.error) return;
    announce(t("people.invited", { email: email.trim() }));
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <DialogTitle id="convite-titulo">{t("people.invite")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4, overflow: "visible" }}>
        <TextField
          label={t("people.name")}
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t("sign_in.email")}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          select
          label={t("people.role")}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {ROLES.map((one) => (
            <MenuItem key={one} value={one}>
              {roleText(one)}
            </MenuItem>
          ))}
        </TextField>
        {council && (
          <Box sx={{ display: "grid", gridTemplateColumns: "1fr 80px", gap: 3 }}>
            <TextField
              label={t("people.council_number", { council })}
              value={number}
              onChange={(event) => setNumber(event.target.value.replace(/\D/g, ""))}
              slotProps={{ htmlInput: { inputMode: "numeric" } }}
            />
            <TextField
              label={t("people.uf")}
              value={uf}
              onChange={(event) => setUf(event.target.value.toUpperCase())}
              slotProps={{ htmlInput: { maxLength: 2 } }}
            />
          </Box>
        )}
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" disabled={!ready || isLoading}>
          {t("people.send_invitation")}
        </Button>
      </DialogActions>
    </form>
  );
}
