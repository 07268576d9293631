import { api } from "./api";
import type {
  RuleContent,
  RuleDifference,
  RuleReport,
  RuleSet,
  RuleVersion,
  SimulationResult,
} from "./types/rules";

type Items<T> = { items: T[] };

const VERSIONS = "/api/v1/rules/versions";

const rulesApi = api.injectEndpoints({
  endpoints: (build) => ({
    listRuleSets: build.query<RuleSet[], void>({
      query: () => "/api/v1/rules",
      transformResponse: (answer: Items<RuleSet>) => answer.items,
      providesTags: ["Rules"],
    }),
    listRuleVersions: build.query<RuleVersion[], string>({
      query: (ruleSet) => `/api/v1/rules/${ruleSet}/versions`,
      transformResponse: (answer: Items<RuleVersion>) => answer.items,
      providesTags: ["Rules"],
    }),
    // What a version says never changes.
    getRuleXml: build.query<string, string>({
      query: (id) => ({ url: `${VERSIONS}/${id}/xml`, answer: "text" }),
    }),
    getRuleExamples: build.query<string, string>({
      query: (id) => ({ url: `${VERSIONS}/${id}/examples`, answer: "text" }),
    }),
    getRuleReport: build.query<RuleReport, string>({ query: (id) => `${VERSIONS}/${id}/report` }),
    getRuleDifference: build.query<RuleDifference, { id: string; before: string | null }>({
      query: ({ id, before }) => ({ url: `${VERSIONS}/${id}/difference`, params: { before } }),
      providesTags: ["Rules"],
    }),
    checkRules: build.mutation<RuleReport, { ruleSet: string; content: RuleContent }>({
      query: ({ ruleSet, content }) => ({
        url: `/api/v1/rules/${ruleSet}/check`,
        method: "POST",
        body: content,
      }),
    }),
    draftRules: build.mutation<RuleVersion, { ruleSet: string; draft: RuleContent & { note: string } }>({
      query: ({ ruleSet, draft }) => ({
        url: `/api/v1/rules/${ruleSet}/versions`,
        method: "POST",
        body: draft,
      }),
      invalidatesTags: ["Rules"],
    }),
    simulateRules: build.mutation<SimulationResult, { id: string; since_days: number }>({
      query: ({ id, since_days }) => ({
        url: `${VERSIONS}/${id}/simulate`,
        method: "POST",
        body: { since_days },
      }),
    }),
    stepRules: build.mutation<RuleVersion, { id: string; step: RuleAct; body: RuleActBody }>({
      query: ({ id, step, body }) => ({ url: `${VERSIONS}/${id}/${step}`, method: "POST", body }),
      invalidatesTags: ["Rules"],
    }),
  }),
});

export type RuleAct = "propose" | "activate" | "expire";

export type RuleActBody = { note: string; effective_at?: string | null; until?: string | null };

export const {
  useListRuleSetsQuery,
  useListRuleVersionsQuery,
  useGetRuleXmlQuery,
  useGetRuleExamplesQuery,
  useGetRuleReportQuery,
  useGetRuleDifferenceQuery,
  useCheckRulesMutation,
  useDraftRulesMutation,
  useSimulateRulesMutation,
  useStepRulesMutation,
} = rulesApi;
