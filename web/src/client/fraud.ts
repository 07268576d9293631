import { api } from "./api";
import type { KeptScreening } from "./types/fraud";

const fraudApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Each answer leaves an access record: ask only when a person wants to see. */
    getSignals: build.query<KeptScreening, string>({
      query: (requestId) => `/api/v1/authorizations/${requestId}/signals`,
      providesTags: (_kept, _error, id) => [{ type: "Request", id }],
    }),
  }),
});

export const { useGetSignalsQuery } = fraudApi;
