import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { useGetReceiptKeyQuery, useGetReceiptQuery } from "@/client/priorAuth";
import { canVerify } from "@/lib/merkle";
import { openReceipt } from "@/lib/receipt";
import { useResult } from "@/lib/useResult";
import { CheckList } from "@/ui/CheckList";
import { JsonView } from "@/ui/JsonView";
import { SidePanel } from "@/ui/SidePanel";

import { People } from "./People";
import { ReceiptContent } from "./ReceiptContent";
import { ReplayPanel } from "./ReplayPanel";

type Props = { decisionId: string; digest: string; open: boolean; onClose: () => void };

/** The signed receipt of a decision: verified in this browser, told in words, and to be taken along. */
export function ReceiptDrawer({ decisionId, digest, open, onClose }: Props) {
  const { t } = useTranslation();
  const receipt = useGetReceiptQuery(decisionId, { skip: !open });
  const key = useGetReceiptKeyQuery(undefined, { skip: !open });
  const settled = key.isSuccess || key.isError;
  return (
    <SidePanel
      title={t("receipt.title")}
      lead={t("receipt.lead")}
      open={open}
      onClose={onClose}
      asked={settled ? receipt : { ...receipt, data: undefined }}
    >
      {(raw) =>
        canVerify() ? (
          <Receipt raw={raw} trusted={key.data ?? null} digest={digest} decisionId={decisionId} />
        ) : (
          <Alert severity="info">{t("receipt.cannot_verify")}</Alert>
        )
      }
    </SidePanel>
  );
}

type ReceiptProps = { raw: string; trusted: string | null; digest: string; decisionId: string };

function Receipt({ raw, trusted, digest, decisionId }: ReceiptProps) {
  const { t } = useTranslation();
  // Null is a receipt that was never signed.
  const opened = useResult(useCallback(() => openReceipt(raw, trusted, digest), [raw, trusted, digest]));
  if (opened === undefined) return <Skeleton variant="rounded" height={240} />;
  if (opened === null) {
    return (
      <Box sx={{ display: "grid", gap: 4 }}>
        <Alert severity="info">{t("receipt.old_format")}</Alert>
        <JsonView value={JSON.parse(raw) as unknown} />
      </Box>
    );
  }
  const good = opened.checks.every((one) => one.ok);
  return (
    <Box sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 5 }}>
      <CheckList
        good={good}
        title={t(good ? "receipt.holds" : "receipt.fails")}
        checks={opened.checks.map(({ check, ok }) => ({ text: t(`receipt.check.${check}`), ok }))}
      />
      <ReplayPanel decisionId={decisionId} />
      <ReceiptContent document={opened.document} />
      <People opened={opened} decisionId={decisionId} />
      <Box component="details">
        <Typography component="summary" variant="h3" sx={{ cursor: "pointer", mb: 1 }}>
          {t("receipt.as_signed")}
        </Typography>
        <JsonView value={opened.file} />
      </Box>
    </Box>
  );
}
