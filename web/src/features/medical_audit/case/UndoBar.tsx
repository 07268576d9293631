import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import LinearProgress from "@mui/material/LinearProgress";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useUndoReleaseMutation } from "@/client/medicalAudit";
import type { CaseDetail, Release } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { useNow } from "@/lib/useNow";
import { ProblemAlert } from "@/ui/Problems";

/** For so long the server lets a release wait. */
const UNDO_SECONDS = 10;

/** "Registrando · desfazer 10 s": the release waits on the server, and whoever pressed may still take it back. */
export function UndoBar({ one, release }: { one: CaseDetail; release: Release }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const [undo, { error, isLoading }] = useUndoReleaseMutation();
  // The seconds count from the answer: the clocks of browser and server need not agree.
  const [ends] = useState(() => Date.now() + (release.undo_seconds ?? 0) * 1000);
  const left = Math.min(UNDO_SECONDS, Math.max(0, Math.ceil((ends - useNow(500)) / 1000)));
  const mayUndo = one.allowed_actions.includes("release:undo") && left > 0;
  useEffect(() => {
    // The button that was pressed is gone: the next Tab leads to the undo.
    if (mayUndo && document.activeElement === document.body) bar.current?.focus();
  });

  const takeBack = async () => {
    const answer = await undo({ id: release.id, caseId: one.case.id });
    if (!answer.error) announce(t("decision.undone"));
  };
  return (
    <Box
      ref={bar}
      tabIndex={-1}
      role="group"
      aria-label={t("decision.recording")}
      sx={{ borderRadius: 1, overflow: "hidden", bgcolor: "surface.selected", outlineOffset: 2 }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 2, pl: 3, pr: 1, minHeight: 40 }}>
        <Typography variant="body2" sx={{ flex: 1 }}>
          {t("decision.recording")}
        </Typography>
        {mayUndo && (
          <Button
            size="small"
            disabled={isLoading}
            onClick={() => void takeBack()}
            sx={{ fontVariantNumeric: "tabular-nums" }}
          >
            {t("decision.undo", { count: left })}
          </Button>
        )}
      </Box>
      <LinearProgress
        variant="determinate"
        value={(left / UNDO_SECONDS) * 100}
        aria-hidden
        sx={{ height: 2, bgcolor: "transparent" }}
      />
      {error && <ProblemAlert error={error} />}
    </Box>
  );
}
