import { api } from "./api";
import type { CaseBoard, DeskBoard, ListedTiebreaker, NewBoard, NewBoardAct } from "./types/boards";
import type { CursorPage } from "./types/pages";

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
    listTiebreakers: build.query<ListedTiebreaker[], void>({
      query: () => "/api/v1/tiebreakers",
      transformResponse: (answer: CursorPage<ListedTiebreaker>) => answer.items,
    }),
    addEvidence: build.mutation<{ id: string }, { file: File; memberId: string }>({
      query: ({ file, memberId }) => {
        const body = new FormData();
        body.set("member_id", memberId);
        body.set("file", file);
        return { url: "/api/v1/documents", method: "POST", body };
      },
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
  useListTiebreakersQuery,
  useAddEvidenceMutation,
  useFileEvidenceMutation,
  useGetDeskBoardQuery,
  useAnswerBoardMutation,
} = boardsApi;
