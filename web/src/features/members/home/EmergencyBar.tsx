import PhoneInTalk from "@mui/icons-material/PhoneInTalk";
import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { useTranslation } from "react-i18next";

/** The number that helps now, always in reach: one touch calls it. */
export function EmergencyBar() {
  const { t } = useTranslation();
  return (
    <Box
      component="aside"
      aria-label={t("my.emergency.label")}
      sx={{
        flex: "none",
        display: "flex",
        alignItems: "center",
        justifyContent: "space-between",
        gap: 3,
        px: 4,
        py: 2,
        bgcolor: "meaning.bad.soft",
        color: "meaning.bad.strong",
        fontSize: "1rem",
        lineHeight: 1.3,
      }}
    >
      <span>{t("my.emergency.text")}</span>
      <Link
        href="tel:192"
        sx={{
          flex: "none",
          display: "inline-flex",
          alignItems: "center",
          gap: 2,
          minHeight: 44,
          px: 4,
          borderRadius: 1,
          bgcolor: "#B91C1C",
          color: "#FFFFFF",
          fontWeight: 700,
          fontSize: "1.0625rem",
          textDecoration: "none",
        }}
      >
        <PhoneInTalk aria-hidden sx={{ fontSize: 20 }} />
        {t("my.emergency.call")}
      </Link>
    </Box>
  );
}
