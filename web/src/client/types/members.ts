export type Member = {
  id: string;
  name: string;
  birth_date: string;
  card_number: string;
  plan_name: string;
  contract_started_on: string;
};

/** What a list may show before the record is opened. */
export type MemberSummary = { id: string; initials: string; card_end: string };

/** The whole record; that it was opened is written down. */
export type MemberRecord = Member & {
  sex: "F" | "M" | "unknown";
  card_end: string;
  relation: "holder" | "dependent";
  holder_id: string | null;
  guardian_id: string | null;
  contract_id: string;
  phones: string[];
  emails: string[];
};

/** One thing that was told of a member or their contracts: on which days it holds, and when we believed it. */
export type Told = {
  aspect: string;
  valid_from: string;
  valid_until: string | null;
  known_from: string;
  known_until: string | null;
  content: Record<string, string | number | boolean | string[] | null>;
};

/** A line of a list of requests. */
export type RequestSummary = {
  request_id: string;
  member_id: string;
  protocol: string;
  state: string;
  character: "elective" | "urgent";
  first_tuss: string;
  item_count: number;
  received_at: string;
  due_on: string;
};

/** Somebody about whom a signed-in member may be told; `by` is the one of them who represents a child. */
export type ServedPerson = { member_id: string; first_name: string; by: string };

/** A member who signed in, as their own page greets them. */
export type MemberHome = {
  member_id: string;
  first_name: string;
  operator_name: string;
  people: ServedPerson[];
  expires_at: string;
};
