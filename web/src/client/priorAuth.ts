import { api } from "./api";
import type { Lifecycle, OpenedLink, ReplayResult } from "./types/priorAuth";

const priorAuthApi = api.injectEndpoints({
  endpoints: (build) => ({
    getLifecycle: build.query<Lifecycle, string>({
      query: (requestId) => `/api/v1/authorizations/${requestId}/lifecycle`,
      providesTags: (_way, _error, id) => [{ type: "Request", id }],
    }),
    getReceipt: build.query<string, string>({
      query: (decisionId) => ({ url: `/api/v1/receipts/${decisionId}`, answer: "text" }),
      // A look at it is recorded: it is asked for anew each time that it is opened.
      keepUnusedDataFor: 0,
    }),
    getReceiptKey: build.query<string, void>({
      query: () => "/api/v1/receipts/key",
      transformResponse: (answer: { key: string }) => answer.key,
    }),
    replayDecision: build.mutation<ReplayResult, string>({
      query: (decisionId) => ({ url: `/api/v1/receipts/${decisionId}/replay` }),
    }),
    openLink: build.mutation<OpenedLink, { token: string; birth_date: string }>({
      query: ({ token, birth_date }) => ({
        url: `/api/v1/links/${encodeURIComponent(token)}/open`,
        method: "POST",
        body: { birth_date },
      }),
    }),
  }),
});

/** The letter behind a member's link, as PDF; null where it cannot be had now. */
export async function fetchLetter(token: string, birthDate: string): Promise<Blob | null> {
  const url = new URL(`/api/v1/links/${encodeURIComponent(token)}/letter`, location.origin);
  const headers = { "Content-Type": "application/json", "X-Austa-Client": "web" };
  const body = JSON.stringify({ birth_date: birthDate });
  const response = await fetch(url, { method: "POST", headers, body }).catch(() => null);
  return response?.ok ? response.blob() : null;
}

export const {
  useGetLifecycleQuery,
  useGetReceiptKeyQuery,
  useGetReceiptQuery,
  useOpenLinkMutation,
  useReplayDecisionMutation,
} = priorAuthApi;
