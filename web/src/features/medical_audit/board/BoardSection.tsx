import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { fetchBoardNotice, useGetBoardQuery } from "@/client/boards";
import type { Board, BoardActKind, CaseBoard, ItemPart, KeptBoardAct } from "@/client/types/boards";
import { fetchRequestLetter } from "@/client/desk";
import type { CaseDetail } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { formatDateTime } from "@/lib/format";
import { Facts } from "@/ui/Facts";
import { codeText } from "@/ui/codeText";
import { Tag, type Tone } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { Section } from "../case/Section";
import { ActDialog, type LaterKind } from "./ActDialog";
import { AgainstList, againstText } from "./AgainstList";
import { OpenBoardDialog } from "./OpenBoardDialog";

const TONE: Record<"favourable" | "favourable_in_part" | "unfavourable", Tone> = {
  favourable: "good",
  favourable_in_part: "doubt",
  unfavourable: "bad",
};
const POLL_MS = 2000;

/** The medical board of a case: who was named, what is proven, whose term runs, what it came to, and the next act. */
export function BoardSection({ one, now }: { one: CaseDetail; now: number }) {
  const { t } = useTranslation();
  const [waits, setWaits] = useState(false);
  const { data, isError, refetch } = useGetBoardQuery(one.case.id, { pollingInterval: waits ? POLL_MS : 0 });
  const recording = data?.acts.some((act) => act.state === "recording") ?? false;
  if (recording !== waits) setWaits(recording);
  const [doing, setDoing] = useState<BoardActKind | null>(null);
  if (isError) {
    return (
      <Section title={t("board.title")}>
        <Alert
          severity="warning"
          variant="outlined"
          action={
            <Button color="inherit" onClick={() => void refetch()}>
              {t("common.try_again")}
            </Button>
          }
        >
          {t("board.not_loaded")}
        </Alert>
      </Section>
    );
  }
  const diverges = ["unfavourable", "favourable_in_part"].includes(one.opinions.at(-1)?.kind ?? "");
  if (!data || (data.board === null && data.acts.length === 0 && !(data.may.includes("opened") && diverges)))
    return null;
  return (
    <Section title={t("board.title")}>
      {data.board ? (
        <BoardCard board={data.board} one={one} now={now} />
      ) : (
        <Typography variant="body2" sx={{ color: "text.secondary", mb: 2 }}>
          {t("board.lead")}
        </Typography>
      )}
      {recording && (
        <Typography variant="body2" role="status" sx={{ mt: 3, color: "text.secondary" }}>
          {t("board.waits")}
        </Typography>
      )}
      {data.against.length > 0 && (
        <Box sx={{ mt: 2 }}>
          <Typography variant="body2">{t("board.not_admitted")}</Typography>
          <AgainstList names={data.against} />
        </Box>
      )}
      <NextActs board={data} start={setDoing} />
      {data.acts.length > 0 && <Acts acts={data.acts} />}
      <OpenBoardDialog one={one} open={doing === "opened"} onClose={() => setDoing(null)} />
      <ActDialog one={one} board={data.board} kind={laterKind(doing)} onClose={() => setDoing(null)} />
    </Section>
  );
}

function laterKind(kind: BoardActKind | null): LaterKind | null {
  return kind === "opened" ? null : kind;
}

function NextActs({ board, start }: { board: CaseBoard; start: (kind: BoardActKind) => void }) {
  const { t } = useTranslation();
  const may = board.may.filter((kind) => kind !== "opened" || board.against.length === 0);
  if (may.length === 0) return null;
  return (
    <Box sx={{ display: "grid", gap: 2, mt: 3, justifyItems: "start" }}>
      {may.includes("picked") && (
        <Alert severity="warning" variant="outlined">
          {t("board.pick_due")}
        </Alert>
      )}
      {may.map((kind) => (
        <Button key={kind} variant="outlined" onClick={() => start(kind)} sx={{ textAlign: "left" }}>
          {t(`board.do.${kind}`)}
        </Button>
      ))}
    </Box>
  );
}

function BoardCard({ board, one, now }: { board: Board; one: CaseDetail; now: number }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center" }}>
        <Tag tone={board.state === null || board.state === "BOARD_OPINION" ? "quiet" : "doubt"}>
          {board.state === null ? t("board.over") : codeText("state", board.state)}
        </Tag>
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("board.must_end", { when: formatDateTime(board.must_end_by) })}
        </Typography>
      </Box>
      {board.conclusion !== null && <Conclusion board={board} one={one} />}
      <Facts
        rows={[
          [
            t("board.view"),
            <Parted
              key="view"
              text={t(`board.conclusion_of.${board.view}`)}
              parts={board.view_items}
              one={one}
            />,
          ],
          ...board.notices.map(
            (notice) =>
              [
                t(`board.notice_to.${notice.to}`),
                notice.received_at === null
                  ? t("board.notice_open")
                  : t("board.notice_proven", {
                      when: formatDateTime(notice.received_at),
                      means: t(`board.means.${notice.means ?? "other"}`),
                    }),
              ] as const,
          ),
          [t("board.requester_term"), <RequesterTerm key="requester" board={board} now={now} />],
          ...(board.tiebreaker_until === null
            ? []
            : [
                [
                  t("board.tiebreaker_term"),
                  <Term key="tie" until={board.tiebreaker_until} now={now} met={tiebreakerSpoke(board)} />,
                ] as const,
              ]),
          ...(board.needs.length === 0
            ? []
            : [[t("board.needs"), board.needs.map((need) => t(`board.need.${need}`)).join(", ")] as const]),
        ]}
      />
      <Names board={board} />
      <Box>
        <Typography variant="h3" sx={{ mb: 1 }}>
          {t("board.reasons")}
        </Typography>
        <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
          {board.reasons}
        </Typography>
      </Box>
      <Papers requestId={one.request.request_id} open={board.state !== null} />
    </Box>
  );
}

