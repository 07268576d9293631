import VisibilityOutlined from "@mui/icons-material/VisibilityOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useGetSignalsQuery } from "@/client/fraud";
import { problemOf } from "@/client/problem";
import type { FoundSignal, KeptScreening } from "@/client/types/fraud";
import { formatDateTime } from "@/lib/format";
import { LoadFailed } from "@/ui/Problems";
import { Tag, type Tone } from "@/ui/Tag";

import { numberText } from "./numbers";
import { VerdictLine } from "./VerdictLine";

const TONE: Record<FoundSignal["severity"], Tone> = { high: "bad", medium: "doubt", low: "quiet" };

/**
 * What the fraud rules found, apart from the clinical view and closed until somebody asks: who judges the care should
 * not do so under a suspicion, and each look is recorded.
 */
export function SignalLens({ requestId }: { requestId: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Box sx={{ display: "grid", gap: 3, justifyItems: "start" }}>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("signals.lead")}
      </Typography>
      {open ? (
        <Opened requestId={requestId} />
      ) : (
        <Button startIcon={<VisibilityOutlined />} onClick={() => setOpen(true)}>
          {t("signals.show")}
        </Button>
      )}
    </Box>
  );
}

function Opened({ requestId }: { requestId: string }) {
  const { t } = useTranslation();
  const query = useGetSignalsQuery(requestId);
  if (query.error && problemOf(query.error).code === "fraud.not_screened") {
    return <Typography variant="body2">{t("signals.not_screened")}</Typography>;
  }
  if (query.error) return <LoadFailed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <Skeleton
        variant="rounded"
        height={64}
        sx={{ justifySelf: "stretch" }}
        aria-label={t("common.loading")}
      />
    );
  }
  return <Found kept={query.data} />;
}

function Found({ kept }: { kept: KeptScreening }) {
  const { t } = useTranslation();
  const { signals, rules_version } = kept.screening;
  return (
    <Box aria-live="polite" sx={{ display: "grid", gap: 3, justifySelf: "stretch" }}>
      {signals.length === 0 ? (
        <Typography variant="body2">{t("signals.none")}</Typography>
      ) : (
        <Box
          component="ul"
          aria-label={t("signals.title")}
          sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}
        >
          {signals.map((signal, index) => (
            <Signal key={`${signal.id}-${index}`} signal={signal} kept={kept} />
          ))}
        </Box>
      )}
      <Blind blind={kept.blind} />
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {t("signals.looked", { at: formatDateTime(kept.at), version: rules_version })}
      </Typography>
    </Box>
  );
}

function Signal({ signal, kept }: { signal: FoundSignal; kept: KeptScreening }) {
  const { t } = useTranslation();
  const numbers = signal.thresholds.map((one) => numberText(one, t));
  return (
    <Box component="li" sx={{ display: "grid", gap: 0.5 }}>
      <Typography variant="body2">{signal.text}</Typography>
      <Box sx={{ display: "flex", gap: 2, alignItems: "baseline" }}>
        <Box sx={{ flex: "none" }}>
          <Tag tone={TONE[signal.severity]}>{t(`signals.severity.${signal.severity}`)}</Tag>
        </Box>
        <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
          {[signal.id, t(`signals.effect.${signal.effect}`), ...signal.evidence].join(" · ")}
        </Typography>
      </Box>
      {signal.other_requests.map((other) => (
        <Link key={other} component={RouterLink} to={`/cockpit/pedidos/${other}`} variant="body2">
          {t("signals.other_request")}
        </Link>
      ))}
      {numbers.length > 0 && (
        <Box component="details" sx={{ fontSize: "0.75rem", color: "text.secondary" }}>
          <Box component="summary" sx={{ cursor: "pointer" }}>
            {t("signals.numbers")}
          </Box>
          <Box component="ul" sx={{ m: 0, mt: 1, pl: 4 }}>
            {numbers.map((number) => (
              <li key={number}>{number}</li>
            ))}
          </Box>
        </Box>
      )}
      <VerdictLine
        requestId={kept.request_id}
        rule={signal.id}
        last={kept.verdicts.find((one) => one.rule === signal.id)}
      />
    </Box>
  );
}

function Blind({ blind }: { blind: KeptScreening["blind"] }) {
  const { t } = useTranslation();
  if (blind.length === 0) return null;
  return (
    <Box component="details" sx={{ fontSize: "0.75rem", color: "text.secondary" }}>
      <Box component="summary" sx={{ cursor: "pointer" }}>
        {t("signals.blind", { count: blind.length })}
      </Box>
      <Box component="ul" sx={{ m: 0, mt: 1, pl: 4, display: "grid", gap: 0.5 }}>
        {blind.map((rule) => (
          <li key={rule.id}>{`${rule.id}, ${rule.name}. ${rule.why}`}</li>
        ))}
      </Box>
    </Box>
  );
}
