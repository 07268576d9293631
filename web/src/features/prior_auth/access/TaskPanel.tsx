import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import MenuItem from "@mui/material/MenuItem";
import Skeleton from "@mui/material/Skeleton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetAccessTaskQuery, useWorkOnAccessTaskMutation } from "@/client/access";
import type { AccessOutcome, AccessTaskView, AccessWork } from "@/client/types/access";
import { announce } from "@/lib/announce";
import { formatDate, formatDateTime } from "@/lib/format";
import { LoadFailed, ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { DaysLeft } from "./DaysLeft";

const OUTCOMES: readonly AccessOutcome[] = ["scheduled", "reimbursed", "given_up", "not_needed"];

/** One task: whom to call, the rungs of the norm, what was tried, and how it ends. */
export function TaskPanel({ taskId }: { taskId: string }) {
  const found = useGetAccessTaskQuery(taskId);
  if (found.error && !found.data)
    return <LoadFailed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton variant="rounded" height={320} />;
  return <Whole view={found.data} />;
}

function Whole({ view }: { view: AccessTaskView }) {
  const { t } = useTranslation();
  const { task } = view;
  const [work, answer] = useWorkOnAccessTaskMutation();
  const [text, setText] = useState("");
  const said = text.trim();
  const act = async (what: Omit<AccessWork, "expected_version">) => {
    const done = await work({ id: task.task_id, expected_version: task.version, ...what });
    if (done.error) return;
    setText("");
    announce(t("access.saved"));
  };
  const open = task.outcome === null;
  return (
    <Box component="section" aria-label={task.procedure} sx={{ display: "grid", gap: 5, minWidth: 0 }}>
      <Box sx={{ display: "grid", gap: 2 }}>
        <Typography variant="h2" sx={{ overflowWrap: "anywhere" }}>
          {task.procedure}
        </Typography>
        <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
          {view.member_name} · {view.phones.length === 0 ? t("access.no_phone") : null}
          {view.phones.map((phone) => (
            <Link key={phone} href={`tel:${phone}`} sx={{ ...TABULAR, mr: 2 }}>
              {phone}
            </Link>
          ))}
        </Typography>
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 2 }}>
          <DaysLeft days={task.days_left} />
          <Typography variant="body2">{t("access.until", { when: formatDate(task.attend_by) })}</Typography>
          <Typography variant="body2" sx={{ color: "text.secondary", ...TABULAR, overflowWrap: "anywhere" }}>
            {t("access.protocol", { protocol: task.protocol })}
          </Typography>
        </Box>
        {view.refund_by !== null && (
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {t("access.refund_by", { when: formatDate(view.refund_by) })}
          </Typography>
        )}
        {open && task.taken_by === null && (
          <Box>
            <Button variant="contained" disabled={answer.isLoading} onClick={() => void act({ act: "take" })}>
              {t("access.take")}
            </Button>
          </Box>
        )}
        {!open && task.outcome !== null && (
          <Typography role="status">
            {t("access.closed", { outcome: t(`access.outcome.${task.outcome}`) })}
          </Typography>
        )}
      </Box>
      {answer.error !== undefined && <ProblemAlert error={answer.error} />}
      {open && (
        <Box sx={{ display: "grid", gap: 2 }}>
          <TextField
            label={t("access.tried")}
            helperText={t("access.tried_help")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            multiline
            minRows={2}
            slotProps={{ htmlInput: { maxLength: 2000 } }}
          />
          <Box>
            <Button
              variant="outlined"
              disabled={said === "" || answer.isLoading}
              onClick={() => void act({ act: "note", text: said })}
            >
              {t("access.note")}
            </Button>
          </Box>
        </Box>
      )}
      <Ladder
        view={view}
        disabled={said === "" || answer.isLoading}
        go={(step) => void act({ act: "step", step, text: said })}
      />
      {open && (
        <Closing
          disabled={answer.isLoading}
          said={said}
          close={(outcome, at) =>
            void act({
              act: "close",
              outcome,
              ...(said === "" ? {} : { text: said }),
              ...(at === null ? {} : { appointment: { at } }),
            })
          }
        />
      )}
      <Notes view={view} />
    </Box>
  );
}

type LadderProps = {
  view: AccessTaskView;
  disabled: boolean;
  go: (step: AccessTaskView["task"]["step"]) => void;
};

function Ladder({ view, disabled, go }: LadderProps) {
  const { t } = useTranslation();
  return (
    <Box>
      <Typography variant="h3" sx={{ mb: 2 }}>
        {t("access.ladder")}
      </Typography>
      <Box component="ol" sx={{ m: 0, pl: 5, display: "grid", gap: 2.5, typography: "body2" }}>
        {view.ladder.map((rung) => (
          <Box
            component="li"
            key={rung.step}
            aria-current={rung.step === view.task.step ? "step" : undefined}
          >
            <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 3, rowGap: 1 }}>
              <Typography
                variant="body2"
                sx={{ fontWeight: rung.step === view.task.step ? 650 : 400, flex: "1 1 260px" }}
              >
                {rung.text}
                <Typography
                  component="span"
                  variant="caption"
                  sx={{ color: "text.secondary", display: "block" }}
                >
                  {rung.clause}
                </Typography>
              </Typography>
              {rung.step === view.task.step && <Tag tone="good">{t("access.here")}</Tag>}
              {rung.may_take && (
                <Button
                  size="small"
                  disabled={disabled}
                  onClick={() => go(rung.step)}
                  aria-label={`${t("access.next")}: ${t(`access.step.${rung.step}`)}`}
                >
                  {t("access.next")}
                </Button>
              )}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

type ClosingProps = {
  disabled: boolean;
  said: string;
  close: (outcome: AccessOutcome, at: string | null) => void;
};

function Closing({ disabled, said, close }: ClosingProps) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<AccessOutcome>("scheduled");
  const [when, setWhen] = useState("");
  const scheduled = outcome === "scheduled";
  const ready = scheduled ? when !== "" : said !== "";
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 3, alignItems: "flex-start" }}>
      <TextField
        select
        label={t("access.outcome_label")}
        value={outcome}
        onChange={(event) => setOutcome(OUTCOMES.find((one) => one === event.target.value) ?? "scheduled")}
        sx={{ minWidth: 220 }}
      >
        {OUTCOMES.map((one) => (
          <MenuItem key={one} value={one}>
            {t(`access.outcome.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      {scheduled && (
        <TextField
          type="datetime-local"
          label={t("access.when")}
          value={when}
          onChange={(event) => setWhen(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      )}
      <Button
        variant="outlined"
        disabled={disabled || !ready}
        onClick={() => close(outcome, scheduled ? new Date(when).toISOString() : null)}
      >
        {t("access.close")}
      </Button>
    </Box>
  );
}

function Notes({ view }: { view: AccessTaskView }) {
  const { t } = useTranslation();
  return (
    <Box>
      <Typography variant="h3" sx={{ mb: 2 }}>
        {t("access.notes")}
      </Typography>
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
        {view.notes.toReversed().map((note) => (
          <Box component="li" key={note.sequence}>
            <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
              {formatDateTime(note.at)} · {t(`access.act.${note.act}`)} · {t(`access.step.${note.step}`)}
            </Typography>
            {note.text !== null && (
              <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
                {note.text}
              </Typography>
            )}
          </Box>
        ))}
        {view.appointments.map((one) => (
          <Typography component="li" variant="body2" key={one.recorded_at} sx={{ fontWeight: 600 }}>
            {t("access.appointment", { when: formatDateTime(one.at) })}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}
