import { api } from "./api";
import type { CalendarChange, CalendarRevision, OperatorCalendar } from "./types/clocks";

const clocksApi = api.injectEndpoints({
  endpoints: (build) => ({
    getCalendar: build.query<OperatorCalendar, number>({
      query: (year) => ({ url: "/api/v1/calendar", params: { year } }),
      providesTags: ["Calendar"],
    }),
    changeCalendar: build.mutation<CalendarRevision, CalendarChange>({
      query: (body) => ({ url: "/api/v1/calendar", method: "POST", body }),
      invalidatesTags: ["Calendar"],
    }),
    getResponseTimesFile: build.mutation<string, { first_day: string; last_day: string }>({
      query: (params) => ({ url: "/api/v1/response-times/export", params, answer: "text" }),
    }),
  }),
});

export const { useGetCalendarQuery, useChangeCalendarMutation, useGetResponseTimesFileMutation } = clocksApi;
