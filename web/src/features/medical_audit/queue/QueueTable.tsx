import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import type { CaseLine } from "@/client/types/medicalAudit";
import { formatDateTime, formatMoney, formatRelative } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";
import { TimeLeftText } from "@/ui/TimeLeftText";
import { UrgencyMark } from "@/ui/UrgencyMark";
import { VisuallyHidden } from "@/ui/VisuallyHidden";

import type { Density } from "./QueuePage";

type Props = {
  rows: readonly CaseLine[];
  now: number;
  loading: boolean;
  density: Density;
  active: CaseLine | undefined;
  activate: (row: CaseLine) => void;
  open: (row: CaseLine) => void;
  selected: ReadonlySet<string>;
  toggle: (row: CaseLine) => void;
};

const COLUMNS = [
  "urgency",
  "time_left",
  "number",
  "member",
  "procedure",
  "amount",
  "reason",
  "assigned",
  "last_event",
] as const;

/** Widths in pixels; the procedure takes what is left. A narrow table leaves out the last ones first. */
const WIDTH: Partial<Record<(typeof COLUMNS)[number], number>> = {
  urgency: 140,
  time_left: 122,
  number: 112,
  member: 140,
  amount: 112,
  reason: 196,
  assigned: 128,
  last_event: 168,
};

const HIDDEN_UNDER: Partial<Record<(typeof COLUMNS)[number], number>> = {
  last_event: 1240,
  assigned: 1060,
  amount: 1000,
};

