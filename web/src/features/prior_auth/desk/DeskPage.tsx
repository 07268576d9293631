import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import ButtonBase from "@mui/material/ButtonBase";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useGetOwnProviderQuery, useListDeskQuery, type DeskFilter } from "@/client/desk";
import { useGetSessionQuery } from "@/client/identity";
import type { DeskLine } from "@/client/types/desk";
import { formatDate } from "@/lib/format";
import { PageTitle } from "@/ui/PageTitle";
import { Blank, LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { stateTone, stateWord } from "./stateWords";

const SHOWN = ["all", "open", "missing"] as const;
const REFRESH_MS = 20_000;
const PROTOCOL = /^\d{20}$/;

/** The requests of a hospital or clinic, newest first. */
export function DeskPage() {
  const { t } = useTranslation();
  const session = useGetSessionQuery();
  const providerId = session.data?.principal.provider_id ?? "";
  const provider = useGetOwnProviderQuery(providerId, { skip: providerId === "" });
  const [show, setShow] = useState<DeskFilter["show"]>("all");
  const [typed, setTyped] = useState("");
  const [cursor, setCursor] = useState<string | undefined>();
  const protocol = typed.replace(/\s/g, "");
  const wrong = protocol !== "" && !PROTOCOL.test(protocol);
  const filter: DeskFilter = { show };
  if (PROTOCOL.test(protocol)) filter.protocol = protocol;
  if (cursor !== undefined) filter.cursor = cursor;
  const page = useListDeskQuery(filter, { pollingInterval: REFRESH_MS });
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 1040, mx: "auto", px: { xs: 4, sm: 6 }, py: 5, display: "grid", gap: 4 }}>
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
          <Box sx={{ flex: "1 1 260px" }}>
            <PageTitle tab={t("desk.title")}>{provider.data?.name ?? t("desk.title")}</PageTitle>
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("desk.lead")}
            </Typography>
          </Box>
          <Button component={Link} to="/prestador/novo" variant="contained">
            {t("desk.new")}
          </Button>
        </Box>
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "start", gap: 3 }}>
          <Tabs
            value={show}
            aria-label={t("desk.show.label")}
            onChange={(_event, chosen: DeskFilter["show"]) => {
              setShow(chosen);
              setCursor(undefined);
            }}
            sx={{ flex: "1 1 300px" }}
          >
            {SHOWN.map((one) => (
              <Tab key={one} value={one} label={t(`desk.show.${one}`)} />
            ))}
          </Tabs>
          <TextField
            size="small"
            label={t("desk.find")}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setCursor(undefined);
            }}
            error={wrong}
            helperText={wrong ? t("desk.find_wrong") : t("desk.find_help")}
            slotProps={{ htmlInput: { inputMode: "numeric" } }}
            sx={{ flex: "0 1 260px" }}
          />
        </Box>
        {page.error && !page.data ? (
          <LoadFailed error={page.error} retry={() => void page.refetch()} />
        ) : !page.data ? (
          <Skeleton variant="rounded" height={280} />
        ) : page.data.items.length === 0 ? (
          <Blank
            title={t("desk.empty_title")}
            action={
              <Button component={Link} to="/prestador/novo" variant="outlined">
                {t("desk.new")}
              </Button>
            }
          >
            {t("desk.empty_text")}
          </Blank>
        ) : (
          <Lines lines={page.data.items} />
        )}
        <Box sx={{ display: "flex", gap: 3, justifyContent: "center" }}>
          {cursor !== undefined && <Button onClick={() => setCursor(undefined)}>{t("desk.newest")}</Button>}
          {page.data?.next_cursor != null && (
            <Button variant="outlined" onClick={() => setCursor(page.data?.next_cursor ?? undefined)}>
              {t("desk.older")}
            </Button>
          )}
        </Box>
      </Box>
    </Box>
  );
}

function Lines({ lines }: { lines: readonly DeskLine[] }) {
  return (
    <Box
      component="ul"
      sx={{
        listStyle: "none",
        m: 0,
        p: 0,
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        overflow: "hidden",
      }}
    >
      {lines.map((line) => (
        <Line key={line.request_id} line={line} />
      ))}
    </Box>
  );
}

function Line({ line }: { line: DeskLine }) {
  const { t } = useTranslation();
  const word = stateWord(line.state);
  return (
    <Box component="li" sx={{ "& + &": { borderTop: "1px solid", borderColor: "divider" } }}>
      <ButtonBase
        component={Link}
        to={`/prestador/pedidos/${line.request_id}`}
        sx={{
          width: 1,
          px: 4,
          py: 2.5,
          display: "grid",
          gridTemplateColumns: { xs: "1fr auto", md: "minmax(0, 2fr) minmax(0, 1.4fr) 170px 150px" },
          gap: { xs: 1, md: 4 },
          alignItems: "center",
          textAlign: "left",
          "&:hover": { bgcolor: "surface.hover" },
        }}
      >
        <Box sx={{ minWidth: 0, gridColumn: { xs: "1 / -1", md: "auto" } }}>
          <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>
            {line.procedure}
            {line.item_count > 1 && ` ${t("desk.more_items", { count: line.item_count - 1 })}`}
          </Typography>
          <Typography
            variant="caption"
            sx={{ color: "text.secondary", ...TABULAR, overflowWrap: "anywhere" }}
          >
            {line.protocol}
          </Typography>
        </Box>
        <Box sx={{ minWidth: 0 }}>
          <Typography variant="body2">{line.person.shown_name}</Typography>
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {t("desk.card_end", { end: line.person.card_end })}
          </Typography>
        </Box>
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, justifyContent: { xs: "end", md: "start" } }}>
          <Tag tone={stateTone(word)}>{t(`desk.state.${word}`)}</Tag>
          {line.character === "urgent" && <Tag tone="bad">{t("desk.urgent")}</Tag>}
        </Box>
        <Typography
          variant="caption"
          sx={{ color: "text.secondary", ...TABULAR, gridColumn: { xs: "1 / -1", md: "auto" } }}
        >
          {line.answered ? t("desk.answered") : t("desk.due", { when: formatDate(line.due_on) })}
        </Typography>
      </ButtonBase>
    </Box>
  );
}
