import AttachFileOutlined from "@mui/icons-material/AttachFile";
import SendOutlined from "@mui/icons-material/Send";
import Box from "@mui/material/Box";
import Chip from "@mui/material/Chip";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import ListItemText from "@mui/material/ListItemText";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSendFileMutation, useSendTextMutation } from "@/client/demo";
import { problemOf } from "@/client/problem";
import type { DemoMember } from "@/client/types/demo";
import { announce } from "@/lib/announce";
import { problemText } from "@/ui/Problems";

import { WHATSAPP } from "./whatsapp";

/** Writes, attaches a paper, or takes one of the messages worth trying. */
export function Composer({ member }: { member: DemoMember }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [sendText] = useSendTextMutation();
  const send = async () => {
    const written = text.trim();
    if (written === "") return;
    setText("");
    const answer = await sendText({ phone: member.phone, text: written });
    if (answer.error) {
      setText(written);
      announce(problemText(t, problemOf(answer.error)));
    }
  };
  return (
    <Box sx={{ bgcolor: WHATSAPP.bar, color: WHATSAPP.ink }}>
      <Box sx={{ display: "flex", gap: 2, px: 3, pt: 2, flexWrap: "wrap", maxHeight: 92, overflowY: "auto" }}>
        {member.says.map((suggestion) => (
          <Chip
            key={suggestion}
            size="small"
            label={suggestion}
            onClick={() => setText(suggestion)}
            sx={{ bgcolor: "#fff", color: WHATSAPP.ink, maxWidth: 1, "&:hover": { bgcolor: "#E7F5F1" } }}
          />
        ))}
      </Box>
      <Box
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        sx={{ display: "flex", alignItems: "flex-end", gap: 1, p: 2 }}
      >
        <Attach member={member} />
        <InputBase
          multiline
          maxRows={4}
          value={text}
          placeholder={t("phone.write")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey) {
              event.preventDefault();
              void send();
            }
          }}
          inputProps={{ "aria-label": t("phone.write") }}
          sx={{
            flex: 1,
            px: 3,
            py: 1.5,
            borderRadius: "20px",
            bgcolor: "#fff",
            color: WHATSAPP.ink,
            fontSize: "0.9375rem",
          }}
        />
        <IconButton
          type="submit"
          size="medium"
          aria-label={t("phone.send")}
          disabled={text.trim() === ""}
          sx={{ color: WHATSAPP.header, "&.Mui-disabled": { color: WHATSAPP.faint, opacity: 0.5 } }}
        >
          <SendOutlined />
        </IconButton>
      </Box>
    </Box>
  );
}

function Attach({ member }: { member: DemoMember }) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [sendFile, { isLoading }] = useSendFileMutation();
  const input = useRef<HTMLInputElement>(null);
  const send = async (file: File | null) => {
    if (!file) {
      announce(t("phone.photo_missing"));
      return;
    }
    const answer = await sendFile({ phone: member.phone, file });
    if (answer.error) announce(problemText(t, problemOf(answer.error)));
  };
  const sendSample = async (photo: DemoMember["photos"][number]) => {
    setAnchor(null);
    await send(await fetchSample(photo));
  };
  return (
    <>
      <IconButton
        size="medium"
        aria-label={t("phone.attach")}
        aria-haspopup="menu"
        disabled={isLoading}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: WHATSAPP.faint }}
      >
        <AttachFileOutlined />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {member.photos.map((photo) => (
          <MenuItem key={photo.name} onClick={() => void sendSample(photo)} sx={{ gap: 3 }}>
            {photo.mime_type.startsWith("image/") && (
              <Box
                component="img"
                src={photo.url}
                alt=""
                loading="lazy"
                sx={{ width: 40, height: 52, objectFit: "cover", objectPosition: "top", borderRadius: "4px" }}
              />
            )}
            <ListItemText primary={photo.title} secondary={t("phone.sample")} />
          </MenuItem>
        ))}
        <MenuItem
          onClick={() => {
            setAnchor(null);
            input.current?.click();
          }}
        >
          {t("phone.own_file")}
        </MenuItem>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/jpeg,image/png,application/pdf"
        aria-label={t("phone.own_file")}
        onChange={(event) => {
          void send(event.target.files?.[0] ?? null);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** The bytes of a prepared paper, sent as a member's own photo would be. */
async function fetchSample(photo: DemoMember["photos"][number]): Promise<File | null> {
  try {
    const response = await fetch(photo.url);
    if (!response.ok) return null;
    return new File([await response.blob()], photo.name, { type: photo.mime_type });
  } catch {
    return null;
  }
}
