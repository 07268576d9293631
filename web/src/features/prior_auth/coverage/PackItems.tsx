import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetPackSourceQuery } from "@/client/coverage";
import {
  comparePacks,
  findItems,
  isVerified,
  readPack,
  type ItemChange,
  type PackItem,
} from "@/lib/coveragePack";
import { formatDate } from "@/lib/format";
import { codeText } from "@/ui/codeText";
import { findText } from "@/ui/findText";
import { Loaded, Rows } from "@/ui/Page";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

type Pack = { digest: string; name: string };

const A_PAGE = 40;

/** The items of a pack with class, criteria and source; beside another pack, what changed. */
export function PackItems({ shown, others }: { shown: Pack; others: readonly Pack[] }) {
  const { t } = useTranslation();
  const source = useGetPackSourceQuery(shown.digest);
  const [beside, setBeside] = useState("");
  return (
    <Box component="section" aria-labelledby="itens-titulo" sx={{ display: "grid", gap: 3 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Typography id="itens-titulo" variant="h2" sx={{ flex: "1 1 240px", overflowWrap: "anywhere" }}>
          {t("coverage.items_of", { name: shown.name })}
        </Typography>
        {others.length > 0 && (
          <TextField
            select
            label={t("coverage.compare")}
            value={beside}
            onChange={(event) => setBeside(event.target.value)}
            sx={{ width: 240 }}
          >
            <MenuItem value="">{t("coverage.no_compare")}</MenuItem>
            {others.map((one) => (
              <MenuItem key={one.digest} value={one.digest}>
                {one.name}
              </MenuItem>
            ))}
          </TextField>
        )}
      </Box>
      <Loaded asked={source}>
        {(text) => (
          <>
            {beside !== "" && <Changes before={beside} after={text} />}
            <Items text={text} />
          </>
        )}
      </Loaded>
    </Box>
  );
}

function Items({ text }: { text: string }) {
  const { t } = useTranslation();
  const items = useMemo(() => readPack(text), [text]);
  const [typed, setTyped] = useState("");
  const [unverified, setUnverified] = useState(false);
  const [pages, setPages] = useState(1);
  const searched = useDeferredValue(typed);
  const found = findItems(items, searched).filter((item) => !unverified || !isVerified(item));
  const shown = found.slice(0, pages * A_PAGE);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <TextField
          label={t("coverage.search")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setPages(1);
          }}
          sx={{ flex: "1 1 280px" }}
        />
        <FormControlLabel
          control={<Checkbox checked={unverified} onChange={(_event, checked) => setUnverified(checked)} />}
          label={t("coverage.only_unverified")}
        />
      </Box>
      <Typography variant="caption" role="status" sx={{ color: "text.secondary" }}>
        {found.length === 0
          ? t("coverage.nothing")
          : t("coverage.shown", { shown: shown.length, all: found.length })}
      </Typography>
      {shown.length > 0 && (
        <Rows label={t("coverage.title")}>
          {shown.map((item) => (
            <Item key={item.code} item={item} />
          ))}
        </Rows>
      )}
      {shown.length < found.length && (
        <Box>
          <Button variant="outlined" onClick={() => setPages(pages + 1)}>
            {t("coverage.more")}
          </Button>
        </Box>
      )}
    </>
  );
}

function Item({ item }: { item: PackItem }) {
  const { t } = useTranslation();
  const traits = [
    findText(`coverage.class_of.${item.service_class}`) ?? item.service_class,
    ...(item.high_complexity ? [t("coverage.high_complexity")] : []),
    ...(item.low_risk ? [t("coverage.low_risk")] : []),
    ...(item.max_quantity === null ? [] : [t("coverage.max_quantity", { count: item.max_quantity })]),
    ...(item.min_interval_days === 0 ? [] : [t("coverage.interval", { count: item.min_interval_days })]),
  ];
  return (
    <Box component="li" sx={{ display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "baseline", columnGap: 3, rowGap: 1 }}>
        <Typography variant="body2" sx={{ fontWeight: 600, flex: "1 1 260px", minWidth: 0 }}>
          {item.description}{" "}
          <Typography component="span" variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
            {item.code}
          </Typography>
        </Typography>
        <Tag tone={item.listing === "listed" ? "quiet" : "doubt"}>
          {t(`coverage.listing.${item.listing}`)}
        </Tag>
        <Verified item={item} />
      </Box>
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {traits.join(" · ")}
      </Typography>
      {item.documents.length > 0 && (
        <Typography variant="caption">
          {t("coverage.documents", {
            kinds: item.documents.map((kind) => codeText("document", kind)).join(", "),
          })}
        </Typography>
      )}
      {item.audit !== null && (
        <Typography variant="caption">{t("coverage.always", { why: item.audit })}</Typography>
      )}
      {item.criteria.length > 0 && (
        <Box>
          <Typography variant="caption" sx={{ fontWeight: 600 }}>
            {t("coverage.criteria")}
          </Typography>
          <Box component="ul" sx={{ m: 0, pl: 4 }}>
            {item.criteria.map((one) => (
              <Typography component="li" variant="caption" key={one} sx={{ display: "list-item" }}>
                {one}
              </Typography>
            ))}
          </Box>
        </Box>
      )}
      <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
        {item.source.clause}
      </Typography>
    </Box>
  );
}

/** Says plainly where nobody checked a value against the text of the norm. */
function Verified({ item }: { item: PackItem }) {
  const { t } = useTranslation();
  const { confidence, verified_on } = item.source;
  if (confidence === "demo") return <Tag tone="doubt">{t("coverage.demo")}</Tag>;
  if (verified_on === null) return <Tag tone="doubt">{t("coverage.not_verified")}</Tag>;
  return <Tag tone="good">{t("coverage.verified", { day: formatDate(verified_on) })}</Tag>;
}

const KINDS = ["added", "removed", "changed"] as const;

function Changes({ before, after }: { before: string; after: string }) {
  const source = useGetPackSourceQuery(before);
  return <Loaded asked={source}>{(text) => <ChangeList before={text} after={after} />}</Loaded>;
}

function ChangeList({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  const changes = useMemo(() => comparePacks(readPack(before), readPack(after)), [before, after]);
  return (
    <Box component="section" aria-label={t("coverage.changes")} sx={{ display: "grid", gap: 2 }}>
      <Typography variant="h3">{t("coverage.changes")}</Typography>
      {changes.length === 0 && <Typography variant="body2">{t("coverage.same")}</Typography>}
      {KINDS.map((kind) => (
        <OfKind key={kind} kind={kind} changes={changes.filter((one) => one.kind === kind)} />
      ))}
    </Box>
  );
}

function OfKind({ kind, changes }: { kind: ItemChange["kind"]; changes: readonly ItemChange[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  return (
    <Box component="details" open={changes.length <= A_PAGE}>
      <Typography component="summary" variant="body2" sx={{ cursor: "pointer", fontWeight: 600 }}>
        {t(`coverage.change.${kind}`)} ({changes.length})
      </Typography>
      <Box component="ul" sx={{ m: 0, mt: 1, pl: 4, display: "grid", gap: 1 }}>
        {changes.map((one) => (
          <Typography component="li" variant="body2" key={one.code} sx={{ overflowWrap: "anywhere" }}>
            {one.description}{" "}
            <Typography component="span" variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
              {one.code}
            </Typography>
            {one.fields.map(({ field, before, after }) => (
              <Typography
                key={field}
                variant="caption"
                component="div"
                sx={{ color: "text.secondary", overflowWrap: "anywhere" }}
              >
                {t("coverage.field_change", { field, before, after })}
              </Typography>
            ))}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}
