import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetResponseTimesFileMutation } from "@/client/clocks";
import { saveFile } from "@/lib/saveFile";
import { ProblemAlert } from "@/ui/Problems";

/** The record of response times for the regulator, as a file: counts by class, nothing about a person. */
export function ResponseTimesExport() {
  const { t } = useTranslation();
  const [fetchFile, { error, isLoading }] = useGetResponseTimesFileMutation();
  const [[first, last], setDays] = useState(lastQuarter);
  const wrong = first === "" || last === "" || first > last;
  const save = async () => {
    const answer = await fetchFile({ first_day: first, last_day: last });
    if (answer.data === undefined) return;
    // Spreadsheets in Brazil read UTF-8 only where the file begins with its mark.
    saveFile(
      new Blob(["\uFEFF", answer.data], { type: "text/csv" }),
      `tempos-de-resposta-${first}-${last}.csv`,
    );
  };
  return (
    <>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("calendar.export.lead")}
      </Typography>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "start", gap: 3 }}>
        <TextField
          type="date"
          label={t("calendar.export.first")}
          value={first}
          error={wrong}
          helperText={wrong ? t("calendar.export.wrong") : undefined}
          onChange={(event) => setDays([event.target.value, last])}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <TextField
          type="date"
          label={t("calendar.export.last")}
          value={last}
          error={wrong}
          onChange={(event) => setDays([first, event.target.value])}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <Button
          variant="outlined"
          disabled={wrong || isLoading}
          onClick={() => void save()}
          sx={{ minHeight: 40 }}
        >
          {t("calendar.export.save")}
        </Button>
      </Box>
      {error && <ProblemAlert error={error} />}
    </>
  );
}

const MONTHS = 3;

/** The first and last day of the last whole quarter, `aaaa-mm-dd`. */
function lastQuarter(): [string, string] {
  const now = new Date();
  const start = Math.floor(now.getMonth() / MONTHS) * MONTHS;
  const day = (month: number, date: number) =>
    new Date(Date.UTC(now.getFullYear(), month, date)).toISOString().slice(0, 10);
  return [day(start - MONTHS, 1), day(start, 0)];
}
