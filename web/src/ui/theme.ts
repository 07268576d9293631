import { createTheme, type CSSObject } from "@mui/material/styles";

const FONT = '"Inter Variable", "Inter", system-ui, -apple-system, "Segoe UI", sans-serif';

/** Colours that mean something. Each has a strong tone for text and marks, and a soft one for backgrounds. */
type Meaning = { strong: string; soft: string };

type UrgencyColours = Record<"RED" | "ORANGE" | "YELLOW" | "GREEN" | "BLUE", string>;

declare module "@mui/material/styles" {
  interface Palette {
    urgency: UrgencyColours;
    meaning: { good: Meaning; doubt: Meaning; bad: Meaning; quiet: Meaning };
    surface: { rail: string; sunken: string; hover: string; selected: string; hairline: string };
  }
  interface PaletteOptions {
    urgency?: UrgencyColours;
    meaning?: { good: Meaning; doubt: Meaning; bad: Meaning; quiet: Meaning };
    surface?: { rail: string; sunken: string; hover: string; selected: string; hairline: string };
  }
}

/** The solid colours of the urgency mark, the same in both themes; white reads on each at AA. */
export const URGENCY_SOLID: UrgencyColours = {
  RED: "#B91C1C",
  ORANGE: "#C2410C",
  YELLOW: "#A16207",
  GREEN: "#15803D",
  BLUE: "#1D4ED8",
};

const light = {
  primary: { main: "#0F766E", dark: "#115E59", light: "#14B8A6", contrastText: "#FFFFFF" },
  secondary: { main: "#475569", contrastText: "#FFFFFF" },
  error: { main: "#B91C1C" },
  warning: { main: "#A16207", contrastText: "#FFFFFF" },
  success: { main: "#15803D" },
  info: { main: "#1D4ED8" },
  background: { default: "#F6F8FA", paper: "#FFFFFF" },
  text: { primary: "#0F172A", secondary: "#475569", disabled: "#64748B" },
  divider: "#E2E8F0",
  urgency: URGENCY_SOLID,
  meaning: {
    good: { strong: "#166534", soft: "#E8F6EC" },
    doubt: { strong: "#854D0E", soft: "#FDF5DC" },
    bad: { strong: "#991B1B", soft: "#FDECEC" },
    quiet: { strong: "#475569", soft: "#EEF2F6" },
  },
  surface: {
    rail: "#FFFFFF",
    sunken: "#F1F5F9",
    hover: "#F4F7F9",
    selected: "#E6F4F2",
    hairline: "#E2E8F0",
  },
};

const dark = {
  primary: { main: "#2DD4BF", dark: "#14B8A6", light: "#5EEAD4", contrastText: "#042F2C" },
  secondary: { main: "#9DB0C8", contrastText: "#0B1220" },
  error: { main: "#FCA5A5", contrastText: "#3B0A0A" },
  warning: { main: "#FCD34D", contrastText: "#2E1F02" },
  success: { main: "#86EFAC", contrastText: "#052E16" },
  info: { main: "#93C5FD", contrastText: "#0B1D3F" },
  background: { default: "#0A101B", paper: "#111A28" },
  text: { primary: "#E6EDF5", secondary: "#A3B3C8", disabled: "#7D8EA6" },
  divider: "#223047",
  urgency: { RED: "#FCA5A5", ORANGE: "#FDBA74", YELLOW: "#FDE047", GREEN: "#86EFAC", BLUE: "#93C5FD" },
  meaning: {
    good: { strong: "#86EFAC", soft: "#10281D" },
    doubt: { strong: "#FCD34D", soft: "#2B2410" },
    bad: { strong: "#FCA5A5", soft: "#331719" },
    quiet: { strong: "#A3B3C8", soft: "#1A2536" },
  },
  surface: {
    rail: "#0D1522",
    sunken: "#0D1522",
    hover: "#162131",
    selected: "#12302F",
    hairline: "#223047",
  },
};

