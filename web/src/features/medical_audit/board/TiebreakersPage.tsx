import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useEndTiebreakerMutation, useListTiebreakersQuery } from "@/client/boards";
import { useMay } from "@/client/identity";
import { useInviteTiebreakerMutation } from "@/client/tiebreaks";
import type { ListedTiebreaker } from "@/client/types/boards";
import { announce } from "@/lib/announce";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank, ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { TiebreakerImport } from "./TiebreakerImport";

/** The physicians whom the operator may name for the tie-break of a board. */
export function TiebreakersPage() {
  const { t } = useTranslation();
  const listed = useListTiebreakersQuery();
  const mayChange = useMay("tiebreaker:import");
  const [importing, setImporting] = useState(false);
  const mayInvite = useMay("tiebreaker:invite");
  const [ending, setEnding] = useState<ListedTiebreaker | null>(null);
  const [inviting, setInviting] = useState<ListedTiebreaker | null>(null);
  return (
    <Page
      title={t("tiebreakers.title")}
      lead={t("tiebreakers.lead")}
      action={
        mayChange && (
          <Button variant="contained" onClick={() => setImporting(true)}>
            {t("tiebreakers.import")}
          </Button>
        )
      }
    >
      <Loaded asked={listed}>
        {(found) =>
          found.length === 0 ? (
            <Blank title={t("tiebreakers.empty")}>{t("tiebreakers.empty_text")}</Blank>
          ) : (
            <Register
              listed={found}
              invite={mayInvite ? setInviting : null}
              end={mayChange ? setEnding : null}
            />
          )
        }
      </Loaded>
      <TiebreakerImport open={importing} onClose={() => setImporting(false)} />
      <InviteDialog one={inviting} onClose={() => setInviting(null)} />
      <EndDialog one={ending} onClose={() => setEnding(null)} />
    </Page>
  );
}

type RegisterProps = {
  listed: readonly ListedTiebreaker[];
  invite: ((one: ListedTiebreaker) => void) | null;
  end: ((one: ListedTiebreaker) => void) | null;
};

function Register({ listed, invite, end }: RegisterProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const wanted = fold(words.trim());
  const found = listed.filter((one) => fold(wordsOf(one)).includes(wanted));
  return (
    <>
      <TextField
        type="search"
        label={t("tiebreakers.search")}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        sx={{ maxWidth: 420 }}
      />
      {found.length === 0 ? (
        <Typography role="status" sx={{ color: "text.secondary" }}>
          {t("tiebreakers.nothing")}
        </Typography>
      ) : (
        <Rows label={t("tiebreakers.title")}>
          {found.map((one) => (
            <Box
              component="li"
              key={one.id}
              sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 4, rowGap: 1 }}
            >
              <Box sx={{ flex: "1 1 240px", minWidth: 0 }}>
                <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>
                  {one.name}
                </Typography>
                <Typography variant="caption" component="p" sx={{ ...TABULAR, color: "text.secondary" }}>
                  {t("tiebreakers.crm", one)} · {one.city}
                </Typography>
              </Box>
              <Box sx={{ flex: "1 1 220px", minWidth: 0 }}>
                <Typography variant="body2">{one.specialties.join(", ")}</Typography>
                <Typography
                  variant="caption"
                  component="p"
                  sx={{ color: "text.secondary", overflowWrap: "anywhere" }}
                >
                  {[one.email, one.phone].filter(Boolean).join(" · ") || t("tiebreakers.no_contact")}
                </Typography>
              </Box>
              <Tag tone={one.active ? "good" : "quiet"}>
                {t(one.active ? "tiebreakers.active" : "tiebreakers.ended")}
              </Tag>
              {invite && one.active && one.email !== null && (
                <Button
                  aria-label={t("tiebreakers.invite_who", { name: one.name })}
                  onClick={() => invite(one)}
                >
                  {t("tiebreakers.invite")}
                </Button>
              )}
              {end && one.active && (
                <Button
                  color="secondary"
                  aria-label={t("tiebreakers.end_who", { name: one.name })}
                  onClick={() => end(one)}
                >
                  {t("tiebreakers.end")}
                </Button>
              )}
            </Box>
          ))}
        </Rows>
      )}
    </>
  );
}

function InviteDialog({ one, onClose }: { one: ListedTiebreaker | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [invite, { error, isLoading, reset }] = useInviteTiebreakerMutation();
  const close = () => {
    reset();
    onClose();
  };
  const confirm = async () => {
    if (!one) return;
    const answer = await invite(one.id);
    if (answer.error) return;
    announce(t("tiebreakers.invited", { email: answer.data.email }));
    close();
  };
  return (
    <Dialog open={one !== null} onClose={close} maxWidth="xs" fullWidth aria-labelledby="convidar-titulo">
      <DialogTitle id="convidar-titulo">
        {t("tiebreakers.invite_title", { name: one?.name ?? "" })}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 3 }}>
        <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
          {t("tiebreakers.invite_text", { email: one?.email ?? "" })}
        </Typography>
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={close}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={isLoading} onClick={() => void confirm()}>
          {t("tiebreakers.invite")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function EndDialog({ one, onClose }: { one: ListedTiebreaker | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [end, { error, isLoading, reset }] = useEndTiebreakerMutation();
  const close = () => {
    reset();
    onClose();
  };
  const confirm = async () => {
    if (!one) return;
    const answer = await end(one.id);
    if (answer.error) return;
    announce(t("tiebreakers.ended_done"));
    close();
  };
  return (
    <Dialog open={one !== null} onClose={close} maxWidth="xs" fullWidth aria-labelledby="encerrar-titulo">
      <DialogTitle id="encerrar-titulo">{t("tiebreakers.end_title", { name: one?.name ?? "" })}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 3 }}>
        <Typography variant="body2">{t("tiebreakers.end_text")}</Typography>
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={close}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={isLoading} onClick={() => void confirm()}>
          {t("tiebreakers.end")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function wordsOf(one: ListedTiebreaker): string {
  return [one.name, one.uf, one.number, one.city, ...one.specialties].join(" ");
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
