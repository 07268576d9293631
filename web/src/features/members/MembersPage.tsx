import Link from "@mui/material/Link";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import Box from "@mui/material/Box";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";

import { useFindMembersQuery } from "@/client/members";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";

const SHORTEST_QUERY = 2;

/** Finding a person by card, CPF, telephone or parts of the name; opening the record is another step. */
export function MembersPage() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const short = query.length < SHORTEST_QUERY;
  const found = useFindMembersQuery(query, { skip: short });
  return (
    <Page title={t("members.title")} lead={t("members.lead")}>
      <TextField
        autoFocus
        label={t("members.find")}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      {short ? (
        <Blank title={t("members.start_title")}>{t("members.start_text")}</Blank>
      ) : (
        <Loaded asked={found}>
          {({ items }) =>
            items.length === 0 ? (
              <Blank title={t("members.nothing")} />
            ) : (
              <Rows label={t("members.title")}>
                {items.map((one) => (
                  <Box component="li" key={one.id} sx={{ display: "flex", gap: 4, alignItems: "baseline" }}>
                    <Link
                      component={RouterLink}
                      to={`/atendimento/beneficiarios/${one.id}`}
                      sx={{ fontWeight: 600 }}
                    >
                      {one.initials}
                    </Link>
                    <Typography variant="caption" sx={{ color: "text.secondary" }}>
                      {t("desk.card_end", { end: one.card_end })}
                    </Typography>
                  </Box>
                ))}
              </Rows>
            )
          }
        </Loaded>
      )}
    </Page>
  );
}
