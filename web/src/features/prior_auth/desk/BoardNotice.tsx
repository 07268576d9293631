import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControl from "@mui/material/FormControl";
import FormControlLabel from "@mui/material/FormControlLabel";
import FormLabel from "@mui/material/FormLabel";
import Radio from "@mui/material/Radio";
import RadioGroup from "@mui/material/RadioGroup";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { fetchBoardNotice, useAnswerBoardMutation, useGetDeskBoardQuery } from "@/client/boards";
import type { Board } from "@/client/types/boards";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { CandidateRadios } from "@/ui/CandidateRadios";
import { ProblemAlert } from "@/ui/Problems";

type Props = { requestId: string };

/** The notice of a medical board to the requester, its receipt, and the answer; nothing where there is no board. */
export function BoardNotice({ requestId }: Props) {
  const { t } = useTranslation();
  const { data } = useGetDeskBoardQuery(requestId);
  const [failed, setFailed] = useState(false);
  if (!data?.board) return null;
  const { board, may, waits } = data;
  const print = async () => {
    const pdf = await fetchBoardNotice(requestId);
    setFailed(pdf === null);
    if (pdf) window.open(URL.createObjectURL(pdf), "_blank", "noopener");
  };
  return (
    <Box component="section" aria-labelledby="aviso-junta" sx={{ display: "grid", gap: 3 }}>
      <Typography id="aviso-junta" variant="h2">
        {t("board.desk.title")}
      </Typography>
      <Typography variant="body2">{t("board.desk.lead")}</Typography>
      <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
        {board.reasons}
      </Typography>
      <Box>
        <Button onClick={() => void print()}>{t("board.notice_pdf")}</Button>
        {failed && (
          <Typography variant="body2" role="alert" sx={{ color: "error.main" }}>
            {t("board.no_pdf")}
          </Typography>
        )}
      </Box>
      {waits && (
        <Typography variant="body2" role="status">
          {t("board.desk.waits")}
        </Typography>
      )}
      {board.answer !== null && <Typography variant="body2">{t("board.desk.answered")}</Typography>}
      {may.includes("received") && <Receipt requestId={requestId} />}
      {may.includes("answered") && <Answer requestId={requestId} board={board} />}
    </Box>
  );
}

function Receipt({ requestId }: Props) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useAnswerBoardMutation();
  const [who, setWho] = useState("");
  const [tried, setTried] = useState(false);
  const confirm = async () => {
    setTried(true);
    if (who.trim() === "") return;
    const act = {
      kind: "received" as const,
      to: "requester" as const,
      means: "portal" as const,
      at: new Date().toISOString(),
      by_whom: who.trim(),
      document_id: null,
      note: t("board.means.portal"),
    };
    const answer = await send({ id: requestId, act: { act } });
    if (!answer.error) announce(t("board.done"));
  };
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <TextField
        label={t("board.desk.confirm_who")}
        value={who}
        error={tried && who.trim() === ""}
        onChange={(event) => setWho(event.target.value)}
      />
      {error && <ProblemAlert error={error} />}
      <Box>
        <Button variant="outlined" loading={isLoading} onClick={() => void confirm()}>
          {t("board.desk.confirm")}
        </Button>
      </Box>
    </Box>
  );
}

function Answer({ requestId, board }: Props & { board: Board }) {
  const { t } = useTranslation();
  const [send, { error, isLoading }] = useAnswerBoardMutation();
  const [answer, setAnswer] = useState<"agrees" | "keeps" | null>(null);
  const [choice, setChoice] = useState<number | null>(null);
  const [tried, setTried] = useState(false);
  const submit = async () => {
    setTried(true);
    if (answer === null || (answer === "keeps" && choice === null)) return;
    const act = {
      kind: "answered" as const,
      answer,
      choice: answer === "keeps" ? choice : null,
      at: new Date().toISOString(),
      note: null,
      document_id: null,
    };
    const sent = await send({ id: requestId, act: { act } });
    if (!sent.error) announce(t("board.desk.sent"));
  };
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <FormControl error={tried && answer === null}>
        <FormLabel id="resposta-junta">{t("board.desk.answer")}</FormLabel>
        <RadioGroup
          aria-labelledby="resposta-junta"
          value={answer ?? ""}
          onChange={(_event, value) => setAnswer(value as "agrees" | "keeps")}
        >
          <FormControlLabel value="agrees" control={<Radio />} label={t("board.desk.agrees")} />
          <FormControlLabel value="keeps" control={<Radio />} label={t("board.desk.keeps")} />
        </RadioGroup>
      </FormControl>
      {answer === "keeps" && (
        <CandidateRadios board={board} value={choice} wrong={tried && choice === null} onChange={setChoice} />
      )}
      {board.requester_until !== null && (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("board.desk.until", { when: formatDateTime(board.requester_until) })}
        </Typography>
      )}
      {error && <ProblemAlert error={error} />}
      <Box>
        <Button variant="contained" loading={isLoading} onClick={() => void submit()}>
          {t("board.desk.send")}
        </Button>
      </Box>
    </Box>
  );
}
