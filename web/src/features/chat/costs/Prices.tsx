import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import EditOutlined from "@mui/icons-material/EditOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useEndPriceMutation, useListPricesQuery } from "@/client/costs";
import { useMay } from "@/client/identity";
import type { Price } from "@/client/types/costs";
import { announce } from "@/lib/announce";
import { formatDate, formatMicros } from "@/lib/format";
import { Loaded, Rows } from "@/ui/Page";
import { ProblemAlert } from "@/ui/Problems";
import { TABULAR } from "@/ui/theme";

import { categoryText } from "./groups";
import { PriceForm } from "./PriceForm";

/** The prices that costs are counted with, each with where it stands. */
export function Prices() {
  const { t } = useTranslation();
  const asked = useListPricesQuery();
  const mayChange = useMay("message_price:change");
  const [edited, setEdited] = useState<Price | "new" | null>(null);
  return (
    <Box component="section" aria-labelledby="precos-titulo" sx={{ display: "grid", gap: 3, mt: 4 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Box sx={{ flex: "1 1 300px", minWidth: 0 }}>
          <Typography id="precos-titulo" variant="h2">
            {t("costs.prices")}
          </Typography>
          <Typography variant="body2" sx={{ color: "text.secondary" }}>
            {t("costs.prices_lead")}
          </Typography>
        </Box>
        {mayChange && (
          <Button variant="contained" onClick={() => setEdited("new")}>
            {t("costs.new_price")}
          </Button>
        )}
      </Box>
      <Loaded asked={asked}>
        {(prices) =>
          prices.length === 0 ? (
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("costs.no_prices")}
            </Typography>
          ) : (
            <Rows label={t("costs.prices")}>
              {prices.map((one) => (
                <Line key={one.id} one={one} edit={mayChange ? () => setEdited(one) : undefined} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={edited !== null}
        onClose={() => setEdited(null)}
        maxWidth="sm"
        fullWidth
        aria-labelledby="preco-titulo"
      >
        {edited !== null && (
          <PriceForm one={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
        )}
      </Dialog>
    </Box>
  );
}

function Line({ one, edit }: { one: Price; edit: (() => void) | undefined }) {
  const { t } = useTranslation();
  const [end, { isLoading, error }] = useEndPriceMutation();
  const what = `${categoryText(one.category)}, ${formatDate(one.valid_from)}`;
  const remove = async () => {
    const answer = await end(one.id);
    if (!answer.error) announce(t("costs.price_ended"));
  };
  const span =
    one.valid_until === null
      ? t("costs.since", { from: formatDate(one.valid_from) })
      : t("costs.between", { from: formatDate(one.valid_from), until: formatDate(one.valid_until) });
  return (
    <Box component="li" sx={{ display: "grid", gap: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 3 }}>
        <Typography sx={{ fontWeight: 600, flex: "1 1 140px", minWidth: 0 }}>
          {categoryText(one.category)}
        </Typography>
        <Typography sx={TABULAR}>{formatMicros(one.micros, one.currency)}</Typography>
        <Typography variant="body2" sx={{ ...TABULAR, color: "text.secondary", flex: "1 1 200px" }}>
          {span}
        </Typography>
        {edit && (
          <Box>
            <IconButton aria-label={t("costs.edit_price", { what })} onClick={edit}>
              <EditOutlined fontSize="small" />
            </IconButton>
            <IconButton
              aria-label={t("costs.end_price", { what })}
              disabled={isLoading}
              onClick={() => void remove()}
            >
              <DeleteOutlined fontSize="small" />
            </IconButton>
          </Box>
        )}
      </Box>
      <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
        {t("costs.source_of", { source: one.source, on: formatDate(one.verified_on) })}
      </Typography>
      {error !== undefined && <ProblemAlert error={error} />}
    </Box>
  );
}