export function QueueTable(props: Props) {
  const { t } = useTranslation();
  const height = props.density === "dense" ? 36 : 48;
  return (
    <Box sx={{ containerType: "inline-size" }}>
      <Box
        component="table"
        role="grid"
        aria-label={t("app.place.queue")}
        aria-busy={props.loading}
        sx={tableStyle(height)}
      >
        <thead>
          <tr>
            <Box component="th" scope="col" sx={{ width: 44 }}>
              <VisuallyHidden>{t("queue.column.select")}</VisuallyHidden>
            </Box>
            {COLUMNS.map((column) => (
              <Box
                component="th"
                scope="col"
                key={column}
                className={`col-${column}`}
                sx={{ width: WIDTH[column], textAlign: column === "amount" ? "right" : "left" }}
              >
                {t(`queue.column.${column}`)}
              </Box>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.loading ? (
            <SkeletonRows />
          ) : (
            props.rows.map((row, index) => (
              <QueueRow key={row.id} row={row} first={index === 0 && props.active === undefined} {...props} />
            ))
          )}
        </tbody>
      </Box>
    </Box>
  );
}

function QueueRow({ row, first, now, active, selected, ...act }: Props & { row: CaseLine; first: boolean }) {
  const { t, i18n } = useTranslation();
  const isActive = active?.id === row.id;
  const isSelected = selected.has(row.id);
  return (
    // Keys of a row (Enter, X, A, Space) are the page's keys and act on the row that has the focus.

    <tr
      id={`caso-${row.id}`}
      tabIndex={isActive || first ? 0 : -1}
      aria-selected={isSelected}
      className={isActive ? "active" : ""}
      onFocus={() => act.activate(row)}
      onClick={() => act.open(row)}
    >
      <td onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="small"
          checked={isSelected}
          onChange={() => act.toggle(row)}
          tabIndex={-1}
          slotProps={{ input: { "aria-label": t("queue.select_case", { number: row.number }) } }}
          sx={{ p: 1 }}
        />
      </td>
      <td>
        <UrgencyMark urgency={row.urgency} />
      </td>
      <td>
        <TimeLeftText now={now} clock={row} />
      </td>
      <td>
        <Link
          component={RouterLink}
          to={`/cockpit/casos/${row.id}`}
          underline="hover"
          tabIndex={-1}
          onClick={(event) => event.stopPropagation()}
          sx={{ ...TABULAR, fontWeight: 550, color: "text.primary" }}
        >
          {row.number}
        </Link>
      </td>
      <td>
        <MemberMark member={row.member} />
      </td>
      <td title={row.procedure}>
        <ProcedureText row={row} />
      </td>
      <Box component="td" className="col-amount" sx={{ ...TABULAR, textAlign: "right" }}>
        {row.amount_centavos === null ? t("common.none") : formatMoney(row.amount_centavos)}
      </Box>
      <td>
        <ReasonChips reasons={row.route_reasons} />
      </td>
      <Box
        component="td"
        className="col-assigned"
        sx={{ color: row.assigned_to ? "text.primary" : "text.secondary" }}
      >
        {row.assigned_to?.name ?? t("queue.nobody")}
      </Box>
      <Box component="td" className="col-last_event" sx={{ color: "text.secondary" }}>
        <Tooltip title={formatDateTime(row.last_event.at)}>
          <span>
            {codeText("event", row.last_event.type)}, {formatRelative(row.last_event.at, now, i18n.language)}
          </span>
        </Tooltip>
      </Box>
    </tr>
  );
}

/** Initials and the end of the card, which tells people of the same initials apart and is never cut. */
export function MemberMark({ member }: { member: CaseLine["member"] }) {
  return (
    <Box component="span" sx={{ display: "inline-flex", alignItems: "baseline", gap: 1, maxWidth: 1 }}>
      <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis", minWidth: 0 }}>
        {member.initials}
      </Box>
      <Box component="span" sx={{ ...TABULAR, flex: "none", color: "text.secondary", fontSize: "0.75rem" }}>
        ···{member.card_end}
      </Box>
    </Box>
  );
}

function ProcedureText({ row }: { row: CaseLine }) {
  const { t } = useTranslation();
  return (
    <>
      {row.procedure}{" "}
      <Typography component="span" variant="caption" sx={{ ...TABULAR, color: "text.secondary" }}>
        {row.tuss} {row.more_items > 0 && t("queue.more_items", { count: row.more_items })}
      </Typography>
    </>
  );
}

export function ReasonChips({ reasons }: { reasons: CaseLine["route_reasons"] }) {
  const { t } = useTranslation();
  const [first, ...rest] = reasons;
  if (!first) return <>{t("common.none")}</>;
  return (
    <Tooltip title={reasons.map((reason) => reason.text).join(" · ")}>
      <Box component="span" sx={{ display: "flex", alignItems: "center", gap: 1, minWidth: 0 }}>
        <Tag>{first.label}</Tag>
        {rest.length > 0 && (
          <Box component="span" sx={{ flex: "none" }}>
            <Tag>+{rest.length}</Tag>
          </Box>
        )}
      </Box>
    </Tooltip>
  );
}

function SkeletonRows() {
  return Array.from({ length: 12 }, (_row, index) => (
    <tr key={index} aria-hidden>
      <td aria-hidden />
      {COLUMNS.map((column) => (
        <td key={column} className={`col-${column}`}>
          <Skeleton variant="text" width={`${60 + ((index * 7) % 35)}%`} />
        </td>
      ))}
    </tr>
  ));
}

function tableStyle(height: number) {
  const hidden = Object.fromEntries(
    Object.entries(HIDDEN_UNDER).map(([column, width]) => [
      `@container (max-width: ${width}px)`,
      { [`& .col-${column}`]: { display: "none" } },
    ]),
  );
  return {
    width: 1,
    tableLayout: "fixed",
    borderCollapse: "separate",
    borderSpacing: 0,
    fontSize: "0.8125rem",
    "& th": {
      position: "sticky",
      top: 0,
      zIndex: 1,
      height: 34,
      px: 2,
      bgcolor: "background.paper",
      color: "text.secondary",
      fontSize: "0.75rem",
      fontWeight: 550,
      whiteSpace: "nowrap",
      borderBottom: "1px solid",
      borderColor: "divider",
    },
    "& td": {
      height,
      px: 2,
      py: 0,
      overflow: "hidden",
      textOverflow: "ellipsis",
      whiteSpace: "nowrap",
      borderBottom: "1px solid",
      borderColor: "surface.hairline",
    },
    "& th:first-of-type, & td:first-of-type": { pl: 3, pr: 0, textOverflow: "clip" },
    "& tbody tr": { cursor: "pointer" },
    "& tbody tr:hover": { bgcolor: "surface.hover" },
    "& tbody tr[aria-selected=true]": { bgcolor: "surface.selected" },
    "& tbody tr:focus-visible": { outlineOffset: -2 },
    "& tbody tr.active td:first-of-type": { boxShadow: "inset 3px 0 0 var(--mui-palette-primary-main)" },
    ...hidden,
  } as const;
}
