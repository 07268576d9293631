import CloseOutlined from "@mui/icons-material/Close";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetProofQuery } from "@/client/ledger";
import type { LedgerProof } from "@/client/types";
import { formatDateTime } from "@/lib/format";
import { canVerify, decodeBase64, encodeHex, verifyProof, type ProofCheck } from "@/lib/merkle";
import { CheckList } from "@/ui/CheckList";
import { JsonView } from "@/ui/JsonView";
import { LoadFailed } from "@/ui/Problems";
import { TABULAR } from "@/ui/theme";

type Props = { entryId: string; open: boolean; onClose: () => void };

/** The proof that a decision is in the ledger, recomputed in this browser and not merely claimed by the server. */
export function ProofDrawer({ entryId, open, onClose }: Props) {
  const { t } = useTranslation();
  const proof = useGetProofQuery(entryId, { skip: !open });
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: 1, sm: 520 }, p: 5 }, "aria-labelledby": "prova-titulo" } }}
    >
      <Box sx={{ display: "flex", alignItems: "center", mb: 1 }}>
        <Typography id="prova-titulo" variant="h1" component="h2" sx={{ flex: 1 }}>
          {t("ledger.title")}
        </Typography>
        <IconButton aria-label={t("common.close")} onClick={onClose}>
          <CloseOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Typography variant="body2" sx={{ color: "text.secondary", mb: 4 }}>
        {t("ledger.lead")}
      </Typography>
      {proof.error ? (
        <LoadFailed error={proof.error} retry={() => void proof.refetch()} />
      ) : proof.data ? (
        <Proof key={proof.data.root} proof={proof.data} />
      ) : (
        <Skeleton variant="rounded" height={240} />
      )}
    </Drawer>
  );
}

function Proof({ proof }: { proof: LedgerProof }) {
  const { t } = useTranslation();
  const checks = useChecks(proof);
  const rows: [string, string][] = [
    [t("ledger.kind"), proof.entry.kind],
    [t("ledger.happened_at"), formatDateTime(proof.entry.time)],
    [t("ledger.leaf_index"), String(proof.entry.index)],
    [t("ledger.tree_size"), String(proof.tree_size)],
    [t("ledger.leaf_hash"), hex(proof.leaf_hash)],
    [t("ledger.root"), hex(proof.root)],
    [t("ledger.public_key"), proof.public_key],
  ];
  return (
    <Box sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 5 }}>
      <Verdict checks={checks} />
      <Box
        component="dl"
        sx={{ m: 0, display: "grid", gridTemplateColumns: "132px minmax(0, 1fr)", rowGap: 2, columnGap: 3 }}
      >
        {rows.map(([name, value]) => (
          <Box key={name} sx={{ display: "contents" }}>
            <Typography component="dt" variant="body2" sx={{ color: "text.secondary" }}>
              {name}
            </Typography>
            <Typography component="dd" variant="body2" sx={{ ...TABULAR, m: 0, overflowWrap: "anywhere" }}>
              {value}
            </Typography>
          </Box>
        ))}
      </Box>
      <Box>
        <Typography variant="h3" sx={{ mb: 1 }}>
          {t("ledger.path", { count: proof.proof.length })}
        </Typography>
        <JsonView value={proof.proof.map(hex)} />
      </Box>
      <Box>
        <Typography variant="h3" sx={{ mb: 1 }}>
          {t("ledger.checkpoint")}
        </Typography>
        <Box
          component="pre"
          tabIndex={0}
          sx={{
            m: 0,
            p: 3,
            fontSize: "0.75rem",
            bgcolor: "surface.sunken",
            borderRadius: "6px",
            overflowX: "auto",
          }}
        >
          {proof.checkpoint}
        </Box>
      </Box>
      {proof.entry.statement !== null && (
        <Box>
          <Typography variant="h3" sx={{ mb: 1 }}>
            {t("ledger.statement")}
          </Typography>
          <JsonView value={parseJson(proof.entry.statement)} />
        </Box>
      )}
      <Button variant="outlined" onClick={() => download(proof)}>
        {t("ledger.download")}
      </Button>
    </Box>
  );
}

function Verdict({ checks }: { checks: ProofCheck[] | null }) {
  const { t } = useTranslation();
  if (!canVerify()) return <Alert severity="info">{t("ledger.cannot_verify")}</Alert>;
  if (!checks) return <Skeleton variant="rounded" height={120} />;
  const good = checks.every((one) => one.ok);
  return (
    <CheckList
      good={good}
      title={t(good ? "ledger.holds" : "ledger.fails")}
      checks={checks.map(({ check, ok }) => ({ text: t(`ledger.check.${check}`), ok }))}
    />
  );
}

function useChecks(proof: LedgerProof): ProofCheck[] | null {
  const [checks, setChecks] = useState<ProofCheck[] | null>(null);
  useEffect(() => {
    if (!canVerify()) return;
    let gone = false;
    void verifyProof(proof).then((done) => {
      if (!gone) setChecks(done);
    });
    return () => {
      gone = true;
    };
  }, [proof]);
  return checks;
}

function hex(base64: string): string {
  const bytes = decodeBase64(base64);
  return bytes ? encodeHex(bytes) : base64;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The bundle as `austa ledger verify` reads it. */
function download(proof: LedgerProof): void {
  const address = URL.createObjectURL(
    new Blob([JSON.stringify(proof, null, 2)], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = `austa-prova-${proof.entry.index}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
