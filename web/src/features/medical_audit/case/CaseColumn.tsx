import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { CaseDetail, Contact, Opinion, TimelineEntry } from "@/client/types/medicalAudit";
import type { AuthorizationRequest } from "@/client/types/priorAuth";
import { ageInYears, formatDate, formatDateTime, formatMoney, formatRelative } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { EligibilityList } from "@/ui/EligibilityList";
import { Facts } from "@/ui/Facts";
import { Folded } from "@/ui/Folded";
import { RuleList } from "@/ui/RuleList";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { BoardSection } from "../board/BoardSection";
import { ChecklistSection } from "./ChecklistSection";
import { OPINION_TONE } from "./opinionTone";
import { Section } from "./Section";

type Props = {
  one: CaseDetail;
  now: number;
  fields: ReactNode;
  /** Nothing for whoever may not see signals. */
  signals: ReactNode;
  addContact: () => void;
  showWay: () => void;
};

/** What the case is about: request, fields read, what the engine saw, member, contacts, opinions, timeline. */
export function CaseColumn({ one, now, fields, signals, addContact, showWay }: Props) {
  const { t } = useTranslation();
  const { member, request } = one;
  return (
    <>
      <Section title={t("case.request")}>
        <ReasonLine one={one} />
        <Items request={request} />
        <Materials request={request} />
        <Missing missing={request.missing} />
        <RequestFacts one={one} />
      </Section>
      <Section title={t("case.fields_read")}>{fields}</Section>
      <Section title={t("case.engine_saw")}>
        <Typography variant="h3" sx={{ mb: 1.5 }}>
          {t("case.eligibility")}
        </Typography>
        <EligibilityList checks={request.checks} />
        <Typography variant="h3" sx={{ mt: 4, mb: 1.5 }}>
          {t("case.rules")}
        </Typography>
        <RuleList rules={request.rules} />
        <EngineFacts facts={request.facts} />
      </Section>
      <ChecklistSection caseId={one.case.id} ended={one.ending !== null} />
      {signals && <Section title={t("signals.title")}>{signals}</Section>}
      <Section title={t("case.member")}>
        <Facts
          rows={[
            [t("case.name"), member.name],
            [
              t("case.birth_date"),
              `${formatDate(member.birth_date)} (${t("case.age", { count: ageInYears(member.birth_date, now) })})`,
            ],
            [t("case.card"), member.card_number],
            [t("case.plan"), member.plan_name],
            [t("case.contract_start"), formatDate(member.contract_started_on)],
          ]}
        />
      </Section>
      <Section
        title={t("case.contacts")}
        action={
          one.allowed_actions.includes("case:contact") && (
            <Button onClick={addContact}>{t("contact.register")}</Button>
          )
        }
      >
        <ContactLog contacts={one.contacts} />
      </Section>
      <Section title={t("case.opinions")}>
        <Opinions opinions={one.opinions} />
      </Section>
      <BoardSection one={one} now={now} />
      <Section title={t("case.timeline")} action={<Button onClick={showWay}>{t("case.show_way")}</Button>}>
        <Timeline events={one.timeline} now={now} />
      </Section>
    </>
  );
}

function ReasonLine({ one }: { one: CaseDetail }) {
  const { t } = useTranslation();
  const reasons = one.case.route_reasons;
  if (reasons.length === 0) return null;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mb: 3, alignItems: "center" }}>
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {t("case.why_here")}
      </Typography>
      {reasons.map((reason, index) => (
        <Tag key={`${reason.code}-${index}`} tone="doubt" title={`${reason.text} (${reason.code})`}>
          {reason.label}
        </Tag>
      ))}
    </Box>
  );
}

function Items({ request }: { request: AuthorizationRequest }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, mb: 3, display: "grid", gap: 2 }}>
      {request.items.map((item) => (
        <Box component="li" key={item.position} sx={{ display: "flex", gap: 3, alignItems: "baseline" }}>
          <Typography variant="body2" sx={{ ...TABULAR, minWidth: 24, fontWeight: 650 }}>
            {item.quantity}×
          </Typography>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography variant="body2" sx={{ fontWeight: 550 }}>
              {item.description}
              {item.laterality !== null && ` (${codeText("laterality", item.laterality)})`}
            </Typography>
            <Typography variant="caption" sx={{ ...TABULAR, color: "text.secondary" }}>
              {t("case.tuss", { code: item.tuss })}
              {item.approved_quantity !== null &&
                ` · ${t("case.approved_quantity", { count: item.approved_quantity })}`}
            </Typography>
          </Box>
          {item.amount !== null && (
            <Typography variant="body2" sx={{ ...TABULAR, whiteSpace: "nowrap" }}>
              {formatMoney(item.amount.centavos)}
            </Typography>
          )}
        </Box>
      ))}
    </Box>
  );
}

function RequestFacts({ one }: { one: CaseDetail }) {
  const { t } = useTranslation();
  const { request } = one;
  const requester = request.requester
    ? `${request.requester.name}, ${request.requester.council} ${request.requester.number}/${request.requester.uf}`
    : t("common.unknown");
  return (
    <Facts
      rows={[
        [t("case.cid"), request.cids.join(", ") || t("common.unknown")],
        [t("case.indication"), request.indication ?? t("case.no_indication")],
        [t("case.requester"), requester],
        [
          t("case.provider"),
          one.provider
            ? `${one.provider.name}, ${one.provider.city}/${one.provider.state}`
            : t("common.unknown"),
        ],
        [t("case.character"), t(`case.character_of.${request.character}`)],
        [t("case.protocol"), request.protocol],
        ...askedEarlier(request, t("case.asked")),
        [
          t("case.received"),
          `${formatDateTime(request.received_at)}, ${codeText("channel", request.channel)}`,
        ],
        [t("case.clock"), request.clock.basis],
        ...(request.attendance === null
          ? []
          : [
              [
                t("access.clock"),
                `${t("access.until", { when: formatDate(request.attendance.due_at) })}. ${request.attendance.basis}`,
              ] as const,
            ]),
      ]}
    />
  );
}

