import { api } from "./api";
import type {
  CaseChecklists,
  CaseCounts,
  CaseDetail,
  CaseFilter,
  CaseLine,
  Checklist,
  Contact,
  NewChecklist,
  NewContact,
  NewDecision,
  NewForward,
  NewOpinion,
  Opinion,
  ReasonCode,
  Release,
} from "./types/medicalAudit";
import type { CursorPage } from "./types/pages";

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
      providesTags: (one, _error, id) => [
        { type: "Case", id },
        ...(one ? [{ type: "Request" as const, id: one.request.request_id }] : []),
        ...(one && isOnItsWay(one.release) ? ["Unsealed" as const] : []),
      ],
    }),
    listReasonCodes: build.query<ReasonCode[], void>({
      query: () => "/api/v1/reason-codes",
      transformResponse: (answer: CursorPage<ReasonCode>) => answer.items,
      providesTags: ["ReasonCode"],
    }),
    assignCase: build.mutation<CaseLine, { id: string; to: "me" | null; version: number }>({
      query: ({ id, ...body }) => ({ url: `/api/v1/cases/${id}/assign`, method: "POST", body }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }, "CaseList", "CaseCounts"],
    }),
    logContact: build.mutation<Contact, { id: string; contact: NewContact }>({
      query: ({ id, contact }) => ({ url: `/api/v1/cases/${id}/contacts`, method: "POST", body: contact }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }],
    }),
    forwardCase: build.mutation<CaseLine, { id: string; forward: NewForward }>({
      query: ({ id, forward }) => ({ url: `/api/v1/cases/${id}/forward`, method: "POST", body: forward }),
      invalidatesTags: (_case, _error, { id }) => [{ type: "Case", id }, "CaseList", "CaseCounts"],
    }),
    getChecklists: build.query<CaseChecklists, string>({
      query: (id) => `/api/v1/cases/${id}/checklists`,
      providesTags: (_checklists, _error, id) => [{ type: "Case", id }],
    }),
    writeChecklist: build.mutation<Checklist, { id: string; checklist: NewChecklist }>({
      query: ({ id, checklist }) => ({
        url: `/api/v1/cases/${id}/checklists`,
        method: "POST",
        body: checklist,
      }),
      invalidatesTags: (_checklist, _error, { id }) => [{ type: "Case", id }, "CaseList", "CaseCounts"],
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
    undoRelease: build.mutation<Release, { id: string; caseId: string }>({
      query: ({ id }) => ({ url: `/api/v1/decisions/${id}/undo`, method: "POST" }),
      invalidatesTags: (_release, _error, { caseId }) => [
        { type: "Case", id: caseId },
        "CaseList",
        "CaseCounts",
      ],
    }),
  }),
});

/** Whether a released decision is not proven yet: its case will change by itself. */
export function isOnItsWay(release: Release | null): boolean {
  return release !== null && ["releasing", "recording", "recorded"].includes(release.state);
}

export const {
  useListCasesInfiniteQuery,
  useCountCasesQuery,
  useFindCasesQuery,
  useGetCaseQuery,
  useListReasonCodesQuery,
  useAssignCaseMutation,
  useLogContactMutation,
  useForwardCaseMutation,
  useGetChecklistsQuery,
  useWriteChecklistMutation,
  useWriteOpinionMutation,
  useReleaseDecisionMutation,
  useUndoReleaseMutation,
} = medicalAuditApi;
