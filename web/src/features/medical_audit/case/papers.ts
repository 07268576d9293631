import type { CaseDetail } from "@/client/types/medicalAudit";

type Paper = CaseDetail["request"]["documents"][number];

/** The papers of a request that lie here as files: what an opinion can point to. */
export function papersOf(one: CaseDetail): (Paper & { document_id: string })[] {
  return one.request.documents.flatMap((paper) =>
    paper.document_id === null ? [] : [{ ...paper, document_id: paper.document_id }],
  );
}
