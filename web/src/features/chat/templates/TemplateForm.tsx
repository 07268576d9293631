import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { newKey } from "@/client/baseQuery";
import { useLintTemplateQuery, useSaveTemplateMutation } from "@/client/templates";
import type { MessageTemplate, TemplateDraft, TemplateValue, ValueKind } from "@/client/types/templates";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { Faults } from "./Faults";
import { KINDS, withExamples } from "./templateText";

const LINT_AFTER_MS = 400;
const LONGEST_BODY = 1024;
const LONGEST_LINE = 60;
const LONGEST_EXAMPLE = 100;
const CATEGORIES = ["utility", "marketing"] as const;

/** A wording as it is written: checked while one types, with what a member would read beside it. */
export function TemplateForm({ one, onClose }: { one: MessageTemplate | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [id] = useState(() => one?.id ?? newKey());
  const [draft, setDraft] = useState<TemplateDraft>(() => ({
    purpose: one?.purpose ?? "",
    category: one?.category ?? "utility",
    content: one?.content ?? { header: null, body: "", footer: null, buttons: [], values: [] },
    language: "pt_BR",
  }));
  const [save, { error, isLoading }] = useSaveTemplateMutation();
  const { content } = draft;
  const isNamed = /^[a-z][a-z0-9_]{2,59}$/.test(draft.purpose);
  const isWhole =
    isNamed && content.body.trim() !== "" && content.values.every(({ example }) => example.trim() !== "");
  const set = (changed: Partial<TemplateDraft["content"]>) =>
    setDraft((before) => ({ ...before, content: { ...before.content, ...changed } }));
  const insert = (kind: ValueKind) =>
    set({
      body: `${content.body}{{${content.values.length + 1}}}`,
      values: [...content.values, { kind, example: t(`templates.example.${kind}`) }],
    });
  const submit = async () => {
    const answer = await save({ id, draft });
    if (answer.error) return;
    announce(t("templates.saved"));
    onClose();
  };
  return (
    <>
      <DialogTitle id="modelo-titulo">{one === null ? t("templates.new") : t("templates.edit")}</DialogTitle>
      <DialogContent
        sx={{
          display: "grid",
          gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "3fr 2fr" },
          gap: 5,
          "&&": { pt: 2 },
        }}
      >
        <Box sx={{ display: "grid", gap: 3, alignContent: "start", minWidth: 0 }}>
          {error !== undefined && <ProblemAlert error={error} />}
          <TextField
            label={t("templates.purpose_name")}
            value={draft.purpose}
            error={draft.purpose !== "" && !isNamed}
            helperText={t("templates.purpose_help")}
            onChange={(event) => setDraft({ ...draft, purpose: event.target.value })}
          />
          <TextField
            select
            label={t("templates.category_name")}
            value={draft.category}
            onChange={(event) =>
              setDraft({ ...draft, category: event.target.value as TemplateDraft["category"] })
            }
          >
            {CATEGORIES.map((category) => (
              <MenuItem key={category} value={category}>
                {t(`templates.category.${category}`)}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            label={t("templates.body")}
            multiline
            minRows={4}
            value={content.body}
            helperText={t("templates.body_help")}
            onChange={(event) => set({ body: event.target.value })}
            slotProps={{ htmlInput: { maxLength: LONGEST_BODY } }}
          />
          <Box
            role="group"
            aria-label={t("templates.insert")}
            sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}
          >
            {KINDS.map((kind) => (
              <Button key={kind} variant="outlined" onClick={() => insert(kind)}>
                {t("templates.insert_one", { what: t(`templates.kind.${kind}`) })}
              </Button>
            ))}
          </Box>
          <Values values={content.values} set={(values) => set({ values })} />
          <TextField
            label={t("templates.footer")}
            value={content.footer ?? ""}
            onChange={(event) => set({ footer: event.target.value === "" ? null : event.target.value })}
            slotProps={{ htmlInput: { maxLength: LONGEST_LINE } }}
          />
        </Box>
        <Box sx={{ display: "grid", gap: 3, alignContent: "start", minWidth: 0 }}>
          <Typography variant="h3">{t("templates.preview")}</Typography>
          <Typography
            variant="body1"
            sx={{
              whiteSpace: "pre-line",
              overflowWrap: "anywhere",
              bgcolor: "surface.sunken",
              borderRadius: 1,
              p: 3,
              minHeight: 80,
            }}
          >
            {[withExamples(content), content.footer].filter(Boolean).join("\n\n")}
          </Typography>
          <Box role="status">{isWhole && <Lint draft={draft} />}</Box>
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={!isWhole || isLoading} onClick={() => void submit()}>
          {t("templates.save")}
        </Button>
      </DialogActions>
    </>
  );
}

/** What the server finds, once typing rests. */
function Lint({ draft }: { draft: TemplateDraft }) {
  const { t } = useTranslation();
  const [rested, setRested] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setRested(draft), LINT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  const asked = useLintTemplateQuery(rested);
  if (asked.error) return <ProblemAlert error={asked.error} />;
  if (asked.data === undefined) return null;
  if (asked.data.length > 0) return <Faults faults={asked.data} />;
  return (
    <Alert severity="success" variant="outlined">
      {t("templates.no_faults")}
    </Alert>
  );
}

function Values({ values, set }: { values: readonly TemplateValue[]; set: (next: TemplateValue[]) => void }) {
  const { t } = useTranslation();
  const change = (place: number, changed: Partial<TemplateValue>) =>
    set(values.map((value, at) => (at === place ? { ...value, ...changed } : value)));
  return (
    <>
      {values.map((value, place) => {
        const name = `{{${place + 1}}}`;
        return (
          <Box key={place} sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center" }}>
            <TextField
              select
              label={t("templates.value_is", { name })}
              value={value.kind}
              sx={{ flex: "1 1 140px" }}
              onChange={(event) => change(place, { kind: event.target.value as ValueKind })}
            >
              {KINDS.map((kind) => (
                <MenuItem key={kind} value={kind}>
                  {t(`templates.kind.${kind}`)}
                </MenuItem>
              ))}
            </TextField>
            <TextField
              label={t("templates.example_of", { name })}
              value={value.example}
              sx={{ flex: "2 1 180px" }}
              onChange={(event) => change(place, { example: event.target.value })}
              slotProps={{ htmlInput: { maxLength: LONGEST_EXAMPLE } }}
            />
            {place === values.length - 1 && (
              <Button onClick={() => set(values.slice(0, -1))}>
                {t("templates.remove_value", { name })}
              </Button>
            )}
          </Box>
        );
      })}
    </>
  );
}
