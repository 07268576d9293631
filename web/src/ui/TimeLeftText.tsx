import Box from "@mui/material/Box";
import Tooltip from "@mui/material/Tooltip";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "@/lib/format";
import { timeLeft, type LegalTerm, type TimeLeft } from "@/lib/timeLeft";

import { TABULAR } from "./theme";

type Clock = LegalTerm & { received_at: string };

const TONE_COLOUR: Record<TimeLeft["tone"], string> = {
  overdue: "meaning.bad.strong",
  today: "meaning.doubt.strong",
  soon: "text.primary",
  calm: "text.secondary",
};

/** `2 d úteis`, `3 h`, `vencido há 1 h`, `sem prazo` or `encerrado`. */
export function timeLeftText(t: TFunction, left: TimeLeft): string {
  return "unit" in left
    ? t(`time_left.${left.kind}.${left.unit}`, { count: left.amount })
    : t(`time_left.${left.kind}`);
}

function whyText(t: TFunction, clock: Clock, left: TimeLeft, basis: string | undefined): string {
  if (left.kind === "no_term") return t("time_left.after_care");
  if (basis !== undefined) return basis;
  const atOnce = clock.business_days_left === null && "unit" in left;
  return t(atOnce ? "time_left.at_once" : "time_left.norm");
}

type Props = {
  clock: Clock;
  now: number;
  /** The norms behind the term; without it the general rule is named. */
  basis?: string;
  /** How long it was in our hands, beside the term of the law. */
  ours?: { with_us_days: number; awaited_days: number };
  strong?: boolean;
};

/** The legal time left, with why it is so on hover and focus. */
export function TimeLeftText({ clock, now, basis, ours, strong = false }: Props) {
  const { t } = useTranslation();
  const left = timeLeft(clock, now);
  const due = t("time_left.due", { when: formatDateTime(clock.due_at) });
  return (
    <Tooltip
      title={
        <>
          {left.kind !== "no_term" && (
            <>
              <strong>{due}</strong>
              <br />
            </>
          )}
          {t("time_left.since", { when: formatDateTime(clock.received_at) })}
          <br />
          {whyText(t, clock, left, basis)}
          {ours !== undefined && (
            <>
              <br />
              {t("time_left.ours", { with_us: ours.with_us_days, awaited: ours.awaited_days })}
            </>
          )}
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
