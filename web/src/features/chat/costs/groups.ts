import { findText } from "@/ui/findText";

/** By what costs can be parted, in the order of the columns. */
export const GROUPS = ["day", "category", "number"] as const;

export type Group = (typeof GROUPS)[number];

/** Meta's categories that have a price; one that is new is shown by its own name. */
export const CATEGORIES = ["utility", "service", "authentication", "marketing"] as const;

export function categoryText(category: string): string {
  return findText(`costs.category.${category}`) ?? category;
}
