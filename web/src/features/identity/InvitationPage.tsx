import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useAcceptInvitationMutation } from "@/client/identity";
import { PageTitle } from "@/ui/PageTitle";
import { ProblemAlert } from "@/ui/Problems";
import { Mark } from "@/ui/Wordmark";

const SHORTEST_PASSWORD = 12;

/** Where an invitation by e-mail leads: the person sets their password. */
export function InvitationPage() {
  const { t } = useTranslation();
  const { token = "" } = useParams();
  const [accept, { data, error, isLoading }] = useAcceptInvitationMutation();
  const [password, setPassword] = useState("");
  return (
    <Box component="main" sx={{ minHeight: "100%", display: "grid", placeItems: "center", px: 4, py: 8 }}>
      <Box sx={{ width: 1, maxWidth: 380, display: "grid", gap: 5, justifyItems: "start" }}>
        <Mark size={40} />
        <PageTitle tab={t("invitation.title")}>{t("invitation.title")}</PageTitle>
        {data ? (
          <>
            <Typography>{t("invitation.done", { name: data.name })}</Typography>
            <Button component={Link} to="/entrar" variant="contained">
              {t("sign_in.submit")}
            </Button>
          </>
        ) : (
          <Box
            component="form"
            onSubmit={(event) => {
              event.preventDefault();
              void accept({ token, password });
            }}
            sx={{ width: 1, display: "grid", gap: 4 }}
          >
            <TextField
              label={t("invitation.password")}
              type="password"
              autoComplete="new-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              helperText={t("invitation.password_help", { count: SHORTEST_PASSWORD })}
            />
            {error && <ProblemAlert error={error} />}
            <Button
              type="submit"
              variant="contained"
              disabled={isLoading || password.length < SHORTEST_PASSWORD}
            >
              {t("invitation.accept")}
            </Button>
          </Box>
        )}
      </Box>
    </Box>
  );
}
