import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useReplayDecisionMutation } from "@/client/priorAuth";
import { Facts } from "@/ui/Facts";
import { ProblemAlert } from "@/ui/Problems";

/** Decides again from the facts and rules of the receipt, and says what came of it. */
export function ReplayPanel({ decisionId }: { decisionId: string }) {
  const { t } = useTranslation();
  const [replay, { data, error, isLoading }] = useReplayDecisionMutation();
  return (
    <Box sx={{ display: "grid", gap: 2, justifyItems: "start" }}>
      <Button variant="outlined" disabled={isLoading} onClick={() => void replay(decisionId)}>
        {t(isLoading ? "receipt.replaying" : "receipt.replay")}
      </Button>
      {error !== undefined && <ProblemAlert error={error} />}
      {data && (
        <Alert severity={data.identical ? "success" : "error"} variant="outlined" sx={{ width: 1 }}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {t(data.identical ? "receipt.same" : "receipt.differs")}
          </Typography>
          {data.differences.length > 0 && (
            <Facts
              rows={data.differences.map(
                ({ field, kept, now }) => [field, t("receipt.then_now", { kept, now })] as const,
              )}
            />
          )}
          {data.notes.map((note) => (
            <Typography key={note} variant="caption" component="p" sx={{ overflowWrap: "anywhere" }}>
              {note.startsWith("the rule code changed") ? t("receipt.code_changed") : note}
            </Typography>
          ))}
        </Alert>
      )}
    </Box>
  );
}
