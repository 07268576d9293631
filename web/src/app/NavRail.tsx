import DarkModeOutlined from "@mui/icons-material/DarkModeOutlined";
import KeyboardDoubleArrowLeft from "@mui/icons-material/KeyboardDoubleArrowLeft";
import KeyboardDoubleArrowRight from "@mui/icons-material/KeyboardDoubleArrowRight";
import LightModeOutlined from "@mui/icons-material/LightModeOutlined";
import LoginOutlined from "@mui/icons-material/LoginOutlined";
import MenuIcon from "@mui/icons-material/Menu";
import SearchOutlined from "@mui/icons-material/SearchOutlined";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useColorScheme } from "@mui/material/styles";
import { useState, type ComponentType, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import type { Session } from "@/client/types/identity";
import { Mark } from "@/ui/Wordmark";

import { AccountMenu } from "./AccountMenu";
import { isWithin, placesFor, type Place } from "./places";
import { railToggled, useAppDispatch, useAppSelector } from "./store";

export type NavProps = { session: Session | null; demo: boolean; openPalette: () => void };

const OPEN_WIDTH = 212;
const COLLAPSED_WIDTH = 60;

/** The left rail on a desk. */
export function NavRail(props: NavProps) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const collapsed = useAppSelector((state) => state.shell.railCollapsed);
  return (
    <Box
      component="nav"
      aria-label={t("app.main_navigation")}
      sx={{
        display: { xs: "none", md: "flex" },
        flexDirection: "column",
        width: collapsed ? COLLAPSED_WIDTH : OPEN_WIDTH,
        flex: "none",
        p: 2,
        gap: 1,
        bgcolor: "surface.rail",
        borderRight: "1px solid",
        borderColor: "surface.hairline",
        overflow: "hidden auto",
      }}
    >
      <Brand session={props.session} collapsed={collapsed} />
      <RailContent {...props} collapsed={collapsed} />
      <RailButton
        label={collapsed ? t("app.expand") : t("app.collapse")}
        collapsed={collapsed}
        Icon={collapsed ? KeyboardDoubleArrowRight : KeyboardDoubleArrowLeft}
        onClick={() => dispatch(railToggled())}
      />
    </Box>
  );
}

/** The bar on top of a phone's screen, with the same places in a drawer. */
export function NavDrawer(props: NavProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Box
      component="header"
      sx={{
        display: { xs: "flex", md: "none" },
        alignItems: "center",
        gap: 3,
        px: 3,
        height: 52,
        flex: "none",
        bgcolor: "surface.rail",
        borderBottom: "1px solid",
        borderColor: "surface.hairline",
      }}
    >
      <IconButton size="medium" aria-label={t("app.open_menu")} onClick={() => setOpen(true)}>
        <MenuIcon />
      </IconButton>
      <Mark size={24} />
      <Typography sx={{ fontWeight: 700, flex: 1 }}>AUSTA</Typography>
      <IconButton size="medium" aria-label={t("app.search")} onClick={props.openPalette}>
        <SearchOutlined />
      </IconButton>
      <Drawer open={open} onClose={() => setOpen(false)}>
        <Box
          component="nav"
          aria-label={t("app.main_navigation")}
          onClick={() => setOpen(false)}
          sx={{ width: 264, height: 1, p: 3, display: "flex", flexDirection: "column", gap: 1 }}
        >
          <Brand session={props.session} collapsed={false} />
          <RailContent {...props} collapsed={false} />
        </Box>
      </Drawer>
    </Box>
  );
}

function Brand({ session, collapsed }: { session: Session | null; collapsed: boolean }) {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 3, px: 2, py: 2, mb: 2, minHeight: 48 }}>
      <Mark />
      {!collapsed && (
        <Box sx={{ minWidth: 0 }}>
          <Typography sx={{ fontWeight: 700, lineHeight: 1.2, letterSpacing: "0.01em" }}>AUSTA</Typography>
          {session && (
            <Typography variant="caption" noWrap component="p" sx={{ color: "text.secondary" }}>
              {session.operator.name}
            </Typography>
          )}
        </Box>
      )}
    </Box>
  );
}

