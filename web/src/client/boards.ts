import { api } from "./api";
import type {
  BoardFilter,
  CaseBoard,
  DeskBoard,
  ImportReport,
  ListedBoard,
  ListedTiebreaker,
  NewBoard,
  NewBoardAct,
} from "./types/boards";
import type { CursorPage } from "./types/pages";

const PAGE_SIZE = 50;

const boardsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getBoard: build.query<CaseBoard, string>({
      query: (id) => `/api/v1/cases/${id}/board`,
      providesTags: (_board, _error, id) => [{ type: "Case", id }],
    }),
    openBoard: build.mutation<CaseBoard, { id: string; board: NewBoard }>({
      query: ({ id, board }) => ({ url: `/api/v1/cases/${id}/board`, method: "POST", body: board }),
      invalidatesTags: (_board, _error, { id }) => [{ type: "Case", id }, "CaseList"],
    }),
    actInBoard: build.mutation<CaseBoard, { id: string; act: NewBoardAct }>({
      query: ({ id, act }) => ({ url: `/api/v1/cases/${id}/board/acts`, method: "POST", body: act }),
      invalidatesTags: (_board, _error, { id }) => [{ type: "Case", id }, "CaseList"],
    }),
    listBoards: build.infiniteQuery<CursorPage<ListedBoard>, BoardFilter, string | null>({
      query: ({ queryArg, pageParam }) => ({
        url: "/api/v1/boards",
        params: { ...queryArg, cursor: pageParam, limit: PAGE_SIZE },
      }),
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor ?? undefined,
      },
      providesTags: ["BoardList"],
    }),
    listTiebreakers: build.query<ListedTiebreaker[], void>({
      query: () => "/api/v1/tiebreakers",
      transformResponse: (answer: CursorPage<ListedTiebreaker>) => answer.items,
      providesTags: ["Tiebreakers"],
    }),
    importTiebreakers: build.mutation<ImportReport, { file: File; dryRun: boolean }>({
      query: ({ file, dryRun }) => {
        const body = new FormData();
        body.set("table", file);
        body.set("dry_run", String(dryRun));
        return { url: "/api/v1/imports/tiebreakers", method: "POST", body };
      },
      invalidatesTags: (_report, _error, { dryRun }) => (dryRun ? [] : ["Tiebreakers"]),
    }),
    endTiebreaker: build.mutation<ListedTiebreaker, string>({
      query: (id) => ({ url: `/api/v1/tiebreakers/${id}/end`, method: "POST" }),
      invalidatesTags: ["Tiebreakers"],
    }),
    fileEvidence: build.mutation<unknown, { caseId: string; requestId: string; documentId: string }>({
      query: ({ requestId, documentId }) => ({
        url: `/api/v1/authorizations/${requestId}/documents`,
        method: "POST",
        body: { documents: [{ kind: "report", document_id: documentId }], facts: [] },
      }),
      invalidatesTags: (_filed, _error, { caseId }) => [{ type: "Case", id: caseId }],
    }),
    getDeskBoard: build.query<DeskBoard, string>({
      query: (id) => `/api/v1/desk/requests/${id}/board`,
      providesTags: (_board, _error, id) => [{ type: "Request", id }],
    }),
    answerBoard: build.mutation<DeskBoard, { id: string; act: NewBoardAct }>({
      query: ({ id, act }) => ({ url: `/api/v1/desk/requests/${id}/board/acts`, method: "POST", body: act }),
      invalidatesTags: (_board, _error, { id }) => [{ type: "Request", id }, "Desk"],
    }),
  }),
});

/** The notice to the requester as PDF; null where it cannot be had now. */
export async function fetchBoardNotice(requestId: string): Promise<Blob | null> {
  const url = new URL(
    `/api/v1/authorizations/${encodeURIComponent(requestId)}/board-notice`,
    location.origin,
  );
  const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  return response?.ok ? response.blob() : null;
}

export const {
  useGetBoardQuery,
  useOpenBoardMutation,
  useActInBoardMutation,
  useListBoardsInfiniteQuery,
  useListTiebreakersQuery,
  useImportTiebreakersMutation,
  useEndTiebreakerMutation,
  useFileEvidenceMutation,
  useGetDeskBoardQuery,
  useAnswerBoardMutation,
} = boardsApi;
