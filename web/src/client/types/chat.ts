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
  /** Delivery status of the emergency reply. */
  reply_status: string;
};

/** One turn of a conversation; `author` of one that went out is `assistant` or a person of the operator. */
export type ChatMessage = {
  id: string;
  direction: "in" | "out";
  kind: string;
  text: string | null;
  document_id: string | null;
  author: string | null;
  status: string;
  sent_at: string;
  urgency: string | null;
};

export type Conversation = {
  id: string;
  identity_kind: "wa_id" | "bsuid" | "username";
  handed_over: boolean;
  /** Oldest first. */
  messages: ChatMessage[];
};
