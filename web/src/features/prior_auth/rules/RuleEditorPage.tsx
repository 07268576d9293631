import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Skeleton from "@mui/material/Skeleton";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useNavigate, useParams, useSearchParams } from "react-router";

import {
  useCheckRulesMutation,
  useDraftRulesMutation,
  useGetRuleExamplesQuery,
  useGetRuleXmlQuery,
} from "@/client/rules";
import { announce } from "@/lib/announce";
import { Column } from "@/ui/Page";
import { PageTitle } from "@/ui/PageTitle";
import { LoadFailed, ProblemAlert } from "@/ui/Problems";

import { Report } from "./Report";

const Tables = lazy(() => import("./Tables"));

/** A new version, begun from another one: tables and examples are changed, checked, and kept as a draft. */
export function RuleEditorPage() {
  const { t } = useTranslation();
  const { ruleSet = "" } = useParams();
  const [address] = useSearchParams();
  const from = address.get("de") ?? "";
  const xml = useGetRuleXmlQuery(from);
  const examples = useGetRuleExamplesQuery(from);
  const error = xml.error ?? examples.error;
  return (
    <Column wide>
      <Box>
        <Link component={RouterLink} to={`/admin/regras/${ruleSet}`} variant="body2">
          {t("rules.back")}
        </Link>
        <PageTitle tab={t("rules.new_version")}>{t("rules.new_version")}</PageTitle>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("rules.editor_lead")}
        </Typography>
      </Box>
      {error ? (
        <LoadFailed error={error} />
      ) : xml.data !== undefined && examples.data !== undefined ? (
        <Editor ruleSet={ruleSet} xml={xml.data} examples={examples.data} />
      ) : (
        <Skeleton variant="rounded" height={320} />
      )}
    </Column>
  );
}

function Editor({ ruleSet, xml, examples }: { ruleSet: string; xml: string; examples: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const read = useRef<() => Promise<string>>(() => Promise.resolve(xml));
  const onReady = useCallback((reader: () => Promise<string>) => {
    read.current = reader;
  }, []);
  const [part, setPart] = useState<"tables" | "examples">("tables");
  const [rows, setRows] = useState(() => JSON.stringify(JSON.parse(examples), null, 2));
  const [note, setNote] = useState("");
  const [check, checked] = useCheckRulesMutation();
  const [draft, drafted] = useDraftRulesMutation();
  const content = async () => ({ xml: await read.current(), examples: rows });
  const save = async () => {
    const kept = await draft({ ruleSet, draft: { ...(await content()), note } });
    if (kept.error) return;
    announce(t("rules.kept"));
    await navigate(`/admin/regras/${ruleSet}?versao=${kept.data.id}`);
  };
  return (
    <>
      <Tabs
        value={part}
        aria-label={t("rules.parts")}
        onChange={(_event, next: "tables" | "examples") => setPart(next)}
        sx={{ borderBottom: "1px solid", borderColor: "divider" }}
      >
        <Tab value="tables" label={t("rules.part.tables")} />
        <Tab value="examples" label={t("rules.part.examples")} />
      </Tabs>
      {/* Both stay: what was changed in one is not lost by looking at the other. */}
      <Box hidden={part !== "tables"}>
        <Suspense fallback={<Skeleton variant="rounded" height={320} />}>
          <Tables xml={xml} onReady={onReady} />
        </Suspense>
      </Box>
      <Box hidden={part !== "examples"}>
        <TextField
          multiline
          fullWidth
          minRows={12}
          maxRows={28}
          label={t("rules.part.examples")}
          helperText={t("rules.examples_help")}
          value={rows}
          onChange={(event) => setRows(event.target.value)}
          slotProps={{
            htmlInput: {
              spellCheck: false,
              style: { fontFamily: "ui-monospace, monospace", fontSize: "0.75rem" },
            },
          }}
        />
      </Box>
      <TextField
        multiline
        minRows={2}
        label={t("rules.note")}
        helperText={t("rules.note_help")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {(checked.error ?? drafted.error) !== undefined && (
        <ProblemAlert error={checked.error ?? drafted.error} kept={t("decision.kept")} />
      )}
      {checked.data && <Report report={checked.data} />}
      <Box sx={{ display: "flex", gap: 2, justifyContent: "flex-end", flexWrap: "wrap" }}>
        <Button
          variant="outlined"
          disabled={checked.isLoading}
          onClick={() => void content().then((found) => check({ ruleSet, content: found }))}
        >
          {t(checked.isLoading ? "rules.checking" : "rules.check")}
        </Button>
        <Button variant="contained" disabled={drafted.isLoading} onClick={() => void save()}>
          {t("rules.keep")}
        </Button>
      </Box>
    </>
  );
}