const focusRing: CSSObject = {
  outline: "2px solid var(--mui-palette-primary-main)",
  outlineOffset: 2,
};

/** AUSTA's look: slate structure, one teal accent, hairlines; colour otherwise only for meaning. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: "data-theme" },
  colorSchemes: { light: { palette: light }, dark: { palette: dark } },
  spacing: 4,
  shape: { borderRadius: 8 },
  breakpoints: { values: { xs: 0, sm: 600, md: 900, lg: 1200, xl: 1400 } },
  typography: {
    fontFamily: FONT,
    fontSize: 14,
    htmlFontSize: 16,
    body1: { fontSize: "0.875rem", lineHeight: 1.5 },
    body2: { fontSize: "0.8125rem", lineHeight: 1.45 },
    caption: { fontSize: "0.75rem", lineHeight: 1.4 },
    h1: { fontSize: "1.25rem", fontWeight: 650, lineHeight: 1.3, letterSpacing: "-0.012em" },
    h2: { fontSize: "0.9375rem", fontWeight: 650, lineHeight: 1.35, letterSpacing: "-0.006em" },
    h3: { fontSize: "0.8125rem", fontWeight: 600, lineHeight: 1.4 },
    button: { textTransform: "none", fontWeight: 600, fontSize: "0.875rem" },
    overline: {
      fontSize: "0.75rem",
      fontWeight: 600,
      letterSpacing: 0,
      textTransform: "none",
      lineHeight: 1.4,
    },
  },
  transitions: {
    duration: {
      shortest: 80,
      shorter: 100,
      short: 120,
      standard: 140,
      complex: 140,
      enteringScreen: 140,
      leavingScreen: 100,
    },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        html: { height: "100%" },
        body: { height: "100%" },
        "#root": { height: "100%" },
        "a:focus-visible, button:focus-visible, [tabindex]:focus-visible": focusRing,
        "@media (prefers-reduced-motion: reduce)": {
          "*, *::before, *::after": {
            animationDuration: "0.01ms !important",
            animationIterationCount: "1 !important",
            transitionDuration: "0.01ms !important",
          },
        },
      },
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true },
      styleOverrides: { root: { fontFamily: "inherit", "&.Mui-focusVisible": focusRing } },
    },
    MuiButton: {
      defaultProps: { disableElevation: true, size: "small" },
      styleOverrides: {
        root: { minHeight: 32, paddingInline: 12, "@media (pointer: coarse)": { minHeight: 44 } },
        outlined: { borderColor: "var(--mui-palette-divider)" },
      },
    },
    MuiIconButton: { defaultProps: { size: "small" } },
    MuiTextField: { defaultProps: { size: "small", variant: "outlined" } },
    MuiOutlinedInput: {
      styleOverrides: {
        root: {
          backgroundColor: "var(--mui-palette-background-paper)",
          // A control's edge must be seen (WCAG 1.4.11), so it is darker than a hairline.
          "& .MuiOutlinedInput-notchedOutline": { borderColor: "var(--mui-palette-text-disabled)" },
        },
      },
    },
    MuiTooltip: {
      defaultProps: { enterDelay: 250, arrow: true },
      styleOverrides: {
        tooltip: {
          fontSize: "0.75rem",
          lineHeight: 1.45,
          fontWeight: 450,
          padding: "8px 10px",
          maxWidth: 320,
        },
      },
    },
    MuiTabs: { styleOverrides: { root: { minHeight: 40 } } },
    MuiTab: { styleOverrides: { root: { minHeight: 40, paddingInline: 12, minWidth: 0, fontWeight: 550 } } },
    MuiDialog: { styleOverrides: { paper: { backgroundImage: "none" } } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: "none" } } },
    MuiAlert: { styleOverrides: { root: { borderRadius: 8 } } },
  },
});

export const TABULAR = { fontVariantNumeric: "tabular-nums" } as const;
