import PhoneOutlined from "@mui/icons-material/PhoneOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useSearchParams } from "react-router";

import { useAcknowledgeTriageTaskMutation, useListTriageTasksQuery, type TriageState } from "@/client/chat";
import { useMay } from "@/client/identity";
import { problemOf } from "@/client/problem";
import type { TriageTask } from "@/client/types/chat";
import { announce } from "@/lib/announce";
import { formatDateTime, formatPhone, formatTime } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { findText } from "@/ui/findText";
import { PageTitle } from "@/ui/PageTitle";
import { Blank, LoadFailed, problemText } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";
import { UrgencyMark } from "@/ui/UrgencyMark";

import { countdown } from "./countdown";

const STATES: readonly TriageState[] = ["open", "all"];
const EVERY_SECOND = 1000;

/** Our own words did not reach the person. */
const CALL_BACK = "call_back";

/** Red flags that a nurse must take, the most urgent first, each with its running time. */
export function AlertsPage() {
  const { t } = useTranslation();
  const now = useNow(EVERY_SECOND);
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.get("estado")) ?? "open";
  const tasks = useListTriageTasksQuery({ state });
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 880, mx: "auto", px: { xs: 4, sm: 6 }, py: 5 }}>
        <PageTitle tab={t("app.place.alerts")}>{t("app.place.alerts")}</PageTitle>
        <Typography variant="body2" sx={{ color: "text.secondary", mt: 1 }}>
          {t("alerts.lead")}
        </Typography>
        <Tabs
          value={state}
          onChange={(_event, next: string) => setSearch(next === "open" ? {} : { estado: next })}
          aria-label={t("alerts.views")}
          sx={{ mt: 2, mb: 4, borderBottom: "1px solid", borderColor: "divider" }}
        >
          {STATES.map((one) => (
            <Tab key={one} value={one} label={t(`alerts.view.${one}`)} />
          ))}
        </Tabs>
        {tasks.error ? (
          <LoadFailed error={tasks.error} retry={() => void tasks.refetch()} />
        ) : !tasks.data ? (
          <Skeleton variant="rounded" height={140} />
        ) : tasks.data.items.length === 0 ? (
          <Blank title={t("alerts.empty_title")}>{t("alerts.empty_text")}</Blank>
        ) : (
          <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
            {tasks.data.items.map((task) => (
              <AlertCard key={task.id} task={task} now={now} />
            ))}
          </Box>
        )}
      </Box>
    </Box>
  );
}

