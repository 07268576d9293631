import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { leaveOut, type OpenedReceipt } from "@/lib/receipt";
import { saveFile } from "@/lib/saveFile";
import { findText } from "@/ui/findText";
import { Tag } from "@/ui/Tag";

/** Who the receipt is about, each apart: a file may leave any of them out, and its signature still holds. */
export function People({ opened, decisionId }: { opened: OpenedReceipt; decisionId: string }) {
  const { t } = useTranslation();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const flip = (person: string) => {
    const next = new Set(out);
    if (!next.delete(person)) next.add(person);
    setOut(next);
  };
  const save = () => {
    const file = leaveOut(opened.file, out);
    saveFile(new Blob([file], { type: "application/json" }), `austa-recibo-${decisionId}.json`);
  };
  const gone = opened.withheld.filter((person) => !opened.shown.includes(person));
  return (
    <Box component="section" aria-labelledby="recibo-pessoas">
      <Typography id="recibo-pessoas" variant="h3">
        {t("receipt.people")}
      </Typography>
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mb: 1 }}>
        {t("receipt.people_help")}
      </Typography>
      {opened.shown.map((person) => (
        <FormControlLabel
          key={person}
          sx={{ display: "flex" }}
          control={<Checkbox size="small" checked={!out.has(person)} onChange={() => flip(person)} />}
          label={personName(person)}
        />
      ))}
      {gone.map((person) => (
        <Box key={person} sx={{ display: "flex", gap: 2, alignItems: "center", py: 1 }}>
          <Typography variant="body2">{personName(person)}</Typography>
          <Tag>{t("receipt.not_shown")}</Tag>
        </Box>
      ))}
      <Button variant="contained" onClick={save} sx={{ mt: 3 }}>
        {t("receipt.save")}
      </Button>
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mt: 1 }}>
        {t("receipt.save_help")}
      </Typography>
    </Box>
  );
}

function personName(person: string): string {
  return findText(`receipt.person.${person.split(":")[0] ?? person}`) ?? person;
}
