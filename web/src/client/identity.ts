import { api } from "./api";
import type { NewStaff, Principal, Session } from "./types/identity";
import type { CursorPage } from "./types/pages";

const identityApi = api.injectEndpoints({
  endpoints: (build) => ({
    getSession: build.query<Session, void>({ query: () => "/api/v1/auth/me", providesTags: ["Session"] }),
    signIn: build.mutation<Session, { email: string; password: string }>({
      query: (body) => ({ url: "/api/v1/auth/login", method: "POST", body: { ...body, kind: "web" } }),
    }),
    signOut: build.mutation<null, void>({
      query: () => ({ url: "/api/v1/auth/logout", method: "POST" }),
    }),
    acceptInvitation: build.mutation<Principal, { token: string; password: string }>({
      query: (body) => ({ url: "/api/v1/auth/invitations/accept", method: "POST", body }),
    }),
    listStaff: build.query<CursorPage<Principal>, void>({
      query: () => ({ url: "/api/v1/staff", params: { limit: 100 } }),
      providesTags: ["Staff"],
    }),
    inviteStaff: build.mutation<Principal, NewStaff>({
      query: (body) => ({ url: "/api/v1/staff/invitations", method: "POST", body }),
      invalidatesTags: ["Staff", "Outbox"],
    }),
  }),
});

export const {
  useGetSessionQuery,
  useSignInMutation,
  useSignOutMutation,
  useAcceptInvitationMutation,
  useListStaffQuery,
  useInviteStaffMutation,
} = identityApi;
/** Whether the server lets this person do that at all; it checks each act again. */
export function useMay(action: string): boolean {
  return useGetSessionQuery().data?.may.includes(action) ?? false;
}

export const { getSession } = identityApi.endpoints;
export const identityUtil = identityApi.util;
