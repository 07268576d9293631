import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { PageTitle } from "./PageTitle";
import { LoadFailed } from "./Problems";

type Props = { title: string; tab?: string; lead?: ReactNode; action?: ReactNode; children: ReactNode };

/** A page that scrolls in one column, under its title and the one act that belongs to it. */
export function Page({ title, tab = title, lead, action, children }: Props) {
  return (
    <Column>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Box sx={{ flex: "1 1 300px", minWidth: 0 }}>
          <PageTitle tab={tab}>{title}</PageTitle>
          {lead !== undefined && (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {lead}
            </Typography>
          )}
        </Box>
        {action}
      </Box>
      {children}
    </Column>
  );
}

/** What scrolls below the bars, in one column; `wide` where two things stand side by side in it. */
export function Column({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box
        sx={{
          maxWidth: wide ? 1240 : 960,
          mx: "auto",
          px: { xs: 4, sm: 6 },
          py: 5,
          display: "grid",
          gridTemplateColumns: "minmax(0, 1fr)",
          gap: 4,
        }}
      >
        {children}
      </Box>
    </Box>
  );
}

type Asked<Answer> = { data?: Answer | undefined; error?: unknown; refetch: () => unknown };

/** What the server was asked for: a skeleton until it comes, what went wrong, or the thing itself. */
export function Loaded<Answer>(props: { asked: Asked<Answer>; children: (answer: Answer) => ReactNode }) {
  const { t } = useTranslation();
  const { asked, children } = props;
  if (asked.data !== undefined) return children(asked.data);
  if (asked.error) return <LoadFailed error={asked.error} retry={() => void asked.refetch()} />;
  return <Skeleton variant="rounded" height={240} aria-label={t("common.loading")} />;
}

type Pages<Item> = {
  data?: { pages: readonly { items: readonly Item[] }[] } | undefined;
  error?: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

/** What comes page by page: the same, with words where there is nothing, and a press for more. */
export function LoadedPages<Item>(props: {
  pages: Pages<Item>;
  empty: string;
  children: (items: readonly Item[]) => ReactNode;
}) {
  const { t } = useTranslation();
  const { pages, empty, children } = props;
  const items = pages.data?.pages.flatMap((page) => page.items);
  return (
    <Loaded asked={{ data: items, error: pages.error, refetch: pages.refetch }}>
      {(found) =>
        found.length === 0 ? (
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {empty}
          </Typography>
        ) : (
          <>
            {children(found)}
            {pages.hasNextPage && (
              <Box>
                <Button
                  variant="outlined"
                  disabled={pages.isFetchingNextPage}
                  onClick={() => void pages.fetchNextPage()}
                >
                  {t("common.load_more")}
                </Button>
              </Box>
            )}
          </>
        )
      }
    </Loaded>
  );
}

/** Rows in one frame, parted by hairlines. */
export function Rows({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <Box
      component="ul"
      aria-label={label}
      sx={{
        listStyle: "none",
        m: 0,
        p: 0,
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        "& > li": { px: 4, py: 2.5, minWidth: 0 },
        "& > li + li": { borderTop: "1px solid", borderColor: "divider" },
      }}
    >
      {children}
    </Box>
  );
}
