import type { CaseFilter, CaseView, Urgency } from "@/client/types/medicalAudit";

export const VIEWS: readonly CaseView[] = ["all", "urgent", "mine", "due_today", "manual", "closed"];

export const URGENCIES: readonly Urgency[] = ["RED", "ORANGE", "YELLOW", "GREEN", "BLUE"];

/** What the address bar says the queue shows; unknown words are ignored. */
export function readAddress(search: URLSearchParams): CaseFilter & { view: CaseView } {
  const view = VIEWS.find((one) => one === search.get("view")) ?? "all";
  const urgency = URGENCIES.find((one) => one === search.get("urgency"));
  const assigned = (["me", "none"] as const).find((one) => one === search.get("assigned"));
  const q = search.get("q")?.trim();
  return { view, ...(q && { q }), ...(urgency && { urgency }), ...(assigned && { assigned }) };
}

/** The address with one thing changed; an empty value removes it. */
export function changeAddress(
  search: URLSearchParams,
  name: keyof CaseFilter,
  value: string,
): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === "" || (name === "view" && value === "all")) next.delete(name);
  else next.set(name, value);
  return next;
}
