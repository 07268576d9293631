import { api } from "./api";
import type { CursorPage } from "./types/pages";
import type { NewTiebreak, Tiebreak, WaitingBoard } from "./types/tiebreaks";

const tiebreaksApi = api.injectEndpoints({
  endpoints: (build) => ({
    listTiebreaks: build.query<WaitingBoard[], void>({
      query: () => "/api/v1/tiebreaks",
      transformResponse: (answer: CursorPage<WaitingBoard>) => answer.items,
      providesTags: ["Tiebreak"],
    }),
    getTiebreak: build.query<Tiebreak, string>({
      query: (id) => `/api/v1/tiebreaks/${id}`,
      providesTags: ["Tiebreak"],
    }),
    sayInTiebreak: build.mutation<WaitingBoard, { id: string; word: NewTiebreak }>({
      query: ({ id, word }) => ({ url: `/api/v1/tiebreaks/${id}/acts`, method: "POST", body: word }),
      invalidatesTags: (_board, error) => (error ? [] : ["Tiebreak"]),
    }),
    inviteTiebreaker: build.mutation<{ email: string; expires_at: string }, string>({
      query: (id) => ({ url: `/api/v1/tiebreakers/${id}/invitations`, method: "POST" }),
      invalidatesTags: ["Outbox"],
    }),
  }),
});

/** The address of a page of a paper, as a picture. */
export function paperPageAddress(boardId: string, documentId: string, page: number): string {
  return `/api/v1/tiebreaks/${boardId}/papers/${documentId}/pages/${page}?width=1600`;
}

export const {
  useListTiebreaksQuery,
  useGetTiebreakQuery,
  useSayInTiebreakMutation,
  useInviteTiebreakerMutation,
} = tiebreaksApi;
