import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAssignConversationMutation, useListColleaguesQuery } from "@/client/chat";
import { useGetSessionQuery } from "@/client/identity";
import type { HandOver } from "@/client/types/chat";
import { announce } from "@/lib/announce";
import { Loaded } from "@/ui/Page";
import { ProblemAlert } from "@/ui/Problems";

type Props = { one: HandOver; open: boolean; onClose: () => void };

/** Gives the conversation to another person of the team. */
export function GiveDialog({ one, open, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="passar-titulo">
      <DialogTitle id="passar-titulo">{t("conversations.give_title")}</DialogTitle>
      {open && <GiveForm one={one} onClose={onClose} />}
    </Dialog>
  );
}

function GiveForm({ one, onClose }: { one: HandOver; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useGetSessionQuery().data?.principal.id;
  const asked = useListColleaguesQuery();
  const [assign, { error, isLoading }] = useAssignConversationMutation();
  const [to, setTo] = useState("");
  const others = (asked.data ?? []).filter((person) => person.id !== me);
  const give = async () => {
    const answer = await assign({ id: one.line.conversation_id, to, expected: one.line.holder?.id ?? null });
    if (answer.error) return;
    announce(t("conversations.given", { name: others.find((person) => person.id === to)?.name ?? "" }));
    onClose();
  };
  return (
    <>
      <DialogContent sx={{ display: "grid", gap: 3 }}>
        <Loaded asked={asked}>
          {() =>
            others.length === 0 ? (
              <Typography variant="body2">{t("conversations.give_nobody")}</Typography>
            ) : (
              <TextField
                select
                fullWidth
                label={t("conversations.give_to")}
                value={to}
                onChange={(event) => setTo(event.target.value)}
                sx={{ mt: 1 }}
              >
                {others.map((person) => (
                  <MenuItem key={person.id} value={person.id}>
                    {person.name}
                  </MenuItem>
                ))}
              </TextField>
            )
          }
        </Loaded>
        {error !== undefined && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={to === "" || isLoading} onClick={() => void give()}>
          {t("conversations.give_do")}
        </Button>
      </DialogActions>
    </>
  );
}
