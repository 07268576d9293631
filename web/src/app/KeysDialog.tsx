import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";

import { useKeys } from "@/lib/keys";
import { Key } from "@/ui/Key";

import type { Catalogue } from "./i18n/pt-BR";

type KeyLine = readonly [
  keys: readonly string[],
  text: Exclude<keyof Catalogue["keys"], "title" | "everywhere">,
];

const EVERYWHERE: readonly KeyLine[] = [
  [["Ctrl", "K"], "palette"],
  [["?"], "help"],
];

const QUEUE: readonly KeyLine[] = [
  [["J"], "move_down"],
  [["K"], "move_up"],
  [["Enter"], "open"],
  [["Espaço"], "peek"],
  [["A"], "assign"],
  [["X"], "select"],
  [["/"], "search"],
];

const CASE: readonly KeyLine[] = [
  [["Q"], "back_to_queue"],
  [["A"], "favourable"],
  [["P"], "needs_information"],
  [["C"], "contact"],
  [["+"], "zoom_in"],
  [["-"], "zoom_out"],
  [["R"], "rotate"],
  [["N"], "next_page"],
];

const CONVERSATIONS: readonly KeyLine[] = [
  [["J"], "next_conversation"],
  [["K"], "previous_conversation"],
  [["/"], "find_conversation"],
  [["T"], "take_conversation"],
  [["R"], "reply"],
  [["N"], "write_note"],
  [["Enter"], "send"],
];

const PHONE: readonly KeyLine[] = [[["Enter"], "send"]];

function keysOf(pathname: string): readonly KeyLine[] {
  if (pathname.startsWith("/cockpit/fila")) return QUEUE;
  if (pathname.startsWith("/cockpit/casos/")) return CASE;
  if (pathname.startsWith("/atendimento/conversas")) return CONVERSATIONS;
  if (pathname.startsWith("/demo/telefone")) return PHONE;
  return [];
}

/** `?` shows the keys of the page one is on. */
export function KeysDialog() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  useKeys({ "?": () => setOpen(true) });
  const here = keysOf(pathname);
  return (
    <Dialog
      open={open}
      onClose={() => setOpen(false)}
      maxWidth="xs"
      fullWidth
      aria-labelledby="teclas-titulo"
    >
      <DialogTitle id="teclas-titulo">{t("keys.title")}</DialogTitle>
      <DialogContent>
        <KeyList lines={here} />
        <Typography variant="h3" sx={{ mt: here.length > 0 ? 4 : 0, mb: 1, color: "text.secondary" }}>
          {t("keys.everywhere")}
        </Typography>
        <KeyList lines={EVERYWHERE} />
      </DialogContent>
      <DialogActions>
        <Button onClick={() => setOpen(false)}>{t("common.close")}</Button>
      </DialogActions>
    </Dialog>
  );
}

function KeyList({ lines }: { lines: readonly KeyLine[] }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0 }}>
      {lines.map(([keys, text]) => (
        <Box component="li" key={text} sx={{ display: "flex", alignItems: "center", py: 1.5, gap: 1 }}>
          <Typography variant="body2" sx={{ flex: 1 }}>
            {t(`keys.${text}`)}
          </Typography>
          {keys.map((key) => (
            <Key key={key}>{key}</Key>
          ))}
        </Box>
      ))}
    </Box>
  );
}
