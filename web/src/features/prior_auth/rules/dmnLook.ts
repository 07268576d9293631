import type { SystemStyleObject, Theme } from "@mui/system";

/** Decision tables in our form: hairlines instead of a black grid, our letters, narrower columns so that more fit. */
export const DMN_LOOK: SystemStyleObject<Theme> = {
  "& .dmn-decision-table-container": {
    "--decision-table-font-family": "inherit",
    "--decision-table-color": "var(--mui-palette-text-primary)",
    "--table-color": "var(--mui-palette-text-primary)",
    "--table-cell-color": "var(--mui-palette-text-primary)",
    "--table-cell-border-color": "var(--mui-palette-divider)",
    "--table-head-border-color": "var(--mui-palette-text-disabled)",
    "--table-head-clause-color": "var(--mui-palette-text-secondary)",
    "--table-head-variable-color": "var(--mui-palette-text-secondary)",
    "--table-row-alternative-background-color": "var(--mui-palette-background-default)",
    "--table-cell-selected-outline-color": "2px solid var(--mui-palette-primary-main)",
    fontSize: "0.8125rem",
    "& .tjs-table-container": { border: 0 },
    "& .decision-table-properties": { borderWidth: "0 0 1px", fontSize: "0.875rem" },
    "& .decision-table-properties .decision-table-name": { fontSize: "1rem", fontWeight: 650 },
    "& thead th": { width: 148, borderBottomStyle: "solid", borderBottomWidth: 1 },
    "& thead th.index-column": { width: 44 },
    "& thead th.annotation": { width: 300 },
    "& th:not(:first-of-type), & td:not(:first-of-type)": { padding: "6px 8px" },
    "& th.input-cell + th.output-cell, & td.input-cell + td.output-cell": {
      borderLeft: "2px solid var(--mui-palette-text-disabled)",
    },
    "& td.output-cell": { fontWeight: 550 },
    "& .input-label, & .output-label": { fontSize: "0.8125rem", fontWeight: 650 },
  },
};
