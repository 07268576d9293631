import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";

import { Blank } from "@/ui/Problems";

/** Shown when a page breaks or its code cannot be fetched (after an upgrade, for one). */
export function RouteFailed() {
  const { t } = useTranslation();
  return (
    <Blank
      title={t("app.broken")}
      action={
        <Button variant="contained" onClick={() => location.reload()}>
          {t("app.reload")}
        </Button>
      }
    >
      {t("app.broken_text")}
    </Blank>
  );
}
