import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";

import { PageTitle } from "@/ui/PageTitle";

/** A member's conversation with their plan. */
export function TalkPage() {
  const { t } = useTranslation();
  return (
    <Box sx={{ p: 4, "& h1": { fontSize: "1.5rem" } }}>
      <PageTitle tab={t("my.talk.title")}>{t("my.talk.title")}</PageTitle>
    </Box>
  );
}
