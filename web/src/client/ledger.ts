import { api } from "./api";
import type { LedgerCheckpoint, LedgerProof } from "./types/ledger";

const ledgerApi = api.injectEndpoints({
  endpoints: (build) => ({
    getCheckpoint: build.query<LedgerCheckpoint, void>({
      query: () => "/api/v1/ledger/checkpoint",
      providesTags: ["Proof"],
    }),
    getProof: build.query<LedgerProof, string>({
      query: (id) => `/api/v1/ledger/proofs/${id}`,
      providesTags: ["Proof"],
    }),
  }),
});

export const { useGetCheckpointQuery, useGetProofQuery } = ledgerApi;
