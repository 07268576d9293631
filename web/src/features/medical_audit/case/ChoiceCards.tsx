import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import Typography from "@mui/material/Typography";

import type { Tone } from "@/ui/Tag";

export type Choice<Value extends string> = { value: Value; label: string; help: string; tone: Tone };

type Props<Value extends string> = {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
};

/** One of a few ways to go, each with what it means. */
export function ChoiceCards<Value extends string>({ label, choices, value, onChange }: Props<Value>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value ?? ""}
      onChange={(_event, next) => onChange(next as Value)}
      sx={{ gap: 1.5 }}
    >
      {choices.map((choice) => (
        <FormControlLabel
          key={choice.value}
          value={choice.value}
          control={<Radio size="small" sx={{ p: 1 }} />}
          label={
            <Box component="span" sx={{ display: "block", py: 1 }}>
              <Typography
                component="span"
                variant="body2"
                sx={{ display: "block", fontWeight: 600, color: `meaning.${choice.tone}.strong` }}
              >
                {choice.label}
              </Typography>
              <Typography
                component="span"
                variant="caption"
                sx={{ display: "block", color: "text.secondary" }}
              >
                {choice.help}
              </Typography>
            </Box>
          }
          sx={{
            m: 0,
            pl: 1,
            pr: 2,
            alignItems: "flex-start",
            border: "1px solid",
            borderColor: value === choice.value ? "primary.main" : "divider",
            borderRadius: 1,
            bgcolor: value === choice.value ? "surface.selected" : "background.paper",
          }}
        />
      ))}
    </RadioGroup>
  );
}
