import { expect, it } from "vitest";

import { tagsOf } from "./liveUpdates";

const event = (type: string, data = {}) => ({ id: "1", type, data });

it("renews the case and the queue when a case changed", () => {
  expect(tagsOf(event("medical_audit.case_changed.v1", { case_id: "c1" }))).toEqual([
    { type: "Case", id: "c1" },
    "CaseList",
    "CaseCounts",
  ]);
});

it("renews the alerts when a triage task opened", () => {
  expect(tagsOf(event("chat.triage_task_opened.v1"))).toEqual(["TriageTask"]);
});

it("renews a document when it was read, and proofs when a checkpoint was signed", () => {
  expect(tagsOf(event("documents.document_read.v1", { document_id: "d1" }))).toEqual([
    { type: "Document", id: "d1" },
  ]);
  expect(tagsOf(event("ledger.checkpoint_signed.v1"))).toEqual(["Proof", "Case"]);
});

it("renews nothing for what no screen shows", () => {
  expect(tagsOf(event("chat.message_received.v1"))).toEqual([]);
  expect(tagsOf(event("learning.model_trained.v1"))).toEqual([]);
});
