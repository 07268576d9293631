import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { PageTitle } from "@/ui/PageTitle";

import { OutboxList } from "./OutboxList";

export function OutboxPage() {
  const { t } = useTranslation();
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 760, mx: "auto", px: { xs: 4, sm: 6 }, py: 5 }}>
        <PageTitle tab={t("app.place.outbox")}>{t("app.place.outbox")}</PageTitle>
        <Typography variant="body2" sx={{ color: "text.secondary", mt: 1, mb: 4 }}>
          {t("outbox.lead")}
        </Typography>
        <OutboxList />
      </Box>
    </Box>
  );
}
