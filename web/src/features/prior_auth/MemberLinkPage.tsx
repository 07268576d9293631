import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { fetchLetter, useOpenLinkMutation } from "@/client/priorAuth";
import { problemOf } from "@/client/problem";
import type { OpenedLink } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { formatDate } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { PageTitle } from "@/ui/PageTitle";
import { Mark } from "@/ui/Wordmark";

import { maskBirthDate, readBirthDate } from "@/lib/birthDate";

/** What a member sees behind the link in a message: nothing before the birth date agrees. */
export function MemberLinkPage() {
  const { t } = useTranslation();
  const { token = "" } = useParams();
  const [open, answer] = useOpenLinkMutation();
  return (
    <Box
      component="main"
      sx={{ minHeight: "100%", px: 5, py: 6, display: "flex", justifyContent: "center", fontSize: "1rem" }}
    >
      <Box sx={{ width: 1, maxWidth: 440, display: "grid", gap: 6, alignContent: "start" }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 3 }}>
          <Mark size={32} />
          <Typography sx={{ fontWeight: 700, fontSize: "1rem" }}>AUSTA</Typography>
        </Box>
        {answer.data ? (
          <Answer
            link={answer.data}
            letter={() => fetchLetter(token, answer.originalArgs?.birth_date ?? "")}
          />
        ) : (
          <ConfirmPerson
            busy={answer.isLoading}
            error={answer.error}
            confirm={(birth_date) => void open({ token, birth_date })}
          />
        )}
        <Typography sx={{ color: "text.secondary", fontSize: "0.9375rem" }}>
          {t("member_link.privacy")}
        </Typography>
      </Box>
    </Box>
  );
}

type ConfirmProps = { busy: boolean; error: unknown; confirm: (birthDate: string) => void };

function ConfirmPerson({ busy, error, confirm }: ConfirmProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const date = readBirthDate(typed);
    setWrong(date === null);
    if (date !== null) confirm(date);
  };
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      sx={{ display: "grid", gap: 5 }}
    >
      <Box sx={{ display: "grid", gap: 2, "& h1": { fontSize: "1.5rem" } }}>
        <PageTitle tab={t("member_link.title")}>{t("member_link.confirm_title")}</PageTitle>
        <Typography sx={{ fontSize: "1rem" }}>{t("member_link.confirm_text")}</Typography>
      </Box>
      <TextField
        size="medium"
        label={t("member_link.birth_date")}
        placeholder={t("member_link.birth_date_shape")}
        autoComplete="bday"
        value={typed}
        onChange={(event) => setTyped(maskBirthDate(event.target.value))}
        error={wrong}
        helperText={wrong ? t("member_link.birth_date_wrong") : t("member_link.birth_date_help")}
        slotProps={{
          htmlInput: { inputMode: "numeric", style: { fontSize: "1.125rem" } },
          inputLabel: { sx: { fontSize: "1rem" } },
          formHelperText: { sx: { fontSize: "0.9375rem" } },
        }}
      />
      {error !== undefined && <LinkProblem error={error} />}
      <Button
        type="submit"
        variant="contained"
        size="large"
        disabled={busy}
        sx={{ minHeight: 52, fontSize: "1rem" }}
      >
        {busy ? t("member_link.opening") : t("member_link.open")}
      </Button>
    </Box>
  );
}

function LinkProblem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { status } = problemOf(error);
  const text =
    status === 404
      ? t("member_link.problem.gone")
      : status === 429
        ? t("member_link.problem.locked")
        : status === 401 || status === 403 || status === 422
          ? t("member_link.problem.not_you")
          : t("member_link.problem.other");
  return (
    <Alert severity="error" variant="outlined" sx={{ fontSize: "1rem" }}>
      {text}
    </Alert>
  );
}

type AnswerProps = { link: OpenedLink; letter: () => Promise<Blob | null> };

function Answer({ link, letter }: AnswerProps) {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "grid", gap: 5, "& h1": { fontSize: "1.5rem" } }}>
      <PageTitle tab={t("member_link.title")}>{t("member_link.your_request")}</PageTitle>
      <Typography sx={{ fontSize: "1.0625rem", whiteSpace: "pre-line" }}>{link.text}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 5, display: "grid", gap: 1 }}>
        {link.procedures.map((procedure) => (
          <Typography component="li" key={procedure} sx={{ fontSize: "1rem", fontWeight: 600 }}>
            {procedure}
          </Typography>
        ))}
      </Box>
      {link.missing.length > 0 && (
        <Box>
          <Typography sx={{ fontSize: "1rem", fontWeight: 600 }}>{t("member_link.missing")}</Typography>
          <Box component="ul" sx={{ m: 0, pl: 5 }}>
            {link.missing.map((paper) => (
              <Typography component="li" key={paper} sx={{ fontSize: "1rem" }}>
                {paper}
              </Typography>
            ))}
          </Box>
        </Box>
      )}
      {link.guide_number !== null && (
        <Box
          sx={{ border: "1px solid", borderColor: "divider", borderRadius: 1, bgcolor: "background.paper" }}
        >
          <Fact name={t("member_link.guide")} value={link.guide_number} copyable />
          {link.senha !== null && <Fact name={t("member_link.auth_code")} value={link.senha} copyable />}
          {link.valid_until !== null && (
            <Fact name={t("member_link.valid_until")} value={formatDate(link.valid_until)} />
          )}
        </Box>
      )}
      {link.guide_number !== null && (
        <Typography sx={{ fontSize: "1rem" }}>{t("member_link.how_to_use")}</Typography>
      )}
      {link.replaced_guide !== null && (
        <Typography sx={{ fontSize: "1rem", fontWeight: 600, overflowWrap: "anywhere" }}>
          {t("member_link.replaced_guide", { number: link.replaced_guide })}
        </Typography>
      )}
      {(link.decided_at !== null || link.missing.length > 0) && <LetterButton letter={letter} />}
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("member_link.protocol", { protocol: link.protocol })}
      </Typography>
    </Box>
  );
}

/** Saves the answer on paper. */
function LetterButton({ letter }: Pick<AnswerProps, "letter">) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const save = async () => {
    const pdf = await letter();
    setFailed(pdf === null);
    if (pdf) saveFile(pdf, t("member_link.letter_file"));
  };
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <Button
        variant="outlined"
        size="large"
        onClick={() => void save()}
        sx={{ minHeight: 52, fontSize: "1rem" }}
      >
        {t("member_link.letter")}
      </Button>
      {failed && (
        <Alert severity="error" variant="outlined" sx={{ fontSize: "1rem" }}>
          {t("member_link.letter_failed")}
        </Alert>
      )}
    </Box>
  );
}

function Fact({ name, value, copyable = false }: { name: string; value: string; copyable?: boolean }) {
  const { t } = useTranslation();
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    announce(t("common.copied"));
  };
  return (
    <Box
      sx={{
        px: 4,
        py: 3,
        display: "flex",
        alignItems: "center",
        "& + &": { borderTop: "1px solid", borderColor: "divider" },
      }}
    >
      <Box sx={{ flex: 1 }}>
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {name}
        </Typography>
        <Typography
          sx={{
            fontSize: "1.25rem",
            fontWeight: 650,
            fontVariantNumeric: "tabular-nums",
            overflowWrap: "anywhere",
          }}
        >
          {value}
        </Typography>
      </Box>
      {copyable && window.isSecureContext && (
        <Button variant="outlined" aria-label={`${t("common.copy")} ${name}`} onClick={() => void copy()}>
          {t("common.copy")}
        </Button>
      )}
    </Box>
  );
}
