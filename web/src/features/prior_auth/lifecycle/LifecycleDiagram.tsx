import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";

import FitScreenOutlined from "@mui/icons-material/FitScreenOutlined";
import ZoomInOutlined from "@mui/icons-material/ZoomInOutlined";
import ZoomOutOutlined from "@mui/icons-material/ZoomOutOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Lifecycle } from "@/client/types/priorAuth";

import { QUIET, show, zoomBy, zoomWhole } from "./highlight";

/**
 * The life cycle in BPMN, the request's way marked on it. It stays a light sheet in the dark theme too: the watermark
 * of bpmn.io, which must be seen, has a fixed dark colour.
 */
export default function LifecycleDiagram({ way }: { way: Lifecycle }) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDivElement>(null);
  const viewer = useRef<NavigatedViewer>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!sheet.current) return;
    const one = new NavigatedViewer({ container: sheet.current, bpmnRenderer: QUIET });
    viewer.current = one;
    show(one, way).catch(() => setFailed(true));
    return () => one.destroy();
  }, [way]);
  const tools = [
    [t("lifecycle.zoom_in"), ZoomInOutlined, zoomBy(1.25)],
    [t("lifecycle.zoom_out"), ZoomOutOutlined, zoomBy(0.8)],
    [t("lifecycle.whole"), FitScreenOutlined, zoomWhole],
  ] as const;
  return (
    <Box
      data-theme="light"
      role="group"
      aria-label={t("lifecycle.diagram")}
      sx={{
        position: "relative",
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        overflow: "hidden",
        "& .passed .djs-visual > :first-child, & .present .djs-visual > :first-child": {
          strokeWidth: "2.5px !important",
        },
        "& .present .djs-visual text": { fontWeight: 700 },
      }}
    >
      <Box ref={sheet} sx={{ position: "absolute", inset: 0 }} />
      {failed && (
        <Alert severity="info" sx={{ position: "absolute", inset: "12px 12px auto 12px" }}>
          {t("lifecycle.not_drawn")}
        </Alert>
      )}
      <Box sx={{ position: "absolute", top: 8, right: 8, display: "flex", bgcolor: "background.paper" }}>
        {tools.map(([label, Icon, press]) => (
          <Tooltip key={label} title={label}>
            <IconButton
              aria-label={label}
              disabled={failed}
              onClick={() => viewer.current && press(viewer.current)}
            >
              <Icon fontSize="small" />
            </IconButton>
          </Tooltip>
        ))}
      </Box>
    </Box>
  );
}
