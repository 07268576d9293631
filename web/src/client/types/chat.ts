import type { Urgency } from "./medicalAudit";

export type TriageTask = {
  id: string;
  level: Urgency;
  category: string;
  state: "open" | "acknowledged" | "escalated";
  conversation_id: string;
  member_id: string | null;
  /** What the person wrote. */
  excerpt: string;
  /** The message to listen to, where it was spoken. */
  voice_note_id: string | null;
  phone: string | null;
  rules: string[];
  lexicon_version: string;
  opened_at: string;
  due_at: string;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  /** Whose turn it was, in order; the last one has it now. */
  turns: TaskTurn[];
  /** Delivery status of the emergency reply. */
  reply_status: string;
};

export type Post = "nurse" | "on_call";

/** Whose turn an alert is. `name` null: of all who watch the alerts. */
export type TaskTurn = {
  number: number;
  post: Post;
  name: string | null;
  phone: string | null;
  began_at: string;
  due_at: string;
  /** A message was handed over; not that it was read. */
  was_told: boolean;
};

/** Who has a post when: each week on a weekday (0 is Monday), or on one day. */
export type Shift = {
  post: Post;
  person: string;
  name: string;
  phone: string | null;
  weekday: number | null;
  day: string | null;
  starts: string;
  ends: string;
  is_absent: boolean;
};

export type EscalationStep = { post: Post; red_s: number; orange_s: number };

export type Roster = { shifts: Shift[]; steps: EscalationStep[]; time_zone: string };

export type DutyGap = { weekday: number; starts: string; until_weekday: number; ends: string };

export type DutyNow = { post: Post; people: Colleague[]; gaps: DutyGap[] };

export type DutyRoster = {
  version: number;
  roster: Roster;
  now: DutyNow[];
  changed_by: Colleague | null;
  changed_at: string | null;
};

/** One turn of a conversation; `author` of one that went out is `assistant` or a person of the operator. */
export type ChatMessage = {
  id: string;
  direction: "in" | "out";
  kind: string;
  text: string | null;
  buttons: { id: string; title: string }[];
  document_id: string | null;
  author: string | null;
  status: string;
  sent_at: string;
  urgency: string | null;
  /** When its sender corrected it; the correction is a message of its own. */
  edited_at: string | null;
  /** When its sender deleted it; `text` keeps what was written. */
  deleted_at: string | null;
};

export type Conversation = {
  id: string;
  identity_kind: "wa_id" | "bsuid" | "username" | "member";
  handed_over: boolean;
  /** Oldest first. */
  messages: ChatMessage[];
};

/** How people found the attendance in a week; `ratings`: how many gave 1 (worst) to 5 (best). */
export type SatisfactionWeek = {
  monday: string;
  door: "hand_over" | "decision";
  asked: number;
  ratings: number[];
  complaints: number;
};

export type Colleague = { id: string; name: string };

/** `open`: all that people answer now; `unassigned` and `mine` are parts of it. */
export type HandOverView = "unassigned" | "mine" | "open" | "closed";

export type HandOverReason =
  | "asked"
  | "not_understood"
  | "consent_refused"
  | "unlinked"
  | "distress"
  | "symptoms"
  | "appointment"
  | "complaint"
  | "staff";

/** A conversation in the list of those that people answer. */
export type HandOverLine = {
  conversation_id: string;
  member_id: string | null;
  initials: string | null;
  card_end: string | null;
  phone_end: string | null;
  /** On WhatsApp, or signed in on their own page. */
  channel: "whatsapp" | "web";
  /** `assistant`: no person was ever asked for. */
  state: "open" | "closed" | "assistant";
  reason: HandOverReason | null;
  holder: Colleague | null;
  assistant_answers: boolean;
  waiting_since: string | null;
  last_inbound_at: string | null;
  alert: "RED" | "ORANGE" | null;
  closed_at: string | null;
};

export type HandOverList = {
  items: HandOverLine[];
  counts: { unassigned: number; mine: number; open: number };
  next_cursor: string | null;
};

export type HandOverEntry = {
  id: string;
  kind: "handed_over" | "taken" | "given" | "released" | "given_back" | "closed" | "note";
  author: Colleague | null;
  receiver: Colleague | null;
  reason: HandOverReason | null;
  text: string | null;
  at: string;
};

/** Somebody else who has the conversation on the screen. */
export type Looker = { colleague: Colleague; is_typing: boolean };

/** A conversation as those who answer it see it, without its messages. */
export type HandOver = {
  line: HandOverLine;
  name: string | null;
  birth_date: string | null;
  plan_name: string | null;
  phone: string | null;
  window_ends_at: string | null;
  entries: HandOverEntry[];
  alerts: string[];
  others: Looker[];
};

/** An answer of the operator's own; `{nome}`, `{protocolo}` and `{atendente}` are filled in before it is sent. */
export type CannedAnswer = { id: string; title: string; text: string };
