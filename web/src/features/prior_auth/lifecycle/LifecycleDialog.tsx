import CloseOutlined from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import IconButton from "@mui/material/IconButton";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { useGetLifecycleQuery } from "@/client/priorAuth";
import type { Lifecycle } from "@/client/types/priorAuth";
import { formatDateTime } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { LoadFailed } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

const LifecycleDiagram = lazy(() => import("./LifecycleDiagram"));

type Props = { requestId: string; open: boolean; onClose: () => void };

/** The way of a request: on the diagram of the whole life cycle, and as a list that says the same. */
export function LifecycleDialog({ requestId, open, onClose }: Props) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 900px)");
  const query = useGetLifecycleQuery(requestId, { skip: !open });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      fullScreen={narrow}
      maxWidth={false}
      aria-labelledby="caminho-titulo"
      slotProps={{ paper: { sx: { width: 1, ...(!narrow && { height: "calc(100% - 64px)" }) } } }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 3, px: 5, pt: 4, pb: 3 }}>
        <Typography id="caminho-titulo" variant="h1" component="h2">
          {t("lifecycle.title")}
        </Typography>
        <Box sx={{ flex: 1 }}>{query.data && <Tag tone="good">{query.data.state_name}</Tag>}</Box>
        {query.data && !narrow && (
          <Button color="secondary" onClick={() => saveDiagram(query.data?.bpmn ?? "", t("lifecycle.file"))}>
            {t("lifecycle.save")}
          </Button>
        )}
        <IconButton aria-label={t("common.close")} onClick={onClose}>
          <CloseOutlined fontSize="small" />
        </IconButton>
      </Box>
      {query.error ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} />
      ) : query.data ? (
        <Way way={query.data} />
      ) : (
        <Box sx={{ px: 5, pb: 5, height: 1 }}>
          <Skeleton variant="rounded" height="100%" />
        </Box>
      )}
    </Dialog>
  );
}

function Way({ way }: { way: Lifecycle }) {
  return (
    <Box
      sx={{
        flex: 1,
        minHeight: 0,
        display: "grid",
        gap: 5,
        px: 5,
        pb: 5,
        overflowY: "auto",
        gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "minmax(0, 1fr) 300px" },
        gridTemplateRows: { xs: "auto 70vh", md: "minmax(0, 1fr)" },
      }}
    >
      <Suspense fallback={<Skeleton variant="rounded" height="100%" />}>
        <LifecycleDiagram way={way} />
      </Suspense>
      <Box
        sx={{
          order: { xs: -1, md: 0 },
          minHeight: 0,
          overflowY: { md: "auto" },
          display: "grid",
          gap: 5,
          alignContent: "start",
        }}
      >
        <Steps way={way} />
        <Choices way={way} />
      </Box>
    </Box>
  );
}

function Steps({ way }: { way: Lifecycle }) {
  const { t } = useTranslation();
  return (
    <Box component="section" aria-labelledby="caminho-ate-aqui">
      <Typography id="caminho-ate-aqui" variant="h2" component="h3" sx={{ mb: 2 }}>
        {t("lifecycle.so_far")}
      </Typography>
      <Box component="ol" sx={{ m: 0, pl: 5, display: "grid", gap: 2 }}>
        {way.steps.map((step, index) => (
          <Typography
            component="li"
            variant="body2"
            key={index}
            aria-current={index === way.steps.length - 1 ? "step" : undefined}
          >
            <Box component="span" sx={{ fontWeight: 600 }}>
              {step.state_name}
            </Box>
            {step.text !== step.state_name && `: ${step.text}`}
            <Typography variant="caption" component="span" sx={{ display: "block", color: "text.secondary" }}>
              {formatDateTime(step.at)} · {t(`lifecycle.by.${step.by}`)}
            </Typography>
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

function Choices({ way }: { way: Lifecycle }) {
  const { t } = useTranslation();
  return (
    <Box component="section" aria-labelledby="caminho-adiante">
      <Typography id="caminho-adiante" variant="h2" component="h3" sx={{ mb: 2 }}>
        {t("lifecycle.next")}
      </Typography>
      {way.next.length === 0 ? (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("lifecycle.nothing_next")}
        </Typography>
      ) : (
        <Box component="ul" sx={{ m: 0, pl: 5, display: "grid", gap: 2 }}>
          {way.next.map((choice) => (
            <Typography component="li" variant="body2" key={`${choice.text}-${choice.state}`}>
              {choice.text}
              <Typography
                variant="caption"
                component="span"
                sx={{ display: "block", color: "text.secondary" }}
              >
                {t("lifecycle.leads_to", { state: choice.state_name })} ·{" "}
                {choice.by.map((one) => t(`lifecycle.by.${one}`)).join(", ")}
              </Typography>
            </Typography>
          ))}
        </Box>
      )}
    </Box>
  );
}

function saveDiagram(bpmn: string, name: string): void {
  saveFile(new Blob([bpmn], { type: "application/xml" }), name);
}
