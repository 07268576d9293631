import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useListTiebreaksQuery } from "@/client/tiebreaks";
import { formatDateTime } from "@/lib/format";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

const EVERY_MINUTE = 60_000;

/** The boards that wait for the physician who signed in. */
export function TiebreaksPage() {
  const { t } = useTranslation();
  const waiting = useListTiebreaksQuery(undefined, { pollingInterval: EVERY_MINUTE });
  return (
    <Page title={t("tiebreak.title")} lead={t("tiebreak.lead")}>
      <Loaded asked={waiting}>
        {(found) =>
          found.length === 0 ? (
            <Blank title={t("tiebreak.empty")}>{t("tiebreak.empty_text")}</Blank>
          ) : (
            <Rows label={t("tiebreak.title")}>
              {found.map((one) => (
                <Box component="li" key={one.board_id} sx={{ display: "grid", gap: 1 }}>
                  <Link
                    component={RouterLink}
                    to={`/desempate/${one.board_id}`}
                    sx={{ fontWeight: 600, overflowWrap: "anywhere" }}
                  >
                    {one.procedure}
                  </Link>
                  <Typography variant="body2" component="div" sx={TABULAR}>
                    {t("tiebreak.number", { number: one.case_number })}
                    {one.until !== null &&
                      ` · ${t("tiebreak.until", { when: formatDateTime(one.until) })}`}{" "}
                    {one.late && <Tag tone="bad">{t("tiebreak.late")}</Tag>}{" "}
                    {one.sent && <Tag tone="doubt">{t("tiebreak.sent")}</Tag>}
                  </Typography>
                </Box>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  );
}
