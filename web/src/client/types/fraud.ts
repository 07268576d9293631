/** What explainable rules found in a request, for those who may see it. */
export type FoundSignal = {
  id: string;
  version: string;
  severity: "low" | "medium" | "high";
  effect: "inform" | "ask" | "route";
  text: string;
  evidence: string[];
  thresholds: { name: string; value: number; unit: string; source: string; verified_on: string | null }[];
  /** Where a person may look at what it was compared with. */
  other_requests: string[];
};

export type KeptScreening = {
  request_id: string;
  at: string;
  screening: { rules_version: string; rules_digest: string; signals: FoundSignal[]; blind: string[] };
  blind: { id: string; name: string; why: string }[];
  /** The last word of people about each rule that found something. */
  verdicts: SignalVerdict[];
};

export type Verdict = "confirmed" | "not_confirmed" | "unclear";

export type SignalVerdict = {
  rule: string;
  verdict: Verdict;
  reason: string;
  by: string;
  by_name: string | null;
  at: string;
};

/** One of the thirty rules as it is set for this operator. */
export type SignalRule = {
  id: string;
  name: string;
  severity: FoundSignal["severity"];
  effect: FoundSignal["effect"];
  about: string;
  /** What looks like it and is not. */
  innocent: string;
  source: string;
  confidence: string;
  verified_on: string | null;
  thresholds: FoundSignal["thresholds"];
  needs: string | null;
};

export type SignalRuleSet = { version: string; digest: string; own: boolean; rules: SignalRule[] };

/** How often people found a rule right. */
export type RuleFigures = {
  id: string;
  name: string;
  confirmed: number;
  not_confirmed: number;
  unclear: number;
};

export type SignalRuleVersion = {
  revision: number;
  version: string;
  digest: string;
  at: string;
  by_name: string | null;
};
