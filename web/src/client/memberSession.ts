import { api } from "./api";
import type { MemberHome } from "./types/members";

/** `operator`: the registry at ANS that the plan's own address names; null where there is one plan. */
type Asked = { operator: string | null; number: string; birth_date: string };
type Typed = { operator: string | null; code_id: string; code: string };

const memberSessionApi = api.injectEndpoints({
  endpoints: (build) => ({
    getMemberHome: build.query<MemberHome, void>({
      query: () => "/api/v1/member-session",
      providesTags: ["MemberHome"],
    }),
    askCode: build.mutation<{ code_id: string }, Asked>({
      query: (body) => ({ url: "/api/v1/member-session/codes", method: "POST", body }),
    }),
    enterWithCode: build.mutation<MemberHome, Typed>({
      query: (body) => ({ url: "/api/v1/member-session", method: "POST", body }),
    }),
    leaveAsMember: build.mutation<null, void>({
      query: () => ({ url: "/api/v1/member-session", method: "DELETE" }),
    }),
  }),
});

export const {
  useGetMemberHomeQuery,
  useAskCodeMutation,
  useEnterWithCodeMutation,
  useLeaveAsMemberMutation,
} = memberSessionApi;
