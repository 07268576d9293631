import { api } from "./api";
import type {
  CannedAnswer,
  ChatMessage,
  Colleague,
  Conversation,
  DutyRoster,
  HandOver,
  HandOverEntry,
  HandOverLine,
  HandOverList,
  SatisfactionWeek,
  HandOverView,
  Looker,
  Roster,
  TriageTask,
} from "./types/chat";
import type { CursorPage } from "./types/pages";

/** `open` lists the most urgent first, `all` the newest first. */
export type TriageState = "open" | "all";

const tagOf = (id: string) => ({ type: "HandOver", id }) as const;

const chatApi = api.injectEndpoints({
  endpoints: (build) => ({
    listTriageTasks: build.query<CursorPage<TriageTask>, { state: TriageState }>({
      query: (params) => ({ url: "/api/v1/triage-tasks", params }),
      providesTags: ["TriageTask"],
    }),
    listConversations: build.query<Conversation[], string>({
      query: (memberId) => ({ url: "/api/v1/conversations", params: { member_id: memberId } }),
      transformResponse: (answer: CursorPage<Conversation>) => answer.items,
      // What was read is not kept once it is folded away: reading again is another look.
      keepUnusedDataFor: 0,
    }),
    listHandOvers: build.infiniteQuery<HandOverList, HandOverView, string | null>({
      query: ({ queryArg, pageParam }) => ({
        url: "/api/v1/hand-overs",
        params: { view: queryArg, cursor: pageParam },
      }),
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor ?? undefined,
      },
      providesTags: (answer) => [
        "HandOverList",
        ...(answer?.pages ?? []).flatMap((page) => page.items.map((one) => tagOf(one.conversation_id))),
      ],
    }),
    findHandOvers: build.query<HandOverLine[], string>({
      // In the body: a card number or CPF stays out of addresses and their logs.
      query: (words) => ({ url: "/api/v1/hand-overs/search", method: "POST", body: { words } }),
      transformResponse: (answer: CursorPage<HandOverLine>) => answer.items,
      keepUnusedDataFor: 0,
    }),
    listColleagues: build.query<Colleague[], void>({
      query: () => "/api/v1/hand-overs/colleagues",
      transformResponse: (answer: CursorPage<Colleague>) => answer.items,
    }),
    getHandOver: build.query<HandOver, string>({
      query: (id) => `/api/v1/hand-overs/${id}`,
      providesTags: (_answer, _error, id) => [tagOf(id)],
      keepUnusedDataFor: 0,
    }),
    listMessages: build.infiniteQuery<CursorPage<ChatMessage>, string, string | null>({
      query: ({ queryArg, pageParam }) => ({
        url: `/api/v1/hand-overs/${queryArg}/messages`,
        params: { cursor: pageParam },
      }),
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor ?? undefined,
      },
      providesTags: (_answer, _error, id) => [tagOf(id)],
      keepUnusedDataFor: 0,
    }),
    assignConversation: build.mutation<HandOver, { id: string; to: string | null; expected: string | null }>({
      query: ({ id, ...body }) => ({ url: `/api/v1/hand-overs/${id}/holder`, method: "PUT", body }),
      invalidatesTags: (_answer, _error, { id }) => [tagOf(id), "HandOverList"],
    }),
    endHandOver: build.mutation<HandOver, { id: string; how: "give-back" | "close" }>({
      query: ({ id, how }) => ({ url: `/api/v1/hand-overs/${id}/${how}`, method: "POST" }),
      invalidatesTags: (_answer, _error, { id }) => [tagOf(id), "HandOverList"],
    }),
    writeNote: build.mutation<HandOverEntry, { id: string; text: string }>({
      query: ({ id, text }) => ({ url: `/api/v1/hand-overs/${id}/notes`, method: "POST", body: { text } }),
      invalidatesTags: (_answer, _error, { id }) => [tagOf(id)],
    }),
    // A query although it tells something: it is asked again and again while the conversation is on the screen.
    showPresence: build.query<Looker[], { id: string; is_typing: boolean }>({
      query: ({ id, ...body }) => ({ url: `/api/v1/hand-overs/${id}/presence`, method: "PUT", body }),
      transformResponse: (answer: CursorPage<Looker>) => answer.items,
      keepUnusedDataFor: 0,
    }),
    sendMessage: build.mutation<{ id: string }, { id: string; text: string }>({
      query: ({ id, text }) => ({
        url: "/api/v1/messages/send",
        method: "POST",
        body: { conversation_id: id, text },
      }),
      // Also after a refusal: it says that somebody else holds the conversation now.
      invalidatesTags: (_answer, _error, { id }) => [tagOf(id), "HandOverList"],
    }),
    listSatisfaction: build.query<SatisfactionWeek[], void>({
      query: () => "/api/v1/satisfaction",
      transformResponse: (answer: CursorPage<SatisfactionWeek>) => answer.items,
    }),
    listCannedAnswers: build.query<CannedAnswer[], void>({
      query: () => "/api/v1/canned-answers",
      transformResponse: (answer: CursorPage<CannedAnswer>) => answer.items,
      providesTags: ["CannedAnswers"],
    }),
    saveCannedAnswer: build.mutation<CannedAnswer, CannedAnswer>({
      query: ({ id, ...body }) => ({ url: `/api/v1/canned-answers/${id}`, method: "PUT", body }),
      invalidatesTags: ["CannedAnswers"],
    }),
    endCannedAnswer: build.mutation<null, string>({
      query: (id) => ({ url: `/api/v1/canned-answers/${id}`, method: "DELETE" }),
      invalidatesTags: ["CannedAnswers"],
    }),
    getDutyRoster: build.query<DutyRoster, void>({
      query: () => "/api/v1/duty-roster",
      providesTags: ["DutyRoster"],
    }),
    saveDutyRoster: build.mutation<DutyRoster, { version: number; roster: Roster }>({
      query: (body) => ({ url: "/api/v1/duty-roster", method: "PUT", body }),
      // Also after a refusal: it says that somebody else changed it.
      invalidatesTags: ["DutyRoster"],
    }),
    acknowledgeTriageTask: build.mutation<TriageTask, string>({
      query: (id) => ({ url: `/api/v1/triage-tasks/${id}/acknowledge`, method: "POST" }),
      invalidatesTags: ["TriageTask", "HandOverList", "HandOver"],
    }),
  }),
});

export const {
  useListTriageTasksQuery,
  useListConversationsQuery,
  useAcknowledgeTriageTaskMutation,
  useListHandOversInfiniteQuery,
  useFindHandOversQuery,
  useListColleaguesQuery,
  useGetHandOverQuery,
  useListMessagesInfiniteQuery,
  useAssignConversationMutation,
  useEndHandOverMutation,
  useWriteNoteMutation,
  useShowPresenceQuery,
  useSendMessageMutation,
  useGetDutyRosterQuery,
  useSaveDutyRosterMutation,
  useListSatisfactionQuery,
  useListCannedAnswersQuery,
  useSaveCannedAnswerMutation,
  useEndCannedAnswerMutation,
} = chatApi;
