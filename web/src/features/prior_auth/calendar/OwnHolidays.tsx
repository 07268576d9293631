import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "@/client/identity";
import type { OperatorCalendar, OwnHoliday } from "@/client/types/clocks";
import { Rows } from "@/ui/Page";
import { TABULAR } from "@/ui/theme";

import { ChangeDialog } from "./ChangeDialog";
import { isDay } from "./days";

const LONGEST = 200;
const EMPTY: OwnHoliday = { day: "", name: "", law: "" };

/** The operator's own holidays: municipal ones, and days that a decree places. */
export function OwnHolidays({ calendar }: { calendar: OperatorCalendar }) {
  const { t } = useTranslation();
  const mayChange = useMay("calendar:change");
  const [adding, setAdding] = useState(false);
  const [gone, setGone] = useState<OwnHoliday | null>(null);
  return (
    <>
      {calendar.own.length === 0 ? (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("calendar.own_empty")}
        </Typography>
      ) : (
        <Rows label={t("calendar.own_title")}>
          {calendar.own.map((one) => (
            <Box
              component="li"
              key={one.day}
              sx={{
                display: "grid",
                gridTemplateColumns: "110px minmax(0, 1fr) auto",
                gap: 3,
                alignItems: "center",
              }}
            >
              <Typography variant="body2" sx={TABULAR}>
                {one.day}
              </Typography>
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="body2" sx={{ fontWeight: 550 }}>
                  {one.name}
                </Typography>
                <Typography variant="caption" sx={{ color: "text.secondary" }}>
                  {one.law}
                </Typography>
              </Box>
              {mayChange && (
                <IconButton
                  aria-label={t("calendar.remove", { name: one.name })}
                  onClick={() => setGone(one)}
                >
                  <DeleteOutlined fontSize="small" />
                </IconButton>
              )}
            </Box>
          ))}
        </Rows>
      )}
      {mayChange && (
        <Box>
          <Button variant="outlined" onClick={() => setAdding(true)}>
            {t("calendar.add")}
          </Button>
        </Box>
      )}
      {adding && <AddDialog calendar={calendar} onClose={() => setAdding(false)} />}
      <ChangeDialog
        open={gone !== null}
        title={t("calendar.remove_title", { name: gone?.name ?? "" })}
        calendar={calendar}
        change={{ state: calendar.state, add: [], remove: gone ? [gone] : [] }}
        onClose={() => setGone(null)}
      />
    </>
  );
}

function AddDialog({ calendar, onClose }: { calendar: OperatorCalendar; onClose: () => void }) {
  const { t } = useTranslation();
  const [day, setDay] = useState<OwnHoliday>(EMPTY);
  const wrong = day.day !== "" && !isDay(day.day.trim());
  const ready = isDay(day.day.trim()) && day.name.trim() !== "" && day.law.trim() !== "";
  const change = (name: keyof OwnHoliday) => (event: { target: { value: string } }) =>
    setDay({ ...day, [name]: event.target.value.slice(0, LONGEST) });
  const typed = { day: day.day.trim(), name: day.name.trim(), law: day.law.trim() };
  return (
    <ChangeDialog
      open
      title={t("calendar.add")}
      calendar={calendar}
      ready={ready}
      change={{ state: calendar.state, add: [typed], remove: [] }}
      onClose={onClose}
    >
      <TextField
        autoFocus
        label={t("calendar.day")}
        value={day.day}
        error={wrong}
        helperText={t(wrong ? "calendar.day_wrong" : "calendar.day_help")}
        onChange={change("day")}
      />
      <TextField label={t("calendar.name")} value={day.name} onChange={change("name")} />
      <TextField
        label={t("calendar.law")}
        helperText={t("calendar.law_help")}
        value={day.law}
        onChange={change("law")}
      />
    </ChangeDialog>
  );
}
