import { decodeBase64, encodeHex, sha256, signatureHolds } from "./merkle";

/** Verification of decision receipts in the browser, as `austa receipt verify` does it offline (ADR 0014). */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** `[salt, value]`, by the person it is about. */
type Disclosures = Record<string, [salt: string, value: Json][]>;

/** A receipt in a file. In `statement`, `{"cut": digest, "of": person}` stands for what is about a person. */
export type ReceiptFile = {
  format: string;
  statement: Record<string, Json>;
  key: string;
  signature: string;
  disclosures: Disclosures;
};

const FORMAT = "austa-decision-receipt/2";

export type ReceiptCheck = { check: "signature" | "key" | "values" | "record"; ok: boolean };

/** A receipt that was read and verified: the document as far as it is disclosed, who is shown and who is not. */
export type OpenedReceipt = {
  file: ReceiptFile;
  document: Record<string, Json>;
  checks: ReceiptCheck[];
  shown: string[];
  withheld: string[];
};

/** Reads and verifies; null for a file of another format (format 1 was not signed). `digest` is what was recorded. */
export async function openReceipt(
  raw: string,
  trusted: string | null,
  digest: string,
): Promise<OpenedReceipt | null> {
  const file = JSON.parse(raw) as ReceiptFile;
  if (file.format !== FORMAT) return null;
  const text = new TextEncoder().encode(canonical(file.statement));
  const signature = decodeBase64(file.signature);
  const values = new Map<string, { person: string; value: Json }>();
  for (const [person, shown] of Object.entries(file.disclosures)) {
    for (const one of shown) values.set(await digestOf(one), { person, value: one[1] });
  }
  const marks = new Map(marksIn(file.statement));
  const fits = [...values].every(([found, { person }]) => marks.get(found) === person);
  const operator = file.statement.operator;
  const named = typeof operator === "string" && file.key.startsWith(`austa.${operator}/receipts+`);
  return {
    file,
    document: restored(file.statement, values) as Record<string, Json>,
    checks: [
      {
        check: "signature",
        ok: signature !== null && named && (await signatureHolds(text, signature, file.key)),
      },
      { check: "key", ok: trusted !== null && file.key === trusted },
      { check: "values", ok: raw === `${canonical(file)}\n` && fits },
      { check: "record", ok: encodeHex(await sha256(text)) === digest },
    ],
    shown: Object.keys(file.disclosures),
    withheld: [
      ...new Set([...marks].filter(([found]) => !values.has(found)).map(([, person]) => person)),
    ].sort(),
  };
}

/** The file without what is about these persons; its signature still holds. */
export function leaveOut(file: ReceiptFile, persons: ReadonlySet<string>): string {
  const kept = Object.entries(file.disclosures).filter(([person]) => !persons.has(person));
  return `${canonical({ ...file, disclosures: Object.fromEntries(kept) })}\n`;
}

/** Whether this stands for a value that the receipt does not show. */
export function isCut(value: unknown): value is { cut: string; of: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === 2 &&
    "cut" in value &&
    "of" in value
  );
}

/** JSON as RFC 8785 writes it: receipts hold no floating-point numbers and only ASCII names. */
function canonical(value: Json | ReceiptFile): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`;
}

async function digestOf(disclosure: [string, Json]): Promise<string> {
  return encodeHex(await sha256(new TextEncoder().encode(canonical(disclosure))));
}

function marksIn(value: Json): [digest: string, person: string][] {
  if (isCut(value)) return [[value.cut, value.of]];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(marksIn);
}

function restored(value: Json, values: ReadonlyMap<string, { value: Json }>): Json {
  if (isCut(value)) {
    const found = values.get(value.cut);
    return found ? found.value : value;
  }
  if (Array.isArray(value)) return value.map((inner) => restored(inner, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, restored(inner, values)]));
}
