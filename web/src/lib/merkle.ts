/** Verification of ledger proofs in the browser: RFC 9162 inclusion and the C2SP signed checkpoint. */

/** The hashes of RFC 9162 section 2.1.1: a leaf is prefixed 0x00, an inner node 0x01. */
export async function hashLeaf(data: Uint8Array): Promise<Uint8Array> {
  return sha256(concat(Uint8Array.of(0), data));
}

export async function hashNode(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or null when the proof has the wrong shape. */
export async function rootFromProof(
  leafHash: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (position % 2 === 1 || position === last) {
      hash = await hashNode(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await hashNode(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}

/** What a signed checkpoint (C2SP tlog-checkpoint) says. `body` is the signed text, its last newline included. */
export type Checkpoint = {
  origin: string;
  size: number;
  root: Uint8Array;
  body: string;
  signatures: readonly { name: string; keyId: Uint8Array; signature: Uint8Array }[];
};

/** Reads a checkpoint note; null when it is not one. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const cut = note.indexOf("\n\n");
  if (cut < 0) return null;
  const body = note.slice(0, cut + 1);
  const [origin, size, root] = body.split("\n");
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size)) return null;
  const rootBytes = decodeBase64(root);
  if (!rootBytes) return null;
  const signatures = note
    .slice(cut + 2)
    .split("\n")
    .flatMap((line) => parseSignature(line));
  return { origin, size: Number(size), root: rootBytes, body, signatures };
}

function parseSignature(line: string): Checkpoint["signatures"][number][] {
  const match = /^— (\S+) (\S+)$/.exec(line);
  const bytes = match?.[2] ? decodeBase64(match[2]) : null;
  if (!match?.[1] || !bytes || bytes.length < 5) return [];
  return [{ name: match[1], keyId: bytes.slice(0, 4), signature: bytes.slice(4) }];
}

/** Whether a checkpoint carries a good Ed25519 signature of a signed-note key (`name+hash+key`). */
export async function verifyCheckpointSignature(checkpoint: Checkpoint, vkey: string): Promise<boolean> {
  const message = new TextEncoder().encode(checkpoint.body);
  for (const one of checkpoint.signatures) {
    if (one.name === vkey.split("+")[0] && (await signatureHolds(message, one.signature, vkey))) return true;
  }
  return false;
}

/** Whether this is a good Ed25519 signature by a verifier key; false too where the browser cannot tell. */
export async function signatureHolds(
  message: Uint8Array,
  signature: Uint8Array,
  vkey: string,
): Promise<boolean> {
  const [, , ...rest] = vkey.split("+");
  const key = decodeBase64(rest.join("+"));
  // Byte 0 names the algorithm of a signed-note key; 1 is Ed25519.
  if (key?.[0] !== 1 || key.length !== 33) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key.slice(1), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, view(signature), view(message));
  } catch {
    // A browser without Ed25519 cannot tell; saying "holds" would be a lie.
    return false;
  }
}

/** A proof as the server gives it; all bytes are base64. */
export type ProofBundle = {
  entry: { index: number; leaf_data: string };
  leaf_hash: string;
  proof: readonly string[];
  tree_size: number;
  root: string;
  checkpoint: string;
  public_key: string;
};

export type ProofCheck = { check: "leaf" | "inclusion" | "checkpoint" | "signature"; ok: boolean };

/** Whether this browser can verify at all: WebCrypto exists only on https and on localhost. */
export function canVerify(): boolean {
  return typeof crypto !== "undefined" && "subtle" in crypto;
}

/** Recomputes everything a bundle claims; each check stands alone so that a person sees which one fails. */
export async function verifyProof(bundle: ProofBundle): Promise<ProofCheck[]> {
  const leafData = decodeBase64(bundle.entry.leaf_data);
  const claimedLeaf = decodeBase64(bundle.leaf_hash);
  const claimedRoot = decodeBase64(bundle.root);
  const path = bundle.proof.map(decodeBase64);
  const leafHash = leafData ? await hashLeaf(leafData) : null;
  const leafOk = leafHash !== null && claimedLeaf !== null && equal(leafHash, claimedLeaf);
  const root =
    leafHash && path.every((node) => node !== null)
      ? await rootFromProof(leafHash, bundle.entry.index, bundle.tree_size, path)
      : null;
  const included = root !== null && claimedRoot !== null && equal(root, claimedRoot);
  const checkpoint = parseCheckpoint(bundle.checkpoint);
  const covers =
    checkpoint !== null &&
    claimedRoot !== null &&
    checkpoint.size === bundle.tree_size &&
    equal(checkpoint.root, claimedRoot);
  return [
    { check: "leaf", ok: leafOk },
    { check: "inclusion", ok: included },
    { check: "checkpoint", ok: covers },
    {
      check: "signature",
      ok: checkpoint !== null && (await verifyCheckpointSignature(checkpoint, bundle.public_key)),
    },
  ];
}

export function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", view(data)));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

/** WebCrypto takes views on plain buffers only; ours are never shared. */
function view(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
