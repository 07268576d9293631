import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListStaffQuery } from "@/client/identity";
import type { Principal } from "@/client/types/identity";
import { Loaded, Page, Rows } from "@/ui/Page";
import { Blank } from "@/ui/Problems";
import { councilText, roleText } from "@/ui/roleText";
import { Tag } from "@/ui/Tag";

import { InviteDialog } from "./InviteDialog";

/** The people who work at this operator, and inviting another one. */
export function PeoplePage() {
  const { t } = useTranslation();
  const staff = useListStaffQuery();
  const [inviting, setInviting] = useState(false);
  return (
    <Page
      title={t("people.title")}
      tab={t("app.place.people")}
      lead={t("people.lead")}
      action={
        <Button variant="contained" onClick={() => setInviting(true)} disabled={staff.isError}>
          {t("people.invite")}
        </Button>
      }
    >
      <Loaded asked={staff}>
        {(found) =>
          found.items.length === 0 ? (
            <Blank title={t("people.empty_title")}>{t("people.empty_text")}</Blank>
          ) : (
            <StaffList staff={found.items} />
          )
        }
      </Loaded>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

function StaffList({ staff }: { staff: readonly Principal[] }) {
  const { t } = useTranslation();
  return (
    <Rows>
      {staff.map((person) => (
        <Box
          component="li"
          key={person.id}
          sx={{
            display: "grid",
            gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr auto" },
            gap: { xs: 1, sm: 4 },
            alignItems: "center",
          }}
        >
          <Box sx={{ minWidth: 0 }}>
            <Typography variant="body2" sx={{ fontWeight: 600 }}>
              {person.name}
            </Typography>
            <Typography variant="caption" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
              {person.email}
            </Typography>
          </Box>
          <Typography variant="body2">
            {person.roles.map(roleText).join(", ")}
            {person.council && (
              <Typography component="span" variant="caption" sx={{ color: "text.secondary" }}>
                {" "}
                {councilText(person.council)}
              </Typography>
            )}
          </Typography>
          <Tag tone={person.active ? "good" : "quiet"}>
            {person.active ? t("people.active") : t("people.inactive")}
          </Tag>
        </Box>
      ))}
    </Rows>
  );
}
