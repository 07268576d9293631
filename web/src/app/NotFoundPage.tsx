import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Blank } from "@/ui/Problems";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Blank
      title={t("app.page_missing")}
      action={
        <Button component={Link} to="/cockpit/fila" variant="outlined">
          {t("app.go_to_queue")}
        </Button>
      }
    >
      {t("app.page_missing_text")}
    </Blank>
  );
}
