import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAnswerAskMutation, useGetNeedsQuery } from "@/client/desk";
import type { DeskRequest } from "@/client/types/desk";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { ProblemAlert } from "@/ui/Problems";

import { readFacts, type DraftPaper } from "./draft";
import { FactFields, questionsOf } from "./FactFields";
import { PapersField } from "./PapersField";

type Props = { desk: DeskRequest; adding?: boolean };

/** One answer to everything that is missing; `adding` puts papers to a request that asks for nothing. */
export function AnswerForm({ desk, adding = false }: Props) {
  const { t } = useTranslation();
  const { request } = desk;
  const [send, { error, isLoading }] = useAnswerAskMutation();
  const [papers, setPapers] = useState<DraftPaper[]>([]);
  const [facts, setFacts] = useState<Record<string, string>>({});
  const [empty, setEmpty] = useState(false);
  const codes = request.items.map((item) => `tuss=${item.tuss}`).join("&");
  const needs = useGetNeedsQuery(codes, { skip: adding });
  const questions = adding ? [] : questionsOf(needs.data?.items ?? []);

  const submit = async () => {
    const stated = readFacts(facts);
    setEmpty(papers.length === 0 && stated.length === 0);
    if (papers.length === 0 && stated.length === 0) return;
    const answer = await send({
      id: request.request_id,
      documents: papers.map(({ kind, document_id }) => ({ kind, document_id })),
      facts: stated,
      expected_version: request.version,
    });
    if (answer.error) return;
    setPapers([]);
    announce(t("desk_request.answer_sent"));
  };
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      {!adding && <Missing request={request} />}
      <FactFields questions={questions} facts={facts} onChange={setFacts} />
      <PapersField memberId={request.member_id} papers={papers} onChange={setPapers} />
      {empty && (
        <Typography variant="body2" role="alert" sx={{ color: "error.main" }}>
          {t("desk_request.nothing_to_send")}
        </Typography>
      )}
      {error && <ProblemAlert error={error} />}
      {(!adding || papers.length > 0) && (
        <Box>
          <Button variant="contained" disabled={isLoading} onClick={() => void submit()}>
            {isLoading
              ? t("desk_request.sending")
              : adding
                ? t("desk_request.add")
                : t("desk_request.send_answer")}
          </Button>
        </Box>
      )}
    </Box>
  );
}

function Missing({ request }: Pick<DeskRequest, "request">) {
  const { t } = useTranslation();
  return (
    <>
      <Typography variant="body2">{t("desk_request.missing_lead")}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 5 }}>
        {request.missing.map((one) => (
          <Typography component="li" key={one}>
            {one}
          </Typography>
        ))}
      </Box>
      {request.answer_by !== null && (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("desk_request.answer_by", { when: formatDateTime(request.answer_by) })}
        </Typography>
      )}
    </>
  );
}
