import type { AccessTaskView, AccessWork } from "../src/client/types/access";

const STEPS = ["network", "neighbour", "outside_network", "transport", "reimbursement"] as const;

/** A task of a coordinator, as the server would answer it. */
export function firstAccessTask(base: number): AccessTaskView {
  return {
    task: {
      task_id: "task-1",
      request_id: "request-1",
      protocol: "99999920261121000001",
      procedure: "Sessão de fonoaudiologia",
      cause: "reported",
      opened_at: new Date(base).toISOString(),
      attend_by: new Date(base + 86_400_000).toISOString(),
      days_left: 1,
      step: "network",
      taken_by: null,
      outcome: null,
      version: 1,
    },
    member_name: "Joana Demo",
    phones: ["+5511900000001"],
    ladder: ladder("network"),
    notes: [
      {
        sequence: 1,
        at: new Date(base).toISOString(),
        by: "member:1",
        act: "open",
        step: "network",
        text: "Liguei em três clínicas.",
      },
    ],
    appointments: [],
    refund_by: null,
  };
}

/** What the server makes of a coordinator's act. */
export function workedOn(view: AccessTaskView, work: AccessWork): AccessTaskView {
  const step = work.step ?? view.task.step;
  const version = view.task.version + 1;
  return {
    ...view,
    task: { ...view.task, step, version, outcome: work.outcome ?? null, taken_by: "p-1" },
    ladder: ladder(step),
    notes: [
      ...view.notes,
      { sequence: version, at: view.task.opened_at, by: "p-1", act: work.act, step, text: work.text ?? null },
    ],
  };
}

function ladder(current: (typeof STEPS)[number]): AccessTaskView["ladder"] {
  return STEPS.map((step, at) => ({
    step,
    text: `Passo ${at + 1}`,
    clause: "RN ANS 566/2022",
    may_take: at > STEPS.indexOf(current),
  }));
}
