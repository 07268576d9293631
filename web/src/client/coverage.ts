import { api } from "./api";
import type { CoverageInForce, CoverageReport, CoverageVersion } from "./types/coverage";
import type { CursorPage } from "./types/pages";

const coverageApi = api.injectEndpoints({
  endpoints: (build) => ({
    listPacks: build.query<CoverageVersion[], void>({
      query: () => "/api/v1/coverage",
      transformResponse: (answer: CursorPage<CoverageVersion>) => answer.items,
      providesTags: ["Coverage"],
    }),
    getPackInForce: build.query<CoverageInForce, void>({
      query: () => "/api/v1/coverage/in-force",
      providesTags: ["Coverage"],
    }),
    // What a pack says never changes.
    getPackSource: build.query<string, string>({
      query: (digest) => ({ url: `/api/v1/coverage/${digest}/source`, answer: "text" }),
    }),
    importPack: build.mutation<CoverageReport, { file: File; dry_run: boolean }>({
      query: ({ file, dry_run }) => {
        const body = new FormData();
        body.set("pack", file);
        body.set("dry_run", String(dry_run));
        return { url: "/api/v1/imports/coverage", method: "POST", body };
      },
      invalidatesTags: (report) => (report?.version ? ["Coverage"] : []),
    }),
    activatePack: build.mutation<CoverageVersion, { id: string; note: string }>({
      query: ({ id, note }) => ({
        url: `/api/v1/coverage/${id}/activate`,
        method: "POST",
        body: { note, effective_at: null },
      }),
      invalidatesTags: ["Coverage"],
    }),
  }),
});

export const {
  useListPacksQuery,
  useGetPackInForceQuery,
  useGetPackSourceQuery,
  useImportPackMutation,
  useActivatePackMutation,
} = coverageApi;
