import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Blank } from "@/ui/Problems";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Blank
      alone
      title={t("app.page_missing")}
      action={
        <Button component={Link} to="/" variant="outlined">
          {t("app.go_home")}
        </Button>
      }
    >
      {t("app.page_missing_text")}
    </Blank>
  );
}
