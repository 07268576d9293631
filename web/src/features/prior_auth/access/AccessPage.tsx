import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useListAccessTasksQuery } from "@/client/access";
import type { AccessTask } from "@/client/types/access";
import { formatDate } from "@/lib/format";
import { PageTitle } from "@/ui/PageTitle";
import { Blank, LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { TaskPanel } from "./TaskPanel";
import { DaysLeft } from "./DaysLeft";

const EVERY_MINUTE = 60_000;

/** Members with a guide whom nobody attends in time, and what a coordinator does about each. */
export function AccessPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get("tarefa");
  const tasks = useListAccessTasksQuery(undefined, { pollingInterval: EVERY_MINUTE });
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 1160, mx: "auto", px: { xs: 4, sm: 6 }, py: 5, display: "grid", gap: 4 }}>
        <Box>
          <PageTitle tab={t("app.place.access")}>{t("app.place.access")}</PageTitle>
          <Typography variant="body2" sx={{ color: "text.secondary", mt: 1 }}>
            {t("access.lead")}
          </Typography>
        </Box>
        {tasks.error && !tasks.data ? (
          <LoadFailed error={tasks.error} retry={() => void tasks.refetch()} />
        ) : !tasks.data ? (
          <Skeleton variant="rounded" height={240} />
        ) : tasks.data.items.length === 0 && chosen === null ? (
          <Blank title={t("access.empty_title")}>{t("access.empty_text")}</Blank>
        ) : (
          <Box
            sx={{
              display: "grid",
              gridTemplateColumns: { xs: "1fr", md: "minmax(300px, 380px) 1fr" },
              gap: 5,
              alignItems: "start",
            }}
          >
            <Box
              component="ul"
              aria-label={t("access.list")}
              sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}
            >
              {tasks.data.items.map((task) => (
                <Box component="li" key={task.task_id}>
                  <TaskLine
                    task={task}
                    chosen={task.task_id === chosen}
                    choose={() => setSearch({ tarefa: task.task_id })}
                  />
                </Box>
              ))}
            </Box>
            {chosen === null ? (
              <Typography sx={{ color: "text.secondary" }}>{t("access.choose")}</Typography>
            ) : (
              <TaskPanel key={chosen} taskId={chosen} />
            )}
          </Box>
        )}
      </Box>
    </Box>
  );
}

function TaskLine({ task, chosen, choose }: { task: AccessTask; chosen: boolean; choose: () => void }) {
  const { t } = useTranslation();
  return (
    <ButtonBase
      onClick={choose}
      aria-current={chosen}
      sx={{
        width: 1,
        p: 3,
        textAlign: "left",
        display: "grid",
        justifyContent: "stretch",
        gap: 1.5,
        border: "1px solid",
        borderColor: chosen ? "primary.main" : "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
      }}
    >
      <Typography sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>{task.procedure}</Typography>
      <Box sx={{ display: "flex", gap: 2, flexWrap: "wrap" }}>
        <DaysLeft days={task.days_left} />
        <Tag>{t(`access.step.${task.step}`)}</Tag>
        {task.taken_by !== null && <Tag tone="good">{t("access.taken")}</Tag>}
      </Box>
      <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
        {t("access.until", { when: formatDate(task.attend_by) })} · {t(`access.cause.${task.cause}`)}
      </Typography>
    </ButtonBase>
  );
}
