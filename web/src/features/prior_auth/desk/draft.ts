import { useEffect, useState } from "react";

import type { ConfirmedMember } from "@/client/types/desk";
import type { DocumentKind, Side } from "@/client/types/priorAuth";

export type DraftItem = { tuss: string; description: string; quantity: number; laterality: Side | null };

/** A special material (OPME) as it was typed; empty fields were not stated. */
export type DraftMaterial = {
  description: string;
  quantity: number;
  maker: string;
  anvisa: string;
  unitPrice: string;
};

export type DraftPaper = { document_id: string; name: string; kind: DocumentKind };

export type Draft = {
  member: ConfirmedMember | null;
  items: DraftItem[];
  materials: DraftMaterial[];
  character: "elective" | "urgent";
  requester: { name: string; council: string; uf: string; number: string };
  cids: string;
  indication: string;
  facts: Record<string, string>;
  papers: DraftPaper[];
};

export const EMPTY: Draft = {
  member: null,
  items: [],
  materials: [],
  character: "elective",
  requester: { name: "", council: "CRM", uf: "", number: "" },
  cids: "",
  indication: "",
  facts: {},
  papers: [],
};

type Change = Partial<Draft> | ((before: Draft) => Partial<Draft>);

const PLACE = "austa.desk.draft";

/**
 * A draft that outlives a reload and ends with the window: on a shared computer of a reception nothing about a patient
 * may stay behind.
 */
export function useDraft(): [Draft, (changed: Change) => void, () => void] {
  const [draft, setDraft] = useState<Draft>(read);
  useEffect(() => {
    if (draft === EMPTY) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, JSON.stringify(draft));
  }, [draft]);
  const change = (changed: Change) =>
    setDraft((before) => ({ ...before, ...(typeof changed === "function" ? changed(before) : changed) }));
  return [draft, change, () => setDraft(EMPTY)];
}

function read(): Draft {
  try {
    const kept = sessionStorage.getItem(PLACE);
    return kept === null ? EMPTY : { ...EMPTY, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

/** `["M23.2", "S83.5"]` of what was typed; null where one is no CID-10 code. */
export function readCids(typed: string): string[] | null {
  const codes = typed
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter((code) => code !== "");
  return codes.every((code) => /^[A-Z]\d{2}\.?[\dX]?$/.test(code)) ? codes : null;
}

/** `"1.234,5"` in centavos; undefined where it is no amount of money. */
export function readMoney(typed: string): number | undefined {
  const plain = typed.replace(/^R\$\s*/, "").trim();
  if (!/^(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?$/.test(plain)) return undefined;
  const [reais = "", cents = ""] = plain.replaceAll(".", "").split(",");
  return Number(reais) * 100 + Number(cents.padEnd(2, "0"));
}

/** Whether a registration at ANVISA is left out, or has the digits of a device (11) or a medicine (13). */
export function isAnvisa(typed: string): boolean {
  return /^(\d{11}|\d{13})?$/.test(typed);
}

/** Materials in the form of the API; what was left empty is not stated. */
export function readMaterials(materials: readonly DraftMaterial[]) {
  return materials.map(({ description, quantity, maker, anvisa, unitPrice }) => {
    const centavos = readMoney(unitPrice);
    return {
      description: description.trim(),
      quantity,
      maker: maker.trim() || null,
      anvisa_registration: anvisa || null,
      unit_price: centavos === undefined ? null : { centavos },
    };
  });
}

/** Facts in the form that rules read; what nobody answered is not stated. */
export function readFacts(facts: Readonly<Record<string, string>>) {
  return Object.entries(facts)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({
      name,
      value: value === "yes" ? true : value === "no" ? false : Math.trunc(Number(value)),
    }));
}
