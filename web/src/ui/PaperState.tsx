import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetDocumentStateQuery, useUnlockDocumentMutation } from "@/client/documents";
import { announce } from "@/lib/announce";

import { ProblemAlert } from "./Problems";

const WHILE_READING_MS = 3000;

/** What became of a paper that was sent: read, refused with what to send instead, or a PDF that asks for its password. */
export function PaperState({ documentId, name }: { documentId: string; name: string }) {
  const { t } = useTranslation();
  const [settled, setSettled] = useState(false);
  const { data: state } = useGetDocumentStateQuery(documentId, {
    pollingInterval: settled ? 0 : WHILE_READING_MS,
  });
  const ended = state?.status === "read" || state?.status === "refused";
  const sentence = state?.sentence;
  // While it is settled nobody asks again; a password makes it wait once more.
  if (ended !== settled) setSettled(ended);
  useEffect(() => {
    if (sentence) announce(`${name}: ${sentence}`);
  }, [sentence, name]);
  if (!state) return null;
  if (state.status === "refused") {
    const asks = state.refusal === "documents.pdf_encrypted";
    return (
      <Box sx={{ display: "grid", gap: 2 }}>
        <Typography variant="body2" color="error">
          {asks ? t("ask.password_needed") : state.sentence}
        </Typography>
        {asks && <PasswordForm documentId={documentId} name={name} />}
      </Box>
    );
  }
  return (
    <Typography variant="caption" sx={{ color: "text.secondary" }}>
      {t(state.status === "read" ? "ask.paper_read" : "ask.paper_reading")}
    </Typography>
  );
}

function PasswordForm({ documentId, name }: { documentId: string; name: string }) {
  const { t } = useTranslation();
  const [unlock, { error, isLoading }] = useUnlockDocumentMutation();
  const [password, setPassword] = useState("");
  const send = () => void unlock({ id: documentId, password });
  return (
    // No form of its own: it stands inside the form of the request.
    <Box sx={{ display: "grid", gap: 2 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center" }}>
        <TextField
          size="small"
          type="password"
          label={t("ask.password")}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (password !== "" && !isLoading) send();
          }}
          slotProps={{
            htmlInput: { maxLength: 127, autoComplete: "off", "aria-label": t("ask.password_of", { name }) },
          }}
        />
        <Button variant="outlined" disabled={password === "" || isLoading} onClick={send}>
          {t("ask.open")}
        </Button>
      </Box>
      {error && <ProblemAlert error={error} />}
    </Box>
  );
}
