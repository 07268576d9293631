import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Chip from "@mui/material/Chip";
import TextField from "@mui/material/TextField";
import { useTranslation } from "react-i18next";

import { useListReasonCodesQuery } from "@/client/medicalAudit";
import { ProblemAlert } from "@/ui/Problems";
import { TABULAR } from "@/ui/theme";

type Props = { codes: readonly string[]; onChange: (codes: string[]) => void };

/** Reason codes of TISS table 38, found by number or word. Only codes in force are offered. */
export function ReasonCodeField({ codes, onChange }: Props) {
  const { t } = useTranslation();
  const { data = [], error, isLoading } = useListReasonCodesQuery();
  const textOf = (code: string) => data.find((one) => one.code === code)?.text ?? "";
  if (error) return <ProblemAlert error={error} />;
  return (
    <Autocomplete
      multiple
      loading={isLoading}
      loadingText={t("common.loading")}
      noOptionsText={t("decision.reason_code_unknown")}
      options={data.filter((one) => one.in_force).map((one) => one.code)}
      value={[...codes]}
      onChange={(_event, chosen) => onChange(chosen)}
      getOptionLabel={(code) => `${code} ${textOf(code)}`}
      renderOption={({ key, ...option }, code) => (
        <Box component="li" key={key} {...option} sx={{ gap: 3, fontSize: "0.875rem" }}>
          <Box component="span" sx={{ ...TABULAR, fontWeight: 650, alignSelf: "flex-start" }}>
            {code}
          </Box>
          {textOf(code)}
        </Box>
      )}
      renderValue={(chosen, itemProps) =>
        chosen.map((code, index) => {
          const { key, ...item } = itemProps({ index });
          return <Chip key={key} size="small" label={code} title={textOf(code)} {...item} />;
        })
      }
      renderInput={(input) => (
        <TextField {...input} label={t("decision.reason_code")} helperText={t("decision.reason_code_help")} />
      )}
    />
  );
}
