import type { Council } from "@/client/types/identity";

import { findText } from "./findText";

/** The name of a role; one that the catalogue does not know is shown as it is. */
export function roleText(role: string): string {
  return findText(`role.${role}`) ?? role;
}

/** `CRM 12345/SP`. */
export function councilText(council: Council): string {
  return `${council.council} ${council.number}/${council.uf}`;
}
