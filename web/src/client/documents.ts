import { api } from "./api";
import type { DocumentDetail, DocumentState, FoundDocument } from "./types/documents";

const documentsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getDocument: build.query<DocumentDetail, string>({
      query: (id) => `/api/v1/documents/${id}`,
      providesTags: (_document, _error, id) => [{ type: "Document", id }],
    }),
    getDocumentState: build.query<DocumentState, string>({
      query: (id) => `/api/v1/documents/${id}/state`,
      providesTags: (_state, _error, id) => [{ type: "Document", id }],
    }),
    /** No query, for nothing of it is kept: each answer is a look at the papers that it shows. */
    searchDocuments: build.mutation<{ items: FoundDocument[] }, { query: string; member_id: string }>({
      query: (body) => ({ url: "/api/v1/documents/search", method: "POST", body }),
    }),
    /** Asked for once: the document is read again, and a password that does not open it ends in a refusal. */
    unlockDocument: build.mutation<unknown, { id: string; password: string }>({
      query: ({ id, password }) => ({
        url: `/api/v1/documents/${id}/password`,
        method: "POST",
        body: { password },
      }),
      invalidatesTags: (_answer, _error, { id }) => [{ type: "Document", id }],
    }),
  }),
});

export const {
  useGetDocumentQuery,
  useGetDocumentStateQuery,
  useSearchDocumentsMutation,
  useUnlockDocumentMutation,
} = documentsApi;

/** The address of a page's image, as wide as the screen needs it. */
export function pageImageAddress(documentId: string, page: number, width: number): string {
  return `/api/v1/documents/${encodeURIComponent(documentId)}/pages/${page}?width=${width}`;
}
