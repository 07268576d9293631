import Alert from "@mui/material/Alert";
import Dialog from "@mui/material/Dialog";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useImportTiebreakersMutation } from "@/client/boards";
import type { ImportReport } from "@/client/types/boards";
import { announce } from "@/lib/announce";
import { FileImport, FileProblems } from "@/ui/FileImport";
import { ProblemAlert } from "@/ui/Problems";

const TITLE = "importar-titulo";

/** The operator's list is checked whole before any of it is kept. */
export function TiebreakerImport({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={TITLE}>
      {open && <ImportForm onClose={onClose} />}
    </Dialog>
  );
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useImportTiebreakersMutation();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const changes = report !== null && report.problems.length === 0 && report.created + report.updated > 0;

  const check = async (chosen: File) => {
    setFile(chosen);
    setReport(null);
    const answer = await send({ file: chosen, dryRun: true });
    if (answer.data) setReport(answer.data);
  };
  const keep = async () => {
    if (!file) return;
    const answer = await send({ file, dryRun: false });
    if (!answer.data) return;
    setReport(answer.data);
    if (answer.data.problems.length > 0) return;
    announce(t("tiebreakers.kept"));
    onClose();
  };
  return (
    <FileImport
      title={t("tiebreakers.import")}
      titleId={TITLE}
      lead={t("tiebreakers.import_lead")}
      pick={{
        label: t("tiebreakers.choose_file"),
        accept: "text/csv,.csv",
        busy: isLoading,
        status: isLoading ? t("tiebreakers.checking") : file?.name,
        onPick: (chosen) => void check(chosen),
      }}
      keep={t("tiebreakers.keep")}
      mayKeep={changes && !isLoading}
      onKeep={() => void keep()}
      onClose={onClose}
    >
      {report && <Report report={report} />}
      {error && <ProblemAlert error={error} />}
    </FileImport>
  );
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const { problems, lines, created, updated, unchanged } = report;
  if (problems.length === 0) {
    return (
      <Alert severity={created + updated === 0 ? "info" : "success"} variant="outlined">
        <Typography variant="body2">
          {t("tiebreakers.report_good", { count: lines, created, updated, unchanged })}
        </Typography>
        {created + updated === 0 && <Typography variant="body2">{t("tiebreakers.nothing_new")}</Typography>}
      </Alert>
    );
  }
  return (
    <FileProblems
      title={t("tiebreakers.report_bad", { count: problems.length })}
      problems={problems}
      lineText={(line) => t("tiebreakers.line", { line })}
    />
  );
}
