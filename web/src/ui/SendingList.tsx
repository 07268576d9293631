import CloseOutlined from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import LinearProgress from "@mui/material/LinearProgress";
import Typography from "@mui/material/Typography";
import { useTranslation } from "react-i18next";

import type { Sending } from "@/client/uploads";

import { ProblemAlert } from "./Problems";
import { TABULAR } from "./theme";

type Props = {
  sendings: readonly Sending[];
  retry: (one: Sending) => void;
  stop: (one: Sending) => void;
};

/** Files on their way, each with how far it is; what broke off goes on, or says why it cannot. */
export function SendingList({ sendings, retry, stop }: Props) {
  const { t } = useTranslation();
  return sendings.map((one) => {
    const { name } = one.file;
    const percent = Math.floor(one.sent * 100);
    return (
      <Box key={one.key} sx={{ display: "grid", gap: 1 }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 2 }}>
          <Typography variant="body2" noWrap title={name} sx={{ flex: 1, minWidth: 0 }}>
            {name}
          </Typography>
          {one.problem === null && (
            <Typography variant="caption" sx={{ ...TABULAR, color: "text.secondary" }}>
              {one.waiting ? t("sending.waiting") : t("sending.percent", { percent })}
            </Typography>
          )}
          <IconButton
            size="small"
            aria-label={t(one.problem === null ? "sending.stop" : "sending.drop", { name })}
            onClick={() => stop(one)}
          >
            <CloseOutlined fontSize="small" />
          </IconButton>
        </Box>
        {one.problem === null ? (
          <LinearProgress
            variant="determinate"
            value={percent}
            color={one.waiting ? "warning" : "primary"}
            aria-label={t("sending.progress", { name })}
          />
        ) : (
          <>
            <ProblemAlert error={one.problem} />
            <Box>
              <Button size="small" variant="outlined" onClick={() => retry(one)}>
                {t("common.try_again")}
              </Button>
            </Box>
          </>
        )}
      </Box>
    );
  });
}
