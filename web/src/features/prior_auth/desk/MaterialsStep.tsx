import AddOutlined from "@mui/icons-material/Add";
import DeleteOutlined from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import { isAnvisa, readMoney, type DraftMaterial } from "./draft";

const MOST = 999;
const LONGEST = { description: 300, maker: 120, anvisa: 13 } as const;
const EMPTY: DraftMaterial = { description: "", quantity: 1, maker: "", anvisa: "", unitPrice: "" };

type Props = { materials: readonly DraftMaterial[]; onChange: (materials: DraftMaterial[]) => void };

/** Special materials (OPME): what, how many, of whom, under which registration, at what price. */
export function MaterialsStep({ materials, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("ask.materials_help")}
      </Typography>
      {materials.map((material, place) => (
        <MaterialRow
          key={place}
          place={place}
          material={material}
          change={(changed) =>
            onChange(materials.map((one, at) => (at === place ? { ...one, ...changed } : one)))
          }
          remove={() => onChange(materials.filter((_one, at) => at !== place))}
        />
      ))}
      <Box>
        <Button
          variant="outlined"
          startIcon={<AddOutlined />}
          onClick={() => onChange([...materials, { ...EMPTY }])}
        >
          {t("ask.add_material")}
        </Button>
      </Box>
    </Box>
  );
}

type RowProps = {
  place: number;
  material: DraftMaterial;
  change: (changed: Partial<DraftMaterial>) => void;
  remove: () => void;
};

function MaterialRow({ place, material, change, remove }: RowProps) {
  const { t } = useTranslation();
  const name = material.description || t("ask.material_number", { number: place + 1 });
  const priceWrong = material.unitPrice.trim() !== "" && readMoney(material.unitPrice) === undefined;
  return (
    <Box
      role="group"
      aria-label={name}
      sx={{
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        p: 3,
        display: "grid",
        gap: 3,
        gridTemplateColumns: { xs: "1fr 1fr", sm: "minmax(0, 1fr) 160px 110px auto" },
        alignItems: "start",
      }}
    >
      <TextField
        label={t("ask.material")}
        value={material.description}
        onChange={(event) => change({ description: event.target.value.slice(0, LONGEST.description) })}
        sx={{ gridColumn: { xs: "1 / -1", sm: "1 / 3" } }}
      />
      <TextField
        label={t("ask.quantity")}
        value={material.quantity === 0 ? "" : material.quantity}
        onChange={(event) =>
          change({ quantity: Math.min(MOST, Number(event.target.value.replace(/\D/g, ""))) })
        }
        error={material.quantity === 0}
        slotProps={{ htmlInput: { inputMode: "numeric" } }}
      />
      <IconButton
        aria-label={t("ask.remove_item", { name })}
        onClick={remove}
        sx={{ justifySelf: "end", mt: 0.5 }}
      >
        <DeleteOutlined fontSize="small" />
      </IconButton>
      <TextField
        label={t("ask.maker")}
        value={material.maker}
        onChange={(event) => change({ maker: event.target.value.slice(0, LONGEST.maker) })}
        sx={{ gridColumn: { xs: "1 / -1", sm: "auto" } }}
      />
      <TextField
        label={t("ask.anvisa")}
        value={material.anvisa}
        onChange={(event) =>
          change({ anvisa: event.target.value.replace(/\D/g, "").slice(0, LONGEST.anvisa) })
        }
        error={!isAnvisa(material.anvisa)}
        helperText={isAnvisa(material.anvisa) ? undefined : t("ask.anvisa_wrong")}
        slotProps={{ htmlInput: { inputMode: "numeric" } }}
      />
      <TextField
        label={t("ask.unit_price")}
        value={material.unitPrice}
        onChange={(event) => change({ unitPrice: event.target.value })}
        error={priceWrong}
        helperText={priceWrong ? t("ask.price_wrong") : undefined}
        slotProps={{ htmlInput: { inputMode: "decimal" } }}
        sx={{ gridColumn: { sm: "3 / -1" } }}
      />
    </Box>
  );
}
