import type { RuleDifference, RuleReport, RuleSet, RuleVersion } from "@/client/types/rules";

/** Tables of the fake AUSTA: one set, a version in force, and one that somebody proposed. */
const ACTIVE: RuleVersion = {
  id: "rules-1",
  rule_set: "authority",
  number: 1,
  digest: "b276945381bbd487".repeat(4),
  status: "active",
  author: "austa",
  author_name: null,
  created_at: "2026-11-01T12:00:00Z",
  note: "",
  in_force_from: "2026-11-01T12:00:00Z",
  in_force_until: null,
  steps: [],
};

export const PROPOSED: RuleVersion = {
  ...ACTIVE,
  id: "rules-2",
  number: 2,
  status: "proposed",
  author: "p-7",
  author_name: "Daniel Aguiar Rezende",
  note: "Motivo mais claro.",
  in_force_from: null,
  steps: [
    {
      step: "propose",
      at: "2026-11-20T12:00:00Z",
      by: "p-7",
      by_name: "Daniel Aguiar Rezende",
      effective_at: "2026-11-20T12:00:00Z",
      until: null,
      note: "",
    },
  ],
};

const SET: RuleSet = {
  name: "authority",
  title: "Alçada",
  about: "Quem pode fazer o quê.",
  decisions: ["Alçada"],
  in_force: ACTIVE,
  versions: 2,
  waiting: 1,
};

const REPORT: RuleReport = {
  sound: false,
  digest: PROPOSED.digest,
  faults: [],
  misfits: [],
  findings: [
    {
      kind: "overlap",
      table: "Alçada",
      rules: [1, 2],
      example: { Ato: "route", Papel: "system" },
      instead: [],
      text: "As regras 1 e 2 valem ao mesmo tempo.",
    },
  ],
  not_judged: [],
  not_searched_to_the_end: [],
  examples: 47,
  failed_examples: [],
  rules_without_example: [{ table: "Alçada", rule: 3 }],
};

const DIFFERENCE: RuleDifference = {
  before: ACTIVE,
  after: PROPOSED,
  inputs: [],
  tables: [
    {
      decision: "Alçada",
      kind: "changed",
      head: [],
      rows: [
        {
          kind: "changed",
          before: 5,
          after: 5,
          cells: [{ column: "Motivo", before: '"Antigo"', after: '"Novo"' }],
        },
      ],
    },
  ],
};

/** Answers what is asked under /api/v1/rules; undefined for what there is not. */
export function answerRules(path: string, proposed: RuleVersion): unknown {
  if (path === "/api/v1/rules") return { items: [SET] };
  if (path === "/api/v1/rules/authority/versions") return { items: [proposed, ACTIVE] };
  if (path.endsWith("/report")) return REPORT;
  if (path.endsWith("/difference")) return DIFFERENCE;
  if (path.endsWith("/activate")) return { ...proposed, status: "active" };
  return path.endsWith("/examples") ? { examples: [] } : undefined;
}
