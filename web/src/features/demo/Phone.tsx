import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { DemoMember, PhoneMessage } from "@/client/types/demo";
import { Mark } from "@/ui/Wordmark";

import { Bubble } from "./Bubble";
import { Composer } from "./Composer";
import { WHATSAPP } from "./whatsapp";

/** The phone itself: header, conversation, and where one writes. */
export function Phone({ member, messages }: { member: DemoMember; messages: readonly PhoneMessage[] }) {
  const { t } = useTranslation();
  return (
    <Box
      sx={{
        flex: 1,
        minHeight: 0,
        display: "flex",
        flexDirection: "column",
        overflow: "hidden",
        borderRadius: "20px",
        border: "1px solid",
        borderColor: "divider",
        boxShadow: "0 8px 28px rgb(15 23 42 / 0.16)",
        color: WHATSAPP.ink,
      }}
    >
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          gap: 3,
          px: 4,
          py: 2.5,
          bgcolor: WHATSAPP.header,
          color: "#fff",
        }}
      >
        <Box sx={{ display: "grid", placeItems: "center", p: 0.5, borderRadius: "50%", bgcolor: "#fff" }}>
          <Mark size={26} />
        </Box>
        <Box>
          <Typography sx={{ fontWeight: 600, lineHeight: 1.2 }}>AUSTA</Typography>
          <Typography variant="caption">{t("phone.business")}</Typography>
        </Box>
      </Box>
      <Box
        role="log"
        aria-label={t("phone.conversation")}
        tabIndex={0}
        sx={{
          // A reversed column stays at its end, also while photos are still loading.
          display: "flex",
          flexDirection: "column-reverse",
          flex: 1,
          minHeight: 0,
          overflowY: "auto",
          bgcolor: WHATSAPP.wallpaper,
          px: 3,
          py: 3,
        }}
      >
        <div>
          {messages.length === 0 && (
            <Typography
              variant="caption"
              component="p"
              sx={{
                mx: "auto",
                maxWidth: 260,
                textAlign: "center",
                p: 2,
                borderRadius: 1,
                bgcolor: "#FFF3C4",
                color: WHATSAPP.ink,
              }}
            >
              {t("phone.start")}
            </Typography>
          )}
          {messages.map((message) => (
            <Bubble
              key={message.id}
              phone={member.phone}
              message={message}
              quoted={messages.find((one) => one.id === message.reply_to)}
            />
          ))}
        </div>
      </Box>
      <Composer member={member} />
    </Box>
  );
}
