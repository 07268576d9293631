import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useParams } from "react-router";

import { paperPageAddress, useGetTiebreakQuery } from "@/client/tiebreaks";
import type { Tiebreak } from "@/client/types/tiebreaks";
import { formatDateTime } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Facts } from "@/ui/Facts";
import { Column, Loaded } from "@/ui/Page";
import { PageTitle } from "@/ui/PageTitle";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { TiebreakForms } from "./TiebreakForms";

const WHILE_RECORDING_MS = 3000;

/** One board: the papers, what the requester and the auditor say, and the tie-breaker's own opinion. */
export function TiebreakPage() {
  const { t } = useTranslation();
  const { boardId = "" } = useParams();
  const [recording, setRecording] = useState(false);
  const asked = useGetTiebreakQuery(boardId, { pollingInterval: recording ? WHILE_RECORDING_MS : 0 });
  const sent = asked.data?.board.sent ?? false;
  if (sent !== recording) setRecording(sent);
  // A board that was answered is shut: what was read before must not stay on the screen.
  const shut = asked.error ? { ...asked, data: undefined } : asked;
  return (
    <Column wide>
      <Link component={RouterLink} to="/desempate" variant="body2">
        {t("tiebreak.back")}
      </Link>
      <Loaded asked={shut}>{(one) => <Whole one={one} />}</Loaded>
    </Column>
  );
}

function Whole({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  const { board } = one;
  return (
    <>
      <Box>
        <PageTitle tab={t("tiebreak.number", { number: board.case_number })}>{board.procedure}</PageTitle>
        <Typography variant="body2" component="div" sx={{ ...TABULAR, color: "text.secondary", mt: 1 }}>
          {t("tiebreak.number", { number: board.case_number })}
          {board.until !== null && ` · ${t("tiebreak.until", { when: formatDateTime(board.until) })}`}{" "}
          {board.late && <Tag tone="bad">{t("tiebreak.late")}</Tag>}
        </Typography>
      </Box>
      <Alert severity="info" variant="outlined">
        {t("tiebreak.privacy")}
      </Alert>
      <Box
        sx={{
          display: "grid",
          gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(0, 1fr) minmax(360px, 440px)" },
          gap: 6,
          alignItems: "start",
        }}
      >
        <Box sx={{ display: "grid", gap: 5, minWidth: 0 }}>
          <Part title={t("tiebreak.asked")}>
            <Care one={one} />
          </Part>
          <Part title={t("tiebreak.auditor", { view: t(`board.conclusion_of.${one.view}`).toLowerCase() })}>
            <Words>{one.reasons}</Words>
          </Part>
          <Part title={t("tiebreak.papers")}>
            <Papers one={one} />
          </Part>
        </Box>
        <TiebreakForms one={one} />
      </Box>
    </>
  );
}

function Care({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  const person = [
    t("tiebreak.years", { count: one.age }),
    ...(one.sex ? [t(`tiebreak.sex.${one.sex}`)] : []),
  ];
  return (
    <>
      <Box component="ul" sx={{ m: 0, pl: 5 }}>
        {one.items.map((item) => (
          <Typography component="li" variant="body2" key={item.position}>
            {t("tiebreak.item", { description: item.description, count: item.quantity, tuss: item.tuss })}
            {item.laterality !== null && ` · ${codeText("laterality", item.laterality)}`}
          </Typography>
        ))}
        {one.materials.map((material) => (
          <Typography component="li" variant="body2" key={material.description}>
            {[
              t("tiebreak.material", { description: material.description, count: material.quantity }),
              ...(material.maker === null ? [] : [t("tiebreak.maker", { maker: material.maker })]),
              ...(material.anvisa_registration === null
                ? []
                : [t("tiebreak.anvisa", { number: material.anvisa_registration })]),
            ].join(" · ")}
          </Typography>
        ))}
      </Box>
      <Facts
        rows={[
          [t("tiebreak.person"), person.join(", ")],
          ...(one.cids.length > 0 ? ([[t("tiebreak.cids"), one.cids.join(", ")]] as const) : []),
          [t("tiebreak.indication"), one.indication ?? t("tiebreak.no_indication")],
        ]}
      />
    </>
  );
}

function Papers({ one }: { one: Tiebreak }) {
  const { t } = useTranslation();
  if (one.papers.length === 0) return <Typography variant="body2">{t("tiebreak.no_papers")}</Typography>;
  return one.papers.map((paper) => (
    <Box key={paper.document_id} sx={{ display: "grid", gap: 2 }}>
      <Typography variant="h3">{codeText("document", paper.kind)}</Typography>
      {paper.pages === 0 && <Typography variant="body2">{t("tiebreak.not_read")}</Typography>}
      {Array.from({ length: paper.pages }, (_page, index) => (
        <PaperPage
          key={index}
          address={paperPageAddress(one.board.board_id, paper.document_id, index + 1)}
          label={t("tiebreak.page_of", { kind: codeText("document", paper.kind), page: index + 1 })}
        />
      ))}
    </Box>
  ));
}

function PaperPage({ address, label }: { address: string; label: string }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  if (broken) return <Alert severity="warning">{t("tiebreak.page_failed")}</Alert>;
  return (
    <Box
      component="img"
      src={address}
      alt={label}
      loading="lazy"
      onError={() => setBroken(true)}
      sx={{ width: 1, border: "1px solid", borderColor: "divider", borderRadius: 1, bgcolor: "#fff" }}
    />
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="section" aria-label={title} sx={{ display: "grid", gap: 3 }}>
      <Typography variant="h2">{title}</Typography>
      {children}
    </Box>
  );
}

function Words({ children }: { children: string }) {
  return (
    <Typography variant="body2" sx={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
      {children}
    </Typography>
  );
}
