import { findText } from "./findText";

type Group = "state" | "event" | "channel" | "laterality" | "document" | "message";

/** The words for a code of the server; one that the catalogue does not know is shown readable. */
export function codeText(group: Group, code: string): string {
  return findText(`${group}.${code}`) ?? code.replace(/[._]/g, " ").toLowerCase();
}
