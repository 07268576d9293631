import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Outlet, useLocation } from "react-router";

import { problemOf } from "@/client/problem";
import { useListDemoSignInsQuery } from "@/client/demo";
import { useGetSessionQuery } from "@/client/identity";
import { LoadFailed } from "@/ui/Problems";

import { CommandPalette } from "./CommandPalette";
import { KeysDialog } from "./KeysDialog";
import { LiveRegion } from "@/ui/LiveRegion";
import { NavDrawer, NavRail } from "./NavRail";
import { SessionExpiredDialog } from "./SessionExpiredDialog";
import { useLiveUpdates } from "./liveUpdates";
import { mayOpen } from "./places";
import { RefusedPage } from "./RefusedPage";
import { useAppSelector } from "./store";

/** Who may do one of these may listen to what happens. */
const LISTENING = ["case:read", "conversation:read"];

/** The frame around the pages of people who signed in. */
export function Shell() {
  return <Frame sessionNeeded />;
}

/** The same frame for pages that need no account. */
export function OpenShell() {
  return <Frame sessionNeeded={false} />;
}

/** Rail, palette, keys, live updates, and the end of a session around every page. */
function Frame({ sessionNeeded }: { sessionNeeded: boolean }) {
  const { t } = useTranslation();
  const location = useLocation();
  const session = useGetSessionQuery();
  const demo = useListDemoSignInsQuery().isSuccess;
  const live = useAppSelector((state) => state.shell.live);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const listens = LISTENING.some((action) => session.data?.may.includes(action));
  useLiveUpdates(listens);
  usePaletteKey(() => setPaletteOpen((open) => !open));

  if (session.isLoading) return null;
  if (sessionNeeded && !session.data && session.error) {
    if (problemOf(session.error).status !== 401) {
      return <LoadFailed error={session.error} retry={() => void session.refetch()} />;
    }
    const next = encodeURIComponent(location.pathname + location.search);
    return <Navigate to={`/entrar?next=${next}`} replace />;
  }
  const nav = { session: session.data ?? null, demo, openPalette: () => setPaletteOpen(true) };
  return (
    <Box sx={{ display: "flex", flexDirection: { xs: "column", md: "row" }, height: 1 }}>
      <SkipLink />
      <NavRail {...nav} />
      <NavDrawer {...nav} />
      <Box
        component="main"
        id="conteudo"
        tabIndex={-1}
        sx={{ flex: 1, minWidth: 0, minHeight: 0, display: "flex", flexDirection: "column", outline: "none" }}
      >
        {!live && listens && (
          <Alert severity="warning" sx={{ borderRadius: 0, py: 0 }}>
            {t("app.reconnecting")}
          </Alert>
        )}
        {session.data && !mayOpen(session.data, location.pathname) ? (
          <RefusedPage session={session.data} />
        ) : (
          <Outlet />
        )}
      </Box>
      <CommandPalette open={paletteOpen} onClose={() => setPaletteOpen(false)} {...nav} />
      <KeysDialog />
      <LiveRegion />
      {session.data && <SessionExpiredDialog email={session.data.principal.email} />}
    </Box>
  );
}

function SkipLink() {
  const { t } = useTranslation();
  return (
    <Link
      href="#conteudo"
      sx={{
        position: "fixed",
        top: 8,
        left: 8,
        zIndex: "tooltip",
        px: 4,
        py: 2,
        borderRadius: 1,
        bgcolor: "primary.main",
        color: "primary.contrastText",
        transform: "translateY(-64px)",
        "&:focus": { transform: "none" },
      }}
    >
      {t("app.skip_to_content")}
    </Link>
  );
}

function usePaletteKey(toggle: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        toggle();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
