import Alert from "@mui/material/Alert";
import Dialog from "@mui/material/Dialog";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useImportPackMutation } from "@/client/coverage";
import type { CoverageReport } from "@/client/types/coverage";
import { announce } from "@/lib/announce";
import { FileImport, FileProblems } from "@/ui/FileImport";
import { ProblemAlert } from "@/ui/Problems";

const TITLE = "importar-titulo";

/** A pack is checked whole before anything of it is kept; then it waits for a second person. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={TITLE}>
      {open && <ImportForm onClose={onClose} />}
    </Dialog>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useImportPackMutation();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<CoverageReport | null>(null);
  const good = report !== null && report.problems.length === 0 && !report.known;

  const check = async (chosen: File) => {
    setFile(chosen);
    setReport(null);
    const answer = await send({ file: chosen, dry_run: true });
    if (answer.data) setReport(answer.data);
  };
  const keep = async () => {
    if (!file) return;
    const answer = await send({ file, dry_run: false });
    if (!answer.data?.version) return;
    announce(t("coverage.kept"));
    onClose();
  };
  return (
    <FileImport
      title={t("coverage.import")}
      titleId={TITLE}
      lead={t("coverage.import_lead")}
      pick={{
        label: t("coverage.choose_file"),
        accept: "application/json,.json",
        busy: isLoading,
        status: isLoading ? t("coverage.checking") : file?.name,
        onPick: (chosen) => void check(chosen),
      }}
      keep={t("coverage.keep")}
      mayKeep={good && !isLoading}
      onKeep={() => void keep()}
      onClose={onClose}
    >
      {report && <Report report={report} />}
      {error && <ProblemAlert error={error} />}
    </FileImport>
  );
}

function Report({ report }: { report: CoverageReport }) {
  const { t } = useTranslation();
  const { problems, added, removed, changed } = report;
  if (problems.length > 0) {
    return (
      <FileProblems
        title={t("coverage.report_bad", { count: problems.length })}
        problems={problems}
        lineText={(line) => t("coverage.line", { line })}
      />
    );
  }
  return (
    <Alert severity={report.known ? "info" : "success"} variant="outlined">
      <Typography variant="body2">
        {report.known
          ? t("coverage.report_known")
          : t("coverage.report_good", { items: report.items, examples: report.examples })}
      </Typography>
      <Typography variant="body2">
        {t("coverage.report_beside", {
          added: added.length,
          removed: removed.length,
          changed: changed.length,
        })}
      </Typography>
    </Alert>
  );
}
