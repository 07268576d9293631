import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFindProceduresQuery } from "@/client/desk";
import type { FoundProcedure, ItemNeeds } from "@/client/types/desk";
import type { Side } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { TABULAR } from "@/ui/theme";

import type { DraftItem } from "./draft";

const SHORTEST_QUERY = 3;
const MOST = 999;
const SIDES: readonly Side[] = ["right", "left", "both"];

type Props = {
  items: readonly DraftItem[];
  needs: readonly ItemNeeds[];
  onChange: (items: DraftItem[]) => void;
};

/** What is asked for, found by words or by code. */
export function ItemsStep({ items, needs, onChange }: Props) {
  const { t } = useTranslation();
  const add = (found: FoundProcedure) => {
    onChange([...items, { tuss: found.code, description: found.description, quantity: 1, laterality: null }]);
    announce(t("ask.item_added", { name: found.description }));
  };
  const change = (place: number, changed: Partial<DraftItem>) =>
    onChange(items.map((item, at) => (at === place ? { ...item, ...changed } : item)));
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <ProcedureField choose={add} />
      {items.map((item, place) => (
        <ItemRow
          key={`${item.tuss}-${place}`}
          item={item}
          needs={needs.find((one) => one.tuss === item.tuss)}
          change={(changed) => change(place, changed)}
          remove={() => onChange(items.filter((_item, at) => at !== place))}
        />
      ))}
    </Box>
  );
}

function ProcedureField({ choose }: { choose: (found: FoundProcedure) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const found = useFindProceduresQuery(query, { skip: query.length < SHORTEST_QUERY });
  const options = query.length < SHORTEST_QUERY ? [] : (found.data?.items ?? []);
  return (
    <Autocomplete<FoundProcedure>
      value={null}
      inputValue={typed}
      options={options}
      filterOptions={(all) => all}
      getOptionLabel={(one) => one.description}
      getOptionKey={(one) => one.code}
      blurOnSelect={false}
      clearOnBlur={false}
      loading={found.isFetching}
      loadingText={t("ask.searching")}
      noOptionsText={query.length < SHORTEST_QUERY ? t("ask.find_hint") : t("ask.nothing")}
      onInputChange={(_event, text, reason) => {
        if (reason !== "reset" && reason !== "selectOption") setTyped(text);
      }}
      onChange={(_event, one) => {
        if (one === null) return;
        choose(one);
        setTyped("");
      }}
      renderOption={({ key, ...props }, one) => (
        <li key={key} {...props}>
          <Box>
            <Typography variant="body2">{one.description}</Typography>
            <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
              {one.code}
              {!one.in_force && ` · ${t("ask.out_of_force")}`}
            </Typography>
          </Box>
        </li>
      )}
      renderInput={(params) => (
        <TextField {...params} label={t("ask.find_item")} helperText={t("ask.find_hint")} />
      )}
    />
  );
}

type RowProps = {
  item: DraftItem;
  needs: ItemNeeds | undefined;
  change: (changed: Partial<DraftItem>) => void;
  remove: () => void;
};

function ItemRow({ item, needs, change, remove }: RowProps) {
  const { t } = useTranslation();
  const papers = (needs?.documents ?? []).map((kind) => t(`desk.kind.${kind}`).toLowerCase());
  if (needs !== undefined && needs.quotes > 0) papers.push(t("ask.quotes", { count: needs.quotes }));
  return (
    <Box
      role="group"
      aria-label={item.description}
      sx={{
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        p: 3,
        display: "grid",
        gap: 3,
        gridTemplateColumns: { xs: "1fr 1fr auto", sm: "minmax(0, 1fr) 110px 140px auto" },
        alignItems: "center",
      }}
    >
      <Box sx={{ minWidth: 0, gridColumn: { xs: "1 / -1", sm: "auto" } }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          {item.description}
        </Typography>
        <Typography variant="caption" sx={{ color: "text.secondary", ...TABULAR }}>
          {item.tuss}
        </Typography>
        {papers.length > 0 && (
          <Typography variant="caption" component="p" sx={{ color: "text.secondary" }}>
            {t("ask.needs", { papers: papers.join(", ") })}
          </Typography>
        )}
      </Box>
      <TextField
        size="small"
        label={t("ask.quantity")}
        value={item.quantity === 0 ? "" : item.quantity}
        onChange={(event) =>
          change({ quantity: Math.min(MOST, Number(event.target.value.replace(/\D/g, ""))) })
        }
        error={item.quantity === 0}
        slotProps={{ htmlInput: { inputMode: "numeric" } }}
      />
      <TextField
        size="small"
        select
        label={t("desk.side.label")}
        value={item.laterality ?? ""}
        onChange={(event) =>
          change({ laterality: event.target.value === "" ? null : (event.target.value as Side) })
        }
        required={needs?.needs_side ?? false}
      >
        <MenuItem value="">{t("common.none")}</MenuItem>
        {SIDES.map((side) => (
          <MenuItem key={side} value={side}>
            {t(`desk.side.${side}`)}
          </MenuItem>
        ))}
      </TextField>
      <IconButton aria-label={t("ask.remove_item", { name: item.description })} onClick={remove}>
        <DeleteOutlined fontSize="small" />
      </IconButton>
    </Box>
  );
}
