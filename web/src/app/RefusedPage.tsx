import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Session } from "@/client/types/identity";
import { Blank } from "@/ui/Problems";
import { roleText } from "@/ui/roleText";

import { placesFor } from "./places";

/** An address that is not for this person: as whom they are signed in, who can change that, and where they can go. */
export function RefusedPage({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [first] = placesFor(session, false);
  const { name, roles } = session.principal;
  return (
    <Blank
      alone
      title={t("app.refused")}
      action={
        first && (
          <Button component={Link} to={first.path} variant="outlined">
            {t("app.go_to", { place: t(`app.place.${first.name}`) })}
          </Button>
        )
      }
    >
      {t("app.refused_who", { name, roles: roles.map(roleText).join(", ") })}
      <br />
      {t("app.refused_what")}
    </Blank>
  );
}
