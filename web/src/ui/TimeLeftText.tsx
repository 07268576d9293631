import Box from "@mui/material/Box";
import Tooltip from "@mui/material/Tooltip";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "@/lib/format";
import { timeLeft, type TimeLeft } from "@/lib/timeLeft";

import { TABULAR } from "./theme";

type Clock = { received_at: string; due_at: string; business_days_left: number | null };

const TONE_COLOUR: Record<TimeLeft["tone"], string> = {
  overdue: "meaning.bad.strong",
  today: "meaning.doubt.strong",
  soon: "text.primary",
  calm: "text.secondary",
};

/** `2 d úteis`, `3 h` or `vencido há 1 h`. */
export function timeLeftText(t: TFunction, left: TimeLeft): string {
  return t(`time_left.${left.kind}.${left.unit}`, { count: left.amount });
}

type Props = {
  clock: Clock;
  now: number;
  /** The norms behind the term; without it the general rule is named. */
  basis?: string;
  strong?: boolean;
};

/** The legal time left, with why it is so on hover and focus. */
export function TimeLeftText({ clock, now, basis, strong = false }: Props) {
  const { t } = useTranslation();
  const left = timeLeft(clock.due_at, clock.business_days_left, now);
  const due = t("time_left.due", { when: formatDateTime(clock.due_at) });
  return (
    <Tooltip
      title={
        <>
          <strong>{due}</strong>
          <br />
          {t("time_left.since", { when: formatDateTime(clock.received_at) })}
          <br />
          {basis ?? (clock.business_days_left === null ? t("time_left.at_once") : t("time_left.norm"))}
        </>
      }
    >
      <Box
        component="span"
        sx={{
          ...TABULAR,
          color: TONE_COLOUR[left.tone],
          fontWeight: strong || left.tone === "overdue" || left.tone === "today" ? 650 : 450,
          whiteSpace: "nowrap",
        }}
      >
        {timeLeftText(t, left)}
      </Box>
    </Tooltip>
  );
}
