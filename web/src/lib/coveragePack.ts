/** A coverage pack as its file says it, as far as people read it on a screen. */

export type PackSource = {
  clause: string;
  confidence: "high" | "medium" | "low" | "demo";
  verified_on: string | null;
};

export type PackItem = {
  code: string;
  description: string;
  service_class: string;
  listing: "listed" | "unclear" | "not_listed";
  high_complexity: boolean;
  low_risk: boolean;
  documents: string[];
  max_quantity: number | null;
  min_interval_days: number;
  criteria: string[];
  audit: string | null;
  source: PackSource;
  /** As in the file, for comparing. */
  raw: Readonly<Record<string, unknown>>;
};

type Raw = Record<string, unknown>;

/** The items of a pack's file, in order of their codes. The server checked the file when it was taken in. */
export function readPack(text: string): PackItem[] {
  const { items } = JSON.parse(text) as { items: Record<string, Raw> };
  return Object.entries(items)
    .map(([code, raw]) => readItem(code, raw))
    .sort((one, other) => one.code.localeCompare(other.code));
}

function readItem(code: string, raw: Raw): PackItem {
  return {
    code,
    description: raw.description as string,
    service_class: raw.service_class as string,
    listing: (raw.listing ?? "listed") as PackItem["listing"],
    high_complexity: raw.high_complexity === true,
    low_risk: raw.low_risk === true,
    documents: (raw.documents ?? []) as string[],
    max_quantity: (raw.max_quantity ?? null) as number | null,
    min_interval_days: (raw.min_interval_days ?? 0) as number,
    criteria: ((raw.criteria ?? []) as { text: string }[]).map((one) => one.text),
    audit: (raw.audit ?? null) as string | null,
    source: raw.source as PackSource,
    raw,
  };
}

/** Whether somebody checked the item against the norm's text, and said when. */
export function isVerified({ source }: PackItem): boolean {
  return source.verified_on !== null && source.confidence !== "demo";
}

/** The items that hold all the words, in code, name or source; accents and case do not matter. */
export function findItems(items: readonly PackItem[], typed: string): PackItem[] {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  return items.filter((item) => {
    const text = fold(`${item.code} ${item.description} ${item.source.clause}`);
    return words.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export type ItemChange = {
  code: string;
  description: string;
  kind: "added" | "removed" | "changed";
  fields: { field: string; before: string; after: string }[];
};

/** What is other in `after` than in `before`, item by item. */
export function comparePacks(before: readonly PackItem[], after: readonly PackItem[]): ItemChange[] {
  const [old, now] = [byCode(before), byCode(after)];
  const codes = [...new Set([...old.keys(), ...now.keys()])].sort();
  return codes.flatMap((code): ItemChange[] => {
    const [was, is] = [old.get(code), now.get(code)];
    const description = (is ?? was)?.description ?? code;
    if (!was) return [{ code, description, kind: "added", fields: [] }];
    if (!is) return [{ code, description, kind: "removed", fields: [] }];
    const fields = changedFields(was.raw, is.raw);
    return fields.length === 0 ? [] : [{ code, description, kind: "changed", fields }];
  });
}

function byCode(items: readonly PackItem[]): Map<string, PackItem> {
  return new Map(items.map((item) => [item.code, item]));
}

function changedFields(was: Raw, is: Raw): ItemChange["fields"] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names
    .map((field) => ({ field, before: shown(was[field]), after: shown(is[field]) }))
    .filter(({ before, after }) => before !== after);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "—";
  return typeof value === "string" ? value : JSON.stringify(value);
}
