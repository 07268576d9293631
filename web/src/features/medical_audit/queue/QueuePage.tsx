import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";

import { useAssignCaseMutation, useListCasesInfiniteQuery } from "@/client/medicalAudit";
import { problemOf } from "@/client/problem";
import type { CaseLine } from "@/client/types/medicalAudit";
import { announce } from "@/lib/announce";
import { useKeys } from "@/lib/keys";
import { useNow } from "@/lib/useNow";
import { Blank, LoadFailed, problemText } from "@/ui/Problems";

import { PeekPanel } from "./PeekPanel";
import { QueueCards } from "./QueueCards";
import { QueueHeader } from "./QueueHeader";
import { QueueTable } from "./QueueTable";
import { readAddress } from "./queueAddress";

export type Density = "dense" | "comfortable";

const DENSITY_KEY = "austa.density";

/** The queue: one line a case, in the order of the law. */
export function QueuePage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = readAddress(search);
  const cases = useListCasesInfiniteQuery(filter);
  const rows = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const now = useNow();
  const phone = useMediaQuery("(max-width: 699px)");
  const [density, setDensity] = useDensity();
  const queue = useQueueKeys(rows);
  const filtered = Boolean(filter.q ?? filter.urgency ?? filter.assigned);

  return (
    <Box sx={{ display: "flex", flexDirection: "column", flex: 1, minHeight: 0 }}>
      <QueueHeader
        filter={filter}
        density={density}
        setDensity={setDensity}
        searchBox={queue.searchBox}
        selected={queue.selected.size}
        assignSelected={queue.assignSelected}
        clearSelected={queue.clearSelected}
      />
      <Box sx={{ display: "flex", flex: 1, minHeight: 0 }}>
        <Box sx={{ flex: 1, minWidth: 0, overflow: "auto", bgcolor: "background.paper" }}>
          {cases.error ? (
            <LoadFailed error={cases.error} retry={() => void cases.refetch()} />
          ) : !cases.isLoading && rows.length === 0 ? (
            <EmptyQueue filtered={filtered} />
          ) : phone ? (
            <QueueCards rows={rows} now={now} loading={cases.isLoading} />
          ) : (
            <QueueTable rows={rows} now={now} loading={cases.isLoading} density={density} {...queue} />
          )}
          {cases.hasNextPage && (
            <Box sx={{ display: "grid", placeItems: "center", py: 4 }}>
              <Button
                variant="outlined"
                disabled={cases.isFetchingNextPage}
                onClick={() => void cases.fetchNextPage()}
              >
                {cases.isFetchingNextPage ? t("common.loading") : t("common.load_more")}
              </Button>
            </Box>
          )}
        </Box>
        {queue.peeking && queue.active && (
          <PeekPanel one={queue.active} now={now} onClose={queue.closePeek} />
        )}
      </Box>
    </Box>
  );
}

function EmptyQueue({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchParams();
  if (!filtered) return <Blank title={t("queue.empty_title")}>{t("queue.empty_text")}</Blank>;
  return (
    <Blank
      title={t("queue.no_match_title")}
      action={
        <Button variant="outlined" onClick={() => setSearch({})}>
          {t("queue.clear_filters")}
        </Button>
      }
    >
      {t("queue.no_match_text")}
    </Blank>
  );
}

function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useState<Density>(() =>
    localStorage.getItem(DENSITY_KEY) === "comfortable" ? "comfortable" : "dense",
  );
  const choose = (next: Density) => {
    localStorage.setItem(DENSITY_KEY, next);
    setDensity(next);
  };
  return [density, choose];
}

/** J and K move, Enter opens, X selects, A assigns to me, Space peeks, / searches. */
function useQueueKeys(rows: readonly CaseLine[]) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [assign] = useAssignCaseMutation();
  const [activeId, setActiveId] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [peeking, setPeeking] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const at = rows.findIndex((row) => row.id === activeId);
  const active = rows[at];

  const moveTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setActiveId(row.id);
    document.getElementById(`caso-${row.id}`)?.focus();
  };
  const open = (row: CaseLine | undefined) => {
    if (row) void navigate(`/cockpit/casos/${row.id}`);
  };
  const toggle = (row: CaseLine | undefined) => {
    if (!row) return;
    const next = new Set(selected);
    if (!next.delete(row.id)) next.add(row.id);
    setSelected(next);
  };
  const assignToMe = async (chosen: readonly CaseLine[]) => {
    for (const row of chosen) {
      const answer = await assign({ id: row.id, to: "me", version: row.version });
      if (answer.error) {
        announce(problemText(t, problemOf(answer.error)));
        return;
      }
    }
    announce(t("queue.assigned", { count: chosen.length }));
  };
  useKeys({
    j: () => moveTo(at + 1),
    ArrowDown: () => moveTo(at + 1),
    k: () => moveTo(at - 1),
    ArrowUp: () => moveTo(at - 1),
    Enter: () => open(active),
    x: () => toggle(active),
    " ": () => setPeeking(active !== undefined && !peeking),
    Escape: () => setPeeking(false),
    a: () => void (active && assignToMe([active])),
    "/": () => searchBox.current?.focus(),
  });
  return {
    active,
    activate: (row: CaseLine) => setActiveId(row.id),
    open,
    selected,
    toggle,
    peeking,
    closePeek: () => setPeeking(false),
    searchBox,
    assignSelected: () => void assignToMe(rows.filter((row) => selected.has(row.id))),
    clearSelected: () => setSelected(new Set()),
  };
}
