import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import type { TFunction } from "i18next";
import { useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useAskAuthorizationMutation, useGetNeedsQuery } from "@/client/desk";
import type { ItemNeeds } from "@/client/types/desk";
import { announce } from "@/lib/announce";
import { PageTitle } from "@/ui/PageTitle";
import { ProblemAlert } from "@/ui/Problems";

import {
  EMPTY,
  isAnvisa,
  readCids,
  readFacts,
  readMaterials,
  readMoney,
  useDraft,
  type Draft,
} from "./draft";
import { FactFields, questionsOf } from "./FactFields";
import { ItemsStep } from "./ItemsStep";
import { MaterialsStep } from "./MaterialsStep";
import { PapersField } from "./PapersField";
import { PersonStep } from "./PersonStep";

const COUNCILS = ["CRM", "CRO", "COREN", "CREFITO", "CRP", "CRFA", "CRN"] as const;

/** A new request of a provider: who, what, by whom, why, and the papers. */
export function AskPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [draft, change, discard] = useDraft();
  const [ask, { error, isLoading }] = useAskAuthorizationMutation();
  const [faults, setFaults] = useState<string[]>([]);
  const summary = useRef<HTMLDivElement>(null);
  const codes = [...new Set(draft.items.map((item) => `tuss=${item.tuss}`))].sort().join("&");
  const needs = useGetNeedsQuery(codes, { skip: codes === "" });
  const known: readonly ItemNeeds[] = codes === "" ? [] : (needs.data?.items ?? []);

  const submit = async () => {
    const found = faultsOf(draft, t);
    setFaults(found);
    if (found.length > 0 || draft.member === null) {
      requestAnimationFrame(() => summary.current?.focus());
      return;
    }
    const questions = new Set(questionsOf(known).map((one) => one.fact));
    const answer = await ask({
      member_id: draft.member.member_id,
      channel: "portal",
      character: draft.character,
      items: draft.items,
      materials: readMaterials(draft.materials),
      cids: readCids(draft.cids) ?? [],
      indication: draft.indication.trim() === "" ? null : draft.indication.trim(),
      facts: readFacts(draft.facts).filter((fact) => questions.has(fact.name)),
      requester: draft.requester,
      documents: draft.papers.map(({ kind, document_id }) => ({ kind, document_id })),
    });
    if (!answer.data) return;
    announce(t("ask.sent", { protocol: answer.data.protocol }));
    discard();
    await navigate(`/prestador/pedidos/${answer.data.request_id}`, { replace: true });
  };
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box
        component="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        sx={{ maxWidth: 760, mx: "auto", px: { xs: 4, sm: 6 }, py: 5, display: "grid", gap: 6 }}
      >
        <Box>
          <PageTitle tab={t("ask.title")}>{t("ask.title")}</PageTitle>
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("ask.lead")}
          </Typography>
        </Box>
        <Step title={t("ask.person")}>
          <PersonStep member={draft.member} onConfirmed={(member) => change({ member, papers: [] })} />
        </Step>
        <Step title={t("ask.items")}>
          <ItemsStep items={draft.items} needs={known} onChange={(items) => change({ items })} />
          <RadioGroup
            row
            aria-label={t("ask.character")}
            value={draft.character}
            onChange={(event) => change({ character: event.target.value as Draft["character"] })}
          >
            <FormControlLabel value="elective" control={<Radio />} label={t("ask.elective")} />
            <FormControlLabel value="urgent" control={<Radio />} label={t("ask.urgent")} />
          </RadioGroup>
          {draft.character === "urgent" && (
            <Alert severity="info" variant="outlined">
              {t("ask.urgent_help")}
            </Alert>
          )}
        </Step>
        <Step title={t("ask.materials")}>
          <MaterialsStep materials={draft.materials} onChange={(materials) => change({ materials })} />
        </Step>
        <Step title={t("ask.requester")}>
          <RequesterFields requester={draft.requester} onChange={(requester) => change({ requester })} />
        </Step>
        <Step title={t("ask.indication")}>
          <TextField
            label={t("ask.cids")}
            value={draft.cids}
            onChange={(event) => change({ cids: event.target.value })}
            error={readCids(draft.cids) === null}
            helperText={readCids(draft.cids) === null ? t("ask.cid_wrong") : t("ask.cids_help")}
          />
          <FactFields
            questions={questionsOf(known)}
            facts={draft.facts}
            onChange={(facts) => change({ facts })}
          />
          <TextField
            label={t("ask.why")}
            multiline
            minRows={3}
            value={draft.indication}
            onChange={(event) => change({ indication: event.target.value.slice(0, 2000) })}
            helperText={t("ask.why_help")}
          />
        </Step>
        <Step title={t("ask.papers")}>
          {draft.member === null ? (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("ask.confirm_first")}
            </Typography>
          ) : (
            <PapersField
              memberId={draft.member.member_id}
              papers={draft.papers}
              onChange={(changed) => change((before) => ({ papers: changed(before.papers) }))}
            />
          )}
        </Step>
        {faults.length > 0 && (
          <Alert severity="error" variant="outlined" ref={summary} tabIndex={-1}>
            {t("ask.check")}
            <Box component="ul" sx={{ m: 0, pl: 4 }}>
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </Box>
          </Alert>
        )}
        {error && <ProblemAlert error={error} />}
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
          <Button type="submit" variant="contained" size="large" disabled={isLoading}>
            {isLoading ? t("ask.submitting") : t("ask.submit")}
          </Button>
          {draft !== EMPTY && <Button onClick={discard}>{t("ask.discard")}</Button>}
          <Typography variant="caption" sx={{ color: "text.secondary", flex: "1 1 240px" }}>
            {t("ask.draft")}
          </Typography>
        </Box>
      </Box>
    </Box>
  );
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} sx={{ display: "grid", gap: 3 }}>
      <Typography id={id} variant="h2">
        {title}
      </Typography>
      {children}
    </Box>
  );
}

