import { api } from "./api";
import type { CursorPage } from "./types/pages";
import type { MessageTemplate, TemplateDraft, TemplateFault } from "./types/templates";

const PLACE = "/api/v1/whatsapp/templates";

const templatesApi = api.injectEndpoints({
  endpoints: (build) => ({
    listTemplates: build.query<MessageTemplate[], void>({
      query: () => PLACE,
      transformResponse: (answer: CursorPage<MessageTemplate>) => answer.items,
      providesTags: ["Templates"],
    }),
    // A query although it is a PUT: it keeps nothing, and is asked again with every word.
    lintTemplate: build.query<TemplateFault[], TemplateDraft>({
      query: (body) => ({ url: `${PLACE}/lint`, method: "PUT", body }),
      transformResponse: (answer: CursorPage<TemplateFault>) => answer.items,
      keepUnusedDataFor: 0,
    }),
    saveTemplate: build.mutation<MessageTemplate, { id: string; draft: TemplateDraft }>({
      query: ({ id, draft }) => ({ url: `${PLACE}/${id}`, method: "PUT", body: draft }),
      invalidatesTags: ["Templates"],
    }),
    stepTemplate: build.mutation<MessageTemplate, { id: string; step: "propose" | "give_back" | "release" }>({
      query: ({ id, step }) =>
        step === "give_back"
          ? { url: `${PLACE}/${id}/proposal`, method: "DELETE" }
          : { url: `${PLACE}/${id}/${step === "propose" ? "proposal" : "release"}`, method: "PUT" },
      invalidatesTags: ["Templates"],
    }),
    setTemplateFallback: build.mutation<MessageTemplate, { id: string; template_id: string | null }>({
      query: ({ id, ...body }) => ({ url: `${PLACE}/${id}/fallback`, method: "PUT", body }),
      invalidatesTags: ["Templates"],
    }),
    endTemplate: build.mutation<null, string>({
      query: (id) => ({ url: `${PLACE}/${id}`, method: "DELETE" }),
      invalidatesTags: ["Templates"],
    }),
  }),
});

export const {
  useListTemplatesQuery,
  useLintTemplateQuery,
  useSaveTemplateMutation,
  useStepTemplateMutation,
  useSetTemplateFallbackMutation,
  useEndTemplateMutation,
} = templatesApi;
