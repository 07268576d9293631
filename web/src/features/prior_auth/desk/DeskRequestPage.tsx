import ArrowBack from "@mui/icons-material/ArrowBack";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { fetchRequestLetter, useGetDeskRequestQuery } from "@/client/desk";
import { useGetSessionQuery } from "@/client/identity";
import type { DeskRequest } from "@/client/types/desk";
import { announce } from "@/lib/announce";
import { formatDate, formatDateTime } from "@/lib/format";
import { GuideList } from "@/ui/GuideList";
import { PageTitle } from "@/ui/PageTitle";
import { LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { ReviewsPanel } from "../reviews/ReviewsPanel";
import { AnswerForm } from "./AnswerForm";
import { AttendanceSection } from "./AttendanceSection";
import { BoardNotice } from "./BoardNotice";
import { CancelDialog } from "./CancelDialog";
import { StaffSections } from "./StaffSections";
import { stateTone, stateWord } from "./stateWords";

const WAITING_MS = 3000;
const ANSWERED_MS = 30_000;

/**
 * One request: what was answered or is missing first, then what was asked and what happened. Staff see the same page
 * with what the engine saw; each opening is recorded.
 */
export function DeskRequestPage() {
  const { t } = useTranslation();
  const { requestId = "" } = useParams();
  const [answered, setAnswered] = useState(false);
  const found = useGetDeskRequestQuery(requestId, { pollingInterval: answered ? ANSWERED_MS : WAITING_MS });
  const session = useGetSessionQuery();
  const staff = session.data?.principal.provider_id == null;
  const hasAnswer = (found.data?.request.decisions.length ?? 0) > 0;
  if (hasAnswer !== answered) setAnswered(hasAnswer);
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 820, mx: "auto", px: { xs: 4, sm: 6 }, py: 4, display: "grid", gap: 5 }}>
        <Box>
          <Button
            component={Link}
            to={staff ? "/cockpit/fila" : "/prestador/pedidos"}
            startIcon={<ArrowBack />}
            sx={{ ml: -2 }}
          >
            {t(staff ? "app.place.queue" : "desk_request.back")}
          </Button>
        </Box>
        {found.error && !found.data ? (
          <LoadFailed error={found.error} retry={() => void found.refetch()} />
        ) : !found.data ? (
          <Skeleton variant="rounded" height={360} />
        ) : (
          <Whole desk={found.data} staff={staff} />
        )}
      </Box>
    </Box>
  );
}

function Whole({ desk, staff }: { desk: DeskRequest; staff: boolean }) {
  const { t } = useTranslation();
  const { request } = desk;
  const [cancelling, setCancelling] = useState(false);
  const answers = request.decisions.filter((one) => one.outcome !== "request_information");
  return (
    <>
      <Header desk={desk} />
      {answers.length > 0 ? (
        <Section title={t("desk_request.answer")}>
          <AnswerCard desk={desk} />
        </Section>
      ) : (
        <Typography role="status">{desk.text}</Typography>
      )}
      <BoardNotice requestId={request.request_id} />
      {desk.may.includes("answer") && (
        <Section title={t("desk_request.missing")}>
          <AnswerForm key={request.version} desk={desk} />
        </Section>
      )}
      {request.attendance !== null && (
        <Section title={t("access.desk_title")}>
          <AttendanceSection request={request} />
        </Section>
      )}
      <Section title={t("desk_request.asked")}>
        <Items items={request.items} />
        <Materials materials={request.materials} />
      </Section>
      <Section title={t("desk_request.papers")}>
        <Papers papers={request.documents} />
        {desk.may.includes("add_papers") && !desk.may.includes("answer") && (
          <AnswerForm key={request.version} desk={desk} adding />
        )}
      </Section>
      <Section title={t("desk_request.history")}>
        <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1.5 }}>
          {request.history.map((entry) => (
            <Box component="li" key={entry.sequence} sx={{ display: "flex", flexWrap: "wrap", columnGap: 4 }}>
              <Typography variant="caption" sx={{ ...TABULAR, color: "text.secondary", width: 130 }}>
                {formatDateTime(entry.at)}
              </Typography>
              <Typography variant="body2">{entry.text}</Typography>
            </Box>
          ))}
        </Box>
      </Section>
      {staff && <StaffSections request={request} />}
      <ReviewsPanel request={request} place={staff ? "/cockpit/pedidos" : "/prestador/pedidos"} />
      {desk.may.includes("cancel") && (
        <Box>
          <Button color="error" onClick={() => setCancelling(true)}>
            {t("desk_request.cancel")}
          </Button>
        </Box>
      )}
      <CancelDialog
        open={cancelling}
        requestId={request.request_id}
        version={request.version}
        held={request.state === "ISSUED" ? undefined : request.guides.find((one) => one.standing === "valid")}
        onClose={() => setCancelling(false)}
      />
    </>
  );
}

