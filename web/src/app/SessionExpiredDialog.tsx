import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/client/api";
import { useSignInMutation } from "@/client/identity";
import { ProblemAlert } from "@/ui/Problems";

import { useLeave } from "./AccountMenu";
import { sessionRenewed, useAppDispatch, useAppSelector } from "./store";

/** Asks for the password where the person is, so that nothing they wrote is lost. */
export function SessionExpiredDialog({ email }: { email: string }) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const open = useAppSelector((state) => state.shell.sessionExpired);
  const [signIn, { error, isLoading }] = useSignInMutation();
  const leave = useLeave();
  const [password, setPassword] = useState("");

  const submit = async () => {
    const answer = await signIn({ email, password });
    if (answer.error) return;
    setPassword("");
    dispatch(sessionRenewed());
    dispatch(
      api.util.invalidateTags(["Session", "Case", "CaseList", "CaseCounts", "Document", "TriageTask"]),
    );
  };
  return (
    <Dialog open={open} maxWidth="xs" fullWidth aria-labelledby="sessao-titulo">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <DialogTitle id="sessao-titulo">{t("session.expired_title")}</DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 4 }}>
          <Typography variant="body2">{t("session.expired_text")}</Typography>
          <TextField label={t("sign_in.email")} value={email} disabled />
          <TextField
            label={t("sign_in.password")}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {error && <ProblemAlert error={error} />}
        </DialogContent>
        <DialogActions sx={{ px: 6, pb: 5 }}>
          <Button onClick={() => void leave()}>{t("session.leave")}</Button>
          <Button type="submit" variant="contained" disabled={isLoading || password === ""}>
            {t("sign_in.submit")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
