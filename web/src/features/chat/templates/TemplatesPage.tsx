import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "@/client/identity";
import { useListTemplatesQuery } from "@/client/templates";
import type { MessageTemplate } from "@/client/types/templates";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";

import { TemplateCard } from "./TemplateCard";
import { TemplateForm } from "./TemplateForm";

/** What WhatsApp takes a day after somebody last wrote: wordings, their second person, and what Meta says of them. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const asked = useListTemplatesQuery();
  const mayWrite = useMay("message_template:write");
  const [edited, setEdited] = useState<MessageTemplate | "new" | null>(null);
  const write = mayWrite && (
    <Button variant="contained" onClick={() => setEdited("new")}>
      {t("templates.new")}
    </Button>
  );
  return (
    <Page
      title={t("templates.title")}
      tab={t("app.place.templates")}
      lead={t("templates.lead")}
      action={write}
    >
      <Loaded asked={asked}>
        {(found) =>
          found.length === 0 ? (
            <Blank title={t("templates.empty_title")}>{t("templates.empty_text")}</Blank>
          ) : (
            <Rows label={t("templates.title")}>
              {found.map((one) => (
                <TemplateCard
                  key={one.id}
                  one={one}
                  others={found}
                  edit={mayWrite ? () => setEdited(one) : undefined}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={edited !== null}
        onClose={() => setEdited(null)}
        maxWidth="md"
        fullWidth
        aria-labelledby="modelo-titulo"
      >
        {edited !== null && (
          <TemplateForm one={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
        )}
      </Dialog>
    </Page>
  );
}
