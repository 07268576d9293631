import CloseOutlined from "@mui/icons-material/Close";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetReceiptKeyQuery, useGetReceiptQuery } from "@/client/priorAuth";
import { canVerify } from "@/lib/merkle";
import { openReceipt, type OpenedReceipt } from "@/lib/receipt";
import { CheckList } from "@/ui/CheckList";
import { JsonView } from "@/ui/JsonView";
import { LoadFailed } from "@/ui/Problems";

import { People } from "./People";
import { ReceiptContent } from "./ReceiptContent";
import { ReplayPanel } from "./ReplayPanel";

type Props = { decisionId: string; digest: string; open: boolean; onClose: () => void };

/** The signed receipt of a decision: verified in this browser, told in words, and to be taken along. */
export function ReceiptDrawer({ decisionId, digest, open, onClose }: Props) {
  const { t } = useTranslation();
  const receipt = useGetReceiptQuery(decisionId, { skip: !open });
  const key = useGetReceiptKeyQuery(undefined, { skip: !open });
  const raw = receipt.data;
  const settled = key.isSuccess || key.isError;
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: 1, sm: 600 }, p: 5 }, "aria-labelledby": "recibo-titulo" } }}
    >
      <Box sx={{ display: "flex", alignItems: "center", mb: 1 }}>
        <Typography id="recibo-titulo" variant="h1" component="h2" sx={{ flex: 1 }}>
          {t("receipt.title")}
        </Typography>
        <IconButton aria-label={t("common.close")} onClick={onClose}>
          <CloseOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Typography variant="body2" sx={{ color: "text.secondary", mb: 4 }}>
        {t("receipt.lead")}
      </Typography>
      {receipt.error ? (
        <LoadFailed error={receipt.error} retry={() => void receipt.refetch()} />
      ) : raw !== undefined && settled ? (
        <Receipt key={raw} raw={raw} trusted={key.data ?? null} digest={digest} decisionId={decisionId} />
      ) : (
        <Skeleton variant="rounded" height={240} />
      )}
    </Drawer>
  );
}

type ReceiptProps = { raw: string; trusted: string | null; digest: string; decisionId: string };

function Receipt({ raw, trusted, digest, decisionId }: ReceiptProps) {
  const { t } = useTranslation();
  const opened = useOpened(raw, trusted, digest);
  if (!canVerify()) return <Alert severity="info">{t("receipt.cannot_verify")}</Alert>;
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

/** Undefined while the sums are done, null for a receipt that was never signed. */
function useOpened(raw: string, trusted: string | null, digest: string): OpenedReceipt | null | undefined {
  const [opened, setOpened] = useState<OpenedReceipt | null>();
  useEffect(() => {
    if (!canVerify()) return;
    let gone = false;
    void openReceipt(raw, trusted, digest).then((done) => {
      if (!gone) setOpened(done);
    });
    return () => {
      gone = true;
    };
  }, [raw, trusted, digest]);
  return opened;
}
