const PARTS = [7, 2, 4, 1, 2, 4] as const;
const SEPARATORS = ["", "-", ".", ".", ".", "."] as const;

/** What was typed or pasted as a lawsuit's number: `0001234-03.2026.8.26.0100` (CNJ resolution 65/2008). */
export function maskLawsuit(typed: string): string {
  let digits = typed.replace(/\D/g, "");
  let masked = "";
  for (const [place, length] of PARTS.entries()) {
    if (digits === "") break;
    masked += `${SEPARATORS[place]}${digits.slice(0, length)}`;
    digits = digits.slice(length);
  }
  return masked;
}

/** Whether it is whole and its check digits agree (ISO 7064, modulo 97-10). */
export function isLawsuit(number: string): boolean {
  const parts = /^(\d{7})-(\d{2})\.(\d{4})\.(\d)\.(\d{2})\.(\d{4})$/.exec(number);
  if (!parts) return false;
  const [, serial, check, ...court] = parts;
  return BigInt(`${serial}${court.join("")}${check}`) % 97n === 1n;
}
