import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormHelperText from "@mui/material/FormHelperText";
import FormLabel from "@mui/material/FormLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useGetSessionQuery } from "@/client/identity";
import { useSayInTiebreakMutation } from "@/client/tiebreaks";
import type { BoardConclusion, BoardNeed } from "@/client/types/boards";
import type { Tiebreak } from "@/client/types/tiebreaks";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";
import { councilText } from "@/ui/roleText";

import { PartFields, partOf } from "../board/PartFields";

const CONCLUSIONS: readonly BoardConclusion[] = ["favourable", "favourable_in_part", "unfavourable"];
const NEEDS: readonly BoardNeed[] = ["documents", "exams", "in_person"];

/** What the tie-breaker may say now: the opinion, or first what more is needed. */
export function TiebreakForms({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  return (
    <Box
      component="section"
      aria-label={t("tiebreak.yours")}
      sx={{ display: "grid", gap: 4, position: { md: "sticky" }, top: 0 }}
    >
      <Box>
        <Typography variant="h2">{t("tiebreak.yours")}</Typography>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("tiebreak.yours_lead")}
        </Typography>
      </Box>
      {one.needs.length > 0 && (
        <Typography variant="body2">
          {t("tiebreak.needed", {
            needs: one.needs.map((need) => t(`board.need.${need}`).toLowerCase()).join(", "),
          })}
        </Typography>
      )}
      {one.board.sent && (
        <Typography variant="body2" role="status">
          {t("tiebreak.waits")}
        </Typography>
      )}
      {one.may.includes("concluded") && <OpinionForm one={one} />}
      {one.may.includes("needed") && <NeedForm one={one} />}
    </Box>
  );
}

function OpinionForm({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useGetSessionQuery();
  const [say, { error, isLoading }] = useSayInTiebreakMutation();
  const [conclusion, setConclusion] = useState<BoardConclusion | null>(null);
  const [quantities, setQuantities] = useState<Record<number, string>>({});
  const [words, setWords] = useState("");
  const [signed, setSigned] = useState(false);
  const [tried, setTried] = useState(false);
  const me = session.data?.principal;

  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (conclusion === null || words.trim() === "" || !signed) return;
    const word = {
      act: {
        kind: "concluded" as const,
        conclusion,
        items: conclusion === "favourable_in_part" ? partOf(one.items, quantities) : [],
        written_at: new Date().toISOString(),
        words: words.trim(),
        document_id: null,
      },
    };
    const answer = await say({ id: one.board.board_id, word });
    if (answer.error) return;
    announce(t("tiebreak.signed"));
    await navigate("/desempate");
  };
  return (
    <Box component="form" noValidate onSubmit={(event) => void send(event)} sx={{ display: "grid", gap: 3 }}>
      <FormControl error={tried && conclusion === null}>
        <FormLabel id="conclusao">{t("board.form.conclusion")}</FormLabel>
        <RadioGroup
          aria-labelledby="conclusao"
          value={conclusion ?? ""}
          onChange={(_event, value) => setConclusion(value as BoardConclusion)}
        >
          {CONCLUSIONS.map((name) => (
            <FormControlLabel
              key={name}
              value={name}
              control={<Radio />}
              label={t(`board.conclusion_of.${name}`)}
            />
          ))}
        </RadioGroup>
        {tried && conclusion === null && <FormHelperText>{t("tiebreak.missing")}</FormHelperText>}
      </FormControl>
      {conclusion === "favourable_in_part" && (
        <PartFields items={one.items} quantities={quantities} onChange={setQuantities} />
      )}
      <TextField
        label={t("tiebreak.words")}
        multiline
        minRows={6}
        value={words}
        error={tried && words.trim() === ""}
        helperText={t(tried && words.trim() === "" ? "tiebreak.missing" : "tiebreak.words_help")}
        onChange={(event) => setWords(event.target.value)}
      />
      <FormControl error={tried && !signed}>
        <FormControlLabel
          control={<Checkbox checked={signed} onChange={(_event, value) => setSigned(value)} />}
          label={t("tiebreak.sign_who", {
            name: me?.name ?? "",
            council: me?.council ? councilText(me.council) : "",
          })}
        />
        {tried && !signed && <FormHelperText>{t("tiebreak.missing")}</FormHelperText>}
      </FormControl>
      <Typography variant="body2" sx={{ p: 3, borderRadius: 1, bgcolor: "surface.selected" }}>
        {t("tiebreak.sign_next")}
      </Typography>
      {error && <ProblemAlert error={error} kept={t("tiebreak.kept")} />}
      <Button type="submit" variant="contained" disabled={isLoading}>
        {t(isLoading ? "tiebreak.signing" : "tiebreak.sign")}
      </Button>
    </Box>
  );
}

function NeedForm({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  const [say, { error, isLoading }] = useSayInTiebreakMutation();
  const [needs, setNeeds] = useState<readonly BoardNeed[]>([]);
  const [words, setWords] = useState("");
  const [tried, setTried] = useState(false);
  const toggle = (need: BoardNeed) =>
    setNeeds(needs.includes(need) ? needs.filter((each) => each !== need) : [...needs, need]);
  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (needs.length === 0 || words.trim() === "") return;
    const word = { act: { kind: "needed" as const, needs: [...needs], words: words.trim() } };
    const answer = await say({ id: one.board.board_id, word });
    if (!answer.error) announce(t("tiebreak.need_sent"));
  };
  return (
    <Box component="details">
      <Typography component="summary" variant="h3" sx={{ cursor: "pointer", mb: 2 }}>
        {t("tiebreak.need_first")}
      </Typography>
      <Box
        component="form"
        noValidate
        onSubmit={(event) => void send(event)}
        sx={{ display: "grid", gap: 3 }}
      >
        <FormControl component="fieldset" error={tried && needs.length === 0}>
          <FormLabel component="legend">{t("board.needs")}</FormLabel>
          {NEEDS.map((need) => (
            <FormControlLabel
              key={need}
              label={t(`board.need.${need}`)}
              control={<Checkbox checked={needs.includes(need)} onChange={() => toggle(need)} />}
            />
          ))}
        </FormControl>
        <TextField
          label={t("board.form.need_words")}
          multiline
          minRows={3}
          value={words}
          error={tried && words.trim() === ""}
          helperText={tried && words.trim() === "" ? t("tiebreak.missing") : undefined}
          onChange={(event) => setWords(event.target.value)}
        />
        {error && <ProblemAlert error={error} kept={t("tiebreak.kept")} />}
        <Button type="submit" variant="outlined" disabled={isLoading}>
          {t("tiebreak.need_send")}
        </Button>
      </Box>
    </Box>
  );
}
