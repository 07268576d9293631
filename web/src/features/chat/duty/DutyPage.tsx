import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useGetDutyRosterQuery, useSaveDutyRosterMutation } from "@/client/chat";
import { useMay } from "@/client/identity";
import type { DutyGap, DutyNow, DutyRoster, EscalationStep, Post, Shift } from "@/client/types/chat";
import { announce } from "@/lib/announce";
import { formatDate, formatDateTime, formatPhone } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { Loaded, Page, Rows } from "@/ui/Page";
import { ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { ShiftDialog } from "./ShiftDialog";
import { minuteOf, WEEKDAYS } from "./week";

const POSTS: readonly Post[] = ["nurse", "on_call"];
const SHORTEST_S = 15;
const LONGEST_S = 3600;

/** Who is on duty when, and how an alert that nobody takes goes on. */
export function DutyPage() {
  const { t } = useTranslation();
  const asked = useGetDutyRosterQuery();
  // Kept outside what a new version of the roster draws anew: a refusal is read beside it.
  const [save, saving] = useSaveDutyRosterMutation();
  return (
    <Page title={t("duty.title")} lead={t("duty.lead")}>
      <Loaded asked={asked}>
        {(found) => (
          <Whole
            key={found.version}
            found={found}
            save={save}
            error={saving.error}
            isLoading={saving.isLoading}
          />
        )}
      </Loaded>
    </Page>
  );
}

type WholeProps = {
  found: DutyRoster;
  save: ReturnType<typeof useSaveDutyRosterMutation>[0];
  error: unknown;
  isLoading: boolean;
};

function Whole({ found, save, error, isLoading }: WholeProps) {
  const { t } = useTranslation();
  const mayChange = useMay("duty:change");
  const [adds, setAdds] = useState(false);
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const { shifts, steps } = found.roster;
  const weekly = shifts.filter((one) => one.weekday !== null);
  const ahead = shifts.filter((one) => one.day !== null && one.day >= today);

  const change = async (roster: Partial<DutyRoster["roster"]>) => {
    const answer = await save({ version: found.version, roster: { ...found.roster, ...roster } });
    if (answer.error) return false;
    announce(t("duty.saved"));
    return true;
  };
  const remove = mayChange
    ? (shift: Shift) => void change({ shifts: shifts.filter((one) => one !== shift) })
    : undefined;
  return (
    <>
      {error !== undefined && <ProblemAlert error={error} />}
      <Part title={t("duty.now")}>
        <Rows label={t("duty.now")}>
          {found.now.map((one) => (
            <Now key={one.post} one={one} />
          ))}
        </Rows>
        <Alert severity="info" variant="outlined">
          {t("duty.honest")}
        </Alert>
      </Part>
      <Part
        title={t("duty.week")}
        action={
          mayChange && (
            <Button variant="contained" onClick={() => setAdds(true)}>
              {t("duty.add")}
            </Button>
          )
        }
      >
        {weekly.length === 0 && <Typography variant="body2">{t("duty.empty")}</Typography>}
        {POSTS.map((post) => {
          const ofPost = weekly.filter((one) => one.post === post);
          return (
            ofPost.length > 0 && (
              <Week key={post} post={post} shifts={ofPost} remove={remove} busy={isLoading} />
            )
          );
        })}
      </Part>
      <Part title={t("duty.exceptions")}>
        {ahead.length === 0 ? (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("duty.no_exceptions")}
          </Typography>
        ) : (
          <Rows label={t("duty.exceptions")}>
            {ahead.map((shift) => (
              <ShiftLine
                key={`${shift.post} ${shift.person} ${shift.day} ${shift.starts}`}
                shift={shift}
                when={formatDate(shift.day ?? "")}
                remove={remove}
                busy={isLoading}
              />
            ))}
          </Rows>
        )}
      </Part>
      <Part title={t("duty.steps")}>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("duty.steps_lead")}
        </Typography>
        <Steps
          steps={steps}
          save={(next) => void change({ steps: next })}
          mayChange={mayChange}
          busy={isLoading}
        />
      </Part>
      {found.changed_by !== null && found.changed_at !== null && (
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("duty.changed", { name: found.changed_by.name, when: formatDateTime(found.changed_at) })}
        </Typography>
      )}
      <ShiftDialog
        open={adds}
        onClose={() => setAdds(false)}
        add={async (added) => {
          if (await change({ shifts: [...shifts, ...added] })) setAdds(false);
        }}
        error={error}
      />
    </>
  );
}

function Now({ one }: { one: DutyNow }) {
  const { t } = useTranslation();
  const names = one.people.map((person) => person.name).join(", ");
  return (
    <Box component="li" sx={{ display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 3 }}>
        <Typography variant="body2" sx={{ color: "text.secondary", minWidth: 190 }}>
          {t(`duty.post.${one.post}`)}
        </Typography>
        <Typography sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>
          {names || t("duty.nobody")}
        </Typography>
      </Box>
      {one.gaps.length > 0 ? (
        <Typography variant="caption" sx={{ color: "meaning.doubt.strong", ...TABULAR }}>
          {t("duty.gap", { gaps: one.gaps.map((gap) => gapText(gap)).join("; ") })}
        </Typography>
      ) : (
        <Typography variant="caption" sx={{ color: "meaning.good.strong" }}>
          {t("duty.no_gap")}
        </Typography>
      )}
    </Box>
  );

  function gapText(gap: DutyGap): string {
    return t("duty.span", {
      from: t(`duty.weekday.${WEEKDAYS[gap.weekday] ?? "d0"}`),
      starts: minuteOf(gap.starts),
      until: t(`duty.weekday.${WEEKDAYS[gap.until_weekday] ?? "d0"}`),
      ends: minuteOf(gap.ends),
    });
  }
}

