import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Told } from "@/client/types/members";
import { asOf } from "@/lib/bitemporal";
import { formatDate, formatDateTime } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { findText } from "@/ui/findText";
import { Rows } from "@/ui/Page";
import { Tag } from "@/ui/Tag";

const FIRST_DAY = "0001-01-01";

/** What held on a day as it was known at a moment, and every word that was ever told. */
export function History({ told }: { told: readonly Told[] }) {
  const { t } = useTranslation();
  const [day, setDay] = useState(today);
  const [known, setKnown] = useState("");
  const now = useNow();
  const moment = new Date(known === "" ? now : known);
  const held = day === "" ? [] : asOf(told, day, moment);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "start", gap: 3 }}>
        <TextField
          type="date"
          label={t("members.on_day")}
          value={day}
          onChange={(event) => setDay(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <TextField
          type="datetime-local"
          label={t("members.known_at")}
          helperText={t("members.known_help")}
          value={known}
          onChange={(event) => setKnown(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <Button
          onClick={() => {
            setDay(today());
            setKnown("");
          }}
          sx={{ minHeight: 40 }}
        >
          {t("members.now")}
        </Button>
      </Box>
      <Box aria-live="polite">
        {held.length === 0 ? (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("members.nothing_known")}
          </Typography>
        ) : (
          <Rows label={t("members.held")}>
            {held.map((one) => (
              <Word key={keyOf(one)} one={one} />
            ))}
          </Rows>
        )}
      </Box>
      <Box component="details">
        <Typography component="summary" variant="h3" sx={{ cursor: "pointer", mb: 2 }}>
          {t("members.all_words", { count: told.length })}
        </Typography>
        <Rows label={t("members.history")}>
          {told.map((one) => (
            <Word key={keyOf(one)} one={one} whole />
          ))}
        </Rows>
      </Box>
    </>
  );
}

function Word({ one, whole = false }: { one: Told; whole?: boolean }) {
  const { t } = useTranslation();
  const said = Object.entries(one.content)
    .filter(([name, value]) => value !== null && value !== "" && !name.endsWith("_id") && !isEmpty(value))
    .map(([name, value]) => `${findText(`members.field.${name}`) ?? name}: ${shown(value)}`);
  return (
    <Box component="li" sx={{ display: "grid", gap: 0.5 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center" }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {findText(`members.aspect.${one.aspect}`) ?? one.aspect}
        </Typography>
        {whole && one.known_until !== null && <Tag>{t("members.corrected")}</Tag>}
      </Box>
      {said.length > 0 && (
        <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
          {said.join(" · ")}
        </Typography>
      )}
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {days(one, t("members.always"), t("members.from"), t("members.until"))} ·{" "}
        {t("members.known_since", { at: formatDateTime(one.known_from) })}
        {one.known_until !== null && ` ${t("members.known_till", { at: formatDateTime(one.known_until) })}`}
      </Typography>
    </Box>
  );
}

function days(one: Told, always: string, from: string, until: string): string {
  const parts = [
    ...(one.valid_from === FIRST_DAY ? [] : [`${from} ${formatDate(one.valid_from)}`]),
    ...(one.valid_until === null ? [] : [`${until} ${formatDate(one.valid_until)}`]),
  ];
  return parts.join(" ") || always;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function shown(value: Told["content"][string]): string {
  if (Array.isArray(value)) return value.map(shownWord).join(", ");
  return shownWord(value);
}

/** A code of the server in words, a date as people read it, the rest as it is. */
function shownWord(value: string | number | boolean | null): string {
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDate(text);
  return findText(`members.value.${text}`) ?? text;
}

function keyOf(one: Told): string {
  return [one.aspect, one.valid_from, one.known_from, JSON.stringify(one.content)].join("|");
}

/** `aaaa-mm-dd` on the wall of this computer. */
function today(): string {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
