import i18next from "i18next";

/** The words for a code of the server; one that the catalogue does not know is shown readable. */
export function codeText(
  group: "state" | "event" | "channel" | "laterality" | "tiss_status" | "document",
  code: string,
): string {
  const key = `${group}.${code.replace(/\.v\d+$/, "").replace(/\./g, "__")}`;
  return i18next.exists(key) ? i18next.t(key) : code.replace(/[._]/g, " ").toLowerCase();
}
