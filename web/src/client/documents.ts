import { api } from "./api";
import type { DocumentDetail } from "./types/documents";

const documentsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getDocument: build.query<DocumentDetail, string>({
      query: (id) => `/api/v1/documents/${id}`,
      providesTags: (_document, _error, id) => [{ type: "Document", id }],
    }),
  }),
});

export const { useGetDocumentQuery } = documentsApi;

/** The address of a page's image, as wide as the screen needs it. */
export function pageImageAddress(documentId: string, page: number, width: number): string {
  return `/api/v1/documents/${encodeURIComponent(documentId)}/pages/${page}?width=${width}`;
}
