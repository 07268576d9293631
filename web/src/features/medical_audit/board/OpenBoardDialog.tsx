import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListTiebreakersQuery, useOpenBoardMutation } from "@/client/boards";
import type { Divergence, ListedTiebreaker } from "@/client/types/boards";
import { problemOf } from "@/client/problem";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { ReadabilityMeter } from "@/ui/ReadabilityMeter";
import { AgainstList } from "./AgainstList";
import { PartFields, partOf } from "./PartFields";

const NAMES = 4;
const DECLARED = ["technical", "covered", "registered"] as const;

type Props = { one: CaseDetail; open: boolean; onClose: () => void };

/** Opens a medical board: what the auditor declares, the reasons to each side, four names. */
export function OpenBoardDialog({ one, open, onClose }: Props) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="md" fullWidth aria-labelledby="junta-titulo">
      {open && <OpenBoardForm one={one} onClose={onClose} />}
    </Dialog>
  );
}

function OpenBoardForm({ one, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useOpenBoardMutation();
  const [divergence, setDivergence] = useState<Divergence>({
    technical: false,
    covered: false,
    registered: false,
  });
  const [reasons, setReasons] = useState("");
  const [plain, setPlain] = useState("");
  const [names, setNames] = useState<readonly string[]>([]);
  const [quantities, setQuantities] = useState<Record<number, string>>({});
  const [tried, setTried] = useState(false);
  const inPart = one.opinions.at(-1)?.kind === "favourable_in_part";
  const ready = reasons.trim() !== "" && plain.trim() !== "" && names.length === NAMES;

  const submit = async () => {
    setTried(true);
    if (!ready) return;
    const board = {
      divergence,
      reasons: reasons.trim(),
      member_reasons: plain.trim(),
      items: inPart ? partOf(one.request.items, quantities) : [],
      tiebreakers: [...names],
      version: one.case.version,
    };
    const answer = await send({ id: one.case.id, board });
    if (answer.error) return;
    announce(t("board.done"));
    onClose();
  };
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      sx={{ display: "flex", flexDirection: "column", minHeight: 0 }}
    >
      <DialogTitle id="junta-titulo">{t("board.do.opened")}</DialogTitle>
      <DialogContent dividers sx={{ display: "grid", gap: 4 }}>
        <FormControl component="fieldset">
          <FormLabel component="legend">{t("board.form.declared")}</FormLabel>
          {DECLARED.map((name) => (
            <FormControlLabel
              key={name}
              label={t(`board.form.${name}`)}
              control={
                <Checkbox
                  checked={divergence[name]}
                  onChange={(event) => setDivergence({ ...divergence, [name]: event.target.checked })}
                />
              }
            />
          ))}
        </FormControl>
        {inPart && <PartFields items={one.request.items} quantities={quantities} onChange={setQuantities} />}
        <TextField
          label={t("board.form.reasons")}
          helperText={tried && reasons.trim() === "" ? t("board.form.missing") : t("board.form.reasons_help")}
          error={tried && reasons.trim() === ""}
          multiline
          minRows={4}
          value={reasons}
          onChange={(event) => setReasons(event.target.value)}
        />
        <Box sx={{ display: "grid", gap: 2 }}>
          <TextField
            label={t("board.form.member_reasons")}
            helperText={
              tried && plain.trim() === "" ? t("board.form.missing") : t("board.form.member_reasons_help")
            }
            error={tried && plain.trim() === ""}
            multiline
            minRows={3}
            value={plain}
            onChange={(event) => setPlain(event.target.value)}
          />
          <ReadabilityMeter text={plain} />
        </Box>
        <NamesField chosen={names} onChange={setNames} wrong={tried && names.length !== NAMES} />
        <Typography variant="body2" sx={{ p: 3, borderRadius: 1, bgcolor: "surface.selected" }}>
          {t("board.form.opens")}
        </Typography>
        {error && (
          <Box>
            <ProblemAlert error={error} kept={t("decision.kept")} />
            <AgainstList names={problemOf(error).details?.against ?? []} />
          </Box>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" loading={isLoading}>
          {t("board.form.open")}
        </Button>
      </DialogActions>
    </Box>
  );
}

type NamesProps = {
  chosen: readonly string[];
  onChange: (names: readonly string[]) => void;
  wrong: boolean;
};

/** Four of the register's active physicians, narrowed by specialty; those chosen stay in sight. */
function NamesField({ chosen, onChange, wrong }: NamesProps) {
  const { t } = useTranslation();
  const { data, error } = useListTiebreakersQuery();
  const [specialty, setSpecialty] = useState("");
  const active = (data ?? []).filter((one) => one.active);
  const specialties = [...new Set(active.flatMap((one) => one.specialties))].sort((a, b) =>
    a.localeCompare(b, "pt-BR"),
  );
  const shown = active.filter(
    (one) => specialty === "" || one.specialties.includes(specialty) || chosen.includes(one.id),
  );
  const toggle = (one: ListedTiebreaker) =>
    onChange(chosen.includes(one.id) ? chosen.filter((id) => id !== one.id) : [...chosen, one.id]);
  if (error) return <ProblemAlert error={error} />;
  return (
    <FormControl component="fieldset" error={wrong}>
      <FormLabel component="legend">{t("board.form.names")}</FormLabel>
      {data?.length === 0 ? (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("board.form.no_names")}
        </Typography>
      ) : (
        <TextField
          select
          size="small"
          label={t("board.form.specialty")}
          value={specialty}
          onChange={(event) => setSpecialty(event.target.value)}
          sx={{ mt: 2, maxWidth: 320 }}
        >
          <MenuItem value="">{t("board.form.any_specialty")}</MenuItem>
          {specialties.map((name) => (
            <MenuItem key={name} value={name}>
              {name}
            </MenuItem>
          ))}
        </TextField>
      )}
      <Box sx={{ maxHeight: 240, overflowY: "auto", mt: 2 }}>
        {shown.map((one) => (
          <FormControlLabel
            key={one.id}
            sx={{ display: "flex", alignItems: "flex-start", mb: 1 }}
            control={
              <Checkbox
                checked={chosen.includes(one.id)}
                disabled={!chosen.includes(one.id) && chosen.length === NAMES}
                onChange={() => toggle(one)}
              />
            }
            label={
              <Box sx={{ pt: 1.5 }}>
                <Typography variant="body2">{one.name}</Typography>
                <Typography variant="caption" sx={{ color: "text.secondary" }}>
                  {one.specialties.join(", ")} · CRM-{one.uf} {one.number} · {one.city}
                </Typography>
              </Box>
            }
          />
        ))}
      </Box>
      <Typography variant="caption" role="status" sx={{ color: wrong ? "error.main" : "text.secondary" }}>
        {t("board.form.names_chosen", { count: chosen.length })}
      </Typography>
    </FormControl>
  );
}
