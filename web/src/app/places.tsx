import ApartmentOutlined from "@mui/icons-material/ApartmentOutlined";
import BadgeOutlined from "@mui/icons-material/BadgeOutlined";
import CalendarMonthOutlined from "@mui/icons-material/CalendarMonthOutlined";
import DescriptionOutlined from "@mui/icons-material/DescriptionOutlined";
import AddBoxOutlined from "@mui/icons-material/AddBoxOutlined";
import EventAvailableOutlined from "@mui/icons-material/EventAvailableOutlined";
import InboxOutlined from "@mui/icons-material/InboxOutlined";
import HealthAndSafetyOutlined from "@mui/icons-material/HealthAndSafetyOutlined";
import MarkunreadMailboxOutlined from "@mui/icons-material/MarkunreadMailboxOutlined";
import NotificationsActiveOutlined from "@mui/icons-material/NotificationsActiveOutlined";
import PeopleOutlined from "@mui/icons-material/PeopleOutlined";
import RadarOutlined from "@mui/icons-material/RadarOutlined";
import RuleOutlined from "@mui/icons-material/RuleOutlined";
import SmartphoneOutlined from "@mui/icons-material/SmartphoneOutlined";
import type { ComponentType } from "react";

import type { Session } from "@/client/types/identity";

export type Place = {
  name:
    | "desk"
    | "ask"
    | "queue"
    | "alerts"
    | "access"
    | "members"
    | "people"
    | "clerks"
    | "rules"
    | "coverage"
    | "signals"
    | "calendar"
    | "phone"
    | "outbox";
  group: "desk" | "cockpit" | "care" | "admin" | "demo";
  path: string;
  Icon: ComponentType<{ fontSize?: "small" }>;
};

const PLACES: readonly Place[] = [
  { name: "desk", group: "desk", path: "/prestador/pedidos", Icon: DescriptionOutlined },
  { name: "ask", group: "desk", path: "/prestador/novo", Icon: AddBoxOutlined },
  { name: "queue", group: "cockpit", path: "/cockpit/fila", Icon: InboxOutlined },
  { name: "alerts", group: "care", path: "/atendimento/alertas", Icon: NotificationsActiveOutlined },
  { name: "members", group: "care", path: "/atendimento/beneficiarios", Icon: BadgeOutlined },
  { name: "access", group: "care", path: "/atendimento/vagas", Icon: EventAvailableOutlined },
  { name: "people", group: "admin", path: "/admin/pessoas", Icon: PeopleOutlined },
  { name: "clerks", group: "admin", path: "/admin/prestadores", Icon: ApartmentOutlined },
  { name: "rules", group: "admin", path: "/admin/regras", Icon: RuleOutlined },
  { name: "coverage", group: "admin", path: "/admin/cobertura", Icon: HealthAndSafetyOutlined },
  { name: "signals", group: "admin", path: "/admin/sinais", Icon: RadarOutlined },
  { name: "calendar", group: "admin", path: "/admin/calendario", Icon: CalendarMonthOutlined },
  { name: "phone", group: "demo", path: "/demo/telefone", Icon: SmartphoneOutlined },
  { name: "outbox", group: "demo", path: "/demo/caixa-de-saida", Icon: MarkunreadMailboxOutlined },
];

/** Whether somebody acts for a hospital or clinic: the desk is theirs, and nothing of the operator's. */
export function isClerk(session: Session | null): boolean {
  return session?.principal.provider_id != null;
}

/** The places this person can go to: the demonstration's only where there is one. */
export function placesFor(session: Session | null, demo: boolean): Place[] {
  return PLACES.filter((place) => {
    if (place.group === "demo") return demo;
    return session !== null && (place.group === "desk") === isClerk(session);
  });
}

/** Whether an address lies within a place; a case belongs to the queue. */
export function isWithin(place: Place, pathname: string): boolean {
  if (pathname.startsWith(place.path)) return true;
  return place.name === "queue" && pathname.startsWith("/cockpit/");
}
