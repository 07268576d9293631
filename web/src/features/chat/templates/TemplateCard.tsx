import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useMay } from "@/client/identity";
import {
  useEndTemplateMutation,
  useSetTemplateFallbackMutation,
  useStepTemplateMutation,
} from "@/client/templates";
import type { MessageTemplate } from "@/client/types/templates";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import { Faults } from "./Faults";
import { purposeText, reasonText, STATE_TONE, STATUS_TONE, withExamples } from "./templateText";

type Props = {
  one: MessageTemplate;
  others: readonly MessageTemplate[];
  edit: (() => void) | undefined;
};

/** One wording: what it says, how far it got with us and with Meta, and what can be done now. */
export function TemplateCard({ one, others, edit }: Props) {
  const { t } = useTranslation();
  const isRefused = one.meta_reason !== null;
  return (
    <Box component="li" sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 2 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: 3, rowGap: 1 }}>
        <Typography variant="h2" sx={{ flex: "1 1 240px", minWidth: 0, overflowWrap: "anywhere" }}>
          {purposeText(one.purpose)}
        </Typography>
        <Tag tone={STATE_TONE[one.state]}>{t(`templates.state.${one.state}`)}</Tag>
        <Tag tone={STATUS_TONE[one.meta_status]}>{t(`templates.meta.${one.meta_status}`)}</Tag>
        {one.quality !== "UNKNOWN" && (
          <Tag tone={one.quality === "GREEN" ? "good" : one.quality === "YELLOW" ? "doubt" : "bad"}>
            {t(`templates.quality.${one.quality}`)}
          </Tag>
        )}
      </Box>
      <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
        {[one.name, t(`templates.category.${one.category}`), one.is_product ? t("templates.product") : null]
          .filter((part) => part !== null)
          .join(" · ")}
      </Typography>
      <Typography
        variant="body2"
        sx={{
          whiteSpace: "pre-line",
          overflowWrap: "anywhere",
          bgcolor: "surface.sunken",
          borderRadius: 1,
          p: 3,
        }}
      >
        {[one.content.header, withExamples(one.content), one.content.footer].filter(Boolean).join("\n")}
      </Typography>
      {one.faults.length > 0 && <Faults faults={one.faults} />}
      {(isRefused || !one.is_sent) && (
        <Typography variant="body2" sx={{ color: "meaning.bad.strong", overflowWrap: "anywhere" }}>
          {[
            isRefused ? t("templates.meta_says", { reason: reasonText(one.meta_reason ?? "") }) : null,
            one.is_sent ? null : t("templates.not_sent"),
          ]
            .filter((part) => part !== null)
            .join(" ")}
        </Typography>
      )}
      {one.meta_category !== null && one.meta_category !== one.category && (
        <Typography variant="body2" sx={{ color: "meaning.doubt.strong" }}>
          {t("templates.moved", { category: one.meta_category })}
        </Typography>
      )}
      <Fallback one={one} others={others} />
      <Steps one={one} />
      <Acts one={one} edit={edit} />
    </Box>
  );
}

function Acts({ one, edit }: { one: MessageTemplate; edit: (() => void) | undefined }) {
  const { t } = useTranslation();
  const mayRelease = useMay("message_template:release");
  const [take, step] = useStepTemplateMutation();
  const [end, ending] = useEndTemplateMutation();
  const error = step.error ?? ending.error;
  const isBusy = step.isLoading || ending.isLoading;
  const press = async (what: "propose" | "give_back" | "release") => {
    const answer = await take({ id: one.id, step: what });
    if (!answer.error) announce(t(`templates.done.${what}`));
  };
  const remove = async () => {
    const answer = await end(one.id);
    if (!answer.error) announce(t("templates.done.end"));
  };
  return (
    <>
      {error !== undefined && <ProblemAlert error={error} />}
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
        {one.state === "draft" && edit && (
          <>
            <Button variant="outlined" onClick={edit}>
              {t("templates.edit")}
            </Button>
            <Button
              variant="contained"
              disabled={isBusy || one.faults.length > 0}
              onClick={() => void press("propose")}
            >
              {t("templates.propose")}
            </Button>
          </>
        )}
        {one.state === "proposed" && mayRelease && (
          <Button
            variant="contained"
            disabled={isBusy || one.faults.length > 0}
            onClick={() => void press("release")}
          >
            {t("templates.release")}
          </Button>
        )}
        {one.state === "proposed" && mayRelease && !one.is_product && (
          <Button variant="outlined" disabled={isBusy} onClick={() => void press("give_back")}>
            {t("templates.give_back")}
          </Button>
        )}
        {mayRelease && !one.is_product && (
          <Button disabled={isBusy} onClick={() => void remove()}>
            {t("templates.end")}
          </Button>
        )}
      </Box>
    </>
  );
}

function Fallback({ one, others }: { one: MessageTemplate; others: readonly MessageTemplate[] }) {
  const { t } = useTranslation();
  const mayRelease = useMay("message_template:release");
  const [set, { error, isLoading }] = useSetTemplateFallbackMutation();
  const fit = others.filter(
    (other) =>
      other.id !== one.id && (other.state === "released" || other.is_product) && isWithin(other, one),
  );
  const named = others.find((other) => other.id === one.fallback_id);
  if (!mayRelease || fit.length === 0) {
    return named === undefined ? null : (
      <Typography variant="body2">{t("templates.fallback_is", { name: named.name })}</Typography>
    );
  }
  return (
    <>
      <TextField
        select
        size="small"
        label={t("templates.fallback")}
        value={named?.id ?? ""}
        disabled={isLoading}
        onChange={(event) => void set({ id: one.id, template_id: event.target.value || null })}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        sx={{ maxWidth: 420, mt: 1 }}
      >
        <MenuItem value="">{t("templates.no_fallback")}</MenuItem>
        {fit.map((other) => (
          <MenuItem key={other.id} value={other.id}>
            {other.name}
          </MenuItem>
        ))}
      </TextField>
      {error !== undefined && <ProblemAlert error={error} />}
    </>
  );
}

/** Whether each value that the other needs is among this one's. */
function isWithin(other: MessageTemplate, one: MessageTemplate): boolean {
  const left = one.content.values.map(({ kind }) => kind);
  return other.content.values.every(({ kind }) => {
    const place = left.indexOf(kind);
    if (place >= 0) left.splice(place, 1);
    return place >= 0;
  });
}

function Steps({ one }: { one: MessageTemplate }) {
  const { t } = useTranslation();
  if (one.steps.length === 0) return null;
  return (
    <Box component="details" sx={{ fontSize: "0.75rem", color: "text.secondary" }}>
      <Box component="summary" sx={{ cursor: "pointer" }}>
        {t("templates.history")}
      </Box>
      <Box component="ol" sx={{ m: 0, mt: 1, pl: 4, overflowWrap: "anywhere" }}>
        {one.steps.map((step, place) => (
          <li key={place}>
            {[
              formatDateTime(step.at),
              t(`templates.step.${step.step}`),
              step.by?.name ?? t("templates.by_austa"),
              step.what === null ? null : reasonText(step.what),
            ]
              .filter((part) => part !== null)
              .join(" · ")}
          </li>
        ))}
      </Box>
    </Box>
  );
}
