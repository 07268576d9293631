import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useImportPackMutation } from "@/client/coverage";
import type { CoverageReport } from "@/client/types/coverage";
import { announce } from "@/lib/announce";
import { FilePick, FileProblems } from "@/ui/FileImport";
import { ProblemAlert } from "@/ui/Problems";

/** A pack is checked whole before anything of it is kept; then it waits for a second person. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="importar-titulo">
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
    <>
      <DialogTitle id="importar-titulo">{t("coverage.import")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 4 }}>
        <Typography variant="body2">{t("coverage.import_lead")}</Typography>
        <FilePick
          label={t("coverage.choose_file")}
          accept="application/json,.json"
          busy={isLoading}
          status={isLoading ? t("coverage.checking") : file?.name}
          onPick={(chosen) => void check(chosen)}
        />
        {report && <Report report={report} />}
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={!good || isLoading} onClick={() => void keep()}>
          {t("coverage.keep")}
        </Button>
      </DialogActions>
    </>
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
