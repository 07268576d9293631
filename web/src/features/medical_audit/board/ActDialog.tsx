import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import MenuItem from "@mui/material/MenuItem";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useActInBoardMutation } from "@/client/boards";
import type {
  Board,
  BoardAct,
  BoardActKind,
  BoardConclusion,
  BoardNeed,
  NoticeTo,
  ReceiptMeans,
} from "@/client/types/boards";
import { problemOf } from "@/client/problem";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { localMinute } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { ProblemAlert } from "@/ui/Problems";

import { AgainstList } from "./AgainstList";
import { CandidateRadios } from "@/ui/CandidateRadios";
import { EvidenceField } from "./EvidenceField";
import { PartFields, partOf } from "./PartFields";

export type LaterKind = Exclude<BoardActKind, "opened">;

const MEANS: readonly ReceiptMeans[] = [
  "postal_receipt",
  "signed_protocol",
  "recorded_call",
  "read_email",
  "other",
];
const NEEDS: readonly BoardNeed[] = ["documents", "in_person", "exams"];
const CONCLUSIONS: readonly BoardConclusion[] = ["favourable", "favourable_in_part", "unfavourable"];

type Draft = {
  to: NoticeTo;
  means: ReceiptMeans | "";
  at: string;
  byWhom: string;
  words: string;
  documentId: string | null;
  answer: "agrees" | "keeps" | null;
  choice: number | null;
  needs: readonly BoardNeed[];
  conclusion: BoardConclusion | null;
  quantities: Record<number, string>;
};

type Props = { one: CaseDetail; board: Board | null; kind: LaterKind | null; onClose: () => void };

/** Writes down one act of the board after it was opened, or the divergence before it. */
export function ActDialog({ one, board, kind, onClose }: Props) {
  return (
    <Dialog open={kind !== null} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="ato-titulo">
      {kind !== null && <ActForm key={kind} one={one} board={board} kind={kind} onClose={onClose} />}
    </Dialog>
  );
}

function ActForm({ one, board, kind, onClose }: Props & { kind: LaterKind }) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useActInBoardMutation();
  const [tried, setTried] = useState(false);
  const [draft, setDraft] = useState<Draft>(() => ({
    to: board?.notices.find((notice) => notice.received_at === null)?.to ?? "requester",
    means: "",
    at: localMinute(new Date()),
    byWhom: "",
    words: "",
    documentId: null,
    answer: null,
    choice: null,
    needs: [],
    conclusion: null,
    quantities: {},
  }));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const act = actOf(kind, draft, one);

  const submit = async () => {
    setTried(true);
    if (act === null) return;
    const answer = await send({ id: one.case.id, act: { act } });
    if (answer.error) return;
    announce(t("board.done"));
    onClose();
  };
  const fields = { one, board, draft, change, tried };
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
      <DialogTitle id="ato-titulo">{t(`board.do.${kind}`)}</DialogTitle>
      <DialogContent dividers sx={{ display: "grid", gap: 4 }}>
        {kind === "diverged" && <WordsField {...fields} label={t("board.reasons")} />}
        {kind === "received" && <ReceiptFields {...fields} />}
        {kind === "answered" && <AnswerFields {...fields} />}
        {kind === "picked" && (
          <>
            <Typography variant="body2">{t("board.pick_due")}</Typography>
            <CandidateRadios
              board={board}
              value={draft.choice}
              wrong={tried && draft.choice === null}
              onChange={(choice) => change({ choice })}
            />
          </>
        )}
        {kind === "needed" && <NeedFields {...fields} />}
        {kind === "concluded" && <OpinionFields {...fields} />}
        {tried && act === null && (
          <Typography variant="body2" role="alert" sx={{ color: "error.main" }}>
            {t("board.form.missing")}
          </Typography>
        )}
        {error && (
          <Box>
            <ProblemAlert error={error} kept={t("decision.kept")} />
            <AgainstList names={problemOf(error).details?.against ?? []} />
          </Box>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" loading={isLoading}>
          {t("board.form.save")}
        </Button>
      </DialogActions>
    </Box>
  );
}

/** The act as it is sent; null while something is missing. */
function actOf(kind: LaterKind, draft: Draft, one: CaseDetail): BoardAct | null {
  const words = draft.words.trim();
  const at = draft.at === "" ? null : new Date(draft.at).toISOString();
  switch (kind) {
    case "diverged":
      return words === "" ? null : { kind, reasons: words };
    case "received": {
      const byWhom = draft.byWhom.trim();
      if (draft.means === "" || at === null || byWhom === "") return null;
      if (words === "" && draft.documentId === null) return null;
      const { to, means, documentId } = draft;
      return { kind, to, means, at, by_whom: byWhom, document_id: documentId, note: words || null };
    }
    case "answered": {
      const choice = draft.answer === "keeps" ? draft.choice : null;
      if (draft.answer === null || at === null || (draft.answer === "keeps" && choice === null)) return null;
      return {
        kind,
        answer: draft.answer,
        choice,
        at,
        note: words || null,
        document_id: draft.documentId,
      };
    }
    case "picked":
      return draft.choice === null ? null : { kind, choice: draft.choice };
    case "needed":
      return draft.needs.length === 0 || words === "" ? null : { kind, needs: [...draft.needs], words };
    case "concluded": {
      if (draft.conclusion === null || words === "" || at === null || draft.documentId === null) return null;
      const items =
        draft.conclusion === "favourable_in_part" ? partOf(one.request.items, draft.quantities) : [];
      return {
        kind,
        conclusion: draft.conclusion,
        items,
        written_at: at,
        words,
        document_id: draft.documentId,
      };
    }
  }
}

