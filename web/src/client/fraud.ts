import { api } from "./api";
import type {
  KeptScreening,
  RuleFigures,
  SignalRuleSet,
  SignalRuleVersion,
  SignalVerdict,
  Verdict,
} from "./types/fraud";
import type { CursorPage } from "./types/pages";

type NewVerdict = { requestId: string; rule: string; verdict: Verdict; reason: string };

const fraudApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Each answer leaves an access record: ask only when a person wants to see. */
    getSignals: build.query<KeptScreening, string>({
      query: (requestId) => `/api/v1/authorizations/${requestId}/signals`,
      providesTags: (_kept, _error, id) => [{ type: "Request", id }, "Signals"],
    }),
    judgeSignal: build.mutation<SignalVerdict, NewVerdict>({
      query: ({ requestId, rule, ...body }) => ({
        url: `/api/v1/authorizations/${requestId}/signals/${rule}/verdict`,
        method: "POST",
        body,
      }),
      invalidatesTags: ["Signals"],
    }),
    getSignalRules: build.query<SignalRuleSet, void>({ query: () => "/api/v1/signal-rules" }),
    getSignalFigures: build.query<RuleFigures[], void>({
      query: () => "/api/v1/signal-rules/figures",
      transformResponse: (answer: CursorPage<RuleFigures>) => answer.items,
      providesTags: ["Signals"],
    }),
    listSignalVersions: build.query<SignalRuleVersion[], void>({
      query: () => "/api/v1/signal-rules/versions",
      transformResponse: (answer: CursorPage<SignalRuleVersion>) => answer.items,
    }),
  }),
});

export const {
  useGetSignalsQuery,
  useJudgeSignalMutation,
  useGetSignalRulesQuery,
  useGetSignalFiguresQuery,
  useListSignalVersionsQuery,
} = fraudApi;
