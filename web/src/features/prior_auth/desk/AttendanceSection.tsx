import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useRecordAppointmentMutation, useReportNoAppointmentMutation } from "@/client/access";
import type { DeskRequest } from "@/client/types/desk";
import { announce } from "@/lib/announce";
import { formatDate } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";

/** By when care must be had, and what the desk knows of it: when it is arranged for, or that there is no place. */
export function AttendanceSection({ request }: { request: DeskRequest["request"] }) {
  const { t } = useTranslation();
  const [when, setWhen] = useState("");
  const [record, recorded] = useRecordAppointmentMutation();
  const [report, reported] = useReportNoAppointmentMutation();
  if (request.attendance === null) return null;
  const valid = request.guides.some((one) => one.standing === "valid");
  const error = recorded.error ?? reported.error;
  const appoint = async () => {
    const done = await record({ id: request.request_id, at: new Date(when).toISOString() });
    if (!done.error) announce(t("access.desk_recorded"));
  };
  const none = async () => {
    const done = await report({ id: request.request_id, words: null });
    if (!done.error) announce(t("access.desk_reported"));
  };
  return (
    <>
      <Typography variant="body2">
        {request.attendance.business_days === 0
          ? t("access.attend_now")
          : t("access.attend_by", { when: formatDate(request.attendance.due_at) })}
      </Typography>
      {valid && (
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 3, alignItems: "center" }}>
          <TextField
            type="datetime-local"
            label={t("access.when")}
            value={when}
            onChange={(event) => setWhen(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <Button
            variant="outlined"
            disabled={when === "" || recorded.isLoading}
            onClick={() => void appoint()}
          >
            {t("access.desk_record")}
          </Button>
          <Button disabled={reported.isLoading || reported.isSuccess} onClick={() => void none()}>
            {t("access.desk_none")}
          </Button>
        </Box>
      )}
      {(recorded.isSuccess || reported.isSuccess) && (
        <Typography variant="body2" role="status">
          {t(reported.isSuccess ? "access.desk_reported" : "access.desk_recorded")}
        </Typography>
      )}
      {error !== undefined && <ProblemAlert error={error} />}
    </>
  );
}
