import AttachFileOutlined from "@mui/icons-material/AttachFileOutlined";
import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { DocumentKind } from "@/client/types/priorAuth";
import { useUploads } from "@/client/uploads";
import { announce } from "@/lib/announce";
import { PaperState } from "@/ui/PaperState";
import { SendingList } from "@/ui/SendingList";

import type { DraftPaper } from "./draft";

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
  const { sendings, add, retry, stop } = useUploads((file, document_id) => {
    onChange((before) => [
      ...before,
      { document_id, name: file.name, kind: before.length === 0 ? "order" : "report" },
    ]);
    announce(t("ask.paper_sent", { name: file.name }));
  });

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
      <SendingList sendings={sendings} retry={(one) => retry(one, memberId)} stop={stop} />
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Button variant="outlined" startIcon={<AttachFileOutlined />} onClick={() => input.current?.click()}>
          {t("ask.attach")}
        </Button>
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("ask.papers_help")}
        </Typography>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={ACCEPTED}
          aria-label={t("ask.attach")}
          onChange={(event) => {
            add([...(event.target.files ?? [])], memberId);
            event.target.value = "";
          }}
        />
      </Box>
    </Box>
  );
}
