/** Minutes and seconds to a due time, or since it (`late`). */
export function countdown(dueAt: string, now: number): { late: boolean; text: string } {
  const span = Date.parse(dueAt) - now;
  const seconds = Math.floor(Math.abs(span) / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return { late: span < 0, text: hours > 0 ? `${hours}:${rest}` : rest };
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}
