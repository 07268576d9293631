import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetSessionQuery } from "@/client/identity";
import { useStepRulesMutation, type RuleAct } from "@/client/rules";
import type { RuleStatus, RuleVersion } from "@/client/types/rules";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

const STEPS: Readonly<Record<RuleAct, readonly RuleStatus[]>> = {
  propose: ["draft"],
  activate: ["proposed", "superseded", "expired"],
  expire: ["draft", "proposed", "scheduled", "active"],
};

/** What this person may do with a version: propose it, put it in force as the second person, end it. */
export function VersionActions({ version }: { version: RuleVersion }) {
  const { t } = useTranslation();
  const session = useGetSessionQuery();
  const [step, setStep] = useState<RuleAct | null>(null);
  const me = session.data?.principal;
  const has = (action: string) => session.data?.may.includes(action) ?? false;
  const own =
    me !== undefined &&
    (version.author === me.id || version.steps.some((done) => done.step === "propose" && done.by === me.id));
  const may: Record<RuleAct, boolean> = {
    propose: has("rules:propose"),
    activate: has("rules:activate") && !own,
    expire: has("rules:activate"),
  };
  const waits = STEPS.activate.includes(version.status) && version.status === "proposed";
  return (
    <Box sx={{ display: "flex", gap: 2, alignItems: "center", flexWrap: "wrap" }}>
      {waits && !may.activate && (
        <Typography variant="caption" sx={{ color: "text.secondary", maxWidth: 280 }}>
          {t(own ? "rules.own" : "rules.needs_director")}
        </Typography>
      )}
      {(["expire", "propose", "activate"] as const)
        .filter((name) => may[name] && STEPS[name].includes(version.status))
        .map((name) => (
          <Button
            key={name}
            variant={name === "expire" ? "outlined" : "contained"}
            color={name === "expire" ? "secondary" : "primary"}
            onClick={() => setStep(name)}
          >
            {t(`rules.act.${name === "expire" && version.in_force_from === null ? "withdraw" : name}`)}
          </Button>
        ))}
      {step && <StepDialog version={version} step={step} onClose={() => setStep(null)} />}
    </Box>
  );
}

function StepDialog({
  version,
  step,
  onClose,
}: {
  version: RuleVersion;
  step: RuleAct;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useStepRulesMutation();
  const [note, setNote] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const submit = async () => {
    const times = {
      ...(step !== "propose" && { effective_at: moment(from) }),
      ...(step === "activate" && { until: moment(until) }),
    };
    const answer = await send({ id: version.id, step, body: { note, ...times } });
    if (answer.error) return;
    announce(t(`rules.done.${step}`));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="passo-titulo" fullWidth maxWidth="sm">
      <DialogTitle id="passo-titulo">{t(`rules.ask.${step}`, { number: version.number })}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2">{t(`rules.ask_text.${step}`)}</Typography>
        {step !== "propose" && (
          <TextField
            type="datetime-local"
            label={t(step === "activate" ? "rules.from_when" : "rules.ends_when")}
            helperText={t("rules.empty_is_now")}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
        )}
        {step === "activate" && (
          <TextField
            type="datetime-local"
            label={t("rules.until_when")}
            helperText={t("rules.empty_is_for_good")}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
        )}
        <TextField
          multiline
          minRows={2}
          label={t("rules.note")}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {error !== undefined && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions>
        <Button color="secondary" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button variant="contained" disabled={isLoading} onClick={() => void submit()}>
          {t(`rules.act.${step}`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** The instant of a local date and time; null for none. */
function moment(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}
