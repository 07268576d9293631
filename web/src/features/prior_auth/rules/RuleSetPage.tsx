import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useParams, useSearchParams } from "react-router";

import { useMay } from "@/client/identity";
import { useListRuleSetsQuery, useListRuleVersionsQuery } from "@/client/rules";
import type { RuleVersion } from "@/client/types/rules";
import { formatDate, formatDateTime } from "@/lib/format";
import { PageTitle } from "@/ui/PageTitle";
import { LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import { STATUS_TONE } from "./status";
import { VersionView } from "./VersionView";

/** One set of tables: its versions, and what is in the one that is looked at. */
export function RuleSetPage() {
  const { t } = useTranslation();
  const { ruleSet = "" } = useParams();
  const [address, setAddress] = useSearchParams();
  const sets = useListRuleSetsQuery();
  const versions = useListRuleVersionsQuery(ruleSet);
  const one = sets.data?.find((found) => found.name === ruleSet);
  const found = versions.data ?? [];
  const chosen =
    found.find((version) => version.id === address.get("versao")) ??
    found.find((version) => version.status === "active") ??
    found[0];
  const mayWrite = useMay("rules:propose");
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box
        sx={{
          maxWidth: 1240,
          mx: "auto",
          px: { xs: 4, sm: 6 },
          py: 5,
          display: "grid",
          gap: 5,
          gridTemplateColumns: "minmax(0, 1fr)",
        }}
      >
        <Box sx={{ display: "flex", gap: 3, alignItems: "start", flexWrap: "wrap" }}>
          <Box sx={{ flex: "1 1 320px", minWidth: 0 }}>
            <Link component={RouterLink} to="/admin/regras" variant="body2">
              {t("rules.title")}
            </Link>
            <PageTitle tab={one?.title ?? t("rules.title")}>{one?.title ?? ruleSet}</PageTitle>
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {one?.about}
            </Typography>
          </Box>
          {mayWrite && chosen && (
            <Button
              component={RouterLink}
              to={`/admin/regras/${ruleSet}/nova?de=${chosen.id}`}
              variant="contained"
            >
              {t("rules.new_version")}
            </Button>
          )}
        </Box>
        {versions.error ? (
          <LoadFailed error={versions.error} retry={() => void versions.refetch()} />
        ) : !versions.data ? (
          <Skeleton variant="rounded" height={160} />
        ) : (
          <Versions
            versions={found}
            chosen={chosen?.id}
            choose={(id) => setAddress({ versao: id }, { replace: true })}
          />
        )}
        {chosen && <VersionView key={chosen.id} version={chosen} />}
      </Box>
    </Box>
  );
}

type VersionsProps = {
  versions: readonly RuleVersion[];
  chosen: string | undefined;
  choose: (id: string) => void;
};

function Versions({ versions, chosen, choose }: VersionsProps) {
  const { t } = useTranslation();
  return (
    <Box
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      role="region"
      aria-label={t("rules.versions_title")}
      sx={{
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
        overflow: "auto",
        maxHeight: 320,
      }}
    >
      <Table size="small" stickyHeader aria-label={t("rules.versions_title")} sx={{ minWidth: 680 }}>
        <TableHead>
          <TableRow>
            <TableCell>{t("rules.version")}</TableCell>
            <TableCell>{t("rules.status_title")}</TableCell>
            <TableCell>{t("rules.held")}</TableCell>
            <TableCell>{t("rules.author")}</TableCell>
            <TableCell>{t("rules.note")}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {versions.map((version) => (
            <TableRow key={version.id} hover selected={version.id === chosen}>
              <TableCell>
                <Link
                  component="button"
                  type="button"
                  aria-current={version.id === chosen ? "true" : undefined}
                  onClick={() => choose(version.id)}
                >
                  {t("rules.number", { number: version.number })}
                </Link>
              </TableCell>
              <TableCell>
                <Tag tone={STATUS_TONE[version.status]}>{t(`rules.status.${version.status}`)}</Tag>
              </TableCell>
              <TableCell>{heldText(version)}</TableCell>
              <TableCell>
                {version.author_name ?? version.author}
                <Typography variant="caption" component="div" sx={{ color: "text.secondary" }}>
                  {formatDateTime(version.created_at)}
                </Typography>
              </TableCell>
              <TableCell>{version.note}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );

  function heldText({ in_force_from, in_force_until }: RuleVersion): string {
    if (in_force_from === null) return "—";
    const from = formatDate(in_force_from);
    return in_force_until === null
      ? t("rules.since", { from })
      : t("rules.from_until", { from, until: formatDate(in_force_until) });
  }
}
