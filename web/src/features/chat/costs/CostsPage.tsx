import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useGetCostsFileMutation, useGetCostsQuery } from "@/client/costs";
import type { CostLine } from "@/client/types/costs";
import { formatCount, formatMicros, localMinute } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { useNow } from "@/lib/useNow";
import { Loaded, Page } from "@/ui/Page";
import { Blank, ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { CostTable } from "./CostTable";
import { GROUPS, type Group } from "./groups";
import { Prices } from "./Prices";

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 30;
const DATE_LENGTH = 10;

/** What WhatsApp messages cost, by day, category and number, and the prices they are counted with. */
export function CostsPage() {
  const { t } = useTranslation();
  const [days, setDays] = useDays();
  const wrong = days.from === "" || days.to === "" || days.from > days.to;
  return (
    <Page title={t("costs.title")} tab={t("app.place.costs")} lead={t("costs.lead")}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "start", gap: 3 }}>
        <TextField
          type="date"
          label={t("costs.from")}
          value={days.from}
          error={wrong}
          helperText={wrong ? t("costs.wrong") : undefined}
          onChange={(event) => setDays({ from: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <TextField
          type="date"
          label={t("costs.to")}
          value={days.to}
          error={wrong}
          onChange={(event) => setDays({ to: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <ToggleButtonGroup
          value={days.by}
          onChange={(_event, next: Group[]) => setDays({ by: next.join(",") })}
          aria-label={t("costs.by")}
          size="small"
        >
          {GROUPS.map((group) => (
            <ToggleButton
              key={group}
              value={group}
              sx={{ textTransform: "none", px: 3, minHeight: 40, py: 0 }}
            >
              {t(`costs.group.${group}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <Export from={days.from} to={days.to} disabled={wrong} />
      </Box>
      {!wrong && <Report {...days} />}
      <Prices />
    </Page>
  );
}

/** The days and the parts in the address, so that what is seen can be sent to somebody. */
function useDays() {
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const day = (ago: number) => localMinute(new Date(now - ago * DAY_MS)).slice(0, DATE_LENGTH);
  const by = search.get("por") ?? "day";
  const days = {
    from: search.get("de") ?? day(SHOWN_DAYS - 1),
    to: search.get("ate") ?? day(0),
    by: GROUPS.filter((group) => by.split(",").includes(group)),
  };
  const set = (changed: { from?: string; to?: string; by?: string }) =>
    setSearch(
      { de: changed.from ?? days.from, ate: changed.to ?? days.to, por: changed.by ?? days.by.join(",") },
      { replace: true },
    );
  return [days, set] as const;
}

function Report({ from, to, by }: { from: string; to: string; by: readonly Group[] }) {
  const { t } = useTranslation();
  const asked = useGetCostsQuery({ from, to, by: by.join(",") });
  return (
    <Loaded asked={asked.isFetching ? { ...asked, data: asked.currentData } : asked}>
      {({ items, total }) =>
        total.messages === 0 ? (
          <Blank title={t("costs.empty_title")}>{t("costs.empty_text")}</Blank>
        ) : (
          <>
            <Total total={total} />
            {by.length > 0 && <CostTable lines={items} by={by} />}
          </>
        )
      }
    </Loaded>
  );
}

function Total({ total }: { total: CostLine }) {
  const { t } = useTranslation();
  const figures: [string, string][] = [
    [t("costs.messages"), formatCount(total.messages)],
    [t("costs.free"), formatCount(total.free)],
    ...total.amounts.map(({ currency, micros }): [string, string] => [
      t("costs.cost_in", { currency }),
      formatMicros(micros, currency),
    ]),
  ];
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "end", columnGap: 8, rowGap: 3 }}>
      {figures.map(([name, figure]) => (
        <Box key={name}>
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {name}
          </Typography>
          <Typography sx={{ ...TABULAR, fontSize: "1.25rem", fontWeight: 600 }}>{figure}</Typography>
        </Box>
      ))}
      {total.unpriced > 0 && (
        <Tag tone="doubt">
          {t("costs.unpriced", { count: total.unpriced, n: formatCount(total.unpriced) })}
        </Tag>
      )}
    </Box>
  );
}

function Export({ from, to, disabled }: { from: string; to: string; disabled: boolean }) {
  const { t } = useTranslation();
  const [fetchFile, { error, isLoading }] = useGetCostsFileMutation();
  const save = async () => {
    const answer = await fetchFile({ from, to });
    if (answer.data === undefined) return;
    // Spreadsheets in Brazil read UTF-8 only where the file begins with its mark.
    saveFile(new Blob(["\uFEFF", answer.data], { type: "text/csv" }), `custos-whatsapp-${from}-${to}.csv`);
  };
  return (
    <>
      <Button
        variant="outlined"
        disabled={disabled || isLoading}
        onClick={() => void save()}
        sx={{ minHeight: 40 }}
      >
        {t("costs.export")}
      </Button>
      {error && <ProblemAlert error={error} />}
    </>
  );
}
