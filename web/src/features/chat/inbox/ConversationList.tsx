import CloseOutlined from "@mui/icons-material/Close";
import SearchOutlined from "@mui/icons-material/SearchOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useNavigate, useSearchParams } from "react-router";

import { useFindHandOversQuery, useListHandOversInfiniteQuery } from "@/client/chat";
import { useGetSessionQuery } from "@/client/identity";
import type { HandOverLine, HandOverView } from "@/client/types/chat";
import { formatDateTime, formatRelative, formatSpan } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { useNow } from "@/lib/useNow";
import { Blank, LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";
import { UrgencyMark } from "@/ui/UrgencyMark";

const VIEWS: readonly HandOverView[] = ["open", "unassigned", "mine", "closed"];

/** Conversations that need a person, who waits longest first; one is also found by a whole number. */
export function ConversationList({ openId }: { openId: string | undefined }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const view = VIEWS.find((one) => one === search.get("visao")) ?? "open";
  const [words, setWords] = useState("");
  const listed = useListHandOversInfiniteQuery(view);
  const found = useFindHandOversQuery(words, { skip: words === "" });
  const shown = words === "" ? (listed.data?.pages.flatMap((page) => page.items) ?? []) : (found.data ?? []);
  const counts = listed.data?.pages[0]?.counts;
  const field = useRef<HTMLInputElement>(null);
  const show = (next: HandOverView) => {
    setWords("");
    setSearch(next === "open" ? {} : { visao: next });
  };
  useMoving(shown, openId, () => field.current?.focus());
  const asked = words === "" ? listed : found;
  return (
    <>
      <Box sx={{ px: 3, pt: 3, display: "grid", gap: 2 }}>
        <SearchField words={words} search={setWords} field={field} />
        {words === "" ? (
          <Tabs
            value={view}
            onChange={(_event, next: HandOverView) => show(next)}
            aria-label={t("conversations.views")}
            variant="scrollable"
            scrollButtons={false}
            sx={{ borderBottom: "1px solid", borderColor: "divider", mx: -3, px: 2 }}
          >
            {VIEWS.map((one) => (
              <Tab
                key={one}
                value={one}
                label={`${t(`conversations.view.${one}`)}${counts && one !== "closed" ? ` ${counts[one]}` : ""}`}
                sx={{ px: 2, fontSize: "0.8125rem", ...TABULAR }}
              />
            ))}
          </Tabs>
        ) : (
          <Typography variant="h3">{t("conversations.found")}</Typography>
        )}
      </Box>
      <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
        {asked.error ? (
          <LoadFailed error={asked.error} retry={() => void asked.refetch()} />
        ) : asked.data === undefined ? (
          <Box sx={{ p: 3, display: "grid", gap: 2 }} aria-label={t("common.loading")}>
            {[0, 1, 2].map((one) => (
              <Skeleton key={one} variant="rounded" height={64} />
            ))}
          </Box>
        ) : shown.length === 0 ? (
          <Blank title={t(words === "" ? `conversations.empty.${view}` : "conversations.nothing_title")}>
            {t(words === "" ? "conversations.empty_text" : "conversations.nothing_text")}
          </Blank>
        ) : (
          <Lines lines={shown} openId={openId} />
        )}
        {words === "" && view !== "closed" && counts && counts[view] > shown.length && shown.length > 0 && (
          <Typography variant="caption" component="p" sx={{ color: "text.secondary", p: 3 }}>
            {t("conversations.more", { shown: shown.length, count: counts[view] })}
          </Typography>
        )}
        {words === "" && listed.hasNextPage && (
          <Box sx={{ p: 3 }}>
            <Button
              variant="outlined"
              disabled={listed.isFetchingNextPage}
              onClick={() => void listed.fetchNextPage()}
            >
              {t("common.load_more")}
            </Button>
          </Box>
        )}
      </Box>
    </>
  );
}

type FieldProps = {
  words: string;
  search: (words: string) => void;
  field: React.RefObject<HTMLInputElement | null>;
};

/** It asks on Enter: the server looks for the whole number and for nothing like it. */
function SearchField({ words, search, field }: FieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(words);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    search(typed.trim());
  };
  const clear = () => {
    setTyped("");
    search("");
    field.current?.focus();
  };
  return (
    <Box component="form" role="search" onSubmit={submit}>
      <TextField
        fullWidth
        inputRef={field}
        label={t("conversations.find")}
        title={t("conversations.find_help")}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        slotProps={{
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchOutlined fontSize="small" />
              </InputAdornment>
            ),
            endAdornment: typed !== "" && (
              <InputAdornment position="end">
                <IconButton aria-label={t("conversations.clear")} onClick={clear}>
                  <CloseOutlined fontSize="small" />
                </IconButton>
              </InputAdornment>
            ),
          },
        }}
      />
    </Box>
  );
}

