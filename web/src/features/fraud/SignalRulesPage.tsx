import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetSignalFiguresQuery, useGetSignalRulesQuery, useListSignalVersionsQuery } from "@/client/fraud";
import type { FoundSignal, RuleFigures, SignalRule, SignalRuleSet } from "@/client/types/fraud";
import { formatDateTime } from "@/lib/format";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";
import { Tag, type Tone } from "@/ui/Tag";

import { checkedOn, numberText } from "./numbers";

const TONE: Record<FoundSignal["severity"], Tone> = { high: "bad", medium: "doubt", low: "quiet" };

/** The thirty rules as they are set: what each looks for, what only looks like it, its numbers, and how often it was right. */
export function SignalRulesPage() {
  const { t } = useTranslation();
  const rules = useGetSignalRulesQuery();
  const figures = useGetSignalFiguresQuery();
  return (
    <Page title={t("signals.rules_title")} tab={t("app.place.signals")} lead={t("signals.rules_lead")}>
      <Loaded asked={rules}>{(set) => <Rules set={set} figures={figures.data ?? []} />}</Loaded>
      <Versions />
    </Page>
  );
}

function Rules({ set, figures }: { set: SignalRuleSet; figures: readonly RuleFigures[] }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim().toLowerCase());
  const found = set.rules.filter((rule) =>
    `${rule.id} ${rule.name} ${rule.about}`.toLowerCase().includes(query),
  );
  return (
    <>
      <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
        {t(set.own ? "signals.own_rules" : "signals.seed_rules", {
          version: set.version,
          digest: set.digest.slice(0, 12),
        })}
      </Typography>
      <TextField label={t("signals.find")} value={typed} onChange={(event) => setTyped(event.target.value)} />
      {found.length === 0 ? (
        <Blank title={t("signals.no_rule")} />
      ) : (
        <Rows label={t("signals.rules_title")}>
          {found.map((rule) => (
            <Rule key={rule.id} rule={rule} figures={figures.find((one) => one.id === rule.id)} />
          ))}
        </Rows>
      )}
    </>
  );
}

function Rule({ rule, figures }: { rule: SignalRule; figures: RuleFigures | undefined }) {
  const { t } = useTranslation();
  const judged = figures ? figures.confirmed + figures.not_confirmed + figures.unclear : 0;
  return (
    <Box component="li" sx={{ display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: 3, rowGap: 1 }}>
        <Typography variant="body2" sx={{ fontWeight: 600, flex: "1 1 260px", minWidth: 0 }}>
          {rule.id} · {rule.name}
        </Typography>
        <Tag tone={TONE[rule.severity]}>{t(`signals.severity.${rule.severity}`)}</Tag>
        <Tag>{t(`signals.effect.${rule.effect}`)}</Tag>
      </Box>
      <Typography variant="body2">{rule.about}</Typography>
      <Typography variant="body2">
        <strong>{t("signals.innocent")}</strong> {rule.innocent}
      </Typography>
      {rule.needs !== null && (
        <Typography variant="caption" sx={{ color: "meaning.doubt.strong" }}>
          {t("signals.needs", { what: rule.needs })}
        </Typography>
      )}
      <Typography variant="caption">
        {figures !== undefined && judged > 0
          ? t("signals.figures", {
              confirmed: figures.confirmed,
              not_confirmed: figures.not_confirmed,
              unclear: figures.unclear,
            })
          : t("signals.no_figures")}
      </Typography>
      <Box component="details" sx={{ fontSize: "0.75rem", color: "text.secondary" }}>
        <Box component="summary" sx={{ cursor: "pointer" }}>
          {t("signals.source_and_numbers")}
        </Box>
        <Box component="ul" sx={{ m: 0, mt: 1, pl: 4, overflowWrap: "anywhere" }}>
          <li>{`${rule.source}; ${checkedOn(rule.verified_on, t)}`}</li>
          {rule.thresholds.map((one) => (
            <li key={one.name}>{numberText(one, t)}</li>
          ))}
        </Box>
      </Box>
    </Box>
  );
}

function Versions() {
  const { t } = useTranslation();
  const versions = useListSignalVersionsQuery();
  return (
    <Box component="section" aria-labelledby="versoes-titulo" sx={{ display: "grid", gap: 2 }}>
      <Typography id="versoes-titulo" variant="h2">
        {t("signals.versions")}
      </Typography>
      <Loaded asked={versions}>
        {(found) =>
          found.length === 0 ? (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("signals.no_versions")}
            </Typography>
          ) : (
            <Rows label={t("signals.versions")}>
              {found.map((one) => (
                <Typography
                  component="li"
                  variant="body2"
                  key={one.revision}
                  sx={{ overflowWrap: "anywhere" }}
                >
                  {[
                    one.version,
                    formatDateTime(one.at),
                    one.by_name ?? t("calendar.by_system"),
                    t("rules.digest", { digest: one.digest.slice(0, 12) }),
                  ].join(" · ")}
                </Typography>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Box>
  );
}
