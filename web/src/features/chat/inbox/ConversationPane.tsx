import ArrowBackOutlined from "@mui/icons-material/ArrowBack";
import MoreVertOutlined from "@mui/icons-material/MoreVert";
import PersonOutlined from "@mui/icons-material/PersonOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Link from "@mui/material/Link";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useSearchParams } from "react-router";

import {
  useAssignConversationMutation,
  useEndHandOverMutation,
  useGetHandOverQuery,
  useShowPresenceQuery,
} from "@/client/chat";
import { useGetSessionQuery, useMay } from "@/client/identity";
import { problemOf } from "@/client/problem";
import type { HandOver, Looker } from "@/client/types/chat";
import { announce } from "@/lib/announce";
import { useKeys } from "@/lib/keys";
import { LoadFailed, ProblemAlert, problemText } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import { Composer } from "./Composer";
import { GiveDialog } from "./GiveDialog";
import { PersonPanel } from "./PersonPanel";
import { Timeline } from "./Timeline";

/** The server takes a screen to be gone after four of these. */
const SHOWN_EVERY_MS = 5000;

/** One conversation: what was said, who holds it, what one may do, and beside it who it is. */
export function ConversationPane({ id }: { id: string }) {
  const { t } = useTranslation();
  const one = useGetHandOverQuery(id);
  const [typing, setTyping] = useState(false);
  const lookers = useShowPresenceQuery(
    { id, is_typing: typing },
    { pollingInterval: SHOWN_EVERY_MS, skipPollingIfUnfocused: true },
  ).data;
  const [showsPerson, setShowsPerson] = useState(false);
  if (one.error && !one.data) return <LoadFailed error={one.error} retry={() => void one.refetch()} />;
  if (!one.data) {
    return (
      <Box sx={{ p: 4, display: "grid", gap: 3, alignContent: "start" }} aria-label={t("common.loading")}>
        <Skeleton variant="rounded" height={40} />
        <Skeleton variant="rounded" height={240} />
      </Box>
    );
  }
  return (
    <Box
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 300px" },
        gridTemplateRows: "minmax(0, 1fr)",
        minHeight: 0,
      }}
    >
      <Box sx={{ display: "flex", flexDirection: "column", minHeight: 0, minWidth: 0 }}>
        <Header one={one.data} lookers={lookers ?? one.data.others} showPerson={() => setShowsPerson(true)} />
        <Timeline id={id} entries={one.data.entries} />
        <Composer one={one.data} setTyping={setTyping} />
      </Box>
      <Box
        sx={{
          display: { xs: "none", lg: "block" },
          borderLeft: "1px solid",
          borderColor: "divider",
          overflowY: "auto",
          bgcolor: "background.paper",
        }}
      >
        <PersonPanel one={one.data} />
      </Box>
      <Drawer
        anchor="right"
        open={showsPerson}
        onClose={() => setShowsPerson(false)}
        slotProps={{ paper: { sx: { width: { xs: 1, sm: 360 } }, "aria-label": t("conversations.facts") } }}
      >
        <Box sx={{ display: "flex", justifyContent: "flex-end", p: 2 }}>
          <Button onClick={() => setShowsPerson(false)}>{t("common.close")}</Button>
        </Box>
        <PersonPanel one={one.data} />
      </Drawer>
    </Box>
  );
}

function Header(props: { one: HandOver; lookers: readonly Looker[]; showPerson: () => void }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const { line, name, alerts } = props.one;
  return (
    <Box
      sx={{ borderBottom: "1px solid", borderColor: "divider", bgcolor: "background.paper", px: 3, py: 2 }}
    >
      <Box sx={{ display: "flex", alignItems: "center", flexWrap: "wrap", gap: 2 }}>
        <IconButton
          component={RouterLink}
          to={{ pathname: "/atendimento/conversas", search: search.toString() }}
          aria-label={t("conversations.back")}
          sx={{ display: { md: "none" } }}
        >
          <ArrowBackOutlined fontSize="small" />
        </IconButton>
        <Box sx={{ flex: "1 1 160px", minWidth: 0 }}>
          <Typography variant="h2" noWrap title={name ?? undefined}>
            {name ?? t("conversations.unknown")}
          </Typography>
          <Where one={props.one} />
        </Box>
        <Button
          startIcon={<PersonOutlined />}
          onClick={props.showPerson}
          sx={{ display: { xs: "inline-flex", lg: "none" } }}
        >
          {t("conversations.person")}
        </Button>
        <Acts key={line.conversation_id} one={props.one} />
      </Box>
      <Lookers lookers={props.lookers} />
      {alerts.length > 0 && (
        <Alert severity="error" variant="outlined" sx={{ mt: 2, py: 0 }}>
          {t("conversations.alert_open")}{" "}
          <Link component={RouterLink} to="/atendimento/alertas">
            {t("conversations.see_alerts")}
          </Link>
        </Alert>
      )}
    </Box>
  );
}

