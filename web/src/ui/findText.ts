import i18next from "i18next";

/** The text for a key that is made of a server's code; null when the catalogue does not know it. */
export function findText(key: string): string | null {
  const text: unknown = i18next.getResource(i18next.language, "translation", key);
  return typeof text === "string" ? text : null;
}
