import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { OFFLINE, problemOf, type Problem } from "@/client/problem";

import { findText } from "./findText";

/** What happened, in plain words: by code when there is a text for it, else by kind of failure. */
export function problemText(t: TFunction, problem: Problem): string {
  const known = findText(`problem.code.${problem.code.replace(/\./g, "__")}`);
  return known ?? t(`problem.kind.${kindOf(problem)}`);
}

function kindOf(problem: Problem) {
  if (problem.code === OFFLINE) return "offline";
  switch (problem.status) {
    case 401:
      return "signed_out";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 409:
    case 412:
      return "conflict";
    case 400:
    case 413:
    case 415:
    case 422:
      return "invalid";
    case 429:
      return "slow_down";
    case 503:
      return "unavailable";
    default:
      return "unexpected";
  }
}

/** A failed act beside the form it came from. What was typed stays. */
export function ProblemAlert({ error, kept }: { error: unknown; kept?: string }) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  return (
    <Alert severity="error" variant="outlined" sx={{ alignItems: "flex-start" }}>
      <Typography variant="body2">
        {problemText(t, problem)} {kept}
      </Typography>
      <LackingList names={problem.details?.lacking ?? []} />
      {problem.errors !== undefined && (
        <Typography variant="caption" component="p">
          {t("problem.fields", { fields: problem.errors.map((one) => one.field).join(", ") })}
        </Typography>
      )}
      <Typography variant="caption" sx={{ color: "text.secondary" }}>
        {t("problem.code_to_quote", { code: problem.code })}
      </Typography>
    </Alert>
  );
}

/** What a decision still needs, by the server's names. */
export function LackingList({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Box component="ul" sx={{ my: 1, pl: 4 }}>
      {names.map((name) => (
        <Typography component="li" variant="body2" key={name}>
          {findText(`problem.lacking.${name}`) ?? name}
        </Typography>
      ))}
    </Box>
  );
}

/** A place that could not be loaded: what happened, what to do, and a code to quote. */
export function LoadFailed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  return (
    <Blank
      title={t("problem.load_failed")}
      action={
        retry && (
          <Button variant="outlined" onClick={retry}>
            {t("common.try_again")}
          </Button>
        )
      }
    >
      {problemText(t, problem)}
      <br />
      <Typography variant="caption" component="span">
        {t("problem.code_to_quote", { code: problem.code })}
      </Typography>
    </Blank>
  );
}

/** An empty or failed place: what would be here and the one useful action. */
export function Blank(props: {
  title: string;
  /** It is all there is on the page: its title is the page's heading. */
  alone?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Box
      sx={{
        display: "grid",
        justifyItems: "center",
        alignContent: "start",
        gap: 2,
        px: 6,
        py: 16,
        textAlign: "center",
      }}
    >
      <Typography variant="h2" component={props.alone ? "h1" : "p"}>
        {props.title}
      </Typography>
      {props.children !== undefined && (
        <Typography variant="body2" component="div" sx={{ color: "text.secondary", maxWidth: 420 }}>
          {props.children}
        </Typography>
      )}
      {props.action && <Box sx={{ mt: 2 }}>{props.action}</Box>}
    </Box>
  );
}
