import { useParams } from "react-router";

import { DocumentsPane } from "@/features/documents/DocumentsPane";
import { FieldList } from "@/features/documents/FieldList";
import { SignalLens } from "@/features/fraud/SignalLens";
import { ProofDrawer } from "@/features/ledger/ProofDrawer";
import { CasePage } from "@/features/medical_audit/case/CasePage";
import { LifecycleDialog } from "@/features/prior_auth/lifecycle/LifecycleDialog";
import { ReceiptDrawer } from "@/features/prior_auth/receipt/ReceiptDrawer";
import { ReviewsPanel } from "@/features/prior_auth/reviews/ReviewsPanel";

const SLOTS = {
  Documents: DocumentsPane,
  Fields: FieldList,
  Signals: SignalLens,
  Proof: ProofDrawer,
  Way: LifecycleDialog,
  Receipt: ReceiptDrawer,
  Reviews: ReviewsPanel,
};

/** Puts the case together with its papers, its proof and its way: features that know nothing of one another. */
export function CaseRoute() {
  const { caseId = "" } = useParams();
  return <CasePage key={caseId} caseId={caseId} {...SLOTS} />;
}
