/** Puts the slashes of `dd/mm/aaaa` while a person types only digits. */
export function maskBirthDate(typed: string): string {
  const digits = typed.replace(/\D/g, "").slice(0, 8);
  return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter((part) => part !== "").join("/");
}

/** `1962-03-09` for `09/03/1962`; null when it is no day of the calendar. */
export function readBirthDate(typed: string): string | null {
  const match = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(typed);
  if (!match) return null;
  const iso = `${match[3] ?? ""}-${match[2] ?? ""}-${match[1] ?? ""}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
