import { useTranslation } from "react-i18next";

import { Tag } from "@/ui/Tag";

const NEAR = 2;

/** The business days until care must be had, in words and colour. */
export function DaysLeft({ days }: { days: number }) {
  const { t } = useTranslation();
  if (days < 0) return <Tag tone="bad">{t("access.late", { count: -days })}</Tag>;
  if (days === 0) return <Tag tone="bad">{t("access.today")}</Tag>;
  return <Tag tone={days <= NEAR ? "doubt" : "quiet"}>{t("access.left", { count: days })}</Tag>;
}
