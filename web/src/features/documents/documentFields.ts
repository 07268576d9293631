import type { DocumentDetail, DocumentField, FieldStatus } from "@/client/types/documents";
import type { Tone } from "@/ui/Tag";

export const FIELD_STATUSES: readonly FieldStatus[] = ["accepted", "confirm", "unreadable"];

export const FIELD_TONE: Record<FieldStatus, Tone> = {
  accepted: "good",
  confirm: "doubt",
  unreadable: "bad",
};

export type ListedField = DocumentField & { id: string };

/** All that was read, what is asked for first; a place in the list is the only name that two `cid` do not share. */
export function listFields(document: DocumentDetail): ListedField[] {
  const asked = document.procedures.flatMap((line) =>
    [line.description, line.tuss, line.laterality, line.quantity].filter((field) => field !== null),
  );
  const rows = document.items.flatMap((item) => item.parts);
  return [...asked, ...document.fields, ...rows].map((field, place) => ({ ...field, id: String(place) }));
}
