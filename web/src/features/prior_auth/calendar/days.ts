import type { Uf } from "@/client/types/clocks";

// prettier-ignore
export const STATES: readonly Uf[] = [
  "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
  "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
];

const WEEKDAY = new Intl.DateTimeFormat("pt-BR", { weekday: "long", timeZone: "UTC" });

/** `segunda-feira`, of a calendar date. */
export function weekday(day: string): string {
  return WEEKDAY.format(new Date(`${day}T00:00:00Z`));
}

/** Whether somebody wrote a day as the operator's list takes it: dd/mm, dd/mm/aaaa, páscoa+60. */
export function isDay(typed: string): boolean {
  if (/^p[aá]scoa ?[+-] ?\d{1,3}$/i.test(typed)) return true;
  const parts = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?$/.exec(typed);
  if (!parts) return false;
  // A leap year: 29 February is a day of some years.
  const [day, month, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 2024)];
  const read = new Date(Date.UTC(year, month - 1, day));
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
}
