import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetPackInForceQuery, useListPacksQuery } from "@/client/coverage";
import { useMay } from "@/client/identity";
import type { CoverageInForce, CoverageVersion } from "@/client/types/coverage";
import { formatDate, formatDateTime } from "@/lib/format";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { STATUS_TONE } from "../rules/status";
import { ActivateDialog } from "./ActivateDialog";
import { ImportDialog } from "./ImportDialog";
import { PackItems } from "./PackItems";

/** Coverage packs: which holds, what is in it and how far it was verified, and taking in another. */
export function CoveragePage() {
  const { t } = useTranslation();
  const held = useGetPackInForceQuery();
  const packs = useListPacksQuery();
  const [importing, setImporting] = useState(false);
  const mayImport = useMay("rules:propose");
  return (
    <Page
      title={t("coverage.title")}
      lead={t("coverage.lead")}
      action={
        mayImport && (
          <Button variant="contained" onClick={() => setImporting(true)}>
            {t("coverage.import")}
          </Button>
        )
      }
    >
      <Loaded asked={held}>
        {(inForce) => (
          <Loaded asked={packs}>{(versions) => <Packs inForce={inForce} versions={versions} />}</Loaded>
        )}
      </Loaded>
      <ImportDialog open={importing} onClose={() => setImporting(false)} />
    </Page>
  );
}

type Shown = { digest: string; name: string };

function Packs({ inForce, versions }: { inForce: CoverageInForce; versions: CoverageVersion[] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>(inForce);
  const [chosen, setChosen] = useState<CoverageVersion | null>(null);
  const mayActivate = useMay("rules:activate");
  const all: Shown[] = [...versions.map(({ digest, name }) => ({ digest, name }))];
  if (!all.some((one) => one.digest === inForce.digest)) all.unshift(inForce);
  return (
    <>
      {!inForce.own && (
        <Alert severity="warning" variant="outlined">
          {t("coverage.seed")} {inForce.about}
        </Alert>
      )}
      {versions.length > 0 && (
        <Box component="section" aria-labelledby="pacotes-titulo" sx={{ display: "grid", gap: 2 }}>
          <Typography id="pacotes-titulo" variant="h2">
            {t("coverage.versions")}
          </Typography>
          <Rows label={t("coverage.versions")}>
            {versions.map((one) => (
              <Box
                component="li"
                key={one.version_id}
                sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}
              >
                <Box sx={{ flex: "1 1 240px", minWidth: 0 }}>
                  <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: "anywhere" }}>
                    {one.name}
                  </Typography>
                  <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
                    {[
                      t("coverage.items", { count: one.items }),
                      t("coverage.imported_by", { at: formatDateTime(one.created_at) }),
                      t("rules.digest", { digest: one.digest.slice(0, 12) }),
                      ...(one.in_force_from
                        ? [t("rules.since", { from: formatDate(one.in_force_from) })]
                        : []),
                    ].join(" · ")}
                  </Typography>
                </Box>
                <Tag tone={STATUS_TONE[one.status]}>{t(`rules.status.${one.status}`)}</Tag>
                <Button onClick={() => setShown(one)}>{t("coverage.look_at")}</Button>
                {one.status === "proposed" && mayActivate && (
                  <Button variant="outlined" onClick={() => setChosen(one)}>
                    {t("coverage.activate")}
                  </Button>
                )}
              </Box>
            ))}
          </Rows>
        </Box>
      )}
      <PackItems key={shown.digest} shown={shown} others={all.filter((one) => one.digest !== shown.digest)} />
      <ActivateDialog version={chosen} onClose={() => setChosen(null)} />
    </>
  );
}
