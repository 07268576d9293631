/** Numbers, money and dates as people in Brazil read them; relative times in the language of the screen. */

const MONEY = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });

const DATE = new Intl.DateTimeFormat("pt-BR", { day: "2-digit", month: "2-digit", year: "numeric" });

const CALENDAR_DATE = new Intl.DateTimeFormat("pt-BR", {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  timeZone: "UTC",
});

const DATE_TIME = new Intl.DateTimeFormat("pt-BR", {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

const TIME = new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", minute: "2-digit" });

/** `R$ 1.234,56` from whole centavos. */
export function formatMoney(centavos: number): string {
  return MONEY.format(centavos / 100);
}

const COUNT = new Intl.NumberFormat("pt-BR");

const LEAST_DECIMALS = 2;
const MOST_DECIMALS = 6;
const MILLION = 1_000_000;

/** `1.234.567`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `US$ 0,0034` from millionths of a currency: two decimals, more where they say something. */
export function formatMicros(micros: number, currency: string): string {
  const decimals = micros < MILLION ? MOST_DECIMALS : LEAST_DECIMALS;
  return new Intl.NumberFormat("pt-BR", {
    style: "currency",
    currency,
    minimumFractionDigits: LEAST_DECIMALS,
    maximumFractionDigits: decimals,
  }).format(micros / MILLION);
}

/** `21/11/2026`. A calendar date (`2026-11-21`) is never moved by a time zone. */
export function formatDate(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return CALENDAR_DATE.format(new Date(`${value}T00:00:00Z`));
  return DATE.format(new Date(value));
}

/** `21/11/2026 14:05`, in the person's time zone. */
export function formatDateTime(value: string): string {
  return DATE_TIME.format(new Date(value)).replace(",", "");
}

/** `14:05`, in the person's time zone. */
export function formatTime(value: string): string {
  return TIME.format(new Date(value));
}

/** `+55 11 90000-0071`; a number of another country stays as it is. */
export function formatPhone(e164: string): string {
  return e164.replace(/^\+?55(\d{2})(\d{4,5})(\d{4})$/, "+55 $1 $2-$3");
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `há 5 min`, `há 2 h`, `ontem`; under a minute it is `agora`. */
export function formatRelative(value: string, now: number, language: string): string {
  const span = Date.parse(value) - now;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
  for (const [unit, size] of STEPS) {
    // Portuguese narrow units end in a full stop (`min.`), which in the middle of a line reads as its end.
    if (Math.abs(span) >= size) return format.format(Math.trunc(span / size), unit).replace(/\.$/, "");
  }
  return format.format(0, "second");
}

/** `3 min`, `26 h`, `4 dias`: how long something lasts, in the unit that tells it best; never under a minute. */
export function formatSpan(milliseconds: number, language: string): string {
  const minutes = Math.max(1, Math.floor(milliseconds / 60_000));
  const [count, unit] =
    minutes < 60
      ? ([minutes, "minute"] as const)
      : minutes < 48 * 60
        ? ([Math.floor(minutes / 60), "hour"] as const)
        : ([Math.floor(minutes / 1440), "day"] as const);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

/** Whole years between a birth date and now. */
export function ageInYears(birthDate: string, now: number): number {
  const birth = new Date(`${birthDate}T00:00:00Z`);
  const today = new Date(now);
  const years = today.getUTCFullYear() - birth.getUTCFullYear();
  const month = today.getUTCMonth() - birth.getUTCMonth();
  const hadBirthday = month > 0 || (month === 0 && today.getUTCDate() >= birth.getUTCDate());
  return hadBirthday ? years : years - 1;
}

/** `2026-11-21T14:05` in the person's time zone, as a date-time input takes it. */
export function localMinute(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