function tiebreakerSpoke(board: Board): boolean {
  return board.needs.length > 0 || board.conclusion !== null;
}

function Conclusion({ board, one }: { board: Board; one: CaseDetail }) {
  const { t } = useTranslation();
  if (board.conclusion === null) return null;
  return (
    <Box role="status" sx={{ p: 3, borderRadius: 1, bgcolor: "surface.selected", display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", gap: 2, alignItems: "center", flexWrap: "wrap" }}>
        <Typography variant="h3">{t("board.conclusion")}</Typography>
        <Tag tone={TONE[board.conclusion]}>{t(`board.conclusion_of.${board.conclusion}`)}</Tag>
      </Box>
      <Parts parts={board.conclusion_items} one={one} />
      <Typography variant="body2">
        {board.by_agreement ? t("board.by_agreement") : t("board.prevails")}
      </Typography>
      {board.conclusion === "favourable" && board.state === "BOARD_OPINION" && (
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {t("board.propose_approval")}
        </Typography>
      )}
    </Box>
  );
}

function Parted({ text, parts, one }: { text: string; parts: readonly ItemPart[]; one: CaseDetail }) {
  return (
    <>
      {text}
      <Parts parts={parts} one={one} />
    </>
  );
}

function Parts({ parts, one }: { parts: readonly ItemPart[]; one: CaseDetail }) {
  const { t } = useTranslation();
  return parts.map((part) => {
    const item = one.request.items.find(({ position }) => position === part.position);
    return (
      <Typography key={part.position} variant="body2" component="p">
        {t("board.part_line", {
          item: item?.description ?? part.position,
          quantity: part.approved_quantity,
          asked: item?.quantity ?? "—",
        })}
      </Typography>
    );
  });
}

function RequesterTerm({ board, now }: { board: Board; now: number }) {
  const { t } = useTranslation();
  if (board.answer !== null) {
    return (
      <>
        {t(`board.answers.${board.answer}`)}
        {board.answered_at !== null && ` · ${formatDateTime(board.answered_at)}`}
      </>
    );
  }
  if (board.requester_until === null) return <>{t("board.requester_term_waits")}</>;
  return <Term until={board.requester_until} now={now} met={board.chosen !== null} />;
}

function Term({ until, now, met }: { until: string; now: number; met: boolean }) {
  const { t } = useTranslation();
  const over = Date.parse(until) < now;
  return (
    <Box component="span" sx={{ color: over && !met ? "meaning.bad.strong" : "inherit" }}>
      {t(over ? "board.term_over" : "board.until", { when: formatDateTime(until) })}
    </Box>
  );
}

function Names({ board }: { board: Board }) {
  const { t } = useTranslation();
  return (
    <Box>
      <Typography variant="h3" sx={{ mb: 1 }}>
        {t("board.names")}
      </Typography>
      <Box component="ol" sx={{ m: 0, pl: 5, display: "grid", gap: 1 }}>
        {board.candidates.map((one, place) => (
          <Box component="li" key={`${one.uf}-${one.number}`}>
            <Typography variant="body2" sx={{ fontWeight: place === board.chosen ? 600 : undefined }}>
              {one.name} {place === board.chosen && <Tag tone="good">{t("board.chosen")}</Tag>}
            </Typography>
            <Typography variant="caption" sx={{ ...TABULAR, color: "text.secondary" }}>
              {one.specialty} · {one.council}-{one.uf} {one.number}
              {place === board.chosen &&
                board.chosen_by !== null &&
                ` · ${t(`board.chosen_by.${board.chosen_by}`)}`}
            </Typography>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

function Papers({ requestId, open }: { requestId: string; open: boolean }) {
  const { t } = useTranslation();
  const show = async (fetched: Promise<Blob | null>) => {
    const pdf = await fetched;
    if (pdf) window.open(URL.createObjectURL(pdf), "_blank", "noopener");
    else announce(t("board.no_pdf"));
  };
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
      <Button onClick={() => void show(fetchBoardNotice(requestId))}>{t("board.notice_pdf")}</Button>
      {open && (
        <Button onClick={() => void show(fetchRequestLetter(requestId))}>{t("board.letter_pdf")}</Button>
      )}
    </Box>
  );
}

function Acts({ acts }: { acts: readonly KeptBoardAct[] }) {
  const { t } = useTranslation();
  return (
    <Box component="details" sx={{ mt: 3 }}>
      <Typography component="summary" variant="body2" sx={{ cursor: "pointer", mb: 2 }}>
        {t("board.acts")} ({acts.length})
      </Typography>
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
        {acts.map((act) => (
          <Box component="li" key={act.id}>
            <Typography variant="body2" sx={{ fontWeight: 600 }}>
              {t(`board.act_of.${act.kind}`)}
              {act.by_whom !== null && ` ${t("board.received_by", { who: act.by_whom })}`}
            </Typography>
            {act.words !== null && (
              <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
                {act.words}
              </Typography>
            )}
            {act.state === "refused" && (
              <Typography variant="body2" sx={{ color: "meaning.bad.strong" }}>
                {t("board.act_refused", { why: act.reasons.map(againstText).join(" ") })}
              </Typography>
            )}
            <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
              {act.by.name} · {formatDateTime(act.at)}
            </Typography>
            {act.document_id !== null && (
              <Typography variant="caption" component="p">
                <a
                  href={`/api/v1/documents/${act.document_id}/pages/1?width=1200`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {t("board.act_proof")}
                </a>
              </Typography>
            )}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
