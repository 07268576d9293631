import ArrowBackOutlined from "@mui/icons-material/ArrowBack";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useAssignCaseMutation } from "@/client/medicalAudit";
import { problemOf } from "@/client/problem";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { ageInYears } from "@/lib/format";
import { clockRuns } from "@/lib/timeLeft";
import { ClockBar } from "@/ui/ClockBar";
import { codeText } from "@/ui/codeText";
import { PageTitle } from "@/ui/PageTitle";
import { problemText } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TimeLeftText } from "@/ui/TimeLeftText";
import { UrgencyMark } from "@/ui/UrgencyMark";

/** Number, procedure, member, legal clock and state; nothing else. */
export function CaseHeader({ one, now }: { one: CaseDetail; now: number }) {
  const { t } = useTranslation();
  const { member } = one;
  const line = one.case;
  return (
    <Box sx={{ flex: "none", bgcolor: "background.paper" }}>
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          gap: { xs: 2, sm: 4 },
          px: 4,
          py: 2,
          minHeight: 56,
          flexWrap: { xs: "wrap", lg: "nowrap" },
        }}
      >
        <Tooltip title={t("keys.back_to_queue")}>
          <IconButton component={RouterLink} to="/cockpit/fila" aria-label={t("keys.back_to_queue")}>
            <ArrowBackOutlined fontSize="small" />
          </IconButton>
        </Tooltip>
        <Box sx={{ minWidth: 0, flex: { xs: "1 1 calc(100% - 56px)", lg: 1 } }}>
          <PageTitle tab={`${t("app.place.case")} ${line.number}`}>
            <Box
              component="span"
              sx={{
                display: "block",
                overflow: "hidden",
                textOverflow: "ellipsis",
                whiteSpace: { sm: "nowrap" },
                fontSize: "1.0625rem",
              }}
            >
              {line.procedure}
            </Box>
          </PageTitle>
          <Typography variant="body2" noWrap sx={{ color: "text.secondary" }}>
            {t("case.number", { number: line.number })} · {member.name},{" "}
            {t("case.age", { count: ageInYears(member.birth_date, now) })} · {member.plan_name}
          </Typography>
        </Box>
        <UrgencyMark urgency={line.urgency} />
        <Tag>{codeText("state", one.request.state)}</Tag>
        {one.request.reopened !== null && (
          <Tag tone="doubt">{t(`case.reopened.${one.request.reopened}`)}</Tag>
        )}
        {line.state !== "closed" && (
          <Typography variant="body2" sx={{ color: "text.secondary", whiteSpace: "nowrap" }}>
            {t("case.term")}{" "}
            <TimeLeftText
              strong
              now={now}
              clock={line}
              basis={one.request.clock.basis}
              ours={one.request.internal_clock}
            />
          </Typography>
        )}
        {hasLetter(one) && (
          <Button
            component="a"
            href={`/api/v1/authorizations/${one.request.request_id}/letter`}
            target="_blank"
            rel="noopener"
            variant="outlined"
            color="secondary"
          >
            {t("case.letter")}
          </Button>
        )}
        <AssignButton one={one} />
      </Box>
      {clockRuns(line) && <ClockBar openedAt={one.request.clock.asked_at} dueAt={line.due_at} now={now} />}
    </Box>
  );
}

/** There is a letter once the request was answered, or while something is asked for. */
function hasLetter({ request }: CaseDetail): boolean {
  const answered = request.decisions.some((decision) => decision.outcome !== "request_information");
  return answered || request.missing.length > 0;
}

function AssignButton({ one }: { one: CaseDetail }) {
  const { t } = useTranslation();
  const [assign, { isLoading }] = useAssignCaseMutation();
  const { assigned_to } = one.case;
  if (!one.allowed_actions.includes("case:assign")) {
    return assigned_to && <Typography variant="body2">{assigned_to.name}</Typography>;
  }
  const take = async (to: "me" | null) => {
    const answer = await assign({ id: one.case.id, to, version: one.case.version });
    announce(
      answer.error
        ? problemText(t, problemOf(answer.error))
        : t(to ? "queue.assigned" : "case.given_back", { count: 1 }),
    );
  };
  return assigned_to ? (
    <Tooltip title={t("case.give_back")}>
      <Button variant="outlined" color="secondary" disabled={isLoading} onClick={() => void take(null)}>
        {assigned_to.name}
      </Button>
    </Tooltip>
  ) : (
    <Button variant="outlined" disabled={isLoading} onClick={() => void take("me")}>
      {t("queue.assign_to_me")}
    </Button>
  );
}
