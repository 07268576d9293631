import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetRuleExamplesQuery, useGetRuleReportQuery, useGetRuleXmlQuery } from "@/client/rules";
import { useMay } from "@/client/identity";
import type { RuleVersion } from "@/client/types/rules";
import { formatDateTime } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { JsonView } from "@/ui/JsonView";
import { LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import { Difference } from "./Difference";
import { Report } from "./Report";
import { Simulation } from "./Simulation";
import { STATUS_TONE } from "./status";
import { VersionActions } from "./VersionActions";

const Tables = lazy(() => import("./Tables"));

const PARTS = ["tables", "report", "difference", "simulation", "examples", "history"] as const;
type Part = (typeof PARTS)[number];

/** One version: its tables, what the check says, what changed, its examples, who did what with it. */
export function VersionView({ version }: { version: RuleVersion }) {
  const { t } = useTranslation();
  // A simulation looks at past requests, which not everybody who reads tables may.
  const maySimulate = useMay("authorization:read");
  const [part, setPart] = useState<Part>(version.status === "proposed" ? "difference" : "tables");
  return (
    <Box
      component="section"
      aria-labelledby="versao-titulo"
      sx={{ display: "grid", gap: 3, gridTemplateColumns: "minmax(0, 1fr)" }}
    >
      <Box sx={{ display: "flex", gap: 3, alignItems: "center", flexWrap: "wrap" }}>
        <Typography id="versao-titulo" variant="h2">
          {t("rules.number", { number: version.number })}
        </Typography>
        <Tag tone={STATUS_TONE[version.status]}>{t(`rules.status.${version.status}`)}</Tag>
        <Typography
          variant="caption"
          title={version.digest}
          sx={{ color: "text.secondary", flex: 1, overflowWrap: "anywhere" }}
        >
          {t("rules.digest", { digest: version.digest.slice(0, 16) })}
        </Typography>
        <VersionActions version={version} />
      </Box>
      <Tabs
        value={part}
        variant="scrollable"
        allowScrollButtonsMobile
        aria-label={t("rules.parts")}
        onChange={(_event, next: Part) => setPart(next)}
        sx={{ borderBottom: "1px solid", borderColor: "divider" }}
      >
        {PARTS.filter((name) => name !== "simulation" || maySimulate).map((name) => (
          <Tab key={name} value={name} label={t(`rules.part.${name}`)} />
        ))}
      </Tabs>
      {part === "tables" && <ShownTables version={version} />}
      {part === "report" && <ShownReport id={version.id} />}
      {part === "difference" && <Difference id={version.id} before={null} />}
      {part === "simulation" && <Simulation id={version.id} />}
      {part === "examples" && <Examples id={version.id} />}
      {part === "history" && <History version={version} />}
    </Box>
  );
}

function ShownTables({ version }: { version: RuleVersion }) {
  const { t } = useTranslation();
  const xml = useGetRuleXmlQuery(version.id);
  if (xml.error) return <LoadFailed error={xml.error} retry={() => void xml.refetch()} />;
  if (xml.data === undefined) return <Skeleton variant="rounded" height={320} />;
  const dmn = xml.data;
  return (
    <Box
      sx={{
        display: "grid",
        gap: 2,
        justifyItems: "start",
        gridTemplateColumns: "minmax(0, 1fr)",
        "& > div": { width: 1 },
      }}
    >
      <Suspense fallback={<Skeleton variant="rounded" height={320} />}>
        <Tables xml={dmn} />
      </Suspense>
      <Button
        color="secondary"
        onClick={() =>
          saveFile(
            new Blob([dmn], { type: "application/xml" }),
            `${version.rule_set}-${String(version.number)}.dmn`,
          )
        }
      >
        {t("rules.save_dmn")}
      </Button>
    </Box>
  );
}

function ShownReport({ id }: { id: string }) {
  const report = useGetRuleReportQuery(id);
  if (report.error) return <LoadFailed error={report.error} retry={() => void report.refetch()} />;
  return report.data ? <Report report={report.data} /> : <Skeleton variant="rounded" height={160} />;
}

function Examples({ id }: { id: string }) {
  const examples = useGetRuleExamplesQuery(id);
  if (examples.error) return <LoadFailed error={examples.error} retry={() => void examples.refetch()} />;
  if (examples.data === undefined) return <Skeleton variant="rounded" height={160} />;
  return <JsonView value={JSON.parse(examples.data) as unknown} />;
}

function History({ version }: { version: RuleVersion }) {
  const { t } = useTranslation();
  return (
    <Box component="ol" sx={{ m: 0, pl: 5, display: "grid", gap: 2 }}>
      <Typography component="li" variant="body2">
        {t("rules.written", { who: version.author_name ?? version.author })}
        <Caption text={formatDateTime(version.created_at)} note={version.note} />
      </Typography>
      {version.steps.map((step) => (
        <Typography component="li" variant="body2" key={`${step.step}-${step.at}`}>
          {t(`rules.step.${step.step}`, { who: step.by_name ?? step.by })}
          <Caption
            text={[
              formatDateTime(step.at),
              step.step === "activate" && t("rules.since", { from: formatDateTime(step.effective_at) }),
              step.until !== null && t("rules.until", { until: formatDateTime(step.until) }),
            ]
              .filter(Boolean)
              .join(" · ")}
            note={step.note}
          />
        </Typography>
      ))}
    </Box>
  );
}

function Caption({ text, note }: { text: string; note: string }) {
  return (
    <Typography variant="caption" component="span" sx={{ display: "block", color: "text.secondary" }}>
      {note === "" ? text : `${text} · ${note}`}
    </Typography>
  );
}
