import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useGetCalendarQuery } from "@/client/clocks";
import { useMay } from "@/client/identity";
import type { CalendarRevision, FreeDay, OperatorCalendar, Uf } from "@/client/types/clocks";
import { formatDate, formatDateTime } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Tag, type Tone } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { ChangeDialog } from "./ChangeDialog";
import { OwnHolidays } from "./OwnHolidays";
import { ResponseTimesExport } from "./ResponseTimesExport";
import { STATES, weekday } from "./days";

const FIRST_YEAR = 2024;
const YEARS_AHEAD = 3;
const TONE: Record<FreeDay["scope"], Tone> = { national: "quiet", state: "good", own: "doubt" };

/** The days on which no legal term runs, and the operator's own list. */
export function CalendarPage() {
  const { t } = useTranslation();
  const thisYear = new Date(useNow()).getFullYear();
  const [year, setYear] = useState(thisYear);
  const calendar = useGetCalendarQuery(year);
  const mayExport = useMay("response_times:read");
  const years = Array.from({ length: thisYear + YEARS_AHEAD - FIRST_YEAR + 1 }, (_, n) => FIRST_YEAR + n);
  return (
    <Page
      title={t("calendar.title")}
      lead={t("calendar.lead")}
      action={
        <TextField
          select
          label={t("calendar.year")}
          value={year}
          onChange={(event) => setYear(Number(event.target.value))}
          sx={{ width: 110 }}
        >
          {years.map((one) => (
            <MenuItem key={one} value={one}>
              {one}
            </MenuItem>
          ))}
        </TextField>
      }
    >
      <Loaded asked={calendar}>{(found) => <Whole calendar={found} />}</Loaded>
      {mayExport && (
        <Part title={t("calendar.export.title")}>
          <ResponseTimesExport />
        </Part>
      )}
    </Page>
  );
}

function Whole({ calendar }: { calendar: OperatorCalendar }) {
  const { t } = useTranslation();
  return (
    <>
      <Part title={t("calendar.days_title", { year: calendar.year })}>
        <StateLine calendar={calendar} />
        <Rows label={t("calendar.days_title", { year: calendar.year })}>
          {calendar.days.map((day) => (
            <Day key={day.day} day={day} />
          ))}
        </Rows>
        {calendar.left_out !== "" && (
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {t("calendar.left_out", { why: calendar.left_out })}
          </Typography>
        )}
      </Part>
      <Part title={t("calendar.own_title")}>
        <OwnHolidays calendar={calendar} />
      </Part>
      <Part title={t("calendar.changes_title")}>
        <Changes revisions={calendar.revisions} />
      </Part>
    </>
  );
}

function StateLine({ calendar }: { calendar: OperatorCalendar }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Uf | "" | null>(null);
  const mayChange = useMay("calendar:change");
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
      <TextField
        select
        label={t("calendar.state")}
        value={calendar.state ?? ""}
        onChange={(event) => setChosen(event.target.value as Uf | "")}
        disabled={!mayChange}
        sx={{ width: 220 }}
      >
        <MenuItem value="">{t("calendar.no_state")}</MenuItem>
        {STATES.map((one) => (
          <MenuItem key={one} value={one}>
            {one}
          </MenuItem>
        ))}
      </TextField>
      <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
        {t("calendar.id", { id: calendar.calendar_id })}
      </Typography>
      <ChangeDialog
        open={chosen !== null}
        title={t(chosen ? "calendar.change_state" : "calendar.drop_state", { state: chosen ?? "" })}
        calendar={calendar}
        change={{ state: chosen || null, add: [], remove: [] }}
        onClose={() => setChosen(null)}
      />
    </Box>
  );
}

function Day({ day }: { day: FreeDay }) {
  const { t } = useTranslation();
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "1fr auto", sm: "200px minmax(0, 1fr) auto" },
        columnGap: 3,
        alignItems: "baseline",
      }}
    >
      <Typography variant="body2" sx={{ ...TABULAR, gridColumn: { xs: "1 / -1", sm: "auto" } }}>
        {formatDate(day.day)}{" "}
        <Typography component="span" variant="caption" sx={{ color: "text.secondary" }}>
          {weekday(day.day)}
        </Typography>
      </Typography>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 550 }}>
          {day.name}
        </Typography>
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {day.law}
        </Typography>
      </Box>
      <Tag tone={TONE[day.scope]}>{t(`calendar.scope.${day.scope}`)}</Tag>
    </Box>
  );
}

const FIRST_SHOWN = 5;

function Changes({ revisions }: { revisions: readonly CalendarRevision[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (revisions.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("calendar.never_changed")}
      </Typography>
    );
  }
  return (
    <>
      <Rows label={t("calendar.changes_title")}>
        {revisions.slice(0, all ? undefined : FIRST_SHOWN).map((one) => (
          <Box component="li" key={one.revision}>
            <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
              {one.reason || t("calendar.no_reason")}
            </Typography>
            <Typography variant="caption" sx={{ color: "text.secondary" }}>
              {[
                formatDateTime(one.at),
                one.by_name ?? t("calendar.by_system"),
                one.state ?? t("calendar.no_state"),
                t("calendar.own_count", { count: one.holidays }),
              ].join(" · ")}
            </Typography>
          </Box>
        ))}
      </Rows>
      {!all && revisions.length > FIRST_SHOWN && (
        <Box>
          <Button onClick={() => setAll(true)}>{t("calendar.all_changes")}</Button>
        </Box>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 3 }}
    >
      <Typography id={id} variant="h2">
        {title}
      </Typography>
      {children}
    </Box>
  );
}