function RailContent({ session, demo, openPalette, collapsed }: NavProps & { collapsed: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const places = placesFor(session, demo);
  return (
    <>
      {places.map((place, index) => (
        <Box key={place.name}>
          {startsGroup(places, index) && !collapsed && (
            <Typography variant="caption" component="p" sx={{ color: "text.secondary", px: 3, pt: 3, pb: 1 }}>
              {t(`app.group.${place.group}`)}
            </Typography>
          )}
          {startsGroup(places, index) && collapsed && index > 0 && (
            <Box sx={{ my: 2, mx: 2, borderTop: "1px solid", borderColor: "surface.hairline" }} />
          )}
          <RailLink
            to={place.path}
            label={t(`app.place.${place.name}`)}
            current={isWithin(place, pathname)}
            collapsed={collapsed}
            Icon={place.Icon}
          />
        </Box>
      ))}
      <Box sx={{ flex: 1 }} />
      <RailButton
        label={t("app.search")}
        hint="Ctrl K"
        collapsed={collapsed}
        Icon={SearchOutlined}
        onClick={openPalette}
      />
      <ThemeButton collapsed={collapsed} />
      {session ? (
        <Account session={session} collapsed={collapsed} />
      ) : (
        <RailLink
          to="/entrar"
          label={t("app.sign_in")}
          current={false}
          collapsed={collapsed}
          Icon={LoginOutlined}
        />
      )}
    </>
  );
}

function startsGroup(places: readonly Place[], index: number): boolean {
  return places[index - 1]?.group !== places[index]?.group;
}

function ThemeButton({ collapsed }: { collapsed: boolean }) {
  const { t } = useTranslation();
  const { mode, systemMode, setMode } = useColorScheme();
  const dark = (mode === "system" ? systemMode : mode) === "dark";
  return (
    <RailButton
      label={dark ? t("app.theme_light") : t("app.theme_dark")}
      collapsed={collapsed}
      Icon={dark ? LightModeOutlined : DarkModeOutlined}
      onClick={() => setMode(dark ? "light" : "dark")}
    />
  );
}

function Account({ session, collapsed }: { session: Session; collapsed: boolean }) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { name } = session.principal;
  return (
    <>
      <RailRow label={`${t("app.account")}: ${name}`} collapsed={collapsed}>
        <ButtonBase
          aria-label={`${t("app.account")}: ${name}`}
          aria-haspopup="menu"
          onClick={(event) => {
            event.stopPropagation();
            setAnchor(event.currentTarget);
          }}
          sx={rowStyle(false, collapsed)}
        >
          <Box
            aria-hidden
            // Initials are a picture of the name, not its text: the button is already called by it.
            data-initials={initialsOf(name)}
            sx={{
              display: "grid",
              placeItems: "center",
              flex: "none",
              width: 26,
              height: 26,
              borderRadius: "50%",
              bgcolor: "secondary.main",
              color: "secondary.contrastText",
              fontSize: 11,
              fontWeight: 700,
              "&::before": { content: "attr(data-initials)" },
            }}
          />
          {!collapsed && (
            <Typography variant="body2" noWrap>
              {name}
            </Typography>
          )}
        </ButtonBase>
      </RailRow>
      <AccountMenu session={session} anchor={anchor} onClose={() => setAnchor(null)} />
    </>
  );
}

function initialsOf(name: string): string {
  const words = name.replace(/^(Dra?|Enf)\.?\s+/i, "").split(/\s+/);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

type RowProps = { label: string; collapsed: boolean; Icon: ComponentType<{ fontSize?: "small" }> };

function RailLink({ to, label, current, collapsed, Icon }: RowProps & { to: string; current: boolean }) {
  return (
    <RailRow label={label} collapsed={collapsed}>
      <ButtonBase
        component={Link}
        to={to}
        aria-label={label}
        aria-current={current ? "page" : undefined}
        sx={rowStyle(current, collapsed)}
      >
        <Icon fontSize="small" />
        {!collapsed && <span>{label}</span>}
      </ButtonBase>
    </RailRow>
  );
}

function RailButton({
  label,
  hint,
  collapsed,
  Icon,
  onClick,
}: RowProps & { hint?: string; onClick: () => void }) {
  return (
    <RailRow label={hint ? `${label} (${hint})` : label} collapsed={collapsed}>
      <ButtonBase aria-label={label} onClick={onClick} sx={rowStyle(false, collapsed)}>
        <Icon fontSize="small" />
        {!collapsed && <span>{label}</span>}
        {!collapsed && hint && (
          <Typography variant="caption" sx={{ ml: "auto", color: "text.secondary" }}>
            {hint}
          </Typography>
        )}
      </ButtonBase>
    </RailRow>
  );
}

function RailRow({ label, collapsed, children }: { label: string; collapsed: boolean; children: ReactNode }) {
  return (
    <Tooltip title={collapsed ? label : ""} placement="right">
      <Box>{children}</Box>
    </Tooltip>
  );
}

function rowStyle(current: boolean, collapsed: boolean) {
  return {
    width: 1,
    minHeight: 36,
    px: collapsed ? 0 : 3,
    gap: 3,
    justifyContent: collapsed ? "center" : "flex-start",
    borderRadius: "8px",
    fontSize: "0.875rem",
    fontWeight: current ? 650 : 500,
    color: current ? "primary.main" : "text.primary",
    bgcolor: current ? "surface.selected" : "transparent",
    "&:hover": { bgcolor: current ? "surface.selected" : "surface.hover" },
  } as const;
}
