import { api } from "./api";
import type { Principal } from "./types/identity";
import type { CursorPage } from "./types/pages";
import type { NewClerk, Provider } from "./types/providers";

const providersApi = api.injectEndpoints({
  endpoints: (build) => ({
    findProviders: build.query<CursorPage<Provider>, string>({
      query: (q) => ({ url: "/api/v1/providers/search", params: { q, limit: 10 } }),
    }),
    listClerks: build.query<CursorPage<Principal>, string>({
      query: (provider_id) => ({ url: "/api/v1/staff", params: { provider_id, limit: 100 } }),
      providesTags: ["Staff"],
    }),
    inviteClerk: build.mutation<unknown, { provider_id: string; clerk: NewClerk }>({
      query: ({ provider_id, clerk }) => ({
        url: `/api/v1/providers/${provider_id}/clerks`,
        method: "POST",
        body: clerk,
      }),
      invalidatesTags: ["Staff", "Outbox"],
    }),
    endAccess: build.mutation<unknown, string>({
      query: (id) => ({ url: `/api/v1/staff/${id}/deactivate`, method: "POST" }),
      invalidatesTags: ["Staff"],
    }),
  }),
});

export const { useFindProvidersQuery, useListClerksQuery, useInviteClerkMutation, useEndAccessMutation } =
  providersApi;
