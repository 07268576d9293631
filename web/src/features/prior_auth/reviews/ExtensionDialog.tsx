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
import { useNavigate } from "react-router";

import { useGetSessionQuery } from "@/client/identity";
import { useExtendRequestMutation } from "@/client/reviews";
import type { ConfirmedMember } from "@/client/types/desk";
import type { Side } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";
import { TABULAR } from "@/ui/theme";

import type { DraftPaper } from "../desk/draft";
import { PapersField } from "../desk/PapersField";
import { PersonStep } from "../desk/PersonStep";

/** A request as far as another may go on from it. */
export type ExtendedRequest = {
  request_id: string;
  member_id: string;
  items: {
    position: number;
    tuss: string;
    description: string;
    quantity: number;
    laterality: string | null;
  }[];
};

type Props = { request: ExtendedRequest; place: string; open: boolean; onClose: () => void };

const MOST = 999;
const LONGEST_INDICATION = 2000;

/** More of what a guide allowed: a request of its own, with its own protocol and term. */
export function ExtensionDialog({ open, onClose, ...rest }: Props) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="prorrogar-titulo">
      {open && <ExtensionForm onClose={onClose} {...rest} />}
    </Dialog>
  );
}

function ExtensionForm({ request, place, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useGetSessionQuery();
  const [extend, { error, isLoading }] = useExtendRequestMutation();
  const [only, ...more] = request.items;
  const [quantities, setQuantities] = useState<Record<number, number>>(
    only && more.length === 0 ? { [only.position]: only.quantity } : {},
  );
  const [indication, setIndication] = useState("");
  const [papers, setPapers] = useState<DraftPaper[]>([]);
  const [confirmed, setConfirmed] = useState<ConfirmedMember | null>(null);
  const clerk = session.data?.principal.provider_id != null;
  const another = confirmed !== null && confirmed.member_id !== request.member_id;
  const known = !clerk || (confirmed !== null && !another);
  const asked = request.items.filter((item) => (quantities[item.position] ?? 0) > 0);

  const submit = async () => {
    const answer = await extend({
      id: request.request_id,
      extension: {
        items: asked.map(({ position, tuss, description, laterality }) => ({
          tuss,
          description,
          laterality: laterality as Side | null,
          quantity: quantities[position] ?? 0,
        })),
        indication: indication.trim() || null,
        documents: papers.map(({ kind, document_id }) => ({ kind, document_id })),
      },
    });
    if (!answer.data) return;
    announce(t("ask.sent", { protocol: answer.data.protocol }));
    onClose();
    await navigate(`${place}/${answer.data.request_id}`);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (known && asked.length > 0) void submit();
      }}
    >
      <DialogTitle id="prorrogar-titulo">{t("reviews.extension.title")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2">{t("reviews.extension.consequence")}</Typography>
        {clerk && (
          <Box sx={{ display: "grid", gap: 2 }}>
            <Typography variant="h3">{t("reviews.extension.person")}</Typography>
            <PersonStep member={confirmed} onConfirmed={setConfirmed} />
            {another && (
              <Typography role="alert" variant="body2" sx={{ color: "meaning.bad.strong" }}>
                {t("reviews.extension.another")}
              </Typography>
            )}
          </Box>
        )}
        <Box sx={{ display: "grid", gap: 2 }}>
          <Typography variant="h3">{t("reviews.extension.items")}</Typography>
          {request.items.map((item) => (
            <Box
              key={item.position}
              sx={{
                display: "grid",
                gridTemplateColumns: "minmax(0, 1fr) 110px",
                gap: 3,
                alignItems: "center",
              }}
            >
              <Box>
                <Typography variant="body2">{item.description}</Typography>
                <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
                  {item.tuss}
                </Typography>
              </Box>
              <TextField
                label={t("ask.quantity")}
                value={quantities[item.position] || ""}
                onChange={(event) => {
                  const typed = Math.min(MOST, Number(event.target.value.replace(/\D/g, "")));
                  setQuantities({ ...quantities, [item.position]: typed });
                }}
                slotProps={{
                  htmlInput: {
                    inputMode: "numeric",
                    "aria-label": `${t("ask.quantity")}: ${item.description}`,
                  },
                }}
              />
            </Box>
          ))}
        </Box>
        <TextField
          label={t("reviews.extension.why")}
          helperText={t("ask.why_help")}
          multiline
          minRows={3}
          value={indication}
          onChange={(event) => setIndication(event.target.value.slice(0, LONGEST_INDICATION))}
        />
        {known && <PapersField memberId={request.member_id} papers={papers} onChange={setPapers} />}
        {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.back")}</Button>
        <Button type="submit" variant="contained" disabled={!known || asked.length === 0 || isLoading}>
          {t("reviews.extension.confirm")}
        </Button>
      </DialogActions>
    </form>
  );
}
