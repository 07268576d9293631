import type { RuleStatus } from "./rules";

/** A pack that was taken in. */
export type CoverageVersion = {
  version_id: string;
  number: number;
  name: string;
  digest: string;
  items: number;
  status: RuleStatus;
  author: string;
  created_at: string;
  in_force_from: string | null;
  in_force_until: string | null;
};

export type CoverageInForce = { name: string; digest: string; items: number; own: boolean; about: string };

/** What an import did, or would do. */
export type CoverageReport = {
  dry_run: boolean;
  items: number;
  examples: number;
  added: string[];
  removed: string[];
  changed: string[];
  known: boolean;
  problems: { line: number; column: string; code: string; problem: string }[];
  version: CoverageVersion | null;
};
