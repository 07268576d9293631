import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";

import type { Urgency } from "@/client/types/medicalAudit";

import { URGENCY_SOLID } from "./theme";

/** 1 is the most urgent, as on the Manchester scale. */
export const URGENCY_NUMBER: Record<Urgency, number> = { RED: 1, ORANGE: 2, YELLOW: 3, GREEN: 4, BLUE: 5 };

/** Urgency as number, word and colour: never colour alone. */
export function UrgencyMark({ urgency, short = false }: { urgency: Urgency; short?: boolean }) {
  const { t } = useTranslation();
  return (
    <Box
      component="span"
      title={t(`urgency.colour.${urgency}`)}
      sx={{ display: "inline-flex", alignItems: "center", gap: 2, whiteSpace: "nowrap" }}
    >
      <Box
        component="span"
        sx={{
          display: "inline-grid",
          placeItems: "center",
          width: 20,
          height: 20,
          flex: "none",
          borderRadius: "5px",
          bgcolor: URGENCY_SOLID[urgency],
          color: "#fff",
          fontSize: 12,
          fontWeight: 700,
          lineHeight: 1,
        }}
      >
        {URGENCY_NUMBER[urgency]}
      </Box>
      <Box
        component="span"
        sx={[
          { color: `urgency.${urgency}`, fontWeight: 600, fontSize: "0.8125rem" },
          short && { position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" },
        ]}
      >
        {t(`urgency.word.${urgency}`)}
      </Box>
    </Box>
  );
}
