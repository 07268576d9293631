import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { CaseDetail } from "@/client/types/medicalAudit";
import { findText } from "@/ui/findText";

import { papersOf } from "./papers";

type Props = {
  lead: string;
  one: CaseDetail;
  /** What must be done in the case first, by the server's names. */
  groundwork: readonly string[];
  /** What the form itself lacks, in words. */
  others?: readonly string[];
  addContact: () => void;
};

function showOpinion(): void {
  document.getElementById("parecer")?.scrollIntoView({ block: "nearest" });
}

/** What must be there before a decision can be released, each with the way to it. */
export function StillLacking({ lead, one, groundwork, others = [], addContact }: Props) {
  const { t } = useTranslation();
  const toOpinion = one.allowed_actions.includes("opinion:write");
  const opinionLacks = groundwork.some((name) => name !== "requester_contact");
  return (
    <Box role="status">
      {groundwork.length + others.length > 0 && (
        <Box sx={{ p: 3, borderRadius: 1, bgcolor: "meaning.doubt.soft" }}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {lead}
          </Typography>
          <Box component="ul" sx={{ m: 0, pl: 4 }}>
            {groundwork.map((name) => (
              <Typography component="li" variant="body2" key={name}>
                {findText(`problem.lacking.${name}`) ?? name}
              </Typography>
            ))}
            {others.map((other) => (
              <Typography component="li" variant="body2" key={other}>
                {other}
              </Typography>
            ))}
          </Box>
          {groundwork.includes("evidence") && papersOf(one).length === 0 && (
            <Typography variant="body2" sx={{ mt: 1 }}>
              {t("decision.no_papers")}
            </Typography>
          )}
          <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, mt: groundwork.length > 0 ? 2 : 0 }}>
            {groundwork.includes("requester_contact") && one.allowed_actions.includes("case:contact") && (
              <Button size="small" variant="outlined" color="secondary" onClick={addContact}>
                {t("contact.register")}
              </Button>
            )}
            {opinionLacks && toOpinion && (
              <Button size="small" variant="outlined" color="secondary" onClick={showOpinion}>
                {t("decision.to_opinion")}
              </Button>
            )}
          </Box>
        </Box>
      )}
    </Box>
  );
}
