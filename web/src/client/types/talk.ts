/** Something to tap: a reply button, or a line of a list with its description. */
export type TalkOption = { id: string; title: string; description: string };

/** A message of the member's own conversation. `place` counts up in the order in which messages are told. */
export type TalkMessage = {
  place: number;
  id: string;
  /** What this browser called it, of the member's own. */
  client_id: string | null;
  said_by: "me" | "assistant" | "person";
  text: string | null;
  file_name: string | null;
  options: TalkOption[];
  /** The reply to an emergency. */
  is_urgent: boolean;
  sent_at: string;
};

/** Messages in their order; `before` leads to older ones. */
export type TalkPage = { items: TalkMessage[]; before: number | null };

export type Talk = { conversation_id: string; page: TalkPage; last_place: number; handed_over: boolean };

export type NewTalkMessage = { client_id: string; text: string; option_id: string | null };

export type KeptMessage = { client_id: string; repeated: boolean };
