import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";

import {
  useEndAccessMutation,
  useFindProvidersQuery,
  useInviteClerkMutation,
  useListClerksQuery,
} from "@/client/providers";
import type { Principal } from "@/client/types/identity";
import type { Provider } from "@/client/types/providers";
import { announce } from "@/lib/announce";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank, ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

const SHORTEST_QUERY = 2;

/** Who signs in for a hospital or clinic: chosen by name, invited, and put out. */
export function ClerksPage() {
  const { t } = useTranslation();
  const [provider, setProvider] = useState<Provider | null>(null);
  return (
    <Page title={t("clerks.title")} lead={t("clerks.lead")}>
      <ProviderField provider={provider} choose={setProvider} />
      {provider === null ? (
        <Blank title={t("clerks.choose_title")}>{t("clerks.choose_text")}</Blank>
      ) : (
        <Clerks key={provider.id} provider={provider} />
      )}
    </Page>
  );
}

function ProviderField({
  provider,
  choose,
}: {
  provider: Provider | null;
  choose: (one: Provider | null) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const short = query.length < SHORTEST_QUERY;
  const found = useFindProvidersQuery(query, { skip: short });
  return (
    <Autocomplete<Provider>
      value={provider}
      inputValue={typed}
      options={short ? [] : (found.data?.items ?? [])}
      filterOptions={(all) => all}
      getOptionLabel={(one) => one.name}
      getOptionKey={(one) => one.id}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      loading={found.isFetching}
      loadingText={t("ask.searching")}
      noOptionsText={t(short ? "clerks.find_help" : "clerks.nothing")}
      onInputChange={(_event, text) => setTyped(text)}
      onChange={(_event, one) => choose(one)}
      renderOption={({ key, ...props }, one) => (
        <li key={key} {...props}>
          <Box>
            <Typography variant="body2">{one.name}</Typography>
            <Typography variant="caption" sx={{ color: "text.secondary" }}>
              {one.city}/{one.state}
            </Typography>
          </Box>
        </li>
      )}
      renderInput={(params) => (
        <TextField {...params} label={t("clerks.find")} helperText={t("clerks.find_help")} />
      )}
    />
  );
}

function Clerks({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const clerks = useListClerksQuery(provider.id);
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Principal | null>(null);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}>
        <Typography variant="h2" sx={{ flex: 1, minWidth: 200 }}>
          {provider.name}
        </Typography>
        <Button variant="contained" onClick={() => setInviting(true)}>
          {t("clerks.invite")}
        </Button>
      </Box>
      <Loaded asked={clerks}>
        {({ items }) =>
          items.length === 0 ? (
            <Blank title={t("clerks.empty_title")}>{t("clerks.empty_text")}</Blank>
          ) : (
            <Rows label={provider.name}>
              {items.map((person) => (
                <Box
                  component="li"
                  key={person.id}
                  sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 3 }}
                >
                  <Box sx={{ flex: "1 1 220px", minWidth: 0 }}>
                    <Typography variant="body2" sx={{ fontWeight: 600 }}>
                      {person.name}
                    </Typography>
                    <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
                      {person.email}
                    </Typography>
                  </Box>
                  <Tag tone={person.active ? "good" : "quiet"}>
                    {t(person.active ? "people.active" : "people.inactive")}
                  </Tag>
                  <Button
                    color="error"
                    aria-label={t("clerks.remove_of", { name: person.name })}
                    onClick={() => setLeaving(person)}
                  >
                    {t("clerks.remove")}
                  </Button>
                </Box>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={inviting}
        onClose={() => setInviting(false)}
        maxWidth="xs"
        fullWidth
        aria-labelledby="convidar-titulo"
      >
        {inviting && <InviteForm provider={provider} onClose={() => setInviting(false)} />}
      </Dialog>
      <Dialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        maxWidth="xs"
        fullWidth
        aria-labelledby="tirar-titulo"
      >
        {leaving && <EndAccess person={leaving} onClose={() => setLeaving(null)} />}
      </Dialog>
    </>
  );
}

function InviteForm({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { t } = useTranslation();
  const [invite, { error, isLoading }] = useInviteClerkMutation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const ready = name.trim() !== "" && email.includes("@");
  const submit = async () => {
    const clerk = { name: name.trim(), email: email.trim() };
    const answer = await invite({ provider_id: provider.id, clerk });
    if (answer.error) return;
    announce(t("people.invited", { email: clerk.email }));
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      <DialogTitle id="convidar-titulo">{t("clerks.invite")}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4, pt: "8px !important" }}>
        <Typography variant="body2">{t("clerks.invite_lead", { name: provider.name })}</Typography>
        <TextField
          autoFocus
          label={t("people.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t("sign_in.email")}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="contained" disabled={!ready || isLoading}>
          {t("people.send_invitation")}
        </Button>
      </DialogActions>
    </form>
  );
}

function EndAccess({ person, onClose }: { person: Principal; onClose: () => void }) {
  const { t } = useTranslation();
  const [end, { error, isLoading }] = useEndAccessMutation();
  const submit = async () => {
    const answer = await end(person.id);
    if (answer.error) return;
    announce(t("clerks.removed", { name: person.name }));
    onClose();
  };
  return (
    <>
      <DialogTitle id="tirar-titulo">{t("clerks.remove_of", { name: person.name })}</DialogTitle>
      <DialogContent sx={{ display: "grid", gap: 4 }}>
        <Typography variant="body2">{t("clerks.remove_lead")}</Typography>
        {error && <ProblemAlert error={error} />}
      </DialogContent>
      <DialogActions sx={{ px: 6, pb: 5 }}>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button color="error" variant="contained" disabled={isLoading} onClick={() => void submit()}>
          {t("clerks.remove")}
        </Button>
      </DialogActions>
    </>
  );
}
