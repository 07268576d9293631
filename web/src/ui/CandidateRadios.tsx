import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { Board } from "@/client/types/boards";

type Props = {
  board: Board | null;
  value: number | null;
  wrong: boolean;
  onChange: (choice: number) => void;
};

/** One of the four names. */
export function CandidateRadios({ board, value, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <FormControl error={wrong}>
      <FormLabel id={id}>{t("board.form.choice")}</FormLabel>
      <RadioGroup
        aria-labelledby={id}
        value={value ?? ""}
        onChange={(_event, chosen) => onChange(Number(chosen))}
      >
        {board?.candidates.map((one, place) => (
          <FormControlLabel
            key={`${one.uf}-${one.number}`}
            value={place}
            control={<Radio />}
            label={`${one.name}, ${one.specialty}, ${one.council}-${one.uf} ${one.number}`}
          />
        ))}
      </RadioGroup>
    </FormControl>
  );
}
