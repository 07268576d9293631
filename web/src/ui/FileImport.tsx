import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { TABULAR } from "@/ui/theme";

/** The inside of a dialog: a file is picked and checked, its report is read (`children`), and then it is kept or not. */
export function FileImport(props: {
  title: string;
  titleId: string;
  lead: string;
  pick: Parameters<typeof FilePick>[0];
  keep: string;
  mayKeep: boolean;
  onKeep: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <DialogTitle id={props.titleId}>{props.title}</DialogTitle>
      <DialogContent sx={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 4 }}>
        <Typography variant="body2">{props.lead}</Typography>
        <FilePick {...props.pick} />
        {props.children}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={props.onClose}>{t("common.cancel")}</Button>
        <Button variant="contained" disabled={!props.mayKeep} onClick={props.onKeep}>
          {props.keep}
        </Button>
      </DialogActions>
    </>
  );
}

/** A button that asks for one file, and its name beside it; `status` is said instead while something is done with it. */
function FilePick(props: {
  label: string;
  accept: string;
  busy: boolean;
  status: string | undefined;
  onPick: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
      <Button variant="outlined" disabled={props.busy} onClick={() => input.current?.click()}>
        {props.label}
      </Button>
      <Typography variant="body2" role="status" sx={{ minWidth: 0, overflowWrap: "anywhere" }}>
        {props.status}
      </Typography>
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept}
        aria-label={props.label}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) props.onPick(chosen);
          event.target.value = "";
        }}
      />
    </Box>
  );
}

/** What is wrong in a file, by line. */
export function FileProblems(props: {
  title: string;
  problems: readonly { line: number; column: string; code: string; problem: string }[];
  lineText: (line: number) => string;
}) {
  return (
    <Alert severity="error" variant="outlined">
      <Typography variant="body2">{props.title}</Typography>
      <Box component="ul" tabIndex={0} sx={{ m: 0, mt: 1, pl: 4, maxHeight: 240, overflowY: "auto" }}>
        {props.problems.map((one) => (
          <Typography
            component="li"
            variant="caption"
            key={`${one.line}-${one.column}-${one.code}`}
            sx={{ overflowWrap: "anywhere", ...TABULAR }}
          >
            {props.lineText(one.line)}
            {one.column !== "" && `, ${one.column}`}: {one.problem}
          </Typography>
        ))}
      </Box>
    </Alert>
  );
}
