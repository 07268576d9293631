import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import EditOutlined from "@mui/icons-material/EditOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  useEndCannedAnswerMutation,
  useListCannedAnswersQuery,
  useSaveCannedAnswerMutation,
} from "@/client/chat";
import type { CannedAnswer } from "@/client/types/chat";
import { newKey } from "@/client/baseQuery";
import { announce } from "@/lib/announce";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank, ProblemAlert } from "@/ui/Problems";
import { ReadabilityMeter } from "@/ui/ReadabilityMeter";

const LONGEST_TITLE = 80;
const LONGEST_TEXT = 1000;

/** The operator's own answers for what people ask often. */
export function AnswersPage() {
  const { t } = useTranslation();
  const asked = useListCannedAnswersQuery();
  const [edited, setEdited] = useState<CannedAnswer | null>(null);
  const write = (
    <Button variant="contained" onClick={() => setEdited({ id: newKey(), title: "", text: "" })}>
      {t("answers.new")}
    </Button>
  );
  return (
    <Page title={t("answers.title")} lead={t("answers.lead")} action={write}>
      <Loaded asked={asked}>
        {(answers) =>
          answers.length === 0 ? (
            <Blank title={t("answers.empty_title")}>{t("answers.empty_text")}</Blank>
          ) : (
            <Rows label={t("answers.title")}>
              {answers.map((one) => (
                <Line key={one.id} one={one} edit={() => setEdited(one)} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={edited !== null}
        onClose={() => setEdited(null)}
        maxWidth="sm"
        fullWidth
        aria-labelledby="resposta-titulo"
      >
        {edited && <Form one={edited} onClose={() => setEdited(null)} />}
      </Dialog>
    </Page>
  );
}

function Line({ one, edit }: { one: CannedAnswer; edit: () => void }) {
  const { t } = useTranslation();
  const [end, { isLoading, error }] = useEndCannedAnswerMutation();
  const remove = async () => {
    const answer = await end(one.id);
    if (!answer.error) announce(t("answers.ended"));
  };
  return (
    <Box component="li" sx={{ display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography sx={{ fontWeight: 600, flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
          {one.title}
        </Typography>
        <IconButton aria-label={t("answers.edit", { title: one.title })} onClick={edit}>
          <EditOutlined fontSize="small" />
        </IconButton>
        <IconButton
          aria-label={t("answers.end", { title: one.title })}
          disabled={isLoading}
          onClick={() => void remove()}
        >
          <DeleteOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Typography
        variant="body2"
        sx={{ color: "text.secondary", whiteSpace: "pre-line", overflowWrap: "anywhere" }}
      >
        {one.text}
      </Typography>
      {error !== undefined && <ProblemAlert error={error} />}
    </Box>
  );
}

function Form({ one, onClose }: { one: CannedAnswer; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(one.title);
  const [text, setText] = useState(one.text);
  const [save, { error, isLoading }] = useSaveCannedAnswerMutation();
  const submit = async () => {
    const answer = await save({ id: one.id, title: title.trim(), text: text.trim() });
    if (answer.error) return;
    announce(t("answers.saved"));
    onClose();
  };
  return (
    <>
      <DialogTitle id="resposta-titulo">
        {one.title === "" ? t("answers.new") : t("answers.edit", { title: one.title })}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 3, "&&": { pt: 2 } }}>
        {error !== undefined && <ProblemAlert error={error} />}
        <TextField
          label={t("answers.name")}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          slotProps={{ htmlInput: { maxLength: LONGEST_TITLE } }}
        />
        <TextField
          label={t("answers.text")}
          multiline
          minRows={4}
          value={text}
          helperText={t("answers.help")}
          onChange={(event) => setText(event.target.value)}
          slotProps={{ htmlInput: { maxLength: LONGEST_TEXT } }}
        />
        <ReadabilityMeter text={text.replace(/[{}]/g, "")} />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="contained"
          disabled={title.trim() === "" || text.trim() === "" || isLoading}
          onClick={() => void submit()}
        >
          {t("answers.save")}
        </Button>
      </DialogActions>
    </>
  );
}