/** Who answers: the assistant, nobody yet, or one person. */
function Where({ one }: { one: HandOver }) {
  const { t } = useTranslation();
  const me = useGetSessionQuery().data?.principal.id;
  const { holder, state, assistant_answers } = one.line;
  const who =
    state !== "open"
      ? null
      : holder === null
        ? t("conversations.with_nobody")
        : holder.id === me
          ? t("conversations.with_me")
          : t("conversations.with", { name: holder.name });
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
      {who !== null && <Tag tone={holder?.id === me ? "good" : "quiet"}>{who}</Tag>}
      {assistant_answers && <Tag>{t("conversations.assistant")}</Tag>}
    </Box>
  );
}

function Lookers({ lookers }: { lookers: readonly Looker[] }) {
  const { t } = useTranslation();
  if (lookers.length === 0) return null;
  const writing = lookers.filter((one) => one.is_typing);
  const named = writing.length > 0 ? writing : lookers;
  const names = named.map((one) => one.colleague.name).join(", ");
  return (
    <Typography
      variant="caption"
      role="status"
      component="p"
      sx={{ color: "meaning.doubt.strong", fontWeight: 600, mt: 1 }}
    >
      {t(writing.length > 0 ? "conversations.typing" : "conversations.looking", { names })}
    </Typography>
  );
}

/** Take, give, release, give back, close: what this person may do with it now. */
function Acts({ one }: { one: HandOver }) {
  const { t } = useTranslation();
  const me = useGetSessionQuery().data?.principal.id ?? null;
  const mayWrite = useMay("message:send");
  const id = one.line.conversation_id;
  const holder = one.line.state === "open" ? one.line.holder : null;
  const isMine = holder !== null && holder.id === me;
  const [assign, assigning] = useAssignConversationMutation();
  const [end, ending] = useEndHandOverMutation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [gives, setGives] = useState(false);
  const busy = assigning.isLoading || ending.isLoading;
  const error = assigning.error ?? ending.error;

  const tell = (answer: { error?: unknown }, done: string) =>
    announce(answer.error ? problemText(t, problemOf(answer.error)) : done);
  const take = async () => {
    ending.reset();
    tell(await assign({ id, to: me, expected: holder?.id ?? null }), t("conversations.taken"));
  };
  const release = async () => {
    setAnchor(null);
    tell(await assign({ id, to: null, expected: me }), t("conversations.released"));
  };
  const finish = async (how: "give-back" | "close") => {
    setAnchor(null);
    assigning.reset();
    tell(await end({ id, how }), t(how === "close" ? "conversations.closed" : "conversations.given_back"));
  };
  useKeys({ t: () => void take() }, mayWrite && !isMine);
  if (!mayWrite) return null;
  const mayEnd = one.line.state === "open" && (holder === null || isMine);
  return (
    <>
      {!isMine && (
        <Button
          variant={holder === null ? "contained" : "outlined"}
          disabled={busy}
          onClick={() => void take()}
        >
          {holder === null ? t("conversations.take") : t("conversations.take_from", { name: holder.name })}
        </Button>
      )}
      {mayEnd && (
        <Button variant="outlined" disabled={busy} onClick={() => void finish("give-back")}>
          {t("conversations.give_back")}
        </Button>
      )}
      {mayEnd && (
        <IconButton
          aria-label={t("conversations.more_actions")}
          aria-haspopup="menu"
          disabled={busy}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <MoreVertOutlined fontSize="small" />
        </IconButton>
      )}
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            setGives(true);
          }}
        >
          {t("conversations.give")}
        </MenuItem>
        {isMine && <MenuItem onClick={() => void release()}>{t("conversations.release")}</MenuItem>}
        <MenuItem onClick={() => void finish("close")}>{t("conversations.close")}</MenuItem>
      </Menu>
      <GiveDialog one={one} open={gives} onClose={() => setGives(false)} />
      {error !== undefined && (
        <Box sx={{ flexBasis: "100%" }}>
          <ProblemAlert error={error} />
        </Box>
      )}
    </>
  );
}
