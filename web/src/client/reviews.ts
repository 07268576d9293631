import { api } from "./api";
import type { NewExtension, RequestReceipt, ReviewBook } from "./types/priorAuth";

type Reopening =
  | { act: "reanalysis"; body: { reason: string | null; expected_version: number } }
  | { act: "complaint"; body: { number: string; expected_version: number } }
  | { act: "court-order"; body: { court_case: string; expected_version: number } };

const reviewsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getReviews: build.query<ReviewBook, string>({
      query: (id) => `/api/v1/authorizations/${id}/reviews`,
      providesTags: (_book, _error, id) => [{ type: "Request", id }],
    }),
    reopenRequest: build.mutation<unknown, Reopening & { id: string }>({
      query: ({ id, act, body }) => ({ url: `/api/v1/authorizations/${id}/${act}`, method: "POST", body }),
      invalidatesTags: (_status, _error, { id }) => [
        { type: "Request", id },
        "Desk",
        "CaseList",
        "CaseCounts",
      ],
    }),
    extendRequest: build.mutation<RequestReceipt, { id: string; extension: NewExtension }>({
      query: ({ id, extension }) => ({
        url: `/api/v1/authorizations/${id}/extend`,
        method: "POST",
        body: extension,
      }),
      invalidatesTags: ["Desk", "CaseList", "CaseCounts"],
    }),
  }),
});

export const { useGetReviewsQuery, useReopenRequestMutation, useExtendRequestMutation } = reviewsApi;
