import type { TFunction } from "i18next";

import type { FoundSignal } from "@/client/types/fraud";
import { formatDate, formatMoney } from "@/lib/format";
import { findText } from "@/ui/findText";

type Threshold = FoundSignal["thresholds"][number];

/** A number that a rule went by, with its source, and whether somebody checked it. */
export function numberText(one: Threshold, t: TFunction): string {
  return t("signals.threshold", {
    value: shown(one.value, one.unit, t),
    source: one.source,
    checked: checkedOn(one.verified_on, t),
  });
}

/** Whether a value was checked against a text, and when. */
export function checkedOn(day: string | null, t: TFunction): string {
  return day === null ? t("signals.not_checked") : t("signals.checked", { day: formatDate(day) });
}

function shown(value: number, unit: string, t: TFunction): string {
  if (unit === "centavos") return formatMoney(value);
  if (unit === "yes_or_no") return value ? t("signals.yes") : t("signals.no");
  return `${value} ${findText(`signals.unit.${unit}`) ?? unit}`;
}
