import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useWriteChecklistMutation } from "@/client/medicalAudit";
import type { ChecklistCriterion, ChecklistItem, CriterionAnswer } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

export const CRITERIA: readonly ChecklistCriterion[] = [
  "prescribed",
  "not_refused",
  "no_alternative",
  "evidence",
  "registered",
];
const ANSWERS: readonly CriterionAnswer[] = ["satisfied", "not_satisfied", "unknown"];

type Draft = Record<ChecklistCriterion, { answer: CriterionAnswer | null; references: string }>;

type Props = { caseId: string; item: ChecklistItem | null; ended: boolean; onClose: () => void };

/** One item's checklist. Closing keeps what was written until the page is left; nothing is preselected. */
export function ChecklistDialog({ caseId, item, ended, onClose }: Props) {
  const [drafts, setDrafts] = useState<Record<number, { draft: Draft; note: string }>>({});
  return (
    <Dialog
      open={item !== null}
      onClose={onClose}
      maxWidth="md"
      fullWidth
      scroll="paper"
      aria-labelledby="roteiro-titulo"
    >
      {item !== null && (
        <ChecklistForm
          key={item.position}
          caseId={caseId}
          item={item}
          ended={ended}
          start={drafts[item.position] ?? { draft: emptyDraft(), note: "" }}
          keep={(written) => setDrafts((kept) => ({ ...kept, [item.position]: written }))}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

type FormProps = {
  caseId: string;
  item: ChecklistItem;
  ended: boolean;
  start: { draft: Draft; note: string };
  keep: (written: { draft: Draft; note: string }) => void;
  onClose: () => void;
};

function ChecklistForm({ caseId, item, ended, start, keep, onClose }: FormProps) {
  const { t } = useTranslation();
  const [write, { error, isLoading }] = useWriteChecklistMutation();
  const { draft, note } = start;
  const [tried, setTried] = useState(false);
  const complete = CRITERIA.every((name) => isAnswered(draft[name]));
  const change = (name: ChecklistCriterion, part: Partial<Draft[ChecklistCriterion]>) =>
    keep({ draft: { ...draft, [name]: { ...draft[name], ...part } }, note });

  const submit = async () => {
    setTried(true);
    if (!complete) return;
    const criteria = CRITERIA.map((criterion) => ({
      criterion,
      answer: draft[criterion].answer ?? ("unknown" as const),
      references: linesOf(draft[criterion].references),
      pins: [],
    }));
    const asked = { position: item.position, criteria, note: note.trim() === "" ? null : note.trim() };
    const answer = await write({ id: caseId, checklist: asked });
    if (answer.error) return;
    keep({ draft: emptyDraft(), note: "" });
    announce(t("checklist.done"));
    onClose();
  };

  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      sx={{ display: "flex", flexDirection: "column", minHeight: 0 }}
    >
      <DialogTitle id="roteiro-titulo">{t("checklist.form_title", { item: item.description })}</DialogTitle>
      <DialogContent dividers sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("checklist.form_lead")}
        </Typography>
        {CRITERIA.map((name) => {
          const { answer, references } = draft[name];
          const lacksReference = answer !== null && answer !== "unknown" && linesOf(references).length === 0;
          return (
            <FormControl key={name} component="fieldset" error={tried && answer === null}>
              <FormLabel component="legend" sx={{ color: "text.primary", fontWeight: 600 }}>
                {t(`checklist.criterion.${name}`)}
              </FormLabel>
              <RadioGroup
                row
                aria-label={t(`checklist.criterion.${name}`)}
                value={answer ?? ""}
                onChange={(_event, value) => change(name, { answer: value as CriterionAnswer })}
              >
                {ANSWERS.map((option) => (
                  <FormControlLabel
                    key={option}
                    value={option}
                    control={<Radio />}
                    label={t(`checklist.answer.${option}`)}
                  />
                ))}
              </RadioGroup>
              {tried && answer === null && (
                <Typography variant="caption" color="error">
                  {t("checklist.answer_missing")}
                </Typography>
              )}
              <TextField
                label={t("checklist.references")}
                multiline
                minRows={1}
                maxRows={6}
                value={references}
                onChange={(event) => change(name, { references: event.target.value })}
                error={tried && lacksReference}
                helperText={
                  tried && lacksReference
                    ? t("checklist.reference_missing")
                    : t(`checklist.reference_help.${name}`)
                }
                sx={{ mt: 1 }}
              />
            </FormControl>
          );
        })}
        <TextField
          label={t("checklist.note")}
          multiline
          minRows={2}
          maxRows={8}
          value={note}
          onChange={(event) => keep({ draft, note: event.target.value })}
        />
        {ended ? (
          <Alert severity="info">{t("ending.checklist")}</Alert>
        ) : (
          error && <ProblemAlert error={error} />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("checklist.later")}</Button>
        <Button type="submit" variant="contained" loading={isLoading} disabled={ended}>
          {t("checklist.keep")}
        </Button>
      </DialogActions>
    </Box>
  );
}

function emptyDraft(): Draft {
  const empty = { answer: null, references: "" };
  return { prescribed: empty, not_refused: empty, no_alternative: empty, evidence: empty, registered: empty };
}

function isAnswered({ answer, references }: Draft[ChecklistCriterion]): boolean {
  return answer === "unknown" || (answer !== null && linesOf(references).length > 0);
}

/** One reference a line. */
function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
