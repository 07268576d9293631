import CloseOutlined from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Loaded } from "./Page";

type Asked<Answer> = { data?: Answer | undefined; error?: unknown; refetch: () => unknown };

type Props<Answer> = {
  title: string;
  lead: string;
  open: boolean;
  onClose: () => void;
  /** What the panel is about; a skeleton stands until it has come. */
  asked: Asked<Answer>;
  children: (answer: Answer) => ReactNode;
};

/** A panel over the right side of the page that shows one thing the server was asked for. */
export function SidePanel<Answer>({ title, lead, open, onClose, asked, children }: Props<Answer>) {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: 1, sm: 600 }, p: 5 }, "aria-labelledby": titleId } }}
    >
      <Box sx={{ display: "flex", alignItems: "center", mb: 1 }}>
        <Typography id={titleId} variant="h1" component="h2" sx={{ flex: 1 }}>
          {title}
        </Typography>
        <IconButton aria-label={t("common.close")} onClick={onClose}>
          <CloseOutlined fontSize="small" />
        </IconButton>
      </Box>
      <Typography variant="body2" sx={{ color: "text.secondary", mb: 4 }}>
        {lead}
      </Typography>
      <Loaded asked={asked}>{children}</Loaded>
    </Drawer>
  );
}
