import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Box from "@mui/material/Box";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListColleaguesQuery } from "@/client/chat";
import type { Post, Shift } from "@/client/types/chat";
import { Loaded } from "@/ui/Page";
import { ProblemAlert } from "@/ui/Problems";

import { toE164, WEEKDAYS } from "./week";

const KINDS = ["weekly", "day", "absence"] as const;
type Kind = (typeof KINDS)[number];

type Props = { open: boolean; onClose: () => void; add: (shifts: Shift[]) => Promise<void>; error: unknown };

/** Puts somebody on the roster: each week, on one day, or not on one day. */
export function ShiftDialog({ open, onClose, add, error }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="turno-titulo">
      <DialogTitle id="turno-titulo">{t("duty.add_title")}</DialogTitle>
      {open && <ShiftForm onClose={onClose} add={add} error={error} />}
    </Dialog>
  );
}

function ShiftForm({ onClose, add, error }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const people = useListColleaguesQuery();
  const [post, setPost] = useState<Post>("nurse");
  const [kind, setKind] = useState<Kind>("weekly");
  const [person, setPerson] = useState("");
  const [phone, setPhone] = useState("");
  const [days, setDays] = useState<number[]>([]);
  const [day, setDay] = useState("");
  const [starts, setStarts] = useState("07:00");
  const [ends, setEnds] = useState("19:00");
  const [busy, setBusy] = useState(false);
  const needsPhone = post === "on_call" && kind !== "absence";
  const number = needsPhone ? toE164(phone) : null;
  const when = kind === "weekly" ? days.length > 0 : day !== "";
  const ready =
    person !== "" && when && (!needsPhone || number !== null) && starts !== "" && ends !== "" && !busy;

  const submit = async () => {
    const isAbsent = kind === "absence";
    const shift: Omit<Shift, "weekday" | "day"> = {
      post,
      person,
      name: people.data?.find((one) => one.id === person)?.name ?? "",
      phone: number,
      starts: isAbsent ? "00:00" : starts,
      ends: isAbsent ? "00:00" : ends,
      is_absent: isAbsent,
    };
    setBusy(true);
    await add(
      kind === "weekly"
        ? days.map((weekday) => ({ ...shift, weekday, day: null }))
        : [{ ...shift, weekday: null, day }],
    );
    setBusy(false);
  };
  return (
    <>
      <DialogContent sx={{ display: "grid", gap: 4, "&&": { pt: 2 } }}>
        {error !== undefined && <ProblemAlert error={error} />}
        <TextField
          select
          label={t("duty.which")}
          value={post}
          onChange={(event) => setPost(event.target.value as Post)}
        >
          <MenuItem value="nurse">{t("duty.post.nurse")}</MenuItem>
          <MenuItem value="on_call">{t("duty.post.on_call")}</MenuItem>
        </TextField>
        <Loaded asked={people}>
          {(found) => (
            <TextField
              select
              label={t("duty.who")}
              value={person}
              onChange={(event) => setPerson(event.target.value)}
            >
              {found.map((one) => (
                <MenuItem key={one.id} value={one.id}>
                  {one.name}
                </MenuItem>
              ))}
            </TextField>
          )}
        </Loaded>
        {needsPhone && (
          <TextField
            type="tel"
            label={t("duty.phone")}
            value={phone}
            helperText={t("duty.phone_help")}
            error={phone !== "" && number === null}
            onChange={(event) => setPhone(event.target.value)}
          />
        )}
        <TextField
          select
          label={t("duty.kind")}
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
        >
          {KINDS.map((one) => (
            <MenuItem key={one} value={one}>
              {t(`duty.kinds.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {kind === "weekly" ? (
          <ToggleButtonGroup
            value={days}
            onChange={(_event, next: number[]) => setDays(next)}
            aria-label={t("duty.days")}
            sx={{ flexWrap: "wrap" }}
          >
            {WEEKDAYS.map((name, weekday) => (
              <ToggleButton key={name} value={weekday} sx={{ textTransform: "none" }}>
                {t(`duty.weekday.${name}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        ) : (
          <TextField
            type="date"
            label={t("duty.date")}
            value={day}
            onChange={(event) => setDay(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
        )}
        {kind !== "absence" && (
          <Box sx={{ display: "flex", gap: 3 }}>
            <TextField
              fullWidth
              type="time"
              label={t("duty.starts")}
              value={starts}
              onChange={(event) => setStarts(event.target.value)}
              slotProps={{ inputLabel: { shrink: true } }}
            />
            <TextField
              fullWidth
              type="time"
              label={t("duty.ends")}
              value={ends}
              onChange={(event) => setEnds(event.target.value)}
              slotProps={{ inputLabel: { shrink: true } }}
            />
          </Box>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={!ready} onClick={() => void submit()}>
          {t("duty.save")}
        </Button>
      </DialogActions>
    </>
  );
}
