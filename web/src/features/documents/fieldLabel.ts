import i18next from "i18next";

/** The Portuguese name of a field; one that the catalogue does not know is shown as the server calls it. */
export function fieldLabel(name: string): string {
  const key = `documents.field.${name}`;
  return i18next.exists(key) ? i18next.t(key) : name;
}
