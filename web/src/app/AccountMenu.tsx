import Box from "@mui/material/Box";
import Divider from "@mui/material/Divider";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useSignOutMutation } from "@/client/identity";
import type { Session } from "@/client/types/identity";
import { councilText, roleText } from "@/ui/roleText";

import { chooseLanguage } from "./i18n";

type Props = { session: Session; anchor: HTMLElement | null; onClose: () => void };

export function AccountMenu({ session, anchor, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const leave = useLeave();
  const { principal } = session;
  return (
    <Menu anchorEl={anchor} open={anchor !== null} onClose={onClose}>
      <Box sx={{ px: 4, py: 2 }} component="li" role="presentation">
        <Typography sx={{ fontWeight: 600 }}>{principal.name}</Typography>
        <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
          {principal.roles.map(roleText).join(", ")}
          {principal.council && ` · ${councilText(principal.council)}`}
        </Typography>
      </Box>
      <Divider component="li" role="presentation" />
      <MenuItem
        onClick={() => {
          void chooseLanguage(i18n.language === "en" ? "pt-BR" : "en");
          onClose();
        }}
      >
        {t("app.language")}
      </MenuItem>
      <MenuItem onClick={() => void leave()}>{t("app.sign_out")}</MenuItem>
    </Menu>
  );
}

/** Ends the session and leaves nothing of it in the browser's memory. */
export function useLeave(): () => Promise<void> {
  const [signOut] = useSignOutMutation();
  return async () => {
    await signOut();
    location.assign("/entrar");
  };
}
