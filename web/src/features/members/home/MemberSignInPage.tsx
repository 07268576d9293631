import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField, { type TextFieldProps } from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { useNavigate, useSearchParams } from "react-router";

import { api } from "@/client/api";
import { useAskCodeMutation, useEnterWithCodeMutation } from "@/client/memberSession";
import { OFFLINE, problemOf } from "@/client/problem";
import { maskBirthDate, readBirthDate } from "@/lib/birthDate";
import { PageTitle } from "@/ui/PageTitle";
import { Mark } from "@/ui/Wordmark";

import { DemoMembers } from "./DemoMembers";
import { EmergencyBar } from "./EmergencyBar";
import { chosenOperator } from "./operator";

type Person = { number: string; birthDate: string };

/** How a member enters: number and date of birth, then the code that came. Nothing tells whether they are known. */
export function MemberSignInPage() {
  const [search] = useSearchParams();
  const operator = chosenOperator(search);
  const [person, setPerson] = useState<Person>({ number: "", birthDate: "" });
  const [ask, asking] = useAskCodeMutation();
  const codeId = asking.data?.code_id;

  const send = (given: Person) => {
    const birth_date = readBirthDate(given.birthDate);
    if (birth_date !== null) void ask({ operator, number: given.number.trim(), birth_date });
  };
  return (
    <Box sx={{ minHeight: "100%", display: "flex", flexDirection: "column", fontSize: "1.125rem" }}>
      <EmergencyBar />
      <Box component="main" sx={{ flex: 1, px: 5, py: 6, display: "flex", justifyContent: "center" }}>
        <Box sx={{ width: 1, maxWidth: 440, display: "grid", gap: 6, alignContent: "start" }}>
          <Box sx={{ display: "flex", alignItems: "center", gap: 3 }}>
            <Mark size={32} />
            <Typography sx={{ fontWeight: 700, fontSize: "1.125rem" }}>AUSTA</Typography>
          </Box>
          {codeId === undefined ? (
            <>
              <WhoForm
                person={person}
                change={setPerson}
                busy={asking.isLoading}
                error={asking.error}
                send={() => send(person)}
              />
              <DemoMembers choose={setPerson} />
            </>
          ) : (
            <CodeForm
              key={codeId}
              operator={operator}
              codeId={codeId}
              again={{ send: () => send(person), busy: asking.isLoading, error: asking.error }}
              back={asking.reset}
            />
          )}
        </Box>
      </Box>
    </Box>
  );
}

type WhoProps = {
  person: Person;
  change: (person: Person) => void;
  busy: boolean;
  error: unknown;
  send: () => void;
};

function WhoForm({ person, change, busy, error, send }: WhoProps) {
  const { t } = useTranslation();
  const [wrong, setWrong] = useState<"number" | "birth" | null>(null);
  const number = useRef<HTMLInputElement>(null);
  const birth = useRef<HTMLInputElement>(null);
  const submit = () => {
    const found =
      person.number.trim().length < 5 ? "number" : readBirthDate(person.birthDate) === null ? "birth" : null;
    setWrong(found);
    if (found === null) send();
    else (found === "number" ? number : birth).current?.focus();
  };
  return (
    <Form submit={submit}>
      <Heading tab={t("my.sign_in.title")} title={t("my.sign_in.title")} lead={t("my.sign_in.lead")} />
      <LargeField
        label={t("my.sign_in.number")}
        autoComplete="off"
        value={person.number}
        inputRef={number}
        onChange={(event) => change({ ...person, number: event.target.value })}
        error={wrong === "number"}
        helperText={t(wrong === "number" ? "my.sign_in.number_wrong" : "my.sign_in.number_help")}
        inputMode="text"
      />
      <LargeField
        label={t("my.sign_in.birth_date")}
        placeholder={t("member_link.birth_date_shape")}
        autoComplete="bday"
        value={person.birthDate}
        inputRef={birth}
        onChange={(event) => change({ ...person, birthDate: maskBirthDate(event.target.value) })}
        error={wrong === "birth"}
        helperText={t(wrong === "birth" ? "member_link.birth_date_wrong" : "member_link.birth_date_help")}
        inputMode="numeric"
      />
      {error !== undefined && <SignInProblem error={error} />}
      <LargeButton busy={busy}>{t(busy ? "my.sign_in.sending" : "my.sign_in.send_code")}</LargeButton>
    </Form>
  );
}