type RequesterProps = {
  requester: Draft["requester"];
  onChange: (requester: Draft["requester"]) => void;
};

function RequesterFields({ requester, onChange }: RequesterProps) {
  const { t } = useTranslation();
  return (
    <Box
      sx={{
        display: "grid",
        gap: 3,
        gridTemplateColumns: { xs: "1fr 1fr", sm: "minmax(0, 1fr) 120px 80px 170px" },
      }}
    >
      <TextField
        label={t("ask.requester_name")}
        value={requester.name}
        onChange={(event) => onChange({ ...requester, name: event.target.value })}
        sx={{ gridColumn: { xs: "1 / -1", sm: "auto" } }}
      />
      <TextField
        select
        label={t("ask.council")}
        value={requester.council}
        onChange={(event) => onChange({ ...requester, council: event.target.value })}
      >
        {COUNCILS.map((one) => (
          <MenuItem key={one} value={one}>
            {one}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={t("ask.uf")}
        value={requester.uf}
        onChange={(event) =>
          onChange({
            ...requester,
            uf: event.target.value
              .toUpperCase()
              .replace(/[^A-Z]/g, "")
              .slice(0, 2),
          })
        }
      />
      <TextField
        label={t("ask.number")}
        value={requester.number}
        onChange={(event) =>
          onChange({ ...requester, number: event.target.value.replace(/\D/g, "").slice(0, 15) })
        }
        slotProps={{ htmlInput: { inputMode: "numeric" } }}
        sx={{ gridColumn: { xs: "1 / -1", sm: "auto" } }}
      />
    </Box>
  );
}

function faultsOf(draft: Draft, t: TFunction): string[] {
  const { name, uf, number } = draft.requester;
  return [
    ...(draft.member === null ? [t("ask.confirm_first")] : []),
    ...(draft.items.length === 0 ? [t("ask.no_items")] : []),
    ...(draft.items.some((item) => item.quantity === 0) ? [t("ask.no_quantity")] : []),
    ...(draft.materials.some((one) => one.description.trim() === "" || one.quantity === 0)
      ? [t("ask.material_missing")]
      : []),
    ...(draft.materials.some((one) => !isAnvisa(one.anvisa)) ? [t("ask.anvisa_wrong")] : []),
    ...(draft.materials.some((one) => one.unitPrice.trim() !== "" && readMoney(one.unitPrice) === undefined)
      ? [t("ask.price_wrong")]
      : []),
    ...(name.trim() === "" || uf.length !== 2 || number === "" ? [t("ask.requester_missing")] : []),
    ...(readCids(draft.cids) === null ? [t("ask.cid_wrong")] : []),
  ];
}
