import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useJudgeSignalMutation } from "@/client/fraud";
import type { SignalVerdict, Verdict } from "@/client/types/fraud";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";

const VERDICTS: readonly Verdict[] = ["confirmed", "not_confirmed", "unclear"];
const LONGEST_REASON = 2000;

type Props = { requestId: string; rule: string; last: SignalVerdict | undefined };

/** What a person found where the signal pointed: it says whether the rule was right, and decides nothing. */
export function VerdictLine({ requestId, rule, last }: Props) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState(false);
  return (
    <Box sx={{ display: "grid", gap: 1, justifyItems: "start" }}>
      {last && (
        <Typography variant="caption" sx={{ overflowWrap: "anywhere" }}>
          <strong>{t(`signals.verdict.${last.verdict}`)}</strong>: {last.reason}{" "}
          <Typography component="span" variant="caption" sx={{ color: "text.secondary" }}>
            ({[last.by_name, formatDateTime(last.at)].filter(Boolean).join(", ")})
          </Typography>
        </Typography>
      )}
      {writing ? (
        <VerdictForm requestId={requestId} rule={rule} onClose={() => setWriting(false)} />
      ) : (
        <Button
          aria-label={`${t("signals.judge")} (${rule})`}
          onClick={() => setWriting(true)}
          sx={{ ml: -2 }}
        >
          {t(last ? "signals.judge_again" : "signals.judge")}
        </Button>
      )}
    </Box>
  );
}

type FormProps = { requestId: string; rule: string; onClose: () => void };

function VerdictForm({ requestId, rule, onClose }: FormProps) {
  const { t } = useTranslation();
  const [judge, { error, isLoading }] = useJudgeSignalMutation();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reason, setReason] = useState("");
  const submit = async () => {
    if (verdict === null) return;
    const answer = await judge({ requestId, rule, verdict, reason: reason.trim() });
    if (answer.error) return;
    announce(t("signals.judged"));
    onClose();
  };
  return (
    <Box
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      sx={{ display: "grid", gap: 2, justifySelf: "stretch" }}
    >
      <RadioGroup
        aria-label={t("signals.judge")}
        value={verdict ?? ""}
        onChange={(_event, chosen) => setVerdict(chosen as Verdict)}
      >
        {VERDICTS.map((one) => (
          <FormControlLabel
            key={one}
            value={one}
            control={<Radio size="small" />}
            label={t(`signals.verdict.${one}`)}
          />
        ))}
      </RadioGroup>
      <TextField
        label={t("signals.verdict_reason")}
        helperText={t("signals.verdict_help")}
        multiline
        value={reason}
        onChange={(event) => setReason(event.target.value.slice(0, LONGEST_REASON))}
      />
      {error && <ProblemAlert error={error} />}
      <Box sx={{ display: "flex", gap: 2 }}>
        <Button
          type="submit"
          variant="contained"
          disabled={verdict === null || reason.trim() === "" || isLoading}
        >
          {t("common.save")}
        </Button>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
      </Box>
    </Box>
  );
}
