import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { newKey } from "@/client/baseQuery";
import { useSavePriceMutation } from "@/client/costs";
import type { Price } from "@/client/types/costs";
import { announce } from "@/lib/announce";
import { useNow } from "@/lib/useNow";
import { ProblemAlert } from "@/ui/Problems";

import { CATEGORIES, categoryText } from "./groups";

const CURRENCIES = ["BRL", "USD", "EUR"];
const MILLION = 1_000_000;
const LONGEST_SOURCE = 300;

/** A price as it is entered: what for, how much, where it stands, from when on. */
export function PriceForm({ one, onClose }: { one: Price | null; onClose: () => void }) {
  const { t } = useTranslation();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [price, setPrice] = useState<Price>(
    () =>
      one ?? {
        id: newKey(),
        category: "utility",
        currency: "BRL",
        micros: 0,
        source: "",
        verified_on: today,
        valid_from: today,
        valid_until: null,
      },
  );
  const [typed, setTyped] = useState(one === null ? "" : String(one.micros / MILLION).replace(".", ","));
  const [save, { error, isLoading }] = useSavePriceMutation();
  const micros = microsOf(typed);
  const isBackwards = price.valid_until !== null && price.valid_until < price.valid_from;
  const isWhole =
    micros !== null &&
    price.source.trim().length >= 3 &&
    price.valid_from !== "" &&
    price.verified_on !== "" &&
    !isBackwards;
  const set = (changed: Partial<Price>) => setPrice((before) => ({ ...before, ...changed }));
  const submit = async () => {
    if (micros === null) return;
    const answer = await save({ ...price, micros, source: price.source.trim() });
    if (answer.error) return;
    announce(t("costs.price_saved"));
    onClose();
  };
  const categories = [...new Set<string>([...CATEGORIES, price.category])];
  return (
    <>
      <DialogTitle id="preco-titulo">
        {one === null ? t("costs.new_price") : t("costs.change_price")}
      </DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 3, "&&": { pt: 2 } }}>
        {error !== undefined && <ProblemAlert error={error} />}
        <TextField
          select
          label={t("costs.group.category")}
          value={price.category}
          onChange={(event) => set({ category: event.target.value })}
        >
          {categories.map((category) => (
            <MenuItem key={category} value={category}>
              {categoryText(category)}
            </MenuItem>
          ))}
        </TextField>
        <Box sx={{ display: "flex", gap: 3 }}>
          <TextField
            fullWidth
            label={t("costs.price")}
            value={typed}
            error={typed !== "" && micros === null}
            helperText={t("costs.price_help")}
            onChange={(event) => setTyped(event.target.value)}
            slotProps={{ htmlInput: { inputMode: "decimal" } }}
          />
          <TextField
            select
            label={t("costs.currency")}
            value={price.currency}
            sx={{ minWidth: 110 }}
            onChange={(event) => set({ currency: event.target.value })}
          >
            {[...new Set([...CURRENCIES, price.currency])].map((currency) => (
              <MenuItem key={currency} value={currency}>
                {currency}
              </MenuItem>
            ))}
          </TextField>
        </Box>
        <TextField
          label={t("costs.source")}
          value={price.source}
          helperText={t("costs.source_help")}
          onChange={(event) => set({ source: event.target.value })}
          slotProps={{ htmlInput: { maxLength: LONGEST_SOURCE } }}
        />
        <TextField
          type="date"
          label={t("costs.verified_on")}
          value={price.verified_on}
          onChange={(event) => set({ verified_on: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 3, "& > *": { flex: "1 1 180px" } }}>
          <TextField
            type="date"
            label={t("costs.valid_from")}
            value={price.valid_from}
            onChange={(event) => set({ valid_from: event.target.value })}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <TextField
            type="date"
            label={t("costs.valid_until")}
            value={price.valid_until ?? ""}
            error={isBackwards}
            helperText={isBackwards ? t("costs.wrong") : t("costs.valid_until_help")}
            onChange={(event) => set({ valid_until: event.target.value === "" ? null : event.target.value })}
            slotProps={{ inputLabel: { shrink: true } }}
          />
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={!isWhole || isLoading} onClick={() => void submit()}>
          {t("costs.save")}
        </Button>
      </DialogActions>
    </>
  );
}

/** Millionths of what is typed with comma or point; null for anything that is no price. */
function microsOf(typed: string): number | null {
  const found = /^(\d{1,3})(?:[.,](\d{1,6}))?$/.exec(typed.trim());
  return found ? Number(found[1]) * MILLION + Number((found[2] ?? "").padEnd(6, "0")) : null;
}
