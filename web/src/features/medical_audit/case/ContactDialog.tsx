import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import MenuItem from "@mui/material/MenuItem";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useLogContactMutation } from "@/client/medicalAudit";
import type { CaseDetail, ContactChannel, ContactParty } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { localMinute } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { codeText } from "@/ui/codeText";
import { ProblemAlert } from "@/ui/Problems";

import { keepAside, keptAside } from "./drafts";

const PARTIES: readonly ContactParty[] = ["requester", "provider", "member"];
const CHANNELS: readonly ContactChannel[] = ["phone", "video", "in_person", "email", "message"];

type Props = { one: CaseDetail; open: boolean; onClose: () => void };

/** Registers a contact: with whom, when, what was said, and whether there was agreement (CFM 2.448/2025, art. 5). */
export function ContactDialog({ one, open, onClose }: Props) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="contato-titulo">
      {open && <ContactForm one={one} onClose={onClose} />}
    </Dialog>
  );
}

function ContactForm({ one, onClose }: { one: CaseDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const now = useNow();
  const [log, { error, isLoading }] = useLogContactMutation();
  const [party, setParty] = useState<ContactParty>("requester");
  const [channel, setChannel] = useState<ContactChannel>("phone");
  const [at, setAt] = useState(() => localMinute(new Date(now)));
  const [summary, setSummary] = useState(() => keptAside(one.case.id, "contact"));
  const write = (words: string) => {
    setSummary(words);
    keepAside(one.case.id, "contact", words);
  };
  const leave = () => {
    keepAside(one.case.id, "contact", "");
    onClose();
  };
  const [agreed, setAgreed] = useState<boolean | null>(null);
  const ready = summary.trim() !== "" && agreed !== null && at !== "";

  const submit = async () => {
    if (agreed === null) return;
    const contact = {
      with_whom: party,
      channel,
      at: new Date(at).toISOString(),
      summary: summary.trim(),
      agreed,
    };
    const answer = await log({ id: one.case.id, contact });
    if (answer.error) return;
    announce(t("contact.done"));
    leave();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <DialogTitle id="contato-titulo">{t("contact.register")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {one.request.requester
            ? t("contact.lead", { name: one.request.requester.name })
            : t("contact.lead_unknown")}
        </Typography>
        <TextField
          select
          label={t("contact.with")}
          value={party}
          onChange={(event) => setParty(event.target.value as ContactParty)}
        >
          {PARTIES.map((option) => (
            <MenuItem key={option} value={option}>
              {t(`contact.with_of.${option}`)}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          select
          label={t("contact.channel")}
          value={channel}
          onChange={(event) => setChannel(event.target.value as ContactChannel)}
        >
          {CHANNELS.map((option) => (
            <MenuItem key={option} value={option}>
              {codeText("channel", option)}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label={t("contact.at")}
          type="datetime-local"
          value={at}
          onChange={(event) => setAt(event.target.value)}
          slotProps={{ inputLabel: { shrink: true }, htmlInput: { max: localMinute(new Date(now)) } }}
        />
        <TextField
          label={t("contact.summary")}
          multiline
          minRows={3}
          value={summary}
          onChange={(event) => write(event.target.value)}
        />
        <FormControl>
          <FormLabel id="contato-acordo">{t("contact.agreement")}</FormLabel>
          <RadioGroup
            row
            aria-labelledby="contato-acordo"
            value={agreed === null ? "" : String(agreed)}
            onChange={(_event, value) => setAgreed(value === "true")}
          >
            <FormControlLabel value="true" control={<Radio size="small" />} label={t("contact.agreed")} />
            <FormControlLabel
              value="false"
              control={<Radio size="small" />}
              label={t("contact.not_agreed")}
            />
          </RadioGroup>
        </FormControl>
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={leave}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" disabled={!ready || isLoading}>
          {t("contact.save")}
        </Button>
      </DialogActions>
    </form>
  );
}
