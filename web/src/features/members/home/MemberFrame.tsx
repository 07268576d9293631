import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { Navigate, Outlet, useLocation, useNavigate } from "react-router";

import { api } from "@/client/api";
import { useGetMemberHomeQuery, useLeaveAsMemberMutation } from "@/client/memberSession";
import { problemOf } from "@/client/problem";
import { announce } from "@/lib/announce";
import { LiveRegion } from "@/ui/LiveRegion";
import { LoadFailed } from "@/ui/Problems";
import { Mark } from "@/ui/Wordmark";

import { forgetAll } from "@/lib/unsent";

import { EmergencyBar } from "./EmergencyBar";

/** The frame around a member's own pages: who they are, a way out, and the number that helps. */
export function MemberFrame() {
  const location = useLocation();
  const home = useGetMemberHomeQuery();
  if (home.isLoading) return null;
  if (home.data === undefined || home.error !== undefined) {
    return problemOf(home.error).status === 401 ? (
      // The search may name the plan.
      <Navigate to={`/minha/entrar${location.search}`} replace />
    ) : (
      <LoadFailed error={home.error} retry={() => void home.refetch()} />
    );
  }
  return (
    <Box sx={{ height: "100dvh", display: "flex", flexDirection: "column", fontSize: "1.125rem" }}>
      <EmergencyBar />
      <Header name={home.data.first_name} operator={home.data.operator_name} />
      <Box
        component="main"
        sx={{
          flex: 1,
          minHeight: 0,
          display: "flex",
          flexDirection: "column",
          bgcolor: "background.default",
        }}
      >
        <Outlet />
      </Box>
      <LiveRegion />
    </Box>
  );
}

function Header({ name, operator }: { name: string; operator: string }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const navigate = useNavigate();
  const [leave, { isLoading }] = useLeaveAsMemberMutation();
  const signOut = async () => {
    const answer = await leave();
    if (answer.error) {
      announce(t("my.problem.offline"));
      return;
    }
    forgetAll();
    dispatch(api.util.resetApiState());
    announce(t("my.frame.left"));
    await navigate("/minha/entrar", { replace: true });
  };
  return (
    <Box
      component="header"
      sx={{
        flex: "none",
        display: "flex",
        alignItems: "center",
        gap: 3,
        px: 4,
        py: 2,
        borderBottom: "1px solid",
        borderColor: "divider",
        bgcolor: "background.paper",
      }}
    >
      <Mark size={28} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography noWrap sx={{ fontWeight: 650, fontSize: "1.125rem", lineHeight: 1.3 }}>
          {t("my.frame.greeting", { name })}
        </Typography>
        <Typography noWrap sx={{ color: "text.secondary", fontSize: "1rem", lineHeight: 1.3 }}>
          {operator}
        </Typography>
      </Box>
      <Button
        onClick={() => void signOut()}
        disabled={isLoading}
        sx={{ flex: "none", minHeight: 44, fontSize: "1.0625rem" }}
      >
        {t("my.frame.leave")}
      </Button>
    </Box>
  );
}
