import AttachFileOutlined from "@mui/icons-material/AttachFileOutlined";
import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSendPaperMutation } from "@/client/desk";
import type { DocumentKind } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import type { DraftPaper } from "./draft";
import { PaperState } from "./PaperState";

const KINDS: readonly DocumentKind[] = ["order", "report", "finding", "image", "exam", "quote", "consent"];
const ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,image/tiff,application/pdf";

type Props = {
  memberId: string;
  papers: readonly DraftPaper[];
  onChange: (change: (papers: readonly DraftPaper[]) => DraftPaper[]) => void;
};

/** Files that go to the operator at once, so that sending the request waits for none of them. */
export function PapersField({ memberId, papers, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [send, { error }] = useSendPaperMutation();
  const [sending, setSending] = useState<string | null>(null);

  const attach = async (files: readonly File[]) => {
    for (const file of files) {
      setSending(file.name);
      const answer = await send({ file, member_id: memberId });
      if (!answer.data) break;
      const document_id = answer.data.id;
      onChange((before) => [
        ...before,
        { document_id, name: file.name, kind: before.length === 0 ? "order" : "report" },
      ]);
      announce(t("ask.paper_sent", { name: file.name }));
    }
    setSending(null);
  };
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      {papers.map((paper) => (
        <Box
          key={paper.document_id}
          sx={{
            display: "grid",
            gridTemplateColumns: "minmax(0, 1fr) 190px auto",
            gap: 2,
            alignItems: "center",
          }}
        >
          <Typography variant="body2" noWrap title={paper.name}>
            {paper.name}
          </Typography>
          <TextField
            size="small"
            select
            label={t("ask.paper_kind")}
            value={paper.kind}
            onChange={(event) =>
              onChange((before) =>
                before.map((one) =>
                  one.document_id === paper.document_id
                    ? { ...one, kind: event.target.value as DocumentKind }
                    : one,
                ),
              )
            }
          >
            {KINDS.map((kind) => (
              <MenuItem key={kind} value={kind}>
                {t(`desk.kind.${kind}`)}
              </MenuItem>
            ))}
          </TextField>
          <IconButton
            aria-label={t("ask.remove_paper", { name: paper.name })}
            onClick={() =>
              onChange((before) => before.filter((one) => one.document_id !== paper.document_id))
            }
          >
            <DeleteOutlined fontSize="small" />
          </IconButton>
          <Box sx={{ gridColumn: "1 / -1" }}>
            <PaperState documentId={paper.document_id} name={paper.name} />
          </Box>
        </Box>
      ))}
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Button
          variant="outlined"
          startIcon={<AttachFileOutlined />}
          disabled={sending !== null}
          onClick={() => input.current?.click()}
        >
          {t("ask.attach")}
        </Button>
        <Typography variant="caption" role="status" sx={{ color: "text.secondary" }}>
          {sending === null ? t("ask.papers_help") : t("ask.attaching", { name: sending })}
        </Typography>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={ACCEPTED}
          aria-label={t("ask.attach")}
          onChange={(event) => {
            void attach([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </Box>
      {error && <ProblemAlert error={error} />}
    </Box>
  );
}
