import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useListRuleSetsQuery } from "@/client/rules";
import type { RuleSet } from "@/client/types/rules";
import { formatDate } from "@/lib/format";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

/** What is decided by tables, with the version in force of each. */
export function RulesPage() {
  const { t } = useTranslation();
  const sets = useListRuleSetsQuery();
  return (
    <Page title={t("rules.title")} lead={t("rules.lead")}>
      <Loaded asked={sets}>
        {(found) =>
          found.length === 0 ? (
            <Blank title={t("rules.none")} />
          ) : (
            <Rows>
              {found.map((one) => (
                <SetLine key={one.name} one={one} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  );
}

function SetLine({ one }: { one: RuleSet }) {
  const { t } = useTranslation();
  const since = one.in_force?.in_force_from;
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "1fr", sm: "1fr auto" },
        gap: { xs: 2, sm: 4 },
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Link component={RouterLink} to={`/admin/regras/${one.name}`} sx={{ fontWeight: 600 }}>
          {one.title}
        </Link>
        <Typography variant="body2">{one.about}</Typography>
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {one.decisions.join(" · ")}
        </Typography>
      </Box>
      <Box sx={{ display: "grid", gap: 1, justifyItems: { xs: "start", sm: "end" }, alignContent: "start" }}>
        {one.in_force && (
          <Tag tone="good">
            {t("rules.in_force", {
              number: one.in_force.number,
              date: since ? formatDate(since) : t("common.unknown"),
            })}
          </Tag>
        )}
        {one.waiting > 0 && <Tag tone="doubt">{t("rules.waiting", { count: one.waiting })}</Tag>}
        <Typography variant="caption" sx={{ color: "text.secondary" }}>
          {t("rules.versions", { count: one.versions })}
        </Typography>
      </Box>
    </Box>
  );
}
