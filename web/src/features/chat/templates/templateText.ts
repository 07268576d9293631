import type { MessageTemplate, MetaStatus, TemplateContent, ValueKind } from "@/client/types/templates";
import { findText } from "@/ui/findText";
import type { Tone } from "@/ui/Tag";

export const STATUS_TONE: Record<MetaStatus, Tone> = {
  unsent: "quiet",
  refused: "bad",
  PENDING: "doubt",
  APPROVED: "good",
  REJECTED: "bad",
  PAUSED: "bad",
  DISABLED: "bad",
  DELETED: "bad",
  MISSING: "bad",
};

export const STATE_TONE: Record<MessageTemplate["state"], Tone> = {
  draft: "quiet",
  proposed: "doubt",
  released: "good",
  ended: "quiet",
};

/** Kinds that people may use; codes and free words are the product's own. */
export const KINDS: readonly ValueKind[] = ["first_name", "protocol", "number", "date", "link"];

/** What a template is for, in plain words where AUSTA knows it. */
export function purposeText(purpose: string): string {
  return findText(`templates.purpose.${purpose}`) ?? purpose;
}

/** Meta's reason in plain words; one that is new is shown as Meta says it. */
export function reasonText(reason: string): string {
  return findText(`templates.reason.${reason}`) ?? reason;
}

export function faultText(code: string): string {
  return findText(`templates.fault.${code}`) ?? code;
}

/** The words with an example in each place, as a member would read them. */
export function withExamples({ body, values }: TemplateContent): string {
  return body.replace(
    /\{\{(\d+)\}\}/g,
    (place, number: string) => values[Number(number) - 1]?.example ?? place,
  );
}
