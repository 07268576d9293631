import { api } from "./api";
import type { MemberRecord, MemberSummary, RequestSummary, Told } from "./types/members";
import type { CursorPage } from "./types/pages";

const membersApi = api.injectEndpoints({
  endpoints: (build) => ({
    findMembers: build.query<CursorPage<MemberSummary>, string>({
      query: (q) => ({ url: "/api/v1/members", params: { q, limit: 25 } }),
    }),
    getMember: build.query<MemberRecord, string>({ query: (id) => `/api/v1/members/${id}` }),
    getHistory: build.query<Told[], string>({
      query: (id) => `/api/v1/members/${id}/history`,
      transformResponse: (answer: CursorPage<Told>) => answer.items,
    }),
    findRequests: build.query<RequestSummary[], ExactNumber>({
      query: (exact) => ({ url: "/api/v1/authorizations", params: { ...exact, limit: 5 } }),
      transformResponse: (answer: CursorPage<RequestSummary>) => answer.items,
      providesTags: ["Desk"],
    }),
    listRequests: build.infiniteQuery<CursorPage<RequestSummary>, string, string | null>({
      query: ({ queryArg, pageParam }) => ({
        url: "/api/v1/authorizations",
        params: { member_id: queryArg, cursor: pageParam },
      }),
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor ?? undefined,
      },
      providesTags: ["Desk"],
    }),
  }),
});

/** A whole number, as it stands on a letter: a part of one finds nothing. */
export type ExactNumber = { protocol: string } | { guide: string };

export const {
  useFindRequestsQuery,
  useFindMembersQuery,
  useGetMemberQuery,
  useGetHistoryQuery,
  useListRequestsInfiniteQuery,
} = membersApi;
