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
