import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import FormControlLabel from "@mui/material/FormControlLabel";
import Link from "@mui/material/Link";
import MenuItem from "@mui/material/MenuItem";
import Switch from "@mui/material/Switch";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useSearchParams } from "react-router";

import { useListBoardsInfiniteQuery } from "@/client/boards";
import type { BoardFilter, ListedBoard, WaitsFor } from "@/client/types/boards";
import { formatDate, formatDateTime } from "@/lib/format";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

const WAITS: readonly WaitsFor[] = ["notice", "requester", "pick", "tiebreaker", "more", "decision"];

/** Filters live in the address, so that a list can be shared. */
function readAddress(search: URLSearchParams): BoardFilter {
  if (search.get("ver") === "over") return { view: "over" };
  const waits = WAITS.find((one) => one === search.get("espera"));
  return {
    view: "open",
    ...(waits && { waits_for: waits }),
    ...(search.get("vencidas") === "1" && { late: true as const }),
  };
}

/** All medical boards of the operator: who waits for whom, and until when. */
export function BoardsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const wanted = readAddress(search);
  const boards = useListBoardsInfiniteQuery(wanted);
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    setSearch(next);
  };
  return (
    <Page title={t("boards.title")} tab={t("app.place.boards")} lead={t("boards.lead")}>
      <Tabs
        value={wanted.view}
        aria-label={t("boards.views")}
        onChange={(_event, view: BoardFilter["view"]) => setSearch(view === "over" ? { ver: "over" } : {})}
        sx={{ borderBottom: "1px solid", borderColor: "divider" }}
      >
        <Tab value="open" label={t("boards.view.open")} />
        <Tab value="over" label={t("boards.view.over")} />
      </Tabs>
      {wanted.view === "open" && (
        <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 4 }}>
          <TextField
            select
            label={t("boards.waits")}
            value={wanted.waits_for ?? ""}
            onChange={(event) => set("espera", event.target.value)}
            sx={{ minWidth: 260, flex: { xs: "1 1 100%", sm: "none" } }}
          >
            <MenuItem value="">{t("boards.any")}</MenuItem>
            {WAITS.map((one) => (
              <MenuItem key={one} value={one}>
                {t(`boards.waits_for.${one}`)}
              </MenuItem>
            ))}
          </TextField>
          <FormControlLabel
            control={
              <Switch
                checked={wanted.late ?? false}
                onChange={(_event, late) => set("vencidas", late ? "1" : "")}
              />
            }
            label={t("boards.only_late")}
          />
        </Box>
      )}
      <Loaded asked={boards}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items);
          if (found.length === 0)
            return (
              <Nothing filtered={Boolean(wanted.waits_for ?? wanted.late)} clear={() => setSearch({})} />
            );
          return (
            <Rows label={t("boards.title")}>
              {found.map((one) => (
                <Line key={one.board.board_id} one={one} />
              ))}
            </Rows>
          );
        }}
      </Loaded>
      {boards.hasNextPage && (
        <Box>
          <Button
            variant="outlined"
            disabled={boards.isFetchingNextPage}
            onClick={() => void boards.fetchNextPage()}
          >
            {t("boards.more")}
          </Button>
        </Box>
      )}
    </Page>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  return (
    <Blank
      title={t("boards.empty")}
      action={
        filtered && (
          <Button variant="outlined" onClick={clear}>
            {t("boards.clear")}
          </Button>
        )
      }
    >
      {t(filtered ? "boards.empty_filtered" : "boards.empty_open")}
    </Blank>
  );
}

function Line({ one }: { one: ListedBoard }) {
  const { t } = useTranslation();
  const { board } = one;
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(0, 1fr) 300px" },
        columnGap: 5,
        rowGap: 2,
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Link
          component={RouterLink}
          to={`/cockpit/casos/${board.case_id}`}
          sx={{ fontWeight: 600, overflowWrap: "anywhere" }}
        >
          {one.procedure}
        </Link>
        <Typography variant="caption" component="p" sx={{ ...TABULAR, color: "text.secondary" }}>
          {one.case_number} · {one.member.initials} …{one.member.card_end} ·{" "}
          {t("boards.opened", { when: formatDate(board.opened_at) })}
        </Typography>
        <Typography variant="body2" sx={{ mt: 1, overflowWrap: "anywhere" }}>
          {board.tiebreaker
            ? t("boards.tiebreaker", {
                name: board.tiebreaker.name,
                uf: board.tiebreaker.uf,
                number: board.tiebreaker.number,
              })
            : t("boards.no_tiebreaker")}
        </Typography>
      </Box>
      {board.waits_for === null ? (
        <Outcome board={board} />
      ) : (
        <Waiting board={board} waits={board.waits_for} />
      )}
    </Box>
  );
}

function Waiting({ board, waits }: { board: ListedBoard["board"]; waits: WaitsFor }) {
  const { t } = useTranslation();
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
        {t("boards.waits")}
      </Typography>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {t(`boards.waits_for.${waits}`)}
      </Typography>
      <Typography variant="body2" component="div" sx={{ ...TABULAR, mt: 1 }}>
        {board.due_at !== null && t("boards.due", { when: formatDateTime(board.due_at) })}{" "}
        {board.late && <Tag tone="bad">{t("boards.late")}</Tag>}
      </Typography>
      {board.due_at !== board.must_end_by && (
        <Typography variant="caption" component="p" sx={{ ...TABULAR, color: "text.secondary" }}>
          {t("boards.must_end", { when: formatDate(board.must_end_by) })}
        </Typography>
      )}
    </Box>
  );
}

function Outcome({ board }: { board: ListedBoard["board"] }) {
  const { t } = useTranslation();
  return (
    <Typography variant="body2">
      {board.conclusion === null
        ? t("boards.not_concluded")
        : t("boards.concluded", { conclusion: t(`board.conclusion_of.${board.conclusion}`).toLowerCase() })}
    </Typography>
  );
}
