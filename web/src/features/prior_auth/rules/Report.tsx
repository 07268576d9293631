import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { RuleAt, RuleReport } from "@/client/types/rules";
import { Tag } from "@/ui/Tag";

/** What there is to say about tables: faults, what they may not do, overlaps, gaps, rules never reached, examples. */
export function Report({ report }: { report: RuleReport }) {
  const { t } = useTranslation();
  const bad = [
    ...report.faults.map(
      (fault) =>
        [
          t("rules.fault_at", { ...fault, rule: fault.rule ?? "" }),
          t(fault.text === "" ? "rules.expected" : "rules.instead", { ...fault }),
        ] as const,
    ),
    ...report.misfits.map((text) => [t("rules.misfit"), text] as const),
    ...report.failed_examples.map(
      ({ name, decision, why }) => [t("rules.failed_example", { name, decision }), why] as const,
    ),
  ];
  return (
    <Box role="status" sx={{ display: "grid", gap: 4 }}>
      <Alert severity={report.sound ? "success" : "error"} variant="outlined">
        {t(report.sound ? "rules.sound" : "rules.unsound")}{" "}
        {t("rules.examples_run", {
          count: report.examples,
          good: report.examples - report.failed_examples.length,
        })}
      </Alert>
      <List items={bad.map(([head, text]) => ({ head, text }))} title={t("rules.faults")} />
      <Box component="section">
        <Typography variant="h3" sx={{ mb: 1.5 }}>
          {t("rules.findings")}
        </Typography>
        {report.findings.length === 0 ? (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("rules.no_findings")}
          </Typography>
        ) : (
          <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
            {report.findings.map((finding, index) => (
              <Box component="li" key={index}>
                <Tag tone={finding.kind === "overlap" ? "bad" : "doubt"}>
                  {t(`rules.kind.${finding.kind}`)}
                </Tag>
                <Typography variant="body2" sx={{ mt: 0.5 }}>
                  {finding.text}
                </Typography>
                <Typography variant="caption" sx={{ color: "text.secondary" }}>
                  {t("rules.smallest", { example: exampleText(finding.example) })}
                </Typography>
              </Box>
            ))}
          </Box>
        )}
      </Box>
      <Rows title={t("rules.without_example")} rows={report.rules_without_example} />
      <Rows title={t("rules.not_judged")} rows={report.not_judged} />
      {report.not_searched_to_the_end.length > 0 && (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("rules.too_large", { tables: report.not_searched_to_the_end.join(", ") })}
        </Typography>
      )}
    </Box>
  );
}

function List({ title, items }: { title: string; items: { head: string; text: ReactNode }[] }) {
  if (items.length === 0) return null;
  return (
    <Box component="section">
      <Typography variant="h3" sx={{ mb: 1.5 }}>
        {title}
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 5, display: "grid", gap: 2 }}>
        {items.map(({ head, text }, index) => (
          <Typography component="li" variant="body2" key={index}>
            <Box component="span" sx={{ fontWeight: 600 }}>
              {head}
            </Box>
            : {text}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly RuleAt[] }) {
  if (rows.length === 0) return null;
  const byTable = new Map<string, number[]>();
  for (const { table, rule } of rows) byTable.set(table, [...(byTable.get(table) ?? []), rule]);
  return (
    <List title={title} items={[...byTable].map(([head, found]) => ({ head, text: found.join(", ") }))} />
  );
}

function exampleText(example: Record<string, unknown>): string {
  return Object.entries(example)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(", ");
}
