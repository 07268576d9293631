import { createBrowserRouter, Navigate, type RouteObject } from "react-router";

import { HomePage } from "./HomePage";
import { NotFoundPage } from "./NotFoundPage";
import { RouteFailed } from "./RouteFailed";

const withSession: RouteObject[] = [
  { index: true, element: <HomePage /> },
  {
    path: "prestador/pedidos",
    lazy: async () => ({ Component: (await import("@/features/prior_auth/desk/DeskPage")).DeskPage }),
  },
  {
    path: "prestador/novo",
    lazy: async () => ({ Component: (await import("@/features/prior_auth/desk/AskPage")).AskPage }),
  },
  {
    path: "prestador/pedidos/:requestId",
    lazy: async () => ({
      Component: (await import("@/features/prior_auth/desk/DeskRequestPage")).DeskRequestPage,
    }),
  },
  {
    path: "cockpit/fila",
    lazy: async () => ({ Component: (await import("@/features/medical_audit/queue/QueuePage")).QueuePage }),
  },
  {
    path: "desempate",
    lazy: async () => ({
      Component: (await import("@/features/medical_audit/tiebreak/TiebreaksPage")).TiebreaksPage,
    }),
  },
  {
    path: "desempate/:boardId",
    lazy: async () => ({
      Component: (await import("@/features/medical_audit/tiebreak/TiebreakPage")).TiebreakPage,
    }),
  },
  {
    path: "cockpit/juntas",
    lazy: async () => ({ Component: (await import("@/features/medical_audit/board/BoardsPage")).BoardsPage }),
  },
  {
    path: "admin/desempatadores",
    lazy: async () => ({
      Component: (await import("@/features/medical_audit/board/TiebreakersPage")).TiebreakersPage,
    }),
  },
  {
    path: "cockpit/casos/:caseId",
    lazy: async () => ({ Component: (await import("./CaseRoute")).CaseRoute }),
  },
  {
    path: "cockpit/pedidos/:requestId",
    lazy: async () => ({
      Component: (await import("@/features/prior_auth/desk/DeskRequestPage")).DeskRequestPage,
    }),
  },
  {
    path: "atendimento/conversas/:conversationId?",
    lazy: async () => ({
      Component: (await import("@/features/chat/inbox/ConversationsPage")).ConversationsPage,
    }),
  },
  {
    path: "atendimento/alertas",
    lazy: async () => ({ Component: (await import("@/features/chat/AlertsPage")).AlertsPage }),
  },
  {
    path: "atendimento/plantao",
    lazy: async () => ({ Component: (await import("@/features/chat/duty/DutyPage")).DutyPage }),
  },
  {
    path: "atendimento/vagas",
    lazy: async () => ({ Component: (await import("@/features/prior_auth/access/AccessPage")).AccessPage }),
  },
  {
    path: "admin/pessoas",
    lazy: async () => ({ Component: (await import("@/features/identity/PeoplePage")).PeoplePage }),
  },
  {
    path: "admin/respostas",
    lazy: async () => ({ Component: (await import("@/features/chat/AnswersPage")).AnswersPage }),
  },
  {
    path: "admin/modelos",
    lazy: async () => ({
      Component: (await import("@/features/chat/templates/TemplatesPage")).TemplatesPage,
    }),
  },
  {
    path: "admin/custos",
    lazy: async () => ({ Component: (await import("@/features/chat/costs/CostsPage")).CostsPage }),
  },
  {
    path: "admin/regras",
    lazy: async () => ({ Component: (await import("@/features/prior_auth/rules/RulesPage")).RulesPage }),
  },
  {
    path: "admin/regras/:ruleSet",
    lazy: async () => ({ Component: (await import("@/features/prior_auth/rules/RuleSetPage")).RuleSetPage }),
  },
  {
    path: "admin/regras/:ruleSet/nova",
    lazy: async () => ({
      Component: (await import("@/features/prior_auth/rules/RuleEditorPage")).RuleEditorPage,
    }),
  },
  {
    path: "atendimento/beneficiarios",
    lazy: async () => ({ Component: (await import("@/features/members/MembersPage")).MembersPage }),
  },
  {
    path: "atendimento/beneficiarios/:memberId",
    lazy: async () => ({ Component: (await import("@/features/members/MemberPage")).MemberPage }),
  },
  {
    path: "admin/prestadores",
    lazy: async () => ({ Component: (await import("@/features/providers/ClerksPage")).ClerksPage }),
  },
  {
    path: "admin/cobertura",
    lazy: async () => ({
      Component: (await import("@/features/prior_auth/coverage/CoveragePage")).CoveragePage,
    }),
  },
  {
    path: "admin/sinais",
    lazy: async () => ({ Component: (await import("@/features/fraud/SignalRulesPage")).SignalRulesPage }),
  },
  {
    path: "admin/calendario",
    lazy: async () => ({
      Component: (await import("@/features/prior_auth/calendar/CalendarPage")).CalendarPage,
    }),
  },
  { path: "*", element: <NotFoundPage /> },
];

/** Members' own pages, in a frame and with a session of their own. */
const ofMembers: RouteObject[] = [
  { index: true, element: <Navigate to="/minha/conversa" replace /> },
  {
    path: "conversa",
    lazy: async () => ({ Component: (await import("@/features/chat/member/TalkPage")).TalkPage }),
  },
  { path: "*", element: <NotFoundPage /> },
];

/** Pages of the demonstration; they answer only where the server runs one, and need no account. */
const demonstration: RouteObject[] = [
  {
    path: "demo/telefone",
    lazy: async () => ({ Component: (await import("@/features/demo/PhonePage")).PhonePage }),
  },
  {
    path: "demo/caixa-de-saida",
    lazy: async () => ({ Component: (await import("@/features/demo/OutboxPage")).OutboxPage }),
  },
];

export const routes: RouteObject[] = [
  {
    errorElement: <RouteFailed />,
    hydrateFallbackElement: <></>,
    children: [
      {
        path: "entrar",
        lazy: async () => ({ Component: (await import("@/features/identity/SignInPage")).SignInPage }),
      },
      {
        path: "convite/:token",
        lazy: async () => ({
          Component: (await import("@/features/identity/InvitationPage")).InvitationPage,
        }),
      },
      {
        path: "m/:token",
        lazy: async () => ({
          Component: (await import("@/features/prior_auth/MemberLinkPage")).MemberLinkPage,
        }),
      },
      {
        path: "minha/entrar",
        lazy: async () => ({
          Component: (await import("@/features/members/home/MemberSignInPage")).MemberSignInPage,
        }),
      },
      {
        path: "minha",
        lazy: async () => ({ Component: (await import("@/features/members/home/MemberFrame")).MemberFrame }),
        children: ofMembers,
      },
      { lazy: async () => ({ Component: (await import("./Shell")).OpenShell }), children: demonstration },
      {
        path: "/",
        lazy: async () => ({ Component: (await import("./Shell")).Shell }),
        children: withSession,
      },
    ],
  },
];

export function createRouter() {
  return createBrowserRouter(routes);
}