/** The legal term counts from when the person asked; papers on their way may bring the request here days later. */
function askedEarlier({ clock, received_at }: AuthorizationRequest, label: string): [string, string][] {
  const asked = formatDateTime(clock.asked_at);
  return asked === formatDateTime(received_at) ? [] : [[label, asked]];
}

function EngineFacts({ facts }: { facts: AuthorizationRequest["facts"] }) {
  const { t } = useTranslation();
  const rows = facts.map((fact) => [fact.name, `${fact.value} (${fact.source})`] as const);
  if (rows.length === 0) return null;
  return (
    <Box sx={{ mt: 4 }}>
      <Folded summary={t("case.facts", { count: rows.length })} variant="h3">
        <Facts rows={rows} />
      </Folded>
    </Box>
  );
}

function Materials({ request }: { request: AuthorizationRequest }) {
  const { t } = useTranslation();
  if (request.materials.length === 0) return null;
  return (
    <Box sx={{ mb: 3 }}>
      <Typography variant="h3" sx={{ mb: 1 }}>
        {t("case.materials")}
      </Typography>
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}>
        {request.materials.map((material, index) => (
          <Typography component="li" variant="body2" key={index} sx={TABULAR}>
            {material.quantity}× {material.description}
            {material.maker !== null && `, ${material.maker}`}
            {material.anvisa_registration !== null &&
              ` · ${t("case.anvisa", { number: material.anvisa_registration })}`}
            {material.unit_price !== null && ` · ${formatMoney(material.unit_price.centavos)}`}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

function Missing({ missing }: { missing: readonly string[] }) {
  const { t } = useTranslation();
  if (missing.length === 0) return null;
  return (
    <Box sx={{ mb: 3, px: 3, py: 2, borderRadius: 1, bgcolor: "meaning.doubt.soft" }}>
      <Typography variant="h3">{t("case.missing")}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 4 }}>
        {missing.map((paper) => (
          <Typography component="li" variant="body2" key={paper}>
            {paper}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

function ContactLog({ contacts }: { contacts: readonly Contact[] }) {
  const { t } = useTranslation();
  if (contacts.length === 0) return <Quiet>{t("contact.none")}</Quiet>;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
      {contacts.map((contact) => (
        <Box component="li" key={contact.id}>
          <Box sx={{ display: "flex", gap: 2, alignItems: "center" }}>
            <Typography variant="body2" sx={{ fontWeight: 600 }}>
              {t(`contact.with_of.${contact.with_whom}`)}, {codeText("channel", contact.channel)}
            </Typography>
            <Tag tone={contact.agreed ? "good" : "doubt"}>
              {contact.agreed ? t("contact.agreed") : t("contact.not_agreed")}
            </Tag>
          </Box>
          <Typography variant="body2">{contact.summary}</Typography>
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {formatDateTime(contact.at)} · {contact.made_by.name}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function Opinions({ opinions }: { opinions: readonly Opinion[] }) {
  const { t } = useTranslation();
  if (opinions.length === 0) return <Quiet>{t("opinion.none")}</Quiet>;
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
      {opinions.map((opinion) => (
        <Box component="li" key={opinion.id}>
          <Tag tone={OPINION_TONE[opinion.kind]}>{t(`opinion.kind.${opinion.kind}`)}</Tag>
          <Typography variant="body2" sx={{ my: 1, whiteSpace: "pre-line" }}>
            {opinion.text}
          </Typography>
          {opinion.evidence.map((pin) => (
            <Typography key={`${pin.document_id}-${pin.page}`} variant="caption" component="p">
              {t("opinion.pin", { page: pin.page, note: pin.note ?? "" })}
            </Typography>
          ))}
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {opinion.author.name}
            {opinion.council !== null && `, ${opinion.council}`} · {formatDateTime(opinion.created_at)}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function Timeline({ events, now }: { events: readonly TimelineEntry[]; now: number }) {
  const { t, i18n } = useTranslation();
  if (events.length === 0) return <Quiet>{t("case.no_timeline")}</Quiet>;
  return (
    <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0 }}>
      {events.map((event, index) => (
        <Box
          component="li"
          key={`${event.at}-${index}`}
          sx={{
            position: "relative",
            pl: 5,
            pb: 3,
            "&::before": {
              content: '""',
              position: "absolute",
              left: 3,
              top: 6,
              width: 7,
              height: 7,
              borderRadius: "50%",
              bgcolor: "text.disabled",
            },
            "&:not(:last-of-type)::after": {
              content: '""',
              position: "absolute",
              left: 6,
              top: 17,
              bottom: -2,
              width: "1px",
              bgcolor: "divider",
            },
          }}
        >
          <Typography variant="body2">{event.text}</Typography>
          <Tooltip title={formatDateTime(event.at)} placement="bottom-start">
            <Typography variant="caption" sx={{ color: "text.secondary" }}>
              {formatRelative(event.at, now, i18n.language)} · {event.actor}
            </Typography>
          </Tooltip>
        </Box>
      ))}
    </Box>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Typography variant="body2" sx={{ color: "text.secondary" }}>
      {children}
    </Typography>
  );
}