function AlertCard({ task, now }: { task: TriageTask; now: number }) {
  const { t } = useTranslation();
  const mayRead = useMay("conversation:read");
  const open = task.acknowledged_at === null;
  const left = countdown(task.due_at, now);
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "1fr", sm: "1fr auto" },
        gap: 4,
        p: 4,
        border: "1px solid",
        borderColor: open && left.late ? "meaning.bad.strong" : "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
      }}
    >
      <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
        <Box sx={{ display: "flex", gap: 3, alignItems: "center", flexWrap: "wrap" }}>
          <UrgencyMark urgency={task.level} />
          <Typography sx={{ fontWeight: 650 }}>{categoryText(task.category)}</Typography>
          {task.state === "escalated" && <Tag tone="bad">{t("alerts.escalated")}</Tag>}
          <Tag tone={task.reply_status === "failed" ? "bad" : "quiet"}>{replyText(task.reply_status)}</Tag>
        </Box>
        {open && <Turn task={task} now={now} />}
        {task.excerpt !== "" && (
          <Typography
            component="blockquote"
            sx={{
              m: 0,
              pl: 3,
              borderLeft: "3px solid",
              borderColor: "divider",
              fontSize: "1rem",
              overflowWrap: "anywhere",
            }}
          >
            {task.category === CALL_BACK && `${t("alerts.we_wrote")} `}
            {withoutBold(task.excerpt)}
          </Typography>
        )}
        {task.voice_note_id !== null && (
          <audio
            controls
            preload="none"
            aria-label={t("alerts.listen")}
            src={`/api/v1/messages/${task.voice_note_id}/voice-note`}
          >
            <track kind="captions" />
          </audio>
        )}
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("alerts.opened", { when: formatDateTime(task.opened_at) })} ·{" "}
          {t("alerts.rules", { rules: task.rules.join(", ") })}
          {task.lexicon_version !== "" && `, ${t("alerts.lexicon", { version: task.lexicon_version })}`}
        </Typography>
      </Box>
      <Box
        sx={{
          display: "grid",
          gap: 2,
          alignContent: "space-between",
          justifyItems: { xs: "start", sm: "end" },
        }}
      >
        {open ? (
          <Typography
            role="timer"
            sx={{
              ...TABULAR,
              fontSize: "1.25rem",
              fontWeight: 650,
              color: left.late ? "meaning.bad.strong" : "text.primary",
            }}
          >
            {t(left.late ? "alerts.late" : "alerts.left", { time: left.text })}
          </Typography>
        ) : (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("alerts.taken", {
              when: task.acknowledged_at === null ? "" : formatTime(task.acknowledged_at),
            })}
          </Typography>
        )}
        <Box sx={{ display: "flex", gap: 2, flexWrap: "wrap" }}>
          {task.phone !== null && (
            <Button
              variant="outlined"
              startIcon={<PhoneOutlined />}
              href={`tel:+${task.phone.replace(/\D/g, "")}`}
            >
              {t("alerts.call")}
            </Button>
          )}
          {mayRead && (
            <Button component={RouterLink} to={`/atendimento/conversas/${task.conversation_id}`}>
              {t("alerts.open_conversation")}
            </Button>
          )}
          {open && <TakeButton id={task.id} />}
        </Box>
      </Box>
    </Box>
  );
}

/** Who has it now, whether they were told, and how many had it before. */
function Turn({ task, now }: { task: TriageTask; now: number }) {
  const { t } = useTranslation();
  const last = task.turns.at(-1);
  if (!last) return null;
  const failed = task.turns.filter((one) => Date.parse(one.due_at) < now).length;
  const isOver = failed === task.turns.length && failed > 0;
  const who =
    last.name === null
      ? t("alerts.turn_all")
      : t(last.post === "on_call" ? "alerts.turn_call" : "alerts.turn", { name: last.name });
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 2 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {isOver ? t("alerts.turn_over") : who}
      </Typography>
      {!isOver && last.phone !== null && (
        <Button startIcon={<PhoneOutlined />} href={`tel:+${last.phone.replace(/\D/g, "")}`} sx={TABULAR}>
          {formatPhone(last.phone)}
        </Button>
      )}
      {!isOver && last.name !== null && (
        <Tag tone={last.was_told ? "quiet" : "doubt"}>
          {t(last.was_told ? "alerts.turn_told" : "alerts.turn_untold")}
        </Tag>
      )}
      {failed > 0 && <Tag tone="bad">{t("alerts.turns", { count: failed })}</Tag>}
    </Box>
  );
}

function TakeButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const [take, { isLoading }] = useAcknowledgeTriageTaskMutation();
  const press = async () => {
    const answer = await take(id);
    announce(answer.error ? problemText(t, problemOf(answer.error)) : t("alerts.done"));
  };
  return (
    <Button variant="contained" disabled={isLoading} onClick={() => void press()}>
      {t("alerts.take")}
    </Button>
  );
}

function categoryText(category: string): string {
  return findText(`alerts.category.${category}`) ?? category.replace(/_/g, " ");
}

function replyText(status: string): string {
  return findText(`alerts.reply.${status}`) ?? status;
}

/** Without the asterisks that WhatsApp shows as bold. */
function withoutBold(words: string): string {
  return words.replace(/\*([^*\n]+)\*/g, "$1");
}
