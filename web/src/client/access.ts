import { api } from "./api";
import type { AccessTask, AccessTaskView, AccessWork, Appointment } from "./types/access";
import type { CursorPage } from "./types/pages";

type Work = AccessWork & { id: string };

const accessApi = api.injectEndpoints({
  endpoints: (build) => ({
    listAccessTasks: build.query<CursorPage<AccessTask>, void>({
      query: () => "/api/v1/access-tasks",
      providesTags: ["AccessTask"],
    }),
    getAccessTask: build.query<AccessTaskView, string>({
      query: (id) => `/api/v1/access-tasks/${id}`,
      providesTags: ["AccessTask"],
    }),
    workOnAccessTask: build.mutation<AccessTaskView, Work>({
      query: ({ id, ...body }) => ({ url: `/api/v1/access-tasks/${id}/work`, method: "POST", body }),
      invalidatesTags: ["AccessTask"],
    }),
    recordAppointment: build.mutation<Appointment, { id: string; at: string }>({
      query: ({ id, ...body }) => ({
        url: `/api/v1/authorizations/${id}/appointments`,
        method: "POST",
        body,
      }),
      invalidatesTags: (_answer, _error, { id }) => [{ type: "Request", id }, "AccessTask"],
    }),
    reportNoAppointment: build.mutation<AccessTask, { id: string; words: string | null }>({
      query: ({ id, ...body }) => ({
        url: `/api/v1/authorizations/${id}/no-appointment`,
        method: "POST",
        body,
      }),
      invalidatesTags: ["AccessTask"],
    }),
  }),
});

export const {
  useListAccessTasksQuery,
  useGetAccessTaskQuery,
  useWorkOnAccessTaskMutation,
  useRecordAppointmentMutation,
  useReportNoAppointmentMutation,
} = accessApi;
