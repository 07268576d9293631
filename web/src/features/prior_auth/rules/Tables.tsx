import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";

import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Tab from "@mui/material/Tab";
import MuiTabs from "@mui/material/Tabs";
import type Modeler from "dmn-js/lib/Modeler";
import type { View } from "dmn-js/lib/Modeler";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { DMN_LOOK } from "./dmnLook";
import { dmnWord } from "./dmnWords";

type Props = {
  xml: string;
  /** Where these can be changed: given a way to read them as DMN. */
  onReady?: (read: () => Promise<string>) => void;
};

const WORDS = { additionalModules: [{ translate: ["value", dmnWord] }] };
const OPTIONS = { drd: WORDS, decisionTable: WORDS, literalExpression: WORDS, boxedExpression: WORDS };

/** Decision tables in dmn-js, on a light sheet: its watermark, which must be seen, has a fixed dark colour. */
export default function Tables({ xml, onReady }: Props) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDivElement>(null);
  const editor = useRef<Modeler>(null);
  const [views, setViews] = useState<View[]>([]);
  const [open, setOpen] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    let made: Modeler | undefined;
    const start = async (container: HTMLElement) => {
      const { default: Kind } = await (onReady
        ? import("dmn-js/lib/Modeler")
        : import("dmn-js/lib/NavigatedViewer"));
      if (gone) return;
      made = new Kind({ container, ...OPTIONS });
      editor.current = made;
      await made.importXML(xml);
      // Tables first, the diagram of what needs what last.
      const found = [...made.getViews()].sort(
        (one, other) => Number(one.type === "drd") - Number(other.type === "drd"),
      );
      if (found[0]) await made.open(found[0]);
      setViews(found);
      const reader = made;
      onReady?.(async () => (await reader.saveXML({ format: true })).xml);
    };
    if (sheet.current) start(sheet.current).catch(() => setFailed(true));
    return () => {
      gone = true;
      made?.destroy();
    };
  }, [xml, onReady]);
  return (
    <Box>
      {failed && <Alert severity="error">{t("rules.not_shown")}</Alert>}
      <MuiTabs
        value={Math.min(open, Math.max(0, views.length - 1))}
        variant="scrollable"
        allowScrollButtonsMobile
        aria-label={t("rules.tables")}
        onChange={(_event, next: number) => {
          setOpen(next);
          const view = views[next];
          if (view) void editor.current?.open(view);
        }}
      >
        {views.map((view, index) => (
          <Tab
            key={`${view.type}-${view.id}`}
            value={index}
            label={view.type === "drd" ? t("rules.diagram") : (view.name ?? view.id)}
          />
        ))}
      </MuiTabs>
      <Box
        data-theme="light"
        role="group"
        aria-label={t("rules.tables")}
        sx={{
          ...DMN_LOOK,
          border: "1px solid",
          borderColor: "divider",
          borderRadius: 1,
          bgcolor: "background.paper",
          color: "text.primary",
          height: "min(68vh, 640px)",
          overflow: "auto",
          "& > div": { height: 1 },
          // The tabs above lead to the diagram.
          "& .view-drd": { display: "none" },
        }}
      >
        <Box ref={sheet} />
      </Box>
    </Box>
  );
}
