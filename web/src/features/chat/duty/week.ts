/** Names of the catalogue for the days from Monday on. */
export const WEEKDAYS = ["d0", "d1", "d2", "d3", "d4", "d5", "d6"] as const;

/** `07:00` of `07:00:00`. */
export function minuteOf(time: string): string {
  return time.slice(0, 5);
}

/** E.164 of a Brazilian telephone as people write it; null when it cannot be one. */
export function toE164(typed: string): string | null {
  const digits = typed.replace(/\D/g, "").replace(/^0+/, "");
  if (/^55\d{10,11}$/.test(digits)) return `+${digits}`;
  return /^[1-9]\d{9,10}$/.test(digits) ? `+55${digits}` : null;
}