type LineProps = { shift: Shift; when: string; remove: ((shift: Shift) => void) | undefined; busy: boolean };

function Week(props: {
  post: Post;
  shifts: readonly Shift[];
  remove: ((shift: Shift) => void) | undefined;
  busy: boolean;
}) {
  const { t } = useTranslation();
  const { post, shifts, ...rest } = props;
  const ordered = [...shifts].sort(
    (a, b) => (a.weekday ?? 0) - (b.weekday ?? 0) || a.starts.localeCompare(b.starts),
  );
  return (
    <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
      <Typography variant="h3">{t(`duty.post.${post}`)}</Typography>
      <Rows label={t(`duty.post.${post}`)}>
        {ordered.map((shift) => (
          <ShiftLine
            key={`${shift.person} ${shift.weekday} ${shift.starts} ${shift.ends}`}
            shift={shift}
            when={t(`duty.weekday.${WEEKDAYS[shift.weekday ?? 0] ?? "d0"}`)}
            {...rest}
          />
        ))}
      </Rows>
    </Box>
  );
}

function ShiftLine({ shift, when, remove, busy }: LineProps) {
  const { t } = useTranslation();
  const isOver = shift.ends <= shift.starts;
  const hours = `${minuteOf(shift.starts)}–${minuteOf(shift.ends)}${isOver ? ` ${t("duty.next_day")}` : ""}`;
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        // The same columns in every line; on a phone the words stand below one another and the button beside them.
        gridTemplateColumns: { xs: "minmax(0, 1fr) 36px", sm: "88px 184px minmax(0, 1fr) auto 36px" },
        alignItems: "center",
        columnGap: 3,
        "& > :not(button)": { gridColumn: { xs: 1, sm: "auto" } },
        "& > button": { gridColumn: { xs: 2, sm: 5 }, gridRow: { xs: "1 / span 4", sm: 1 } },
      }}
    >
      <Typography variant="body2" sx={TABULAR}>
        {when}
      </Typography>
      <Typography variant="body2" sx={TABULAR}>
        {shift.is_absent ? <Tag tone="doubt">{t("duty.absent")}</Tag> : hours}
      </Typography>
      <Typography variant="body2" sx={{ fontWeight: 550, overflowWrap: "anywhere" }}>
        {shift.name}
      </Typography>
      {shift.phone !== null && (
        <Typography variant="body2" sx={TABULAR}>
          {formatPhone(shift.phone)}
        </Typography>
      )}
      {remove && (
        <IconButton
          aria-label={t("duty.remove", { what: `${shift.name}, ${when}` })}
          disabled={busy}
          onClick={() => remove(shift)}
        >
          <DeleteOutlined fontSize="small" />
        </IconButton>
      )}
    </Box>
  );
}

function Steps(props: {
  steps: readonly EscalationStep[];
  save: (steps: EscalationStep[]) => void;
  mayChange: boolean;
  busy: boolean;
}) {
  const { t } = useTranslation();
  const [steps, setSteps] = useState(props.steps);
  const isChanged = steps.some((step, at) => step !== props.steps[at]);
  const isRight = steps.every((step) => [step.red_s, step.orange_s].every(isTerm));
  const set = (at: number, change: Partial<EscalationStep>) =>
    setSteps(steps.map((step, place) => (place === at ? { ...step, ...change } : step)));
  return (
    <>
      <Rows label={t("duty.steps")}>
        {steps.map((step, at) => (
          <Box
            component="li"
            key={at}
            sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}
          >
            <Typography variant="body2" sx={{ flex: "1 1 200px", fontWeight: 550 }}>
              {t("duty.step", { number: at + 1, post: t(`duty.post.${step.post}`) })}
            </Typography>
            {(["red", "orange"] as const).map((level) => (
              <TextField
                key={level}
                type="number"
                label={t(`duty.${level}`)}
                value={step[`${level}_s`] || ""}
                disabled={!props.mayChange}
                error={!isTerm(step[`${level}_s`])}
                onChange={(event) => set(at, { [`${level}_s`]: Number(event.target.value) })}
                slotProps={{
                  htmlInput: {
                    min: SHORTEST_S,
                    max: LONGEST_S,
                    "aria-label": `${at + 1}. ${t(`duty.${level}`)}`,
                  },
                }}
                sx={{ width: 190 }}
              />
            ))}
          </Box>
        ))}
      </Rows>
      {isChanged && (
        <Box>
          <Button
            variant="contained"
            disabled={!isRight || props.busy}
            onClick={() => props.save([...steps])}
          >
            {t("duty.save")}
          </Button>
        </Box>
      )}
    </>
  );
}

const isTerm = (seconds: number) =>
  Number.isInteger(seconds) && seconds >= SHORTEST_S && seconds <= LONGEST_S;

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 3 }}
    >
      <Box
        sx={{
          display: "flex",
          flexWrap: "wrap",
          alignItems: "center",
          justifyContent: "space-between",
          gap: 2,
        }}
      >
        <Typography id={id} variant="h2">
          {title}
        </Typography>
        {action}
      </Box>
      {children}
    </Box>
  );
}
