import { api } from "./api";
import type {
  CaseCounts,
  CaseDetail,
  CaseFilter,
  CaseLine,
  CursorPage,
  Contact,
  NewContact,
  NewDecision,
  NewOpinion,
  Opinion,
  Release,
} from "./types";

const PAGE_SIZE = 50;

const medicalAuditApi = api.injectEndpoints({
  endpoints: (build) => ({
    listCases: build.infiniteQuery<CursorPage<CaseLine>, CaseFilter, string | null>({
      query: ({ queryArg, pageParam }) => ({
        url: "/api/v1/cases",
        params: { ...queryArg, cursor: pageParam, limit: PAGE_SIZE },
      }),
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor ?? undefined,
      },
      providesTags: ["CaseList"],
    }),
    countCases: build.query<CaseCounts, void>({
      query: () => "/api/v1/cases/counts",
      providesTags: ["CaseCounts"],
    }),
    findCases: build.query<CursorPage<CaseLine>, string>({
      query: (q) => ({ url: "/api/v1/cases", params: { q, view: "all", limit: 6 } }),
      providesTags: ["CaseList"],
    }),
    getCase: build.query<CaseDetail, string>({
      query: (id) => `/api/v1/cases/${id}`,
      providesTags: (_case, _error, id) => [{ type: "Case", id }],
    }),
    assignCase: build.mutation<CaseLine, { id: string; to: "me" | null; version: number }>({
      query: ({ id, ...body }) => ({ url: `/api/v1/cases/${id}/assign`, method: "POST", body }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }, "CaseList", "CaseCounts"],
    }),
    logContact: build.mutation<Contact, { id: string; contact: NewContact }>({
      query: ({ id, contact }) => ({ url: `/api/v1/cases/${id}/contacts`, method: "POST", body: contact }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }],
    }),
    writeOpinion: build.mutation<Opinion, { id: string; opinion: NewOpinion }>({
      query: ({ id, opinion }) => ({ url: `/api/v1/cases/${id}/opinion`, method: "POST", body: opinion }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }, "CaseList", "CaseCounts"],
    }),
    releaseDecision: build.mutation<Release, NewDecision>({
      query: (body) => ({ url: "/api/v1/decisions", method: "POST", body }),
      invalidatesTags: (_decision, _error, { case_id }) => [
        { type: "Case", id: case_id },
        "CaseList",
        "CaseCounts",
      ],
    }),
  }),
});

export const {
  useListCasesInfiniteQuery,
  useCountCasesQuery,
  useFindCasesQuery,
  useGetCaseQuery,
  useAssignCaseMutation,
  useLogContactMutation,
  useWriteOpinionMutation,
  useReleaseDecisionMutation,
} = medicalAuditApi;
