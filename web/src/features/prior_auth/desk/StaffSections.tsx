import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { DeskRequest } from "@/client/types/desk";
import { formatDateTime } from "@/lib/format";
import { EligibilityList } from "@/ui/EligibilityList";
import { RuleList } from "@/ui/RuleList";

import { LifecycleDialog } from "../lifecycle/LifecycleDialog";
import { ReceiptDrawer } from "../receipt/ReceiptDrawer";

/** What the operator's people see of a request beyond what a provider does. */
export function StaffSections({ request }: { request: DeskRequest["request"] }) {
  const { t } = useTranslation();
  const [wayOpen, setWayOpen] = useState(false);
  const [receipt, setReceipt] = useState<string | null>(null);
  return (
    <>
      <Box component="section" aria-labelledby="motor-titulo" sx={{ display: "grid", gap: 2.5 }}>
        <Typography id="motor-titulo" variant="h2">
          {t("desk_request.staff_view")}
        </Typography>
        <EligibilityList checks={request.checks} />
        <RuleList rules={request.rules} />
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
        <Button variant="outlined" color="secondary" onClick={() => setWayOpen(true)}>
          {t("desk_request.way")}
        </Button>
        {request.decisions.map((decision) => (
          <Button
            key={decision.decision_id}
            variant="outlined"
            color="secondary"
            onClick={() => setReceipt(decision.decision_id)}
          >
            {t("desk_request.open_receipt", { at: formatDateTime(decision.at) })}
          </Button>
        ))}
        <Button component={Link} to={`/atendimento/beneficiarios/${request.member_id}`}>
          {t("desk_request.member")}
        </Button>
      </Box>
      <LifecycleDialog requestId={request.request_id} open={wayOpen} onClose={() => setWayOpen(false)} />
      {request.decisions.map((decision) => (
        <ReceiptDrawer
          key={decision.decision_id}
          decisionId={decision.decision_id}
          digest={decision.digest}
          open={receipt === decision.decision_id}
          onClose={() => setReceipt(null)}
        />
      ))}
    </>
  );
}
