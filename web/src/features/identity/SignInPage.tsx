import VisibilityOffOutlined from "@mui/icons-material/VisibilityOffOutlined";
import VisibilityOutlined from "@mui/icons-material/VisibilityOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import ButtonBase from "@mui/material/ButtonBase";
import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";

import { useListDemoSignInsQuery } from "@/client/demo";
import { identityUtil, useSignInMutation } from "@/client/identity";
import type { DemoSignIn } from "@/client/types/demo";
import { announce } from "@/lib/announce";
import { PageTitle } from "@/ui/PageTitle";
import { ProblemAlert } from "@/ui/Problems";
import { roleText } from "@/ui/roleText";
import { Mark } from "@/ui/Wordmark";
import { useDispatch } from "react-redux";

type Errors = { email?: string; password?: string };

export function SignInPage() {
  const { t } = useTranslation();
  const demo = useListDemoSignInsQuery();
  return (
    <Box
      component="main"
      sx={{
        minHeight: "100%",
        display: "grid",
        placeItems: "center",
        px: 4,
        py: 8,
        bgcolor: "background.default",
      }}
    >
      <Box sx={{ width: 1, maxWidth: 380, display: "grid", gap: 5 }}>
        <Box sx={{ display: "grid", gap: 3, justifyItems: "start" }}>
          <Mark size={40} />
          <Box>
            <PageTitle tab={t("sign_in.submit")}>{t("sign_in.title")}</PageTitle>
            <Typography variant="body1" sx={{ color: "text.secondary", mt: 1 }}>
              {t("sign_in.lead")}
            </Typography>
          </Box>
        </Box>
        <SignInForm demo={demo.data ?? []} />
      </Box>
    </Box>
  );
}

function SignInForm({ demo }: { demo: readonly DemoSignIn[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const dispatch = useDispatch();
  const [search] = useSearchParams();
  const [signIn, { error, isLoading }] = useSignInMutation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState<Errors>({});

  const enter = async (credentials: { email: string; password: string }) => {
    const answer = await signIn(credentials);
    if (!answer.data) return;
    dispatch(identityUtil.resetApiState());
    announce(t("sign_in.welcome", { name: answer.data.principal.name }));
    await navigate(localPath(search.get("next")), { replace: true });
  };
  const submit = () => {
    const errors: Errors = {};
    if (email.trim() === "") errors.email = t("sign_in.email_missing");
    if (password === "") errors.password = t("sign_in.password_missing");
    setMissing(errors);
    if (Object.keys(errors).length === 0) void enter({ email: email.trim(), password });
  };
  return (
    <>
      <Box
        component="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        sx={{ display: "grid", gap: 4 }}
      >
        <TextField
          label={t("sign_in.email")}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={missing.email !== undefined}
          helperText={missing.email}
        />
        <TextField
          label={t("sign_in.password")}
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={missing.password !== undefined}
          helperText={missing.password}
          slotProps={{
            input: {
              endAdornment: (
                <InputAdornment position="end">
                  <IconButton
                    aria-label={shown ? t("sign_in.hide_password") : t("sign_in.show_password")}
                    onClick={() => setShown(!shown)}
                    edge="end"
                  >
                    {shown ? (
                      <VisibilityOffOutlined fontSize="small" />
                    ) : (
                      <VisibilityOutlined fontSize="small" />
                    )}
                  </IconButton>
                </InputAdornment>
              ),
            },
          }}
        />
        {error && <ProblemAlert error={error} />}
        <Button type="submit" variant="contained" size="medium" disabled={isLoading} sx={{ minHeight: 40 }}>
          {isLoading ? t("sign_in.submitting") : t("sign_in.submit")}
        </Button>
      </Box>
      {demo.length > 0 && (
        <DemoAccounts
          accounts={demo}
          choose={(account) => void enter({ email: account.email, password: account.password })}
        />
      )}
    </>
  );
}

function DemoAccounts(props: { accounts: readonly DemoSignIn[]; choose: (account: DemoSignIn) => void }) {
  const { t } = useTranslation();
  return (
    <Box component="section" aria-labelledby="contas-demo">
      <Typography id="contas-demo" variant="h3" component="h2" sx={{ color: "text.secondary", mb: 2 }}>
        {t("sign_in.demo_title")}
      </Typography>
      <Box
        component="ul"
        sx={{
          listStyle: "none",
          m: 0,
          p: 0,
          border: "1px solid",
          borderColor: "divider",
          borderRadius: 1,
          overflow: "hidden",
          bgcolor: "background.paper",
        }}
      >
        {props.accounts.map((account) => (
          <Box
            component="li"
            key={account.email}
            sx={{ "& + &": { borderTop: "1px solid", borderColor: "divider" } }}
          >
            <ButtonBase
              onClick={() => props.choose(account)}
              sx={{
                width: 1,
                px: 3,
                py: 2,
                display: "grid",
                justifyContent: "start",
                justifyItems: "start",
                textAlign: "left",
                "&:hover": { bgcolor: "surface.hover" },
              }}
            >
              <Typography variant="body2" sx={{ fontWeight: 600 }}>
                {account.name}
              </Typography>
              <Typography variant="caption" sx={{ color: "text.secondary" }}>
                {account.roles.map(roleText).join(", ")} · {account.email}
              </Typography>
            </ButtonBase>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** Only a path of this site may be the next page: an address from outside would be an open redirect. */
function localPath(next: string | null): string {
  return next?.startsWith("/") === true && !next.startsWith("//") ? next : "/";
}
