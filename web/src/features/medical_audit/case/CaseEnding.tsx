import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type { CaseDetail, CaseEnding } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";

import type { ReceiptProps } from "./CasePage";
import { dropWritten, useWritten, type Written } from "./drafts";

type Props = { one: CaseDetail; Receipt: ComponentType<ReceiptProps> };

/** The request was answered or given up elsewhere: what happened, who did it, and the proof. */
export function EndingNotice({ one, Receipt }: Props) {
  const { t } = useTranslation();
  const [receiptOpen, setReceiptOpen] = useState(false);
  const { ending } = one;
  const text = useEndingText(ending);
  const wasOpen = useRef(ending === null);
  useEffect(() => {
    if (text === null) {
      wasOpen.current = true;
    } else if (wasOpen.current) {
      wasOpen.current = false;
      announce(text);
    }
  }, [text]);
  if (ending === null || text === null) return null;
  return (
    <>
      <Alert
        severity="info"
        variant="outlined"
        sx={{ mx: 4, my: 2, flex: "none" }}
        action={
          ending.decision_id !== null && (
            <Button color="inherit" onClick={() => setReceiptOpen(true)}>
              {t("decision.receipt")}
            </Button>
          )
        }
      >
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {text}
        </Typography>
        <Typography variant="body2">{t("ending.nothing_to_do")}</Typography>
      </Alert>
      {ending.decision_id !== null && (
        <Receipt
          decisionId={ending.decision_id}
          digest={ending.digest ?? ""}
          open={receiptOpen}
          onClose={() => setReceiptOpen(false)}
        />
      )}
    </>
  );
}

function useEndingText(ending: CaseEnding | null): string | null {
  const { t } = useTranslation();
  if (ending === null) return null;
  const words = {
    person: ending.person ?? "",
    when: formatDateTime(ending.at),
    outcome: ending.outcome === null ? "" : t(`ending.outcome.${ending.outcome}`),
  };
  return t(`ending.by.${ending.by}`, words);
}

/** What was written and can no longer be sent: it stays here to be copied until somebody throws it away. */
export function WrittenBefore({ caseId }: { caseId: string }) {
  const { t } = useTranslation();
  const written = useWritten(caseId);
  if (written.length === 0) return null;
  return (
    <Box component="section" aria-labelledby="escrito-titulo" sx={{ display: "grid", gap: 3 }}>
      <Box>
        <Typography id="escrito-titulo" variant="h2">
          {t("ending.written")}
        </Typography>
        <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
          {t("ending.written_lead")}
        </Typography>
      </Box>
      {written.map((part) => (
        <WrittenPart key={part.kind} part={part} />
      ))}
      <Button color="secondary" sx={{ justifySelf: "start" }} onClick={() => dropWritten(caseId)}>
        {t("ending.throw_away")}
      </Button>
    </Box>
  );
}

function WrittenPart({ part }: { part: Written }) {
  const { t } = useTranslation();
  const title = t(`ending.part.${part.kind}`);
  const copy = async () => {
    await navigator.clipboard.writeText(part.words);
    announce(t("ending.copied"));
  };
  return (
    <Box
      sx={{ p: 3, border: "1px solid", borderColor: "divider", borderRadius: 1, bgcolor: "background.paper" }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 2 }}>
        <Typography variant="h3" sx={{ flex: 1 }}>
          {title}
        </Typography>
        <Button aria-label={t("ending.copy_part", { part: title })} onClick={() => void copy()}>
          {t("ending.copy")}
        </Button>
      </Box>
      <Typography variant="body2" sx={{ mt: 1, whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
        {part.words}
      </Typography>
    </Box>
  );
}
