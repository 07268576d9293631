import AttachFileOutlined from "@mui/icons-material/AttachFile";
import SendOutlined from "@mui/icons-material/Send";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const LONGEST = 4096;
const LARGEST_MB = 25;
const TAKEN = "image/jpeg,image/png,image/heic,application/pdf";

type Props = {
  draft: string;
  setDraft: (text: string) => void;
  send: (text: string) => void;
  sendFile: (file: File) => void;
};

/** Where one writes, or chooses a photo or PDF. What was typed stays until it is sent. */
export function TalkComposer({ draft, setDraft, send, sendFile }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<"kind" | "size" | null>(null);
  const submit = () => {
    const words = draft.trim();
    if (words === "" || words.length > LONGEST) return;
    send(words);
    setDraft("");
    field.current?.focus();
  };
  const choose = (file: File | undefined) => {
    if (file === undefined) return;
    const wrong = !TAKEN.split(",").includes(file.type)
      ? "kind"
      : file.size > LARGEST_MB * 1_048_576
        ? "size"
        : null;
    setRefused(wrong);
    if (wrong === null) sendFile(file);
  };
  return (
    <Box sx={{ flex: "none", borderTop: "1px solid", borderColor: "divider", bgcolor: "background.paper" }}>
      {refused !== null && (
        <Alert
          severity="warning"
          onClose={() => setRefused(null)}
          sx={{ borderRadius: 0, fontSize: "1.0625rem" }}
        >
          {t(`my.talk.file_refused.${refused}`)}
        </Alert>
      )}
      {draft.length > LONGEST && (
        <Alert severity="warning" sx={{ borderRadius: 0, fontSize: "1.0625rem" }}>
          {t("my.talk.too_long")}
        </Alert>
      )}
      <Box
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        sx={{ display: "flex", alignItems: "flex-end", gap: 2, p: 3, mx: "auto", maxWidth: 760 }}
      >
        <input
          ref={chooser}
          type="file"
          hidden
          accept={TAKEN}
          data-testid="arquivo"
          onChange={(event) => {
            choose(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <IconButton
          aria-label={t("my.talk.attach")}
          title={t("my.talk.attach")}
          onClick={() => chooser.current?.click()}
          sx={{ width: 52, height: 52 }}
        >
          <AttachFileOutlined sx={{ fontSize: 28 }} />
        </IconButton>
        <InputBase
          multiline
          maxRows={6}
          value={draft}
          inputRef={field}
          placeholder={t("my.talk.write")}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            // On a phone Enter makes a new line, as everywhere there.
            if (event.key === "Enter" && !event.shiftKey && matchMedia("(pointer: fine)").matches) {
              event.preventDefault();
              submit();
            }
          }}
          inputProps={{ "aria-label": t("my.talk.write") }}
          sx={{
            flex: 1,
            minWidth: 0,
            minHeight: 52,
            px: 4,
            py: 2,
            borderRadius: "16px",
            border: "1px solid",
            borderColor: "text.disabled",
            fontSize: "1.125rem",
            lineHeight: 1.4,
            "&.Mui-focused": { outline: "2px solid", outlineColor: "primary.main" },
          }}
        />
        <Button
          type="submit"
          variant="contained"
          aria-label={t("my.talk.send")}
          disabled={draft.trim() === "" || draft.length > LONGEST}
          sx={{ minWidth: 56, minHeight: 52, px: 3 }}
        >
          <SendOutlined />
        </Button>
      </Box>
    </Box>
  );
}
