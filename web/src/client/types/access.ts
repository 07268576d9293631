/** The guarantee of attendance (RN ANS 566/2022). */

export type AttendanceClock = { due_at: string; business_days: number; basis: string };

export type AccessStep = "network" | "neighbour" | "outside_network" | "transport" | "reimbursement";
export type AccessOutcome = "scheduled" | "reimbursed" | "given_up" | "not_needed";

export type Appointment = {
  at: string;
  provider_id: string | null;
  recorded_at: string;
  recorded_by: string;
};

export type AccessTask = {
  task_id: string;
  request_id: string;
  protocol: string;
  procedure: string;
  cause: "reported" | "term_near";
  opened_at: string;
  attend_by: string;
  /** Business days after today; less than 0 is late. */
  days_left: number;
  step: AccessStep;
  taken_by: string | null;
  outcome: AccessOutcome | null;
  version: number;
};

export type AccessTaskView = {
  task: AccessTask;
  member_name: string;
  phones: string[];
  ladder: { step: AccessStep; text: string; clause: string; may_take: boolean }[];
  notes: {
    sequence: number;
    at: string;
    by: string;
    act: "open" | "take" | "step" | "note" | "close";
    step: AccessStep;
    text: string | null;
  }[];
  appointments: Appointment[];
  refund_by: string | null;
};

export type AccessWork = {
  act: "take" | "step" | "note" | "close";
  expected_version: number;
  step?: AccessStep;
  outcome?: AccessOutcome;
  text?: string;
  appointment?: { at: string };
};
