import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { DecisionOutcome, EligibilityCheck, FiredRule } from "@/client/types/priorAuth";
import { formatDate, formatDateTime } from "@/lib/format";
import { isCut, type OpenedReceipt } from "@/lib/receipt";
import { codeText } from "@/ui/codeText";
import { EligibilityList } from "@/ui/EligibilityList";
import { Facts } from "@/ui/Facts";
import { JsonView } from "@/ui/JsonView";
import { RuleList } from "@/ui/RuleList";

/** A value of the receipt, or the mark of what it does not show. */
type Shown<T> = T | { cut: string; of: string };

type Pack = { version: string; digest: string; code?: string } | null;

type Content = {
  decision: {
    outcome: DecisionOutcome;
    ground: "clinical" | "administrative" | null;
    at: string;
    by: string;
    releaser: { roles?: string[]; registration?: Shown<string | null> } | null;
    legal_basis: string | null;
    reason_codes: string[];
    member_text: Shown<string | null>;
    missing: Shown<string[]>;
    state: string;
  };
  assessment: {
    checks: Shown<EligibilityCheck[]>;
    /** A signal is cut out as a whole for whoever may not see it. */
    rules: Shown<Omit<FiredRule, "text" | "evidence"> & { text: Shown<string>; evidence: Shown<string[]> }>[];
  } | null;
  rules: { assessment: Pack; decision?: Pack };
  models: unknown[];
  facts: Record<string, unknown> | null;
  request: { protocol: string; asked_at: string; due_at: string; clock_basis: string };
  guide: {
    number: string;
    valid_until: string;
    senha: Shown<string>;
    replaces?: { number: string; reason: "reanalysis" | "complaint" | "order" } | null;
  } | null;
  /** A guide that goes on as it was. */
  kept_guide?: { number: string; valid_until: string };
};

/** What the decision rested on, in words: act, text, eligibility, rules, facts. */
export function ReceiptContent({ document }: { document: OpenedReceipt["document"] }) {
  const { t } = useTranslation();
  const content = document as unknown as Content;
  const { decision, assessment } = content;
  return (
    <>
      <Part title={t("receipt.act")}>
        <Facts rows={actRows(t, content)} />
      </Part>
      <Part title={t("receipt.told")}>
        <Quote value={decision.member_text} />
        <Missing value={decision.missing} />
      </Part>
      {assessment && (
        <>
          <Part title={t("case.eligibility")}>
            {isCut(assessment.checks) ? <NotHere /> : <EligibilityList checks={assessment.checks} />}
          </Part>
          <Part title={t("case.rules")}>
            <RuleList
              rules={assessment.rules.flatMap((rule) =>
                isCut(rule)
                  ? []
                  : [
                      {
                        ...rule,
                        text: isCut(rule.text) ? t("receipt.not_here") : rule.text,
                        evidence: isCut(rule.evidence) ? [] : rule.evidence,
                      },
                    ],
              )}
            />
          </Part>
        </>
      )}
      <Part title={t("receipt.rules_kept")}>
        <Facts
          rows={[
            ...packRows(t, content),
            [
              t("receipt.models"),
              content.models.length === 0 ? t("receipt.no_models") : JSON.stringify(content.models),
            ],
          ]}
        />
      </Part>
      <Box component="details">
        <Typography component="summary" variant="h3" sx={{ cursor: "pointer", mb: 1 }}>
          {t("receipt.facts")}
        </Typography>
        <JsonView value={content.facts} />
      </Box>
    </>
  );
}

type Row = readonly [name: string, value: ReactNode];

function actRows(t: TFunction, { decision, request, guide, kept_guide }: Content): Row[] {
  const rows: Row[] = [
    [t("decision.title"), t(`decision.outcome.${decision.outcome}`)],
    [t("receipt.state"), codeText("state", decision.state)],
    [t("receipt.by"), decision.by === "system" ? t("receipt.by_rules") : staffName(t, decision)],
    [t("decision.released_at"), formatDateTime(decision.at)],
    [t("decision.legal_basis"), decision.legal_basis ?? t("common.unknown")],
    [t("case.protocol"), request.protocol],
    [t("receipt.asked_at"), formatDateTime(request.asked_at)],
    [t("receipt.due_at"), formatDateTime(request.due_at)],
    [t("case.clock"), request.clock_basis],
  ];
  if (decision.ground) rows.splice(1, 0, [t("decision.ground"), t(`decision.ground_of.${decision.ground}`)]);
  if (decision.reason_codes.length > 0)
    rows.push([t("decision.reason_code"), decision.reason_codes.join(", ")]);
  if (guide) {
    rows.push([t("decision.guide"), guide.number]);
    rows.push([t("decision.auth_code"), isCut(guide.senha) ? t("receipt.not_here") : guide.senha]);
    rows.push([t("decision.valid_until"), formatDate(guide.valid_until)]);
    if (guide.replaces) rows.push([t("receipt.replaces"), guide.replaces.number]);
  }
  if (kept_guide) rows.push([t("receipt.kept_guide"), kept_guide.number]);
  return rows;
}

function staffName(t: TFunction, { releaser, by }: Content["decision"]): string {
  const registration = releaser?.registration;
  const known = typeof registration === "string" ? registration : by;
  return t("receipt.by_person", { person: known });
}

function packRows(t: TFunction, { rules }: Content): Row[] {
  const packs: [string, Pack | undefined][] = [
    [t("receipt.pack_assessed"), rules.assessment],
    [t("receipt.pack_decided"), rules.decision],
  ];
  return packs.flatMap(([name, pack]) =>
    pack ? [[name, t("receipt.pack", pack)] as const, [t("receipt.code"), pack.code ?? ""] as const] : [],
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="section">
      <Typography variant="h3" sx={{ mb: 1.5 }}>
        {title}
      </Typography>
      {children}
    </Box>
  );
}

function Quote({ value }: { value: Shown<string | null> }) {
  const { t } = useTranslation();
  if (isCut(value)) return <NotHere />;
  return (
    <Typography variant="body2" sx={{ whiteSpace: "pre-line" }}>
      {value ?? t("receipt.nothing_told")}
    </Typography>
  );
}

function Missing({ value }: { value: Shown<string[]> }) {
  if (isCut(value)) return null;
  return (
    <Box component="ul" sx={{ m: 0, pl: 5 }}>
      {value.map((one) => (
        <Typography component="li" variant="body2" key={one}>
          {one}
        </Typography>
      ))}
    </Box>
  );
}

function NotHere() {
  const { t } = useTranslation();
  return (
    <Typography variant="body2" sx={{ color: "text.secondary" }}>
      {t("receipt.not_here")}
    </Typography>
  );
}
