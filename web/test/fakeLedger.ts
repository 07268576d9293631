import type { LedgerProof } from "@/client/types/ledger";
import { hashLeaf, hashNode } from "@/lib/merkle";

/** A small log with a real signature, so that what the browser verifies is a real proof. */
export async function signedProof(): Promise<LedgerProof> {
  const origin = "demo.austa.example/ledger";
  const leaves = ["a", "b", "c", "d", "e"].map((name) => new TextEncoder().encode(`{"leaf":"${name}"}`));
  const [a, b, c, d, e] = (await Promise.all(leaves.map(hashLeaf))) as [Bytes, Bytes, Bytes, Bytes, Bytes];
  const [ab, cd] = [await hashNode(a, b), await hashNode(c, d)];
  const root = await hashNode(await hashNode(ab, cd), e);
  const note = `${origin}\n5\n${base64(root)}\n`;
  const keys = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const signature = await crypto.subtle.sign("Ed25519", keys.privateKey, new TextEncoder().encode(note));
  const key = new Uint8Array([1, ...new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey))]);
  const signed = new Uint8Array([1, 2, 3, 4, ...new Uint8Array(signature)]);
  return {
    format: "austa-ledger-proof/1",
    state: "sealed",
    entry: {
      id: "e-3",
      index: 2,
      source_event_id: "s-3",
      kind: "medical_audit.decision_released.v1",
      time: "2026-11-18T14:05:00Z",
      leaf_data: base64(leaves[2]!),
      salt: null,
      statement: '{"decision":"approve","rules":["R02"]}',
    },
    leaf_hash: base64(c),
    proof: [d, ab, e].map(base64),
    tree_size: 5,
    root: base64(root),
    checkpoint: `${note}\n— ${origin} ${base64(signed)}\n`,
    public_key: `${origin}+01020304+${base64(key)}`,
  };
}

type Bytes = Uint8Array;

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
