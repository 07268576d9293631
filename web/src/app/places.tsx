import ApartmentOutlined from "@mui/icons-material/ApartmentOutlined";
import BalanceOutlined from "@mui/icons-material/BalanceOutlined";
import GroupsOutlined from "@mui/icons-material/GroupsOutlined";
import BadgeOutlined from "@mui/icons-material/BadgeOutlined";
import CalendarMonthOutlined from "@mui/icons-material/CalendarMonthOutlined";
import ForumOutlined from "@mui/icons-material/ForumOutlined";
import DescriptionOutlined from "@mui/icons-material/DescriptionOutlined";
import AddBoxOutlined from "@mui/icons-material/AddBoxOutlined";
import EventAvailableOutlined from "@mui/icons-material/EventAvailableOutlined";
import InboxOutlined from "@mui/icons-material/InboxOutlined";
import HealthAndSafetyOutlined from "@mui/icons-material/HealthAndSafetyOutlined";
import MarkunreadMailboxOutlined from "@mui/icons-material/MarkunreadMailboxOutlined";
import NotificationsActiveOutlined from "@mui/icons-material/NotificationsActiveOutlined";
import FactCheckOutlined from "@mui/icons-material/FactCheckOutlined";
import PaymentsOutlined from "@mui/icons-material/PaymentsOutlined";
import PeopleOutlined from "@mui/icons-material/PeopleOutlined";
import QuickreplyOutlined from "@mui/icons-material/QuickreplyOutlined";
import RadarOutlined from "@mui/icons-material/RadarOutlined";
import RuleOutlined from "@mui/icons-material/RuleOutlined";
import ScheduleOutlined from "@mui/icons-material/ScheduleOutlined";
import SmartphoneOutlined from "@mui/icons-material/SmartphoneOutlined";
import type { ComponentType } from "react";

import type { Session } from "@/client/types/identity";

export type Place = {
  name:
    | "desk"
    | "ask"
    | "queue"
    | "boards"
    | "alerts"
    | "conversations"
    | "duty"
    | "answers"
    | "access"
    | "members"
    | "people"
    | "clerks"
    | "tiebreakers"
    | "tiebreaks"
    | "rules"
    | "coverage"
    | "signals"
    | "costs"
    | "templates"
    | "calendar"
    | "phone"
    | "outbox";
  group: "tiebreak" | "desk" | "cockpit" | "care" | "admin" | "demo";
  path: string;
  /** The action of the server's policy that opens it; null for the demonstration's, which need no account. */
  needs: string | null;
  Icon: ComponentType<{ fontSize?: "small" }>;
};

const PLACES: readonly Place[] = [
  { name: "tiebreaks", group: "tiebreak", path: "/desempate", needs: "board:sit", Icon: BalanceOutlined },
  {
    name: "desk",
    group: "desk",
    path: "/prestador/pedidos",
    needs: "member:confirm",
    Icon: DescriptionOutlined,
  },
  { name: "ask", group: "desk", path: "/prestador/novo", needs: "member:confirm", Icon: AddBoxOutlined },
  { name: "queue", group: "cockpit", path: "/cockpit/fila", needs: "case:read", Icon: InboxOutlined },
  { name: "boards", group: "cockpit", path: "/cockpit/juntas", needs: "case:read", Icon: GroupsOutlined },
  {
    name: "conversations",
    group: "care",
    path: "/atendimento/conversas",
    needs: "conversation:read",
    Icon: ForumOutlined,
  },
  {
    name: "alerts",
    group: "care",
    path: "/atendimento/alertas",
    needs: "triage_task:read",
    Icon: NotificationsActiveOutlined,
  },
  {
    name: "duty",
    group: "care",
    path: "/atendimento/plantao",
    needs: "triage_task:read",
    Icon: ScheduleOutlined,
  },
  {
    name: "members",
    group: "care",
    path: "/atendimento/beneficiarios",
    needs: "member:read",
    Icon: BadgeOutlined,
  },
  {
    name: "access",
    group: "care",
    path: "/atendimento/vagas",
    needs: "access_task:work",
    Icon: EventAvailableOutlined,
  },
  { name: "people", group: "admin", path: "/admin/pessoas", needs: "staff:list", Icon: PeopleOutlined },
  {
    name: "clerks",
    group: "admin",
    path: "/admin/prestadores",
    needs: "staff:invite",
    Icon: ApartmentOutlined,
  },
  {
    name: "tiebreakers",
    group: "admin",
    path: "/admin/desempatadores",
    needs: "tiebreaker:read",
    Icon: BalanceOutlined,
  },
  {
    name: "answers",
    group: "admin",
    path: "/admin/respostas",
    needs: "canned_answer:change",
    Icon: QuickreplyOutlined,
  },
  { name: "rules", group: "admin", path: "/admin/regras", needs: "rules:read", Icon: RuleOutlined },
  {
    name: "coverage",
    group: "admin",
    path: "/admin/cobertura",
    needs: "rules:read",
    Icon: HealthAndSafetyOutlined,
  },
  { name: "signals", group: "admin", path: "/admin/sinais", needs: "signal_rules:read", Icon: RadarOutlined },
  {
    name: "calendar",
    group: "admin",
    path: "/admin/calendario",
    needs: "calendar:read",
    Icon: CalendarMonthOutlined,
  },
  {
    name: "templates",
    group: "admin",
    path: "/admin/modelos",
    needs: "message_template:read",
    Icon: FactCheckOutlined,
  },
  {
    name: "costs",
    group: "admin",
    path: "/admin/custos",
    needs: "message_cost:read",
    Icon: PaymentsOutlined,
  },
  { name: "phone", group: "demo", path: "/demo/telefone", needs: null, Icon: SmartphoneOutlined },
  {
    name: "outbox",
    group: "demo",
    path: "/demo/caixa-de-saida",
    needs: null,
    Icon: MarkunreadMailboxOutlined,
  },
];

/** Pages that lie in no place of the rail. */
const BESIDES: readonly (readonly [path: string, needs: string])[] = [
  ["/cockpit/casos", "case:read"],
  ["/cockpit/pedidos", "authorization:read"],
];

/** Whether somebody acts for a hospital or clinic: the desk is theirs, and nothing of the operator's. */
export function isClerk(session: Session | null): boolean {
  return session?.principal.provider_id != null;
}

/** The places this person can go to, as the server says: the demonstration's only where there is one. */
export function placesFor(session: Session | null, demo: boolean): Place[] {
  return PLACES.filter(({ needs }) => (needs === null ? demo : (session?.may.includes(needs) ?? false)));
}

/** Whether this person may open that address. An address nobody knows is for the page that says so. */
export function mayOpen(session: Session, pathname: string): boolean {
  const besides = BESIDES.find(([path]) => isBeneath(path, pathname));
  const needs = besides?.[1] ?? PLACES.find(({ path }) => isBeneath(path, pathname))?.needs;
  return needs == null || session.may.includes(needs);
}

/** Whether an address lies within a place; a case belongs to the queue. */
export function isWithin(place: Place, pathname: string): boolean {
  if (isBeneath(place.path, pathname)) return true;
  return place.name === "queue" && BESIDES.some(([path]) => isBeneath(path, pathname));
}

function isBeneath(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}
