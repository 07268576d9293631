import { api } from "./api";
import type {
  ConfirmedMember,
  DeskLine,
  DeskRequest,
  FoundProcedure,
  ItemNeeds,
  NewRequest,
} from "./types/desk";
import type { CursorPage } from "./types/pages";
import type { AttachedPaper, RequestReceipt, StatedFact } from "./types/priorAuth";
import type { Provider } from "./types/providers";

export type DeskFilter = { show: "all" | "open" | "missing"; protocol?: string; cursor?: string };

type Answer = { id: string; documents: AttachedPaper[]; facts: StatedFact[]; expected_version: number };
type Cancel = { id: string; reason: string; expected_version: number; and_guide: boolean };

const deskApi = api.injectEndpoints({
  endpoints: (build) => ({
    listDesk: build.query<CursorPage<DeskLine>, DeskFilter>({
      query: ({ show, protocol, cursor }) => ({
        url:
          show === "missing"
            ? "/api/v1/desk/requests?state=PENDING_DOCUMENTS&state=PENDING_JUSTIFICATION"
            : "/api/v1/desk/requests",
        params: { protocol, cursor, open_only: show === "open" ? true : undefined },
      }),
      providesTags: ["Desk"],
    }),
    getDeskRequest: build.query<DeskRequest, string>({
      query: (id) => `/api/v1/desk/requests/${id}`,
      providesTags: (_request, _error, id) => [{ type: "Request", id }],
    }),
    getOwnProvider: build.query<Provider, string>({ query: (id) => `/api/v1/providers/${id}` }),
    findProcedures: build.query<CursorPage<FoundProcedure>, string>({
      query: (q) => ({ url: "/api/v1/terminology/procedures", params: { q, limit: 8 } }),
    }),
    getNeeds: build.query<CursorPage<ItemNeeds>, string>({
      query: (codes) => `/api/v1/desk/needs?${codes}`,
    }),
    confirmMember: build.mutation<ConfirmedMember, { number: string; birth_date: string }>({
      query: (body) => ({ url: "/api/v1/members/confirm", method: "POST", body }),
    }),
    askAuthorization: build.mutation<RequestReceipt, NewRequest>({
      query: (body) => ({ url: "/api/v1/authorizations", method: "POST", body }),
      invalidatesTags: ["Desk"],
    }),
    answerAsk: build.mutation<unknown, Answer>({
      query: ({ id, ...body }) => ({ url: `/api/v1/authorizations/${id}/documents`, method: "POST", body }),
      invalidatesTags: (_answer, _error, { id }) => [{ type: "Request", id }, "Desk"],
    }),
    cancelRequest: build.mutation<unknown, Cancel>({
      query: ({ id, ...body }) => ({ url: `/api/v1/authorizations/${id}/cancel`, method: "POST", body }),
      invalidatesTags: (_answer, _error, { id }) => [{ type: "Request", id }, "Desk"],
    }),
  }),
});

/** The letter about a request as PDF; null where it cannot be had now. */
export async function fetchRequestLetter(requestId: string): Promise<Blob | null> {
  const url = new URL(`/api/v1/authorizations/${encodeURIComponent(requestId)}/letter`, location.origin);
  const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  return response?.ok ? response.blob() : null;
}

export const {
  useListDeskQuery,
  useGetDeskRequestQuery,
  useGetOwnProviderQuery,
  useFindProceduresQuery,
  useGetNeedsQuery,
  useConfirmMemberMutation,
  useAskAuthorizationMutation,
  useAnswerAskMutation,
  useCancelRequestMutation,
} = deskApi;
