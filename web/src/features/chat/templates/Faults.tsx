import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";

import type { TemplateFault } from "@/client/types/templates";

import { faultText } from "./templateText";

/** What must be mended before anybody releases it, with the words that it is about. */
export function Faults({ faults }: { faults: readonly TemplateFault[] }) {
  const { t } = useTranslation();
  return (
    <Alert severity="warning" variant="outlined">
      {t("templates.faults")}
      <Box component="ul" sx={{ m: 0, pl: 4, overflowWrap: "anywhere" }}>
        {faults.map((fault) => (
          <li key={`${fault.code} ${fault.part} ${fault.words}`}>
            {faultText(fault.code)}
            {fault.words !== "" && ` (“${fault.words}”)`}
          </li>
        ))}
      </Box>
    </Alert>
  );
}
