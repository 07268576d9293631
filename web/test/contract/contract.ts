/**
 * The hand-written types of the API beside those that the server describes. `npm run contract` compiles this file:
 * an error names the answer that the web app reads, or the body that it sends, otherwise than the server says.
 */

import type * as access from "@/client/types/access";
import type * as board from "@/client/types/boards";
import type * as chat from "@/client/types/chat";
import type * as clocks from "@/client/types/clocks";
import type * as costs from "@/client/types/costs";
import type * as coverage from "@/client/types/coverage";
import type * as desk from "@/client/types/desk";
import type * as documents from "@/client/types/documents";
import type * as fraud from "@/client/types/fraud";
import type * as identity from "@/client/types/identity";
import type * as ledger from "@/client/types/ledger";
import type * as medicalAudit from "@/client/types/medicalAudit";
import type * as members from "@/client/types/members";
import type * as priorAuth from "@/client/types/priorAuth";
import type * as providers from "@/client/types/providers";
import type * as rules from "@/client/types/rules";
import type * as templates from "@/client/types/templates";
import type * as talk from "@/client/types/talk";
import type * as tiebreaks from "@/client/types/tiebreaks";

import type * as server from "./generated";

/** An answer holds every field, also those that a caller may leave out of a body. */
type Whole<T> = T extends readonly (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> }
    : T;

/** What arrives can be taken for what is expected. */
type Fits<Expected, Arriving extends Expected> = [Expected, Arriving];

