import Box from "@mui/material/Box";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import { useTranslation } from "react-i18next";

import type { CostLine } from "@/client/types/costs";
import { formatCount, formatDate, formatMicros } from "@/lib/format";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { categoryText, type Group } from "./groups";

const CELL: Record<Group, (line: CostLine) => string> = {
  day: (line) => (line.day === null ? "" : formatDate(line.day)),
  category: (line) => categoryText(line.category ?? ""),
  number: (line) => line.number_id ?? "",
};

/** On a phone the cost must be seen; what was free stands in the total. */
const WIDE = { display: { xs: "none", sm: "table-cell" } };

/** One line a part; figures stand right, what has no price says so. */
export function CostTable({ lines, by }: { lines: readonly CostLine[]; by: readonly Group[] }) {
  const { t } = useTranslation();
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={t("costs.table")}
      sx={{
        overflowX: "auto",
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
      }}
    >
      <Table
        size="small"
        aria-label={t("costs.table")}
        sx={{
          "& td, & th": { px: { xs: 2, sm: 4 } },
          "& :is(td, th):not(:last-child)": { whiteSpace: "nowrap" },
        }}
      >
        <TableHead>
          <TableRow>
            {by.map((group) => (
              <TableCell key={group}>{t(`costs.group.${group}`)}</TableCell>
            ))}
            <TableCell align="right">{t("costs.messages")}</TableCell>
            <TableCell align="right" sx={WIDE}>
              {t("costs.free")}
            </TableCell>
            <TableCell align="right">{t("costs.cost")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {lines.map((line) => (
            <TableRow key={by.map((group) => CELL[group](line)).join(" ")}>
              {by.map((group, place) => (
                <TableCell
                  key={group}
                  component={place === 0 ? "th" : "td"}
                  scope={place === 0 ? "row" : undefined}
                  sx={group === "category" ? undefined : TABULAR}
                >
                  {CELL[group](line)}
                </TableCell>
              ))}
              <TableCell align="right" sx={TABULAR}>
                {formatCount(line.messages)}
              </TableCell>
              <TableCell align="right" sx={{ ...TABULAR, ...WIDE }}>
                {formatCount(line.free)}
              </TableCell>
              <TableCell align="right" sx={TABULAR}>
                <Cost line={line} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function Cost({ line }: { line: CostLine }) {
  const { t } = useTranslation();
  const amounts = line.amounts.map(({ currency, micros }) => formatMicros(micros, currency));
  if (line.unpriced === 0) return amounts.length > 0 ? amounts.join(" + ") : t("costs.nothing");
  const missing =
    amounts.length === 0
      ? t("costs.no_price")
      : t("costs.unpriced", { count: line.unpriced, n: formatCount(line.unpriced) });
  return (
    <>
      {amounts.join(" + ")} <Tag tone="doubt">{missing}</Tag>
    </>
  );
}