function Lines({ lines, openId }: { lines: readonly HandOverLine[]; openId: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Box component="ul" aria-label={t("conversations.list")} sx={{ listStyle: "none", m: 0, p: 0 }}>
      {lines.map((line) => (
        <Line key={line.conversation_id} line={line} isOpen={line.conversation_id === openId} />
      ))}
    </Box>
  );
}

function Line({ line, isOpen }: { line: HandOverLine; isOpen: boolean }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isOpen) link.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <Box component="li" sx={{ borderBottom: "1px solid", borderColor: "divider" }}>
      <Link
        ref={link}
        component={RouterLink}
        to={{ pathname: `/atendimento/conversas/${line.conversation_id}`, search: search.toString() }}
        underline="none"
        aria-current={isOpen ? "page" : undefined}
        sx={{
          display: "grid",
          gap: 1,
          px: 3,
          py: 2.5,
          color: "text.primary",
          borderLeft: "3px solid",
          borderLeftColor: isOpen ? "primary.main" : "transparent",
          bgcolor: isOpen ? "surface.selected" : undefined,
          "&:hover": { bgcolor: isOpen ? "surface.selected" : "surface.hover" },
        }}
      >
        <Box sx={{ display: "flex", alignItems: "center", gap: 2, minWidth: 0 }}>
          {line.alert !== null && <UrgencyMark urgency={line.alert} short />}
          <Typography noWrap sx={{ fontWeight: 600, flex: 1, minWidth: 0 }}>
            {line.initials ?? t("conversations.unknown")}
          </Typography>
          <Waiting line={line} />
        </Box>
        <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
          {[
            endText(line),
            line.channel === "web" ? t("conversations.on_page") : null,
            line.reason && t(`conversations.reason.${line.reason}`),
          ]
            .filter((part) => part != null)
            .join(" · ")}
        </Typography>
        <Holder line={line} />
      </Link>
    </Box>
  );

  function endText({ card_end, phone_end }: HandOverLine): string | null {
    if (card_end !== null) return t("conversations.card_end", { end: card_end });
    return phone_end === null ? null : t("conversations.phone_end", { end: phone_end });
  }
}

function Waiting({ line }: { line: HandOverLine }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (line.state === "closed") {
    const when = line.closed_at === null ? "" : formatRelative(line.closed_at, now, i18n.language);
    return <Tag>{t("conversations.closed_at", { when })}</Tag>;
  }
  if (line.state === "assistant") return <Tag>{t("conversations.assistant")}</Tag>;
  if (line.waiting_since === null) return <Tag tone="good">{t("conversations.answered")}</Tag>;
  const when = formatSpan(now - Date.parse(line.waiting_since), i18n.language);
  return (
    <Tag tone="doubt" title={formatDateTime(line.waiting_since)}>
      {t("conversations.waits", { when })}
    </Tag>
  );
}

function Holder({ line }: { line: HandOverLine }) {
  const { t } = useTranslation();
  const me = useGetSessionQuery().data?.principal.id;
  if (line.state !== "open") return null;
  const text =
    line.holder === null
      ? t("conversations.with_nobody")
      : line.holder.id === me
        ? t("conversations.with_me")
        : t("conversations.with", { name: line.holder.name });
  return (
    <Typography variant="caption" noWrap sx={{ fontWeight: line.holder === null ? 600 : 400 }}>
      {text}
    </Typography>
  );
}

/** J and K walk through the list, / goes to the search. */
function useMoving(lines: readonly HandOverLine[], openId: string | undefined, find: () => void): void {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const move = (by: number) => {
    const at = lines.findIndex((line) => line.conversation_id === openId);
    const next = lines[at === -1 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))];
    if (next)
      void navigate({
        pathname: `/atendimento/conversas/${next.conversation_id}`,
        search: search.toString(),
      });
  };
  useKeys({ j: () => move(1), k: () => move(-1), "/": find });
}
