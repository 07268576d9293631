import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { PageTitle } from "@/ui/PageTitle";
import { Blank } from "@/ui/Problems";
import { VisuallyHidden } from "@/ui/VisuallyHidden";

import { ConversationPane } from "./ConversationPane";
import { ConversationList } from "./ConversationList";
import { SatisfactionCard } from "./SatisfactionCard";

/** The live inbox of the staff: who waits, what was said, who it is. */
export function ConversationsPage() {
  const { t } = useTranslation();
  const { conversationId } = useParams();
  const isOpen = conversationId !== undefined;
  return (
    <Box
      sx={{
        flex: 1,
        minHeight: 0,
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "300px minmax(0, 1fr)", xl: "340px minmax(0, 1fr)" },
        gridTemplateRows: "minmax(0, 1fr)",
      }}
    >
      <VisuallyHidden>
        <PageTitle tab={t("app.place.conversations")}>{t("app.place.conversations")}</PageTitle>
      </VisuallyHidden>
      <Box
        sx={{
          // On a phone the list gives way to the conversation.
          display: { xs: isOpen ? "none" : "flex", md: "flex" },
          flexDirection: "column",
          minHeight: 0,
          borderRight: "1px solid",
          borderColor: "divider",
          bgcolor: "background.paper",
        }}
      >
        <ConversationList openId={conversationId} />
      </Box>
      <Box
        sx={{
          display: { xs: isOpen ? "grid" : "none", md: "grid" },
          minHeight: 0,
          minWidth: 0,
          gridTemplateRows: "minmax(0, 1fr)",
        }}
      >
        {isOpen ? (
          <ConversationPane key={conversationId} id={conversationId} />
        ) : (
          <Box sx={{ display: "grid", alignContent: "start", overflowY: "auto" }}>
            <Blank title={t("conversations.choose_title")}>{t("conversations.choose_text")}</Blank>
            <SatisfactionCard />
          </Box>
        )}
      </Box>
    </Box>
  );
}
