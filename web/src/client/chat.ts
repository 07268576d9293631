import { api } from "./api";
import type { TriageTask } from "./types/chat";
import type { CursorPage } from "./types/pages";

/** `open` lists the most urgent first, `all` the newest first. */
export type TriageState = "open" | "all";

const chatApi = api.injectEndpoints({
  endpoints: (build) => ({
    listTriageTasks: build.query<CursorPage<TriageTask>, { state: TriageState }>({
      query: (params) => ({ url: "/api/v1/triage-tasks", params }),
      providesTags: ["TriageTask"],
    }),
    acknowledgeTriageTask: build.mutation<TriageTask, string>({
      query: (id) => ({ url: `/api/v1/triage-tasks/${id}/acknowledge`, method: "POST" }),
      invalidatesTags: ["TriageTask"],
    }),
  }),
});

export const { useListTriageTasksQuery, useAcknowledgeTriageTaskMutation } = chatApi;
