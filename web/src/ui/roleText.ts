import i18next from "i18next";

import type { Council } from "@/client/types";

/** The name of a role; one that the catalogue does not know is shown as it is. */
export function roleText(role: string): string {
  const key = `role.${role}`;
  return i18next.exists(key) ? i18next.t(key) : role;
}

/** `CRM 12345/SP`. */
export function councilText(council: Council): string {
  return `${council.council} ${council.number}/${council.uf}`;
}
