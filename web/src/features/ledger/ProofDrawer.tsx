import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useCallback, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useGetProofQuery } from "@/client/ledger";
import type { LedgerProof } from "@/client/types/ledger";
import { formatDateTime } from "@/lib/format";
import { canVerify, decodeBase64, encodeHex, verifyProof } from "@/lib/merkle";
import { saveFile } from "@/lib/saveFile";
import { useResult } from "@/lib/useResult";
import { CheckList } from "@/ui/CheckList";
import { Facts } from "@/ui/Facts";
import { JsonView } from "@/ui/JsonView";
import { SidePanel } from "@/ui/SidePanel";

type Props = { entryId: string; open: boolean; onClose: () => void };

/** The proof that a decision is in the ledger, recomputed in this browser and not merely claimed by the server. */
export function ProofDrawer({ entryId, open, onClose }: Props) {
  const { t } = useTranslation();
  const proof = useGetProofQuery(entryId, { skip: !open });
  return (
    <SidePanel title={t("ledger.title")} lead={t("ledger.lead")} open={open} onClose={onClose} asked={proof}>
      {(found) => <Proof proof={found} />}
    </SidePanel>
  );
}

function Proof({ proof }: { proof: LedgerProof }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 5 }}>
      {canVerify() ? <Verdict proof={proof} /> : <Alert severity="info">{t("ledger.cannot_verify")}</Alert>}
      <Facts
        rows={[
          [t("ledger.kind"), proof.entry.kind],
          [t("ledger.happened_at"), formatDateTime(proof.entry.time)],
          [t("ledger.leaf_index"), String(proof.entry.index)],
          [t("ledger.tree_size"), String(proof.tree_size)],
          [t("ledger.leaf_hash"), hex(proof.leaf_hash)],
          [t("ledger.root"), hex(proof.root)],
          [t("ledger.public_key"), proof.public_key],
        ]}
      />
      <Part title={t("ledger.path", { count: proof.proof.length })}>
        <JsonView value={proof.proof.map(hex)} />
      </Part>
      <Part title={t("ledger.checkpoint")}>
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
      </Part>
      {proof.entry.statement !== null && (
        <Part title={t("ledger.statement")}>
          <JsonView value={parseJson(proof.entry.statement)} />
        </Part>
      )}
      <Button variant="outlined" onClick={() => save(proof)}>
        {t("ledger.download")}
      </Button>
    </Box>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box>
      <Typography variant="h3" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {children}
    </Box>
  );
}

function Verdict({ proof }: { proof: LedgerProof }) {
  const { t } = useTranslation();
  const checks = useResult(useCallback(() => verifyProof(proof), [proof]));
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
function save(proof: LedgerProof): void {
  const bundle = new Blob([JSON.stringify(proof, null, 2)], { type: "application/json" });
  saveFile(bundle, `austa-prova-${proof.entry.index}.json`);
}
