export type RuleStatus =
  "draft" | "proposed" | "scheduled" | "active" | "superseded" | "expired" | "withdrawn";

export type RuleStep = {
  step: "propose" | "activate" | "expire";
  at: string;
  by: string;
  by_name: string | null;
  effective_at: string;
  until: string | null;
  note: string;
};

/** One version of a set of tables. It never changes; `steps` are what was done with it. */
export type RuleVersion = {
  id: string;
  rule_set: string;
  number: number;
  digest: string;
  status: RuleStatus;
  author: string;
  author_name: string | null;
  created_at: string;
  note: string;
  in_force_from: string | null;
  in_force_until: string | null;
  steps: RuleStep[];
};

export type RuleSet = {
  name: string;
  title: string;
  about: string;
  decisions: string[];
  in_force: RuleVersion | null;
  versions: number;
  waiting: number;
};

/** Something about a table as a whole; `example` has the smallest inputs that show it. */
export type RuleFinding = {
  kind: "overlap" | "gap" | "unreachable";
  table: string;
  rules: number[];
  example: Record<string, unknown>;
  instead: number[];
  text: string;
};

export type RuleAt = { table: string; rule: number };

/** What there is to say about tables before anybody puts them in force. */
export type RuleReport = {
  sound: boolean;
  digest: string;
  faults: { decision: string; rule: number | null; column: string; text: string; expected: string }[];
  misfits: string[];
  findings: RuleFinding[];
  not_judged: RuleAt[];
  not_searched_to_the_end: string[];
  examples: number;
  failed_examples: { name: string; decision: string; why: string }[];
  rules_without_example: RuleAt[];
};

export type CellChange = { column: string; before: string | null; after: string | null };

export type RowChange = {
  kind: "added" | "removed" | "changed" | "moved";
  before: number | null;
  after: number | null;
  cells: CellChange[];
};

export type RuleDifference = {
  before: RuleVersion | null;
  after: RuleVersion;
  inputs: CellChange[];
  tables: {
    decision: string;
    kind: "added" | "removed" | "changed";
    head: CellChange[];
    rows: RowChange[];
  }[];
};

/** Where a request goes; for legal terms its class and its business days. */
export type SimulatedWay = { path: string; queue: string | null; days: number | null };

/** What tables would have done to past requests, against those in force now. */
export type SimulationResult = {
  since: string;
  looked_at: number;
  changed: number;
  /** Requests of people who were erased. */
  unreadable: number;
  /** Whether no request of those days was left out. */
  whole: boolean;
  ways: { before: SimulatedWay; after: SimulatedWay; requests: number }[];
  examples: {
    request_id: string;
    protocol: string;
    assessed_at: string;
    before: SimulatedWay;
    after: SimulatedWay;
    speaks_now: string[];
    speaks_no_longer: string[];
  }[];
};

/** Tables that are not kept yet, and their example rows as the text of a JSON file. */
export type RuleContent = { xml: string; examples: string | null };
