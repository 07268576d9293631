/** What explainable rules found in a request, for those who may see it. */
export type FoundSignal = {
  id: string;
  version: string;
  severity: "low" | "medium" | "high";
  effect: "inform" | "ask" | "route";
  text: string;
  evidence: string[];
  thresholds: { name: string; value: number; unit: string; source: string; verified_on: string | null }[];
};

export type KeptScreening = {
  request_id: string;
  at: string;
  screening: { rules_version: string; rules_digest: string; signals: FoundSignal[]; blind: string[] };
  blind: { id: string; name: string; why: string }[];
};
