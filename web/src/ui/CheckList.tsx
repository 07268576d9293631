import CheckCircleOutlined from "@mui/icons-material/CheckCircleOutlined";
import HighlightOffOutlined from "@mui/icons-material/HighlightOffOutlined";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

type Props = { good: boolean; title: string; checks: readonly { text: string; ok: boolean }[] };

/** What was verified, check by check, under one verdict. */
export function CheckList({ good, title, checks }: Props) {
  const { t } = useTranslation();
  return (
    <Box
      role="status"
      sx={{
        p: 4,
        borderRadius: 1,
        bgcolor: good ? "meaning.good.soft" : "meaning.bad.soft",
        color: good ? "meaning.good.strong" : "meaning.bad.strong",
      }}
    >
      <Typography sx={{ fontWeight: 650, mb: 2 }}>{title}</Typography>
      {checks.map(({ text, ok }) => (
        <Typography
          key={text}
          variant="body2"
          sx={{ display: "flex", alignItems: "center", gap: 2, py: 0.5 }}
        >
          {ok ? (
            <CheckCircleOutlined fontSize="small" titleAccess={t("common.yes")} />
          ) : (
            <HighlightOffOutlined fontSize="small" titleAccess={t("common.no")} />
          )}
          {text}
        </Typography>
      ))}
    </Box>
  );
}
