import Box from "@mui/material/Box";
import Skeleton from "@mui/material/Skeleton";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { useGetRuleDifferenceQuery } from "@/client/rules";
import type { CellChange, RowChange } from "@/client/types/rules";
import { LoadFailed } from "@/ui/Problems";
import { Tag, type Tone } from "@/ui/Tag";

const TONE: Record<RowChange["kind"], Tone> = {
  added: "good",
  removed: "bad",
  changed: "doubt",
  moved: "quiet",
};

/** What changed against the version in force, or against the one before. */
export function Difference({ id, before }: { id: string; before: string | null }) {
  const { t } = useTranslation();
  const query = useGetRuleDifferenceQuery({ id, before });
  if (query.error) return <LoadFailed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton variant="rounded" height={160} />;
  const { inputs, tables, before: against } = query.data;
  return (
    <Box sx={{ display: "grid", gap: 5 }}>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {against ? t("rules.against", { number: against.number }) : t("rules.against_nothing")}
        {inputs.length + tables.length === 0 && ` ${t("rules.no_change")}`}
      </Typography>
      <Cells title={t("rules.inputs")} cells={inputs} />
      {tables.map((table) => (
        <Box component="section" key={table.decision}>
          <Box sx={{ display: "flex", gap: 2, alignItems: "center", mb: 1.5 }}>
            <Typography variant="h3">{table.decision}</Typography>
            <Tag tone={TONE[table.kind]}>{t(`rules.change.${table.kind}`)}</Tag>
          </Box>
          <Cells title={t("rules.head")} cells={table.head} />
          {table.rows.map((row, index) => (
            <Cells key={index} title={rowTitle(row)} cells={row.cells} kind={row.kind} />
          ))}
        </Box>
      ))}
    </Box>
  );

  function rowTitle(row: RowChange): string {
    if (row.kind === "moved") return t("rules.row_moved", { before: row.before ?? 0, after: row.after ?? 0 });
    return t("rules.row", { number: row.after ?? row.before ?? 0 });
  }
}

type CellsProps = { title: string; cells: readonly CellChange[]; kind?: RowChange["kind"] };

function Cells({ title, cells, kind }: CellsProps) {
  const { t } = useTranslation();
  if (cells.length === 0 && kind === undefined) return null;
  return (
    <Box sx={{ mb: 3, overflowX: "auto" }}>
      <Box sx={{ display: "flex", gap: 2, alignItems: "center" }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {title}
        </Typography>
        {kind && <Tag tone={TONE[kind]}>{t(`rules.change.${kind}`)}</Tag>}
      </Box>
      {cells.length > 0 && (
        <Table size="small" aria-label={title}>
          <TableHead>
            <TableRow>
              <TableCell sx={{ width: "24%" }}>{t("rules.column")}</TableCell>
              <TableCell sx={{ width: "38%" }}>{t("rules.before")}</TableCell>
              <TableCell>{t("rules.after")}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {cells.map((cell) => (
              <TableRow key={cell.column}>
                <TableCell component="th" scope="row">
                  {cell.column}
                </TableCell>
                <TableCell sx={{ color: "meaning.bad.strong", overflowWrap: "anywhere" }}>
                  {cell.before ?? "—"}
                </TableCell>
                <TableCell sx={{ color: "meaning.good.strong", overflowWrap: "anywhere" }}>
                  {cell.after ?? "—"}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Box>
  );
}
