import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useListStaffQuery } from "@/client/identity";
import type { Principal } from "@/client/types/identity";
import { PageTitle } from "@/ui/PageTitle";
import { Blank, LoadFailed } from "@/ui/Problems";
import { councilText, roleText } from "@/ui/roleText";
import { Tag } from "@/ui/Tag";

import { InviteDialog } from "./InviteDialog";

/** The people who work at this operator, and inviting another one. */
export function PeoplePage() {
  const { t } = useTranslation();
  const staff = useListStaffQuery();
  const [inviting, setInviting] = useState(false);
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto" }}>
      <Box sx={{ maxWidth: 960, mx: "auto", px: { xs: 4, sm: 6 }, py: 5 }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 3, mb: 4 }}>
          <Box sx={{ flex: 1 }}>
            <PageTitle tab={t("app.place.people")}>{t("people.title")}</PageTitle>
            <Typography variant="body2" sx={{ color: "text.secondary" }}>
              {t("people.lead")}
            </Typography>
          </Box>
          <Button variant="contained" onClick={() => setInviting(true)} disabled={staff.isError}>
            {t("people.invite")}
          </Button>
        </Box>
        {staff.error ? (
          <LoadFailed error={staff.error} retry={() => void staff.refetch()} />
        ) : !staff.data ? (
          <Skeleton variant="rounded" height={240} />
        ) : staff.data.items.length === 0 ? (
          <Blank title={t("people.empty_title")}>{t("people.empty_text")}</Blank>
        ) : (
          <StaffList staff={staff.data.items} />
        )}
      </Box>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </Box>
  );
}

function StaffList({ staff }: { staff: readonly Principal[] }) {
  const { t } = useTranslation();
  return (
    <Box
      component="ul"
      sx={{
        listStyle: "none",
        m: 0,
        p: 0,
        border: "1px solid",
        borderColor: "divider",
        borderRadius: 1,
        bgcolor: "background.paper",
      }}
    >
      {staff.map((person) => (
        <Box
          component="li"
          key={person.id}
          sx={{
            display: "grid",
            gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr auto" },
            gap: { xs: 1, sm: 4 },
            alignItems: "center",
            px: 4,
            py: 2.5,
            "& + &": { borderTop: "1px solid", borderColor: "divider" },
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
    </Box>
  );
}
