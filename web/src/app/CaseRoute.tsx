import { useParams } from "react-router";

import { DocumentsPane } from "@/features/documents/DocumentsPane";
import { FieldList } from "@/features/documents/FieldList";
import { ProofDrawer } from "@/features/ledger/ProofDrawer";
import { CasePage } from "@/features/medical_audit/case/CasePage";

/** Puts the case together with its papers and its proof: features that know nothing of one another. */
export function CaseRoute() {
  const { caseId = "" } = useParams();
  return (
    <CasePage key={caseId} caseId={caseId} Documents={DocumentsPane} Fields={FieldList} Proof={ProofDrawer} />
  );
}
