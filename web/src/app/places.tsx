import InboxOutlined from "@mui/icons-material/InboxOutlined";
import MarkunreadMailboxOutlined from "@mui/icons-material/MarkunreadMailboxOutlined";
import NotificationsActiveOutlined from "@mui/icons-material/NotificationsActiveOutlined";
import PeopleOutlined from "@mui/icons-material/PeopleOutlined";
import RuleOutlined from "@mui/icons-material/RuleOutlined";
import SmartphoneOutlined from "@mui/icons-material/SmartphoneOutlined";
import type { ComponentType } from "react";

export type Place = {
  name: "queue" | "alerts" | "people" | "rules" | "phone" | "outbox";
  group: "cockpit" | "care" | "admin" | "demo";
  path: string;
  Icon: ComponentType<{ fontSize?: "small" }>;
};

const PLACES: readonly Place[] = [
  { name: "queue", group: "cockpit", path: "/cockpit/fila", Icon: InboxOutlined },
  { name: "alerts", group: "care", path: "/atendimento/alertas", Icon: NotificationsActiveOutlined },
  { name: "people", group: "admin", path: "/admin/pessoas", Icon: PeopleOutlined },
  { name: "rules", group: "admin", path: "/admin/regras", Icon: RuleOutlined },
  { name: "phone", group: "demo", path: "/demo/telefone", Icon: SmartphoneOutlined },
  { name: "outbox", group: "demo", path: "/demo/caixa-de-saida", Icon: MarkunreadMailboxOutlined },
];

/** The places this person can go to: the demonstration's only where there is one. */
export function placesFor(signedIn: boolean, demo: boolean): Place[] {
  return PLACES.filter((place) => (place.group === "demo" ? demo : signedIn));
}

/** Whether an address lies within a place; a case belongs to the queue. */
export function isWithin(place: Place, pathname: string): boolean {
  if (pathname.startsWith(place.path)) return true;
  return place.name === "queue" && pathname.startsWith("/cockpit/");
}
