import PhoneOutlined from "@mui/icons-material/PhoneOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useMay } from "@/client/identity";
import { useListRequestsInfiniteQuery } from "@/client/members";
import type { HandOver } from "@/client/types/chat";
import { formatDate, formatDateTime, formatPhone } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Facts } from "@/ui/Facts";
import { LoadedPages } from "@/ui/Page";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

/** Who it is: facts, telephone, and what they asked for. */
export function PersonPanel({ one }: { one: HandOver }) {
  const { t } = useTranslation();
  const mayMembers = useMay("member:read");
  const mayRequests = useMay("authorization:read");
  const memberId = one.line.member_id;
  const named = memberId === null ? t("conversations.says_name") : t("conversations.name");
  const facts: readonly (readonly [string, string | null])[] = [
    [named, one.name],
    [t("conversations.birth"), one.birth_date && formatDate(one.birth_date)],
    [t("conversations.plan"), one.plan_name],
    [t("conversations.phone"), one.phone && formatPhone(one.phone)],
  ];
  const rows = facts.filter(([, value]) => value !== null);
  return (
    <Box sx={{ p: 4, display: "grid", gap: 5, alignContent: "start" }}>
      <Part title={t("conversations.facts")}>
        <Facts rows={rows} />
        {memberId === null && (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("conversations.unlinked_text")}
          </Typography>
        )}
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2 }}>
          {one.phone !== null && (
            <Button
              variant="outlined"
              startIcon={<PhoneOutlined />}
              href={`tel:+${one.phone.replace(/\D/g, "")}`}
            >
              {t("conversations.call")}
            </Button>
          )}
          {memberId !== null && mayMembers && (
            <Button component={RouterLink} to={`/atendimento/beneficiarios/${memberId}`}>
              {t("conversations.record")}
            </Button>
          )}
        </Box>
      </Part>
      {memberId !== null && mayRequests && (
        <Part title={t("conversations.requests")}>
          <Requests memberId={memberId} />
        </Part>
      )}
    </Box>
  );
}

function Requests({ memberId }: { memberId: string }) {
  const { t } = useTranslation();
  const pages = useListRequestsInfiniteQuery(memberId);
  return (
    <LoadedPages pages={pages} empty={t("conversations.no_requests")}>
      {(lines) => (
        <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 3 }}>
          {lines.map((line) => (
            <Box component="li" key={line.request_id}>
              <Link
                component={RouterLink}
                to={`/cockpit/pedidos/${line.request_id}`}
                sx={{ fontWeight: 600, ...TABULAR, overflowWrap: "anywhere" }}
              >
                {line.protocol}
              </Link>
              <Typography variant="caption" component="p" sx={{ color: "text.secondary", ...TABULAR }}>
                {formatDateTime(line.received_at)} · {t("case.tuss", { code: line.first_tuss })}
              </Typography>
              <Tag>{codeText("state", line.state)}</Tag>
            </Box>
          ))}
        </Box>
      )}
    </LoadedPages>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="section" aria-label={title} sx={{ display: "grid", gap: 3, minWidth: 0 }}>
      <Typography variant="h2" component="h3">
        {title}
      </Typography>
      {children}
    </Box>
  );
}
