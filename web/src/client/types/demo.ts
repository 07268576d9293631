import type { Role } from "./identity";

export type DemoSignIn = { name: string; email: string; password: string; roles: Role[] };

/** Whom one may be on the members' own page. */
export type DemoMemberSignIn = { name: string; number: string; birth_date: string };

export type DemoMember = {
  phone: string;
  name: string;
  about: string;
  says: string[];
  photos: { name: string; title: string; url: string; mime_type: string }[];
};

export type PhoneMessage = {
  id: string;
  from: "member" | "austa";
  type: string;
  text: string;
  at: string;
  status: string;
  reply_to: string | null;
  error: string | null;
  media: { url: string; mime_type: string | null; filename: string | null } | null;
  footer: string | null;
  buttons: { id: string; title: string }[];
  link: { title: string; url: string } | null;
  list: {
    button: string;
    sections: { title: string; rows: { id: string; title: string; description?: string }[] }[];
  } | null;
};

export type InspectorEntry = {
  id: string;
  at: string;
  direction: "in" | "out";
  kind: string;
  /** Method and path. */
  call: string;
  headers: Record<string, string>;
  body: unknown;
};

export type PhoneTranscript = {
  phone: string;
  cursor: number;
  messages: PhoneMessage[];
  /** What went over the wire, oldest first. */
  inspector: InspectorEntry[];
};

/** What was, or would be, sent to whom by mail, text message or WhatsApp. */
export type OutboxMessage = {
  notification_id: string;
  template: string;
  channel: string;
  state: string;
  address: string;
  subject: string;
  text: string;
  created_at: string;
};
