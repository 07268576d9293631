import { api } from "./api";
import type { CursorPage } from "./types/pages";
import type { CostReport, Price } from "./types/costs";

type Days = { from: string; to: string };

const costsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getCosts: build.query<CostReport, Days & { by: string }>({
      query: (params) => ({ url: "/api/v1/whatsapp/costs", params }),
      providesTags: ["Costs"],
    }),
    getCostsFile: build.mutation<string, Days>({
      query: (params) => ({ url: "/api/v1/whatsapp/costs/export", params, answer: "text" }),
    }),
    listPrices: build.query<Price[], void>({
      query: () => "/api/v1/whatsapp/prices",
      transformResponse: (answer: CursorPage<Price>) => answer.items,
      providesTags: ["Costs"],
    }),
    savePrice: build.mutation<Price, Price>({
      query: ({ id, ...body }) => ({ url: `/api/v1/whatsapp/prices/${id}`, method: "PUT", body }),
      invalidatesTags: ["Costs"],
    }),
    endPrice: build.mutation<null, string>({
      query: (id) => ({ url: `/api/v1/whatsapp/prices/${id}`, method: "DELETE" }),
      invalidatesTags: ["Costs"],
    }),
  }),
});

export const {
  useGetCostsQuery,
  useGetCostsFileMutation,
  useListPricesQuery,
  useSavePriceMutation,
  useEndPriceMutation,
} = costsApi;
