import Box from "@mui/material/Box";
import MenuItem from "@mui/material/MenuItem";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useGetTranscriptQuery, useListDemoMembersQuery } from "@/client/demo";
import type { DemoMember } from "@/client/types/demo";
import { PageTitle } from "@/ui/PageTitle";
import { Blank, LoadFailed, ProblemAlert } from "@/ui/Problems";

import { Inspector } from "./Inspector";
import { OutboxList } from "./OutboxList";
import { Phone } from "./Phone";

const POLL_MS = 1200;

/** A member's phone beside what travels: the signed webhook in, the Graph API call out. */
export function PhonePage() {
  const { t } = useTranslation();
  const members = useListDemoMembersQuery();
  const [search, setSearch] = useSearchParams();
  const member = members.data?.find((one) => one.phone === search.get("telefone")) ?? members.data?.[0];
  if (members.error) return <LoadFailed error={members.error} retry={() => void members.refetch()} />;
  if (!members.data) return <Skeleton variant="rounded" sx={{ m: 6, height: 480 }} />;
  if (!member) return <Blank title={t("phone.no_members")}>{t("phone.no_members_text")}</Blank>;
  return (
    <Box
      sx={{
        flex: 1,
        minHeight: 0,
        overflow: { xs: "auto", md: "hidden" },
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(340px, 420px) minmax(0, 1fr)" },
      }}
    >
      <Box
        sx={{
          display: "flex",
          flexDirection: "column",
          gap: 3,
          p: 4,
          minHeight: 0,
          height: { xs: "calc(100vh - 60px)", md: "auto" },
          borderRight: "1px solid",
          borderColor: "divider",
        }}
      >
        <PageTitle tab={t("app.place.phone")}>{t("phone.title")}</PageTitle>
        <MemberChooser
          members={members.data}
          member={member}
          choose={(phone) => setSearch({ telefone: phone })}
        />
        <LivePhone key={member.phone} member={member} />
      </Box>
      <Traffic member={member} />
    </Box>
  );
}

type ChooserProps = { members: readonly DemoMember[]; member: DemoMember; choose: (phone: string) => void };

function MemberChooser({ members, member, choose }: ChooserProps) {
  const { t } = useTranslation();
  return (
    <TextField
      select
      label={t("phone.member")}
      value={member.phone}
      onChange={(event) => choose(event.target.value)}
      helperText={member.about}
    >
      {members.map((one) => (
        <MenuItem key={one.phone} value={one.phone}>
          {one.name}
        </MenuItem>
      ))}
    </TextField>
  );
}

function LivePhone({ member }: { member: DemoMember }) {
  const transcript = useGetTranscriptQuery(member.phone, { pollingInterval: POLL_MS });
  if (transcript.error && !transcript.data) return <ProblemAlert error={transcript.error} />;
  return <Phone member={member} messages={transcript.data?.messages ?? []} />;
}

function Traffic({ member }: { member: DemoMember }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<"inspector" | "outbox">("inspector");
  return (
    <Box sx={{ display: "flex", flexDirection: "column", minHeight: 0, bgcolor: "background.paper" }}>
      <Tabs
        value={tab}
        onChange={(_event, next: "inspector" | "outbox") => setTab(next)}
        aria-label={t("phone.traffic")}
        sx={{ px: 4, borderBottom: "1px solid", borderColor: "divider", flex: "none" }}
      >
        <Tab value="inspector" label={t("phone.inspector")} />
        <Tab value="outbox" label={t("app.place.outbox")} />
      </Tabs>
      <Box
        sx={{ flex: 1, minHeight: 0, overflowY: "auto", p: 4 }}
        tabIndex={0}
        role="region"
        aria-label={t("phone.traffic")}
      >
        <Typography variant="body2" sx={{ color: "text.secondary", mb: 3 }}>
          {tab === "inspector" ? t("phone.inspector_lead") : t("outbox.lead")}
        </Typography>
        {tab === "inspector" ? <Inspector phone={member.phone} pollMs={POLL_MS} /> : <OutboxList />}
      </Box>
    </Box>
  );
}