function Header({ desk }: { desk: DeskRequest }) {
  const { t } = useTranslation();
  const { request, person } = desk;
  const word = stateWord(request.state, request.tiss_status);
  const copy = async () => {
    await navigator.clipboard.writeText(request.protocol);
    announce(t("common.copied"));
  };
  return (
    <Box sx={{ display: "grid", gap: 2 }}>
      <PageTitle tab={t("desk.protocol")}>{request.items[0]?.description ?? t("desk.protocol")}</PageTitle>
      <Typography variant="body2">
        {person.shown_name} · {t("desk.card_end", { end: person.card_end })}
      </Typography>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 2 }}>
        <Tag tone={stateTone(word)}>{t(`desk.state.${word}`)}</Tag>
        {request.character === "urgent" && <Tag tone="bad">{t("desk.urgent")}</Tag>}
        {request.decisions.length === 0 && (
          <Typography variant="body2">{t("desk.due", { when: formatDate(desk.due_on) })}</Typography>
        )}
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 2 }}>
        <Typography variant="body2" sx={{ color: "text.secondary", ...TABULAR, overflowWrap: "anywhere" }}>
          {t("desk.protocol")} {request.protocol}
        </Typography>
        {window.isSecureContext && (
          <Button
            size="small"
            onClick={() => void copy()}
            aria-label={`${t("common.copy")} ${t("desk.protocol")}`}
          >
            {t("common.copy")}
          </Button>
        )}
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("desk.received", { when: formatDateTime(request.received_at) })}
        </Typography>
      </Box>
    </Box>
  );
}

function AnswerCard({ desk }: { desk: DeskRequest }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const decision = desk.request.decisions.filter((one) => one.outcome !== "request_information").at(-1);
  const { guides } = desk.request;
  if (!decision) return null;
  const print = async () => {
    const pdf = await fetchRequestLetter(desk.request.request_id);
    setFailed(pdf === null);
    if (pdf) window.open(URL.createObjectURL(pdf), "_blank", "noopener");
  };
  return (
    <Box
      sx={{
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        p: 4,
        display: "grid",
        gap: 3,
      }}
    >
      <Typography sx={{ whiteSpace: "pre-line" }}>{decision.member_text}</Typography>
      {decision.reason_codes.length > 0 && (
        <Typography variant="body2">
          {t("desk_request.reason_codes", { codes: decision.reason_codes.join(", ") })}
        </Typography>
      )}
      {decision.legal_basis !== null && decision.outcome !== "approve" && (
        <Typography variant="body2">
          {t("desk_request.legal_basis", { basis: decision.legal_basis })}
        </Typography>
      )}
      {guides.length > 0 && <GuideList guides={guides} />}
      {guides.some((one) => one.standing === "replaced") && (
        <Typography variant="body2">{t("guides.counts")}</Typography>
      )}
      {desk.letter && (
        <Box>
          <Button variant="outlined" onClick={() => void print()}>
            {t("desk_request.print")}
          </Button>
        </Box>
      )}
      {failed && (
        <Alert severity="error" variant="outlined">
          {t("desk_request.letter_failed")}
        </Alert>
      )}
    </Box>
  );
}

function Items({ items }: { items: DeskRequest["request"]["items"] }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
      {items.map((item) => (
        <Box component="li" key={item.position}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {item.description}
          </Typography>
          <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
            {[
              item.tuss,
              item.laterality === null ? null : t(`desk.side.${item.laterality}`),
              item.approved_quantity === null
                ? t("desk_request.quantity_of", { count: item.quantity })
                : t("desk_request.approved_of", { approved: item.approved_quantity, asked: item.quantity }),
            ]
              .filter((part) => part !== null)
              .join(" · ")}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function Materials({ materials }: { materials: DeskRequest["request"]["materials"] }) {
  const { t } = useTranslation();
  if (materials.length === 0) return null;
  return (
    <Box
      component="ul"
      aria-label={t("ask.materials")}
      sx={{ listStyle: "none", m: 0, p: 0, display: "grid" }}
    >
      {materials.map((material, at) => (
        <Typography component="li" variant="body2" key={at} sx={TABULAR}>
          {material.quantity}× {material.description}
          {material.maker !== null && `, ${material.maker}`}
          {material.anvisa_registration !== null &&
            ` · ${t("case.anvisa", { number: material.anvisa_registration })}`}
        </Typography>
      ))}
    </Box>
  );
}

function Papers({ papers }: { papers: DeskRequest["request"]["documents"] }) {
  const { t } = useTranslation();
  if (papers.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("desk_request.no_papers")}
      </Typography>
    );
  }
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}>
      {papers.map((paper, at) => (
        <Typography component="li" variant="body2" key={paper.document_id ?? at}>
          {t(`desk.kind.${paper.kind}`)}
          <Typography component="span" variant="caption" sx={{ color: "text.secondary" }}>
            {" · "}
            {paper.document_id === null ? t("desk_request.declared") : formatDateTime(paper.added_at)}
          </Typography>
        </Typography>
      ))}
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={id} sx={{ display: "grid", gap: 2.5 }}>
      <Typography id={id} variant="h2">
        {title}
      </Typography>
      {children}
    </Box>
  );
}
