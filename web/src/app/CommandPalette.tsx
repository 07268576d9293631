import Box from "@mui/material/Box";
import Dialog from "@mui/material/Dialog";
import InputBase from "@mui/material/InputBase";
import Typography from "@mui/material/Typography";
import { useColorScheme } from "@mui/material/styles";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useFindCasesQuery } from "@/client/medicalAudit";
import { useFindRequestsQuery, type ExactNumber } from "@/client/members";
import type { Session } from "@/client/types/identity";
import { formatDate } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Key } from "@/ui/Key";
import type { Urgency } from "@/client/types/medicalAudit";
import { UrgencyMark } from "@/ui/UrgencyMark";

import { useLeave } from "./AccountMenu";
import { chooseLanguage } from "./i18n";
import type { NavProps } from "./NavRail";
import { isClerk, placesFor } from "./places";

type Command = {
  id: string;
  group: "pages" | "requests" | "cases" | "actions";
  label: string;
  detail?: string;
  urgency?: Urgency;
  run: () => void;
};

type Props = NavProps & { open: boolean; onClose: () => void };

/** Reaches every page, case and action by name or number. */
export function CommandPalette(props: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      maxWidth="sm"
      fullWidth
      slotProps={{ paper: { "aria-label": t("palette.title") } }}
      sx={{ "& .MuiDialog-container": { alignItems: "flex-start", pt: "10vh" } }}
    >
      {props.open && <Palette {...props} />}
    </Dialog>
  );
}

function Palette(props: Props) {
  const { t } = useTranslation();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const commands = useCommands(props, query.trim());
  const active = Math.min(chosen, commands.length - 1);

  const run = (command: Command | undefined) => {
    if (!command) return;
    props.onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && commands.length > 0) {
      event.preventDefault();
      setChosen((active + step + commands.length) % commands.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(commands[active]);
    }
  };
  return (
    <>
      <InputBase
        autoFocus
        fullWidth
        value={query}
        placeholder={t("palette.placeholder")}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        slotProps={{
          input: {
            role: "combobox",
            "aria-label": t("palette.placeholder"),
            "aria-expanded": true,
            "aria-controls": listId,
            "aria-autocomplete": "list",
            "aria-activedescendant": active >= 0 ? `${listId}-${active}` : undefined,
          },
        }}
        sx={{ px: 5, py: 3, fontSize: "1rem", borderBottom: "1px solid", borderColor: "divider" }}
      />
      <Box
        role="listbox"
        id={listId}
        aria-label={t("palette.results")}
        sx={{ overflowY: "auto", maxHeight: "50vh", p: 2 }}
      >
        {commands.map((command, index) => (
          <Box key={command.id} role="presentation">
            {commands[index - 1]?.group !== command.group && (
              <Typography
                variant="caption"
                component="p"
                role="presentation"
                sx={{ color: "text.secondary", px: 3, pt: 2, pb: 1 }}
              >
                {t(`palette.${command.group}`)}
              </Typography>
            )}
            {/* The input keeps the focus and handles the keys; the options answer to the pointer. */}
            <Box
              role="option"
              tabIndex={-1}
              id={`${listId}-${index}`}
              aria-selected={index === active}
              onClick={() => run(command)}
              onKeyDown={onKeyDown}
              onMouseMove={() => setChosen(index)}
              sx={{
                display: "flex",
                alignItems: "center",
                gap: 3,
                px: 3,
                minHeight: 38,
                borderRadius: "6px",
                cursor: "pointer",
                bgcolor: index === active ? "surface.selected" : "transparent",
              }}
            >
              {command.urgency && <UrgencyMark urgency={command.urgency} short />}
              <Typography variant="body2" noWrap sx={{ fontWeight: 550, flex: "none" }}>
                {command.label}
              </Typography>
              <Typography variant="body2" noWrap sx={{ color: "text.secondary" }}>
                {command.detail}
              </Typography>
            </Box>
          </Box>
        ))}
      </Box>
      {commands.length === 0 && (
        <Typography variant="body2" role="status" sx={{ px: 5, pb: 4, color: "text.secondary" }}>
          {t("palette.nothing", { query })}
        </Typography>
      )}
      <PaletteHelp />
    </>
  );
}

function PaletteHelp() {
  const { t } = useTranslation();
  const lines = [
    ["↑↓", t("palette.help_move")],
    ["Enter", t("palette.help_open")],
    ["Esc", t("palette.help_close")],
  ] as const;
  return (
    <Box sx={{ display: "flex", gap: 4, px: 5, py: 2, borderTop: "1px solid", borderColor: "divider" }}>
      {lines.map(([key, text]) => (
        <Typography key={key} variant="caption" sx={{ display: "flex", gap: 1.5, color: "text.secondary" }}>
          <Key>{key}</Key>
          {text}
        </Typography>
      ))}
    </Box>
  );
}

function useCommands({ session, demo }: NavProps, query: string): Command[] {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { mode, systemMode, setMode } = useColorScheme();
  const leave = useLeave();
  const searched = useDeferredValue(query);
  const found = useFindCasesQuery(searched, {
    skip: !session?.may.includes("case:read") || searched.length < 2,
  });
  const exact = exactNumber(searched);
  const requests = useFindRequestsQuery(exact ?? { protocol: "" }, {
    skip: exact === null || !session?.may.includes("authorization:read"),
  });
  const dark = (mode === "system" ? systemMode : mode) === "dark";

  const pages = placesFor(session, demo).map<Command>((place) => ({
    id: place.path,
    group: "pages",
    label: t(`app.place.${place.name}`),
    detail: t(`app.group.${place.group}`),
    run: () => void navigate(place.path),
  }));
  const cases = (searched.length < 2 ? [] : (found.data?.items ?? [])).map<Command>((one) => ({
    id: one.id,
    group: "cases",
    label: one.number,
    detail: `${one.member.initials} · ${one.procedure}`,
    urgency: one.urgency,
    run: () => void navigate(`/cockpit/casos/${one.id}`),
  }));
  const asked = (exact === null ? [] : (requests.data ?? [])).map<Command>((one) => ({
    id: one.request_id,
    group: "requests",
    label: t("members.protocol", { number: one.protocol }),
    detail: `${formatDate(one.received_at)} · ${codeText("state", one.state)}`,
    run: () => void navigate(requestAddress(session, one.request_id)),
  }));
  const actions: Command[] = [
    {
      id: "theme",
      group: "actions",
      label: dark ? t("app.theme_light") : t("app.theme_dark"),
      run: () => setMode(dark ? "light" : "dark"),
    },
    {
      id: "language",
      group: "actions",
      label: t("app.language"),
      run: () => void chooseLanguage(i18n.language === "en" ? "pt-BR" : "en"),
    },
  ];
  if (session) {
    actions.push({ id: "leave", group: "actions", label: t("app.sign_out"), run: () => void leave() });
  }
  const matches = (command: Command) => fold(command.label).includes(fold(query));
  return [...pages.filter(matches), ...asked, ...cases, ...actions.filter(matches)];
}

/** A protocol has 20 digits (RN ANS 623/2024), a guide of this house 14; people write them with blanks and dots. */
function exactNumber(query: string): ExactNumber | null {
  const digits = query.replace(/[\s.-]/g, "");
  if (/^\d{20}$/.test(digits)) return { protocol: digits };
  return /^\d{14}$/.test(digits) ? { guide: digits } : null;
}

function requestAddress(session: Session | null, requestId: string): string {
  return `${isClerk(session) ? "/prestador" : "/cockpit"}/pedidos/${requestId}`;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
