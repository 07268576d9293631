import { describe, expect, it } from "vitest";

import { signedProof } from "../../test/fakeLedger";
import { encodeHex, hashLeaf, hashNode, parseCheckpoint, rootFromProof, verifyProof } from "./merkle";

type Bytes = Uint8Array;

/** Root and inclusion path straight from the definitions of RFC 9162, 2.1.1 and 2.1.3.1. */
async function treeHead(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 1) return hashLeaf(leaves[0]!);
  const half = splitAt(leaves.length);
  return hashNode(await treeHead(leaves.slice(0, half)), await treeHead(leaves.slice(half)));
}

async function path(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const half = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...(await path(index, left)), await treeHead(right)]
    : [...(await path(index - half, right)), await treeHead(left)];
}

function splitAt(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

const leavesOf = (size: number) => Array.from({ length: size }, (_leaf, place) => Uint8Array.of(place, 7));

describe("hashLeaf", () => {
  it("gives the leaf hash of the empty string of RFC 6962", async () => {
    expect(encodeHex(await hashLeaf(new Uint8Array()))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
  });
});

describe("rootFromProof", () => {
  it("leads from every leaf of every small tree to its root", async () => {
    for (let size = 1; size <= 17; size += 1) {
      const leaves = leavesOf(size);
      const root = encodeHex(await treeHead(leaves));
      for (let index = 0; index < size; index += 1) {
        const found = await rootFromProof(
          await hashLeaf(leaves[index]!),
          index,
          size,
          await path(index, leaves),
        );
        expect(found && encodeHex(found), `leaf ${index} of ${size}`).toBe(root);
      }
    }
  });

  it("refuses a path that is too short, too long, or of a leaf outside the tree", async () => {
    const leaves = leavesOf(6);
    const leaf = await hashLeaf(leaves[2]!);
    const good = await path(2, leaves);
    expect(await rootFromProof(leaf, 2, 6, good.slice(1))).toBeNull();
    expect(await rootFromProof(leaf, 2, 6, [...good, leaf])).toBeNull();
    expect(await rootFromProof(leaf, 6, 6, good)).toBeNull();
    expect(await rootFromProof(leaf, -1, 6, good)).toBeNull();
  });

  it("leads elsewhere from another place in the tree", async () => {
    const leaves = leavesOf(8);
    const found = await rootFromProof(await hashLeaf(leaves[2]!), 3, 8, await path(2, leaves));
    expect(found && encodeHex(found)).not.toBe(encodeHex(await treeHead(leaves)));
  });
});

describe("verifyProof", () => {
  const failed = async (bundle: Awaited<ReturnType<typeof signedProof>>) =>
    (await verifyProof(bundle)).filter((one) => !one.ok).map((one) => one.check);

  it("holds for a signed checkpoint that covers the leaf", async () => {
    expect(await failed(await signedProof())).toEqual([]);
  });

  it("finds that the content was changed", async () => {
    const bundle = await signedProof();
    expect(await failed({ ...bundle, entry: { ...bundle.entry, leaf_data: btoa("other") } })).toEqual([
      "leaf",
      "inclusion",
    ]);
  });

  it("finds that the root is not the checkpoint's", async () => {
    const bundle = await signedProof();
    expect(await failed({ ...bundle, root: bundle.leaf_hash })).toEqual(["inclusion", "checkpoint"]);
  });

  it("finds that another key signed", async () => {
    const [bundle, other] = [await signedProof(), await signedProof()];
    expect(await failed({ ...bundle, public_key: other.public_key })).toEqual(["signature"]);
  });

  it("finds that the checkpoint's text was changed after signing", async () => {
    const bundle = await signedProof();
    expect(
      await failed({ ...bundle, tree_size: 6, checkpoint: bundle.checkpoint.replace("\n5\n", "\n6\n") }),
    ).toContain("signature");
  });
});

describe("parseCheckpoint", () => {
  it("refuses what is no checkpoint", () => {
    expect(parseCheckpoint("")).toBeNull();
    expect(parseCheckpoint("origin\n05\nAAAA\n\n")).toBeNull();
  });
});
