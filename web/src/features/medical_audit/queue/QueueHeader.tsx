import CloseOutlined from "@mui/icons-material/Close";
import DensityMediumOutlined from "@mui/icons-material/DensityMedium";
import DensitySmallOutlined from "@mui/icons-material/DensitySmall";
import FilterListOutlined from "@mui/icons-material/FilterList";
import SearchOutlined from "@mui/icons-material/SearchOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import ListSubheader from "@mui/material/ListSubheader";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useEffect, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useCountCasesQuery } from "@/client/medicalAudit";
import type { CaseFilter, CaseView } from "@/client/types/medicalAudit";
import { PageTitle } from "@/ui/PageTitle";
import { TABULAR } from "@/ui/theme";
import { UrgencyMark, URGENCY_NUMBER } from "@/ui/UrgencyMark";

import type { Density } from "./QueuePage";
import { changeAddress, URGENCIES, VIEWS } from "./queueAddress";

const SEARCH_PAUSE_MS = 250;

type Props = {
  filter: CaseFilter & { view: CaseView };
  density: Density;
  setDensity: (density: Density) => void;
  searchBox: RefObject<HTMLInputElement | null>;
  selected: number;
  assignSelected: () => void;
  clearSelected: () => void;
};

export function QueueHeader(props: Props) {
  const { t } = useTranslation();
  const { filter, density } = props;
  return (
    <Box
      sx={{
        px: { xs: 3, sm: 5 },
        pt: { xs: 3, sm: 4 },
        bgcolor: "background.paper",
        borderBottom: "1px solid",
        borderColor: "divider",
      }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 3, flexWrap: "wrap" }}>
        <Box sx={{ flex: 1, minWidth: 80 }}>
          <PageTitle tab={t("app.place.queue")}>{t("app.place.queue")}</PageTitle>
        </Box>
        <SearchBox q={filter.q ?? ""} box={props.searchBox} />
        <FilterMenu />
        <Tooltip title={density === "dense" ? t("queue.comfortable") : t("queue.dense")}>
          <IconButton
            aria-label={density === "dense" ? t("queue.comfortable") : t("queue.dense")}
            onClick={() => props.setDensity(density === "dense" ? "comfortable" : "dense")}
            sx={{ display: { xs: "none", sm: "inline-flex" } }}
          >
            {density === "dense" ? (
              <DensityMediumOutlined fontSize="small" />
            ) : (
              <DensitySmallOutlined fontSize="small" />
            )}
          </IconButton>
        </Tooltip>
      </Box>
      <ViewTabs view={filter.view} />
      <FilterChips filter={filter} />
      {props.selected > 0 && (
        <Box sx={{ display: "flex", alignItems: "center", gap: 3, py: 2 }} role="status">
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {t("queue.selected", { count: props.selected })}
          </Typography>
          <Button variant="contained" onClick={props.assignSelected}>
            {t("queue.assign_to_me")}
          </Button>
          <Button onClick={props.clearSelected}>{t("queue.clear_selection")}</Button>
        </Box>
      )}
    </Box>
  );
}

function SearchBox({ q, box }: { q: string; box: RefObject<HTMLInputElement | null> }) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchParams();
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  if (known !== q) {
    setKnown(q);
    setTyped(q);
  }
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(
      () => setSearch((search) => changeAddress(search, "q", typed), { replace: true }),
      SEARCH_PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, q, setSearch]);
  return (
    <TextField
      inputRef={box}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      placeholder={t("queue.search")}
      sx={{ width: { xs: 1, sm: 280 }, order: { xs: 3, sm: 0 } }}
      slotProps={{
        htmlInput: { "aria-label": t("queue.search"), type: "search" },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchOutlined fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
    />
  );
}

function ViewTabs({ view }: { view: CaseView }) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchParams();
  const counts = useCountCasesQuery().data;
  return (
    <Tabs
      value={view}
      onChange={(_event, next: string) => setSearch((search) => changeAddress(search, "view", next))}
      variant="scrollable"
      scrollButtons={false}
      aria-label={t("queue.views")}
      sx={{ mt: 1, mx: -3 }}
    >
      {VIEWS.map((one) => (
        <Tab
          key={one}
          value={one}
          label={
            <span>
              {t(`queue.view.${one}`)}
              <Typography
                component="span"
                variant="caption"
                sx={{ ...TABULAR, ml: 2, fontWeight: 600, color: "text.secondary" }}
              >
                {counts?.[one] ?? ""}
              </Typography>
            </span>
          }
        />
      ))}
    </Tabs>
  );
}

function FilterMenu() {
  const { t } = useTranslation();
  const [, setSearch] = useSearchParams();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const choose = (name: "urgency" | "assigned", value: string) => {
    setSearch((search) => changeAddress(search, name, value));
    setAnchor(null);
  };
  return (
    <>
      <Button
        variant="outlined"
        color="secondary"
        startIcon={<FilterListOutlined />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {t("queue.filter")}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <ListSubheader role="presentation">{t("urgency.label")}</ListSubheader>
        {URGENCIES.map((urgency) => (
          <MenuItem key={urgency} onClick={() => choose("urgency", urgency)}>
            <UrgencyMark urgency={urgency} />
          </MenuItem>
        ))}
        <ListSubheader role="presentation">{t("queue.column.assigned")}</ListSubheader>
        <MenuItem onClick={() => choose("assigned", "me")}>{t("queue.assigned_me")}</MenuItem>
        <MenuItem onClick={() => choose("assigned", "none")}>{t("queue.assigned_none")}</MenuItem>
      </Menu>
    </>
  );
}

function FilterChips({ filter }: { filter: CaseFilter }) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchParams();
  const chips: { name: keyof CaseFilter; label: string }[] = [];
  if (filter.urgency) {
    const word = t(`urgency.word.${filter.urgency}`);
    chips.push({ name: "urgency", label: `${URGENCY_NUMBER[filter.urgency]} ${word}` });
  }
  if (filter.assigned) {
    chips.push({
      name: "assigned",
      label: filter.assigned === "me" ? t("queue.assigned_me") : t("queue.assigned_none"),
    });
  }
  if (filter.q) chips.push({ name: "q", label: `“${filter.q}”` });
  if (chips.length === 0) return null;
  return (
    <Box sx={{ display: "flex", gap: 2, flexWrap: "wrap", py: 2 }}>
      {chips.map(({ name, label }) => {
        const remove = () => setSearch((search) => changeAddress(search, name, ""));
        return (
          <Chip
            key={name}
            size="small"
            label={label}
            aria-label={t("queue.remove_filter", { label })}
            onClick={remove}
            onDelete={remove}
            deleteIcon={<CloseOutlined />}
          />
        );
      })}
    </Box>
  );
}
