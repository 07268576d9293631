import { api } from "./api";
import type { OpenedLink } from "./types";

const priorAuthApi = api.injectEndpoints({
  endpoints: (build) => ({
    openLink: build.mutation<OpenedLink, { token: string; birth_date: string }>({
      query: ({ token, birth_date }) => ({
        url: `/api/v1/links/${encodeURIComponent(token)}/open`,
        method: "POST",
        body: { birth_date },
      }),
    }),
  }),
});

export const { useOpenLinkMutation } = priorAuthApi;
