import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useParams } from "react-router";

import { useMay } from "@/client/identity";
import { useGetHistoryQuery, useGetMemberQuery, useListRequestsInfiniteQuery } from "@/client/members";
import type { MemberRecord, RequestSummary } from "@/client/types/members";
import { formatDate, formatDateTime } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Facts } from "@/ui/Facts";
import { Loaded, LoadedPages, Page, Rows } from "@/ui/Page";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { History } from "./History";
import { Messages } from "./Messages";

/** One person: who they are, what was asked for them, and what was known of their contract when. */
export function MemberPage() {
  const { t } = useTranslation();
  const { memberId = "" } = useParams();
  const member = useGetMemberQuery(memberId);
  const history = useGetHistoryQuery(memberId);
  const mayRead = useMay("conversation:read");
  return (
    <Page
      title={member.data?.name ?? t("members.one")}
      tab={t("members.one")}
      lead={t("members.recorded")}
      action={
        <Button component={RouterLink} to="/atendimento/beneficiarios">
          {t("members.back")}
        </Button>
      }
    >
      <Loaded asked={member}>{(found) => <Person member={found} />}</Loaded>
      <Part title={t("members.requests")}>
        <Requests memberId={memberId} />
      </Part>
      {mayRead && (
        <Part title={t("members.messages")}>
          <Messages memberId={memberId} />
        </Part>
      )}
      <Part title={t("members.history")}>
        <Loaded asked={history}>{(told) => <History told={told} />}</Loaded>
      </Part>
    </Page>
  );
}

function Person({ member }: { member: MemberRecord }) {
  const { t } = useTranslation();
  const relative = member.holder_id ?? member.guardian_id;
  return (
    <Facts
      rows={[
        [t("case.birth_date"), formatDate(member.birth_date)],
        [t("case.card"), member.card_number],
        [t("case.plan"), member.plan_name],
        [t("case.contract_start"), formatDate(member.contract_started_on)],
        [t("members.relation"), t(`members.relation_of.${member.relation}`)],
        ...(relative === null
          ? []
          : ([
              [
                t(member.holder_id ? "members.holder" : "members.guardian"),
                <Link key="relative" component={RouterLink} to={`/atendimento/beneficiarios/${relative}`}>
                  {t("members.open_record")}
                </Link>,
              ],
            ] as const)),
        [t("members.phones"), member.phones.join(", ") || t("common.unknown")],
        [t("members.emails"), member.emails.join(", ") || t("common.unknown")],
      ]}
    />
  );
}

function Requests({ memberId }: { memberId: string }) {
  const { t } = useTranslation();
  const pages = useListRequestsInfiniteQuery(memberId);
  return (
    <LoadedPages pages={pages} empty={t("members.no_requests")}>
      {(lines) => (
        <Rows label={t("members.requests")}>
          {lines.map((line) => (
            <RequestLine key={line.request_id} line={line} />
          ))}
        </Rows>
      )}
    </LoadedPages>
  );
}

function RequestLine({ line }: { line: RequestSummary }) {
  const { t } = useTranslation();
  return (
    <Box
      component="li"
      sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 3, rowGap: 1 }}
    >
      <Box sx={{ flex: "1 1 260px", minWidth: 0 }}>
        <Link
          component={RouterLink}
          to={`/cockpit/pedidos/${line.request_id}`}
          sx={{ fontWeight: 600, ...TABULAR, overflowWrap: "anywhere" }}
        >
          {t("members.protocol", { number: line.protocol })}
        </Link>
        <Typography variant="caption" component="p" sx={{ color: "text.secondary", ...TABULAR }}>
          {[
            formatDateTime(line.received_at),
            t("case.tuss", { code: line.first_tuss }),
            ...(line.item_count > 1 ? [t("desk.more_items", { count: line.item_count - 1 })] : []),
          ].join(" · ")}
        </Typography>
      </Box>
      {line.character === "urgent" && <Tag tone="bad">{t("desk.urgent")}</Tag>}
      <Tag>{codeText("state", line.state)}</Tag>
    </Box>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 3 }}
    >
      <Typography id={id} variant="h2">
        {title}
      </Typography>
      {children}
    </Box>
  );
}