type Fields = {
  one: CaseDetail;
  board: Board | null;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  tried: boolean;
};

function WordsField({
  draft,
  change,
  tried,
  label,
  optional = false,
}: Fields & { label: string; optional?: boolean }) {
  return (
    <TextField
      label={label}
      multiline
      minRows={3}
      value={draft.words}
      error={tried && !optional && draft.words.trim() === ""}
      onChange={(event) => change({ words: event.target.value })}
    />
  );
}

function MomentField({ draft, change, label }: Fields & { label: string }) {
  const now = useNow();
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={draft.at}
      onChange={(event) => change({ at: event.target.value })}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { max: localMinute(new Date(now)) } }}
    />
  );
}

function ReceiptFields(fields: Fields) {
  const { t } = useTranslation();
  const { one, board, draft, change, tried } = fields;
  const open = board?.notices.filter((notice) => notice.received_at === null) ?? [];
  return (
    <>
      <TextField
        select
        label={t("board.form.to")}
        value={draft.to}
        onChange={(event) => change({ to: event.target.value as NoticeTo })}
      >
        {open.map(({ to }) => (
          <MenuItem key={to} value={to}>
            {t(`board.notice_to.${to}`)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label={t("board.form.means")}
        value={draft.means}
        error={tried && draft.means === ""}
        onChange={(event) => change({ means: event.target.value as ReceiptMeans })}
      >
        {MEANS.map((means) => (
          <MenuItem key={means} value={means}>
            {t(`board.means.${means}`)}
          </MenuItem>
        ))}
      </TextField>
      <MomentField {...fields} label={t("board.form.at")} />
      <TextField
        label={t("board.form.by_whom")}
        value={draft.byWhom}
        error={tried && draft.byWhom.trim() === ""}
        onChange={(event) => change({ byWhom: event.target.value })}
      />
      <EvidenceField
        one={one}
        label={t("board.form.document")}
        value={draft.documentId}
        error={tried && draft.documentId === null && draft.words.trim() === ""}
        onChange={(documentId) => change({ documentId })}
      />
      <WordsField {...fields} optional={draft.documentId !== null} label={t("board.form.note")} />
    </>
  );
}

function AnswerFields(fields: Fields) {
  const { t } = useTranslation();
  const { one, board, draft, change, tried } = fields;
  return (
    <>
      <FormControl error={tried && draft.answer === null}>
        <FormLabel id="resposta-solicitante">{t("board.form.answer")}</FormLabel>
        <RadioGroup
          aria-labelledby="resposta-solicitante"
          value={draft.answer ?? ""}
          onChange={(_event, value) => change({ answer: value as "agrees" | "keeps" })}
        >
          <FormControlLabel value="agrees" control={<Radio />} label={t("board.answers.agrees")} />
          <FormControlLabel value="keeps" control={<Radio />} label={t("board.answers.keeps")} />
        </RadioGroup>
      </FormControl>
      {draft.answer === "keeps" && (
        <CandidateRadios
          board={board}
          value={draft.choice}
          wrong={tried && draft.choice === null}
          onChange={(choice) => change({ choice })}
        />
      )}
      <MomentField {...fields} label={t("board.form.at")} />
      <EvidenceField
        one={one}
        label={t("board.form.document")}
        value={draft.documentId}
        onChange={(documentId) => change({ documentId })}
      />
      <WordsField {...fields} optional label={t("board.form.note_optional")} />
    </>
  );
}

function NeedFields(fields: Fields) {
  const { t } = useTranslation();
  const { draft, change, tried } = fields;
  const toggle = (need: BoardNeed) =>
    change({
      needs: draft.needs.includes(need) ? draft.needs.filter((one) => one !== need) : [...draft.needs, need],
    });
  return (
    <>
      <FormControl component="fieldset" error={tried && draft.needs.length === 0}>
        <FormLabel component="legend">{t("board.needs")}</FormLabel>
        {NEEDS.map((need) => (
          <FormControlLabel
            key={need}
            label={t(`board.need.${need}`)}
            control={<Checkbox checked={draft.needs.includes(need)} onChange={() => toggle(need)} />}
          />
        ))}
      </FormControl>
      <WordsField {...fields} label={t("board.form.need_words")} />
    </>
  );
}

function OpinionFields(fields: Fields) {
  const { t } = useTranslation();
  const { one, draft, change, tried } = fields;
  return (
    <>
      <FormControl error={tried && draft.conclusion === null}>
        <FormLabel id="conclusao-junta">{t("board.form.conclusion")}</FormLabel>
        <RadioGroup
          aria-labelledby="conclusao-junta"
          value={draft.conclusion ?? ""}
          onChange={(_event, value) => change({ conclusion: value as BoardConclusion })}
        >
          {CONCLUSIONS.map((name) => (
            <FormControlLabel
              key={name}
              value={name}
              control={<Radio />}
              label={t(`board.conclusion_of.${name}`)}
            />
          ))}
        </RadioGroup>
      </FormControl>
      {draft.conclusion === "favourable_in_part" && (
        <PartFields
          items={one.request.items}
          quantities={draft.quantities}
          onChange={(quantities) => change({ quantities })}
        />
      )}
      <MomentField {...fields} label={t("board.form.written_at")} />
      <EvidenceField
        one={one}
        label={t("board.form.signed")}
        value={draft.documentId}
        error={tried && draft.documentId === null}
        onChange={(documentId) => change({ documentId })}
      />
      <WordsField {...fields} label={t("board.form.words")} />
    </>
  );
}
