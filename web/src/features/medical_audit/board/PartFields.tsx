import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import { useTranslation } from "react-i18next";

import type { ItemPart } from "@/client/types/boards";

type Items = readonly { position: number; description: string; quantity: number }[];

/** How much of each line; a line left as asked is whole. */
export function partOf(items: Items, quantities: Record<number, string>): ItemPart[] {
  return items.map((item) => ({
    position: item.position,
    approved_quantity: Number(quantities[item.position] ?? item.quantity),
  }));
}

type Props = {
  items: Items;
  quantities: Record<number, string>;
  onChange: (quantities: Record<number, string>) => void;
};

export function PartFields({ items, quantities, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      {items.map((item) => (
        <TextField
          key={item.position}
          type="number"
          label={t("board.form.quantity", { item: item.description, asked: item.quantity })}
          value={quantities[item.position] ?? String(item.quantity)}
          onChange={(event) => onChange({ ...quantities, [item.position]: event.target.value })}
          slotProps={{ htmlInput: { min: 0, max: item.quantity, step: 1 } }}
        />
      ))}
    </Box>
  );
}
