import { api } from "./api";
import type { Conversation, TriageTask } from "./types/chat";
import type { CursorPage } from "./types/pages";

/** `open` lists the most urgent first, `all` the newest first. */
export type TriageState = "open" | "all";

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
    acknowledgeTriageTask: build.mutation<TriageTask, string>({
      query: (id) => ({ url: `/api/v1/triage-tasks/${id}/acknowledge`, method: "POST" }),
      invalidatesTags: ["TriageTask"],
    }),
  }),
});

export const { useListTriageTasksQuery, useListConversationsQuery, useAcknowledgeTriageTaskMutation } =
  chatApi;