export type Answers = [
  Fits<identity.Session, Whole<server.SessionAnswer>>,
  Fits<identity.Principal, Whole<server.Principal>>,
  Fits<medicalAudit.CaseLine, Whole<server.CaseLine>>,
  Fits<medicalAudit.CaseCounts, Whole<server.CaseCounts>>,
  Fits<medicalAudit.CaseDetail, Whole<server.CaseView>>,
  Fits<medicalAudit.Contact, Whole<server.Contact>>,
  Fits<medicalAudit.Opinion, Whole<server.Opinion>>,
  Fits<medicalAudit.Release, Whole<server.Release>>,
  Fits<medicalAudit.ReasonCode, Whole<server.ReasonCode>>,
  Fits<board.ListedBoard, Whole<server.ListedBoard>>,
  Fits<tiebreaks.WaitingBoard, Whole<server.WaitingBoard>>,
  Fits<tiebreaks.Tiebreak, Whole<server.Tiebreak>>,
  Fits<board.ListedTiebreaker, Whole<server.Tiebreaker>>,
  Fits<board.ImportReport, Whole<server.ImportReport>>,
  Fits<documents.DocumentDetail, Whole<server.Document>>,
  Fits<documents.DocumentState, Whole<server.DocumentState>>,
  Fits<talk.Talk, Whole<server.Talk>>,
  Fits<talk.TalkPage, Whole<server.TalkPage>>,
  Fits<talk.KeptMessage, Whole<server.KeptMessage>>,
  Fits<documents.FoundDocument, Whole<server.FoundDocument>>,
  Fits<members.MemberHome, Whole<server.MemberAtHome>>,
  Fits<chat.Conversation, Whole<server.Conversation>>,
  Fits<chat.TriageTask, Whole<server.TriageTask>>,
  Fits<chat.HandOver, Whole<server.HandOver>>,
  Fits<chat.HandOverList, Whole<server.HandOverList>>,
  Fits<chat.HandOverEntry, Whole<server.HandOverEntry>>,
  Fits<chat.SatisfactionWeek, Whole<server.SatisfactionWeek>>,
  Fits<chat.CannedAnswer, Whole<server.CannedAnswer>>,
  Fits<templates.MessageTemplate, Whole<server.MessageTemplate>>,
  Fits<templates.TemplateFault, Whole<server.TemplateFault>>,
  Fits<costs.CostReport, Whole<server.CostReport>>,
  Fits<costs.Price, Whole<server.Price>>,
  Fits<chat.DutyRoster, Whole<server.DutyRoster>>,
  Fits<chat.Looker, Whole<server.Looker>>,
  Fits<ledger.LedgerCheckpoint, Whole<server.Checkpoint>>,
  Fits<ledger.LedgerProof, Whole<server.ProofBundle>>,
  Fits<fraud.KeptScreening, Whole<server.KeptScreening>>,
  Fits<priorAuth.Lifecycle, Whole<server.Lifecycle>>,
  Fits<priorAuth.ReplayResult, Whole<server.ReplayResult>>,
  Fits<rules.RuleSet, Whole<server.RuleSets["items"][number]>>,
  Fits<rules.RuleVersion, Whole<server.RuleVersion>>,
  Fits<rules.RuleReport, Whole<server.RuleReport>>,
  Fits<rules.RuleDifference, Whole<server.RuleDifference>>,
  Fits<rules.SimulationResult, Whole<server.SimulationResult>>,
  Fits<access.AccessTask, Whole<server.AccessTask>>,
  Fits<access.AccessTaskView, Whole<server.AccessTaskView>>,
  Fits<access.Appointment, Whole<server.Appointment>>,
  Fits<priorAuth.OpenedLink, Whole<server.OpenedLink>>,
  Fits<desk.ConfirmedMember, Whole<server.ConfirmedMember>>,
  Fits<desk.FoundProcedure, Whole<server.FoundProcedure>>,
  Fits<desk.ItemNeeds, Whole<server.ItemNeeds>>,
  Fits<desk.DeskLine, Whole<server.DeskLine>>,
  Fits<board.CaseBoard, Whole<server.CaseBoard>>,
  Fits<board.DeskBoard, Whole<server.DeskBoard>>,
  Fits<board.ListedTiebreaker, Whole<server.Tiebreaker>>,
  Fits<desk.DeskRequest, Whole<server.DeskRequest>>,
  Fits<clocks.OperatorCalendar, Whole<server.OperatorCalendar>>,
  Fits<coverage.CoverageVersion, Whole<server.CoverageVersion>>,
  Fits<coverage.CoverageInForce, Whole<server.CoverageInForce>>,
  Fits<coverage.CoverageReport, Whole<server.CoverageReport>>,
  Fits<fraud.SignalRuleSet, Whole<server.SignalRules>>,
  Fits<fraud.SignalVerdict, Whole<server.SignalVerdict>>,
  Fits<fraud.RuleFigures, Whole<server.RuleFigures>>,
  Fits<fraud.SignalRuleVersion, Whole<server.RuleSetVersion>>,
  Fits<members.MemberSummary, Whole<server.MemberSummary>>,
  Fits<members.MemberRecord, Whole<server.Member>>,
  Fits<members.RequestSummary, Whole<server.RequestSummary>>,
  Fits<priorAuth.ReviewBook, Whole<server.ReviewBook>>,
  Fits<priorAuth.RequestReceipt, Whole<server.RequestReceipt>>,
  Fits<providers.Provider, Whole<server.Provider>>,
];

export type Bodies = [
  Fits<server.DecisionAsked, medicalAudit.NewDecision>,
  Fits<server.OpenBoardAsked, board.NewBoard>,
  Fits<server.BoardActAsked, board.NewBoardAct>,
  Fits<server.OpinionAsked, medicalAudit.NewOpinion>,
  Fits<server.ContactAsked, medicalAudit.NewContact>,
  Fits<server.ForwardAsked, medicalAudit.NewForward>,
  Fits<server.RuleContent, rules.RuleContent>,
  Fits<server.InvitationBody, identity.NewStaff>,
  Fits<server.AuthorizationAsked, desk.NewRequest>,
  Fits<server.CalendarChange, clocks.CalendarChange>,
  Fits<server.NewClerk, providers.NewClerk>,
  Fits<server.AccessWork, access.AccessWork>,
  Fits<server.ExtensionAsked, priorAuth.NewExtension>,
];
