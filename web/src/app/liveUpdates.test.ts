import { expect, it } from "vitest";

import { tagsOf } from "./liveUpdates";

const event = (type: string, data = {}) => ({ id: "1", type, data });

it("renews the case and the queue when a case changed", () => {
  expect(tagsOf(event("medical_audit.case_changed.v1", { case_id: "c1" }))).toEqual([
    { type: "Case", id: "c1" },
    "CaseList",
    "CaseCounts",
    "BoardList",
  ]);
});

it("reads a case once for one change of it, though several events tell of it", () => {
  expect(tagsOf(event("medical_audit.decision_released.v1", { case_id: "c1", request_id: "r1" }))).toEqual(
    [],
  );
  expect(tagsOf(event("medical_audit.opinion_recorded.v1", { case_id: "c1", request_id: "r1" }))).toEqual([]);
});

it("renews only the case of a request that changed", () => {
  expect(tagsOf(event("prior_auth.request_decided.v1", { request_id: "r1" }))).toEqual([
    { type: "Request", id: "r1" },
  ]);
});

it("renews the alerts when a triage task opened", () => {
  expect(tagsOf(event("chat.triage_task_opened.v1"))).toEqual(["TriageTask", "HandOverList"]);
});

it("renews a conversation on the screen when somebody wrote, and the list when a person takes or is asked for", () => {
  const one = { type: "HandOver", id: "c1" };
  const data = { conversation_id: "c1" };
  expect(tagsOf(event("chat.message_received.v1", data))).toEqual([one]);
  expect(tagsOf(event("chat.hand_over_changed.v1", data))).toEqual([one, "HandOverList"]);
  expect(tagsOf(event("chat.turn_due.v1", data))).toEqual([]);
});

it("renews a document when it was read; proofs and cases that wait for their seal when a checkpoint was signed", () => {
  expect(tagsOf(event("documents.document_read.v1", { document_id: "d1" }))).toEqual([
    { type: "Document", id: "d1" },
  ]);
  expect(tagsOf(event("ledger.checkpoint_signed.v1"))).toEqual(["Proof", "Unsealed"]);
});

it("renews nothing for what no screen shows", () => {
  expect(tagsOf(event("chat.message_received.v1"))).toEqual([]);
  expect(tagsOf(event("learning.model_trained.v1"))).toEqual([]);
});