type CodeProps = {
  operator: string | null;
  codeId: string;
  again: { send: () => void; busy: boolean; error: unknown };
  back: () => void;
};

function CodeForm({ operator, codeId, again, back }: CodeProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const dispatch = useDispatch();
  const [enter, { error, isLoading }] = useEnterWithCodeMutation();
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async () => {
    const answer = await enter({ operator, code_id: codeId, code });
    if (answer.error) {
      field.current?.focus();
      return;
    }
    // Whatever was read in an earlier session is nobody's any more.
    dispatch(api.util.resetApiState());
    await navigate("/minha", { replace: true });
  };
  return (
    <Form submit={() => void submit()}>
      <Heading tab={t("my.code.title")} title={t("my.code.title")} lead={t("my.code.lead")} />
      <LargeField
        label={t("my.code.label")}
        autoComplete="one-time-code"
        value={code}
        inputRef={field}
        onChange={(event) => setCode(event.target.value.replace(/\D/g, "").slice(0, 6))}
        error={error !== undefined}
        helperText={t("my.code.help")}
        inputMode="numeric"
      />
      {error !== undefined && <SignInProblem error={error} />}
      {again.error !== undefined && <SignInProblem error={again.error} />}
      <LargeButton busy={isLoading || code.length < 6}>
        {t(isLoading ? "my.code.entering" : "my.code.enter")}
      </LargeButton>
      <Box sx={{ display: "grid", gap: 3, borderTop: "1px solid", borderColor: "divider", pt: 5 }}>
        <Typography sx={{ fontSize: "1.0625rem" }}>{t("my.code.nothing_came")}</Typography>
        <Button
          variant="outlined"
          onClick={again.send}
          disabled={again.busy}
          sx={{ minHeight: 52, fontSize: "1.0625rem" }}
        >
          {t("my.code.again")}
        </Button>
        <Button onClick={back} sx={{ minHeight: 48, fontSize: "1.0625rem" }}>
          {t("my.code.back")}
        </Button>
      </Box>
    </Form>
  );
}

function SignInProblem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { status, code } = problemOf(error);
  const text =
    code === "members.code_refused"
      ? t("my.problem.code_refused")
      : code === "members.no_such_operator"
        ? t("my.problem.no_operator")
        : code === OFFLINE
          ? t("my.problem.offline")
          : status === 429
            ? t("my.problem.paused")
            : t("my.problem.other");
  return (
    <Alert severity="error" variant="outlined" sx={{ fontSize: "1.0625rem" }}>
      {text}
    </Alert>
  );
}

function Form({ submit, children }: { submit: () => void; children: ReactNode }) {
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
      {children}
    </Box>
  );
}

function Heading({ tab, title, lead }: { tab: string; title: string; lead: string }) {
  return (
    <Box sx={{ display: "grid", gap: 2, "& h1": { fontSize: "1.625rem" } }}>
      <PageTitle tab={tab}>{title}</PageTitle>
      <Typography sx={{ fontSize: "1.125rem" }}>{lead}</Typography>
    </Box>
  );
}

function LargeField({ inputMode, ...field }: TextFieldProps & { inputMode: "numeric" | "text" }) {
  return (
    <TextField
      size="medium"
      {...field}
      // The label stands above the field at full size: one inside it is small and goes away.
      sx={{ "& fieldset": { top: 0 }, "& legend": { display: "none" } }}
      slotProps={{
        htmlInput: { inputMode, style: { fontSize: "1.25rem" } },
        inputLabel: {
          shrink: true,
          sx: { position: "static", transform: "none", mb: 1, fontSize: "1.125rem", color: "text.primary" },
        },
        formHelperText: { sx: { fontSize: "1rem" } },
      }}
    />
  );
}

function LargeButton({ busy, children }: { busy: boolean; children: ReactNode }) {
  return (
    <Button
      type="submit"
      variant="contained"
      size="large"
      disabled={busy}
      sx={{ minHeight: 56, fontSize: "1.125rem" }}
    >
      {children}
    </Button>
  );
}
