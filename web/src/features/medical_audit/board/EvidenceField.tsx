import AttachFileOutlined from "@mui/icons-material/AttachFileOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFileEvidenceMutation } from "@/client/boards";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { useUploads } from "@/client/uploads";
import { codeText } from "@/ui/codeText";
import { PaperState } from "@/ui/PaperState";
import { ProblemAlert } from "@/ui/Problems";
import { SendingList } from "@/ui/SendingList";

const ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,image/tiff,application/pdf";

type Props = {
  one: CaseDetail;
  label: string;
  value: string | null;
  error?: boolean;
  onChange: (documentId: string | null) => void;
};

/** The paper that proves something: one of the request's, or a new one, which is filed with the request. */
export function EvidenceField({ one, label, value, error = false, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [file, filing] = useFileEvidenceMutation();
  const [added, setAdded] = useState<readonly { id: string; name: string }[]>([]);
  const papers = one.request.documents.flatMap(({ document_id, kind }) =>
    document_id === null || added.some(({ id }) => id === document_id)
      ? []
      : [{ id: document_id, name: codeText("document", kind) }],
  );

  const { sendings, add, retry, stop } = useUploads(async (sent, documentId) => {
    const filed = await file({ caseId: one.case.id, requestId: one.request.request_id, documentId });
    if (filed.error) return;
    setAdded((before) => [...before, { id: documentId, name: sent.name }]);
    onChange(documentId);
  });
  const memberId = one.case.member.id;
  const chosen = added.find(({ id }) => id === value);
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <Box sx={{ display: "flex", gap: 2, alignItems: "flex-start", flexWrap: "wrap" }}>
        <TextField
          select
          label={label}
          value={value ?? ""}
          error={error}
          helperText={error ? t("board.form.missing") : undefined}
          onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
          sx={{ flex: 1, minWidth: 200 }}
        >
          <MenuItem value="">{t("board.form.document_none")}</MenuItem>
          {[...added, ...papers].map(({ id, name }) => (
            <MenuItem key={id} value={id}>
              {name}
            </MenuItem>
          ))}
        </TextField>
        <Button
          startIcon={<AttachFileOutlined />}
          disabled={sendings.length > 0 || filing.isLoading}
          onClick={() => input.current?.click()}
          sx={{ mt: 1 }}
        >
          {t("board.form.document_add")}
        </Button>
        <input
          ref={input}
          type="file"
          accept={ACCEPTED}
          hidden
          aria-label={t("board.form.document_add")}
          onChange={(event) => {
            add([...(event.target.files ?? [])], memberId);
            event.target.value = "";
          }}
        />
      </Box>
      <SendingList sendings={sendings} retry={(sending) => retry(sending, memberId)} stop={stop} />
      {chosen && <PaperState documentId={chosen.id} name={chosen.name} />}
      {filing.error && <ProblemAlert error={filing.error} />}
    </Box>
  );
}
