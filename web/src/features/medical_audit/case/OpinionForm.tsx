import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useWriteOpinionMutation } from "@/client/medicalAudit";
import type { CaseDetail, OpinionKind } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { codeText } from "@/ui/codeText";
import { ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import { ChoiceCards } from "./ChoiceCards";
import { dropDraft, saveDraft, useDraft, type OpinionDraft } from "./drafts";
import { OPINION_TONE } from "./opinionTone";
import { papersOf } from "./papers";

const KINDS: readonly OpinionKind[] = [
  "favourable",
  "favourable_in_part",
  "needs_information",
  "unfavourable",
];

type Props = { one: CaseDetail; addContact: () => void };

/** The technical opinion in three steps: its sense, its grounds, and a last look. */
export function OpinionForm({ one, addContact }: Props) {
  const { t } = useTranslation();
  const caseId = one.case.id;
  const draft = useDraft(caseId);
  const change = (part: Partial<OpinionDraft>) => saveDraft(caseId, part);
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {t("opinion.step", { step: draft.step + 1, total: 3 })}
      </Typography>
      {draft.step === 0 && <KindStep draft={draft} change={change} />}
      {draft.step === 1 && <GroundsStep one={one} draft={draft} change={change} addContact={addContact} />}
      {draft.step === 2 && <ReviewStep one={one} draft={draft} change={change} />}
    </Box>
  );
}

type StepProps = { draft: OpinionDraft; change: (part: Partial<OpinionDraft>) => void };

function KindStep({ draft, change }: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceCards
        label={t("opinion.title")}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={KINDS.map((kind) => ({
          value: kind,
          label: t(`opinion.kind.${kind}`),
          help: t(`opinion.kind_help.${kind}`),
          tone: OPINION_TONE[kind],
        }))}
      />
      <Button variant="contained" disabled={draft.kind === null} onClick={() => change({ step: 1 })}>
        {t("opinion.next")}
      </Button>
    </>
  );
}

function GroundsStep({ one, draft, change, addContact }: StepProps & Props) {
  const { t } = useTranslation();
  const { kind } = draft;
  if (kind === null) return null;
  const contactFirst = diverges(kind) && !one.contacts.some((contact) => contact.with_whom === "requester");
  const needsPin = diverges(kind) && papersOf(one).length > 0;
  const blocked = contactFirst || (needsPin && draft.evidence === null);
  return (
    <>
      <Box>
        <Tag tone={OPINION_TONE[kind]}>{t(`opinion.kind.${kind}`)}</Tag>
      </Box>
      {contactFirst && (
        <Alert
          severity="warning"
          variant="outlined"
          action={
            <Button color="inherit" onClick={addContact}>
              {t("contact.register_short")}
            </Button>
          }
        >
          {t("opinion.contact_first")}
        </Alert>
      )}
      <TextField
        label={t("opinion.text")}
        multiline
        minRows={5}
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
        helperText={t("opinion.text_help")}
      />
      {draft.text === "" && (
        <Button
          variant="outlined"
          color="secondary"
          onClick={() => change({ text: t(`opinion.template.${kind}`, { procedure: one.case.procedure }) })}
        >
          {t("opinion.use_template")}
        </Button>
      )}
      <EvidenceFields one={one} draft={draft} change={change} required={needsPin} />
      <Box sx={{ display: "flex", gap: 2 }}>
        <Button onClick={() => change({ step: 0 })}>{t("common.back")}</Button>
        <Button
          variant="contained"
          sx={{ flex: 1 }}
          disabled={draft.text.trim() === "" || blocked}
          onClick={() => change({ step: 2 })}
        >
          {t("opinion.review")}
        </Button>
      </Box>
    </>
  );
}

/** A divergence without a documented contact with the requester is void (CFM 2.448/2025, art. 5), and a decision
 * against the member must point to what it was read from. */
function diverges(kind: OpinionKind): boolean {
  return kind === "unfavourable" || kind === "favourable_in_part";
}

type EvidenceProps = StepProps & { one: CaseDetail; required: boolean };

function EvidenceFields({ one, draft, change, required }: EvidenceProps) {
  const { t } = useTranslation();
  const papers = papersOf(one);
  if (papers.length === 0) return null;
  const pin = draft.evidence;
  return (
    <Box sx={{ display: "grid", gridTemplateColumns: "1fr 76px", gap: 2 }}>
      <TextField
        select
        label={t("opinion.evidence")}
        required={required}
        helperText={required ? t("opinion.evidence_help") : undefined}
        value={pin?.document_id ?? ""}
        onChange={(event) =>
          change({
            evidence:
              event.target.value === "" ? null : { document_id: event.target.value, page: 1, note: null },
          })
        }
      >
        <MenuItem value="">{t("opinion.no_evidence")}</MenuItem>
        {papers.map((paper) => (
          <MenuItem key={paper.document_id} value={paper.document_id}>
            {codeText("document", paper.kind)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={t("opinion.page")}
        type="number"
        disabled={pin === null}
        value={pin?.page ?? ""}
        slotProps={{ htmlInput: { min: 1 } }}
        onChange={(event) => {
          if (pin) change({ evidence: { ...pin, page: Math.max(1, Number(event.target.value)) } });
        }}
      />
      <TextField
        label={t("opinion.note")}
        disabled={pin === null}
        value={pin?.note ?? ""}
        onChange={(event) => {
          if (pin) change({ evidence: { ...pin, note: event.target.value || null } });
        }}
        sx={{ gridColumn: "1 / -1" }}
      />
    </Box>
  );
}

function ReviewStep({ one, draft, change }: StepProps & { one: CaseDetail }) {
  const { t } = useTranslation();
  const [write, { error, isLoading }] = useWriteOpinionMutation();
  const { kind } = draft;
  if (kind === null) return null;
  const sign = async () => {
    const opinion = { kind, text: draft.text.trim(), evidence: draft.evidence ? [draft.evidence] : [] };
    const answer = await write({ id: one.case.id, opinion });
    if (answer.error) return;
    dropDraft(one.case.id);
    announce(t("opinion.done"));
  };
  return (
    <>
      <Box
        sx={{
          p: 3,
          border: "1px solid",
          borderColor: "divider",
          borderRadius: 1,
          bgcolor: "background.paper",
        }}
      >
        <Tag tone={OPINION_TONE[kind]}>{t(`opinion.kind.${kind}`)}</Tag>
        <Typography variant="body2" sx={{ mt: 2, whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
          {draft.text}
        </Typography>
      </Box>
      <Typography variant="body2">{t(`opinion.what_next.${kind}`)}</Typography>
      {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      <Box sx={{ display: "flex", gap: 2 }}>
        <Button onClick={() => change({ step: 1 })}>{t("common.back")}</Button>
        <Button variant="contained" sx={{ flex: 1 }} disabled={isLoading} onClick={() => void sign()}>
          {isLoading ? t("decision.recording") : t("opinion.sign")}
        </Button>
      </Box>
    </>
  );
}
