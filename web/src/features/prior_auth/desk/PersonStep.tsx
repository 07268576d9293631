import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfirmMemberMutation } from "@/client/desk";
import type { ConfirmedMember } from "@/client/types/desk";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { maskBirthDate, readBirthDate } from "@/lib/birthDate";

type Props = { member: ConfirmedMember | null; onConfirmed: (member: ConfirmedMember | null) => void };

/** Who stands at the desk: found by card and date of birth together, and by nothing else. */
export function PersonStep({ member, onConfirmed }: Props) {
  const { t } = useTranslation();
  const [confirm, { error, isLoading }] = useConfirmMemberMutation();
  const [number, setNumber] = useState("");
  const [birth, setBirth] = useState("");
  const [wrong, setWrong] = useState<{ number?: string; birth?: string }>({});

  const submit = async () => {
    const birthDate = readBirthDate(birth);
    const faults: typeof wrong = {};
    if (number.trim() === "") faults.number = t("ask.card_missing");
    if (birthDate === null) faults.birth = t("ask.birth_wrong");
    setWrong(faults);
    if (birthDate === null || number.trim() === "") return;
    const answer = await confirm({ number: number.trim(), birth_date: birthDate });
    if (!answer.data) return;
    announce(t("ask.confirmed", { name: answer.data.shown_name, end: answer.data.card_end }));
    onConfirmed(answer.data);
  };

  if (member !== null) {
    return (
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Typography sx={{ fontWeight: 600 }}>
          {t("ask.confirmed", { name: member.shown_name, end: member.card_end })}
        </Typography>
        <Button onClick={() => onConfirmed(null)}>{t("ask.another")}</Button>
      </Box>
    );
  }
  const onEnter = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void submit();
  };
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Box
        sx={{
          display: "grid",
          gap: 3,
          gridTemplateColumns: { xs: "1fr", sm: "1fr 180px auto" },
          alignItems: "start",
        }}
      >
        <TextField
          label={t("ask.card")}
          value={number}
          autoComplete="off"
          onChange={(event) => setNumber(event.target.value)}
          onKeyDown={onEnter}
          error={wrong.number !== undefined}
          helperText={wrong.number}
          slotProps={{ htmlInput: { inputMode: "numeric" } }}
        />
        <TextField
          label={t("ask.birth_date")}
          placeholder="dd/mm/aaaa"
          value={birth}
          autoComplete="off"
          onChange={(event) => setBirth(maskBirthDate(event.target.value))}
          onKeyDown={onEnter}
          error={wrong.birth !== undefined}
          helperText={wrong.birth}
          slotProps={{ htmlInput: { inputMode: "numeric" } }}
        />
        <Button variant="outlined" onClick={() => void submit()} disabled={isLoading} sx={{ minHeight: 40 }}>
          {isLoading ? t("ask.confirming") : t("ask.confirm")}
        </Button>
      </Box>
      {error && <ProblemAlert error={error} />}
    </Box>
  );
}
