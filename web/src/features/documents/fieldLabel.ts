import { findText } from "@/ui/findText";

/** The name of a field in words; one that the catalogue does not know is shown as the server calls it. */
export function fieldLabel(name: string): string {
  return findText(`documents.field.${name}`) ?? name;
}
