import Box from "@mui/material/Box";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { DeskQuestion } from "@/client/types/desk";

type Props = {
  questions: readonly DeskQuestion[];
  facts: Readonly<Record<string, string>>;
  onChange: (facts: Record<string, string>) => void;
};

/** The facts that rules read of these items; nothing has to be answered. */
export function FactFields({ questions, facts, onChange }: Props) {
  const { t } = useTranslation();
  if (questions.length === 0) return null;
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Typography variant="body2">{t("ask.facts")}</Typography>
      <Box sx={{ display: "grid", gap: 3, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
        {questions.map((one) =>
          one.kind === "yes_no" ? (
            <TextField
              key={one.fact}
              select
              label={one.label}
              value={facts[one.fact] ?? ""}
              onChange={(event) => onChange({ ...facts, [one.fact]: event.target.value })}
            >
              <MenuItem value="">{t("ask.unknown_fact")}</MenuItem>
              <MenuItem value="yes">{t("common.yes")}</MenuItem>
              <MenuItem value="no">{t("common.no")}</MenuItem>
            </TextField>
          ) : (
            <TextField
              key={one.fact}
              label={one.label}
              value={facts[one.fact] ?? ""}
              onChange={(event) =>
                onChange({ ...facts, [one.fact]: event.target.value.replace(/\D/g, "").slice(0, 4) })
              }
              slotProps={{ htmlInput: { inputMode: "numeric" } }}
            />
          ),
        )}
      </Box>
    </Box>
  );
}

/** Each question once, however many items ask it. */
export function questionsOf(needs: readonly { questions: readonly DeskQuestion[] }[]): DeskQuestion[] {
  const all = needs.flatMap((one) => one.questions);
  return all.filter((one, at) => all.findIndex((other) => other.fact === one.fact) === at);
}
