import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "@/lib/format";

/** What a person wrote, as it stands now: deleted by them it opens on a press, corrected it says so. */
export function Said({
  kind,
  editedAt,
  deletedAt,
  children,
}: {
  kind: string;
  editedAt: string | null | undefined;
  deletedAt: string | null | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  if (deletedAt)
    return (
      <Box>
        <Mark>{t("message_mark.deleted", { at: formatDateTime(deletedAt) })}</Mark>
        <Link
          component="button"
          type="button"
          variant="caption"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          {t(isOpen ? "message_mark.hide" : "message_mark.show")}
        </Link>
        <Box id={id} hidden={!isOpen}>
          {isOpen && children}
        </Box>
      </Box>
    );
  return (
    <>
      {kind === "edit" && <Mark>{t("message_mark.correction")}</Mark>}
      {children}
      {editedAt && <Mark>{t("message_mark.edited", { at: formatDateTime(editedAt) })}</Mark>}
    </>
  );
}

function Mark({ children }: { children: ReactNode }) {
  return (
    <Typography variant="caption" component="p" sx={{ color: "text.secondary", fontStyle: "italic" }}>
      {children}
    </Typography>
  );
}
