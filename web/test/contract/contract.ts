/**
 * The hand-written types of the API beside those that the server describes. `npm run contract` compiles this file:
 * an error names the answer that the web app reads, or the body that it sends, otherwise than the server says.
 */

import type * as web from "@/client/types";

import type * as board from "@/client/boardTypes";

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
  Fits<web.Session, Whole<server.SessionAnswer>>,
  Fits<web.Principal, Whole<server.Principal>>,
  Fits<web.CaseLine, Whole<server.CaseLine>>,
  Fits<web.CaseCounts, Whole<server.CaseCounts>>,
  Fits<web.CaseDetail, Whole<server.CaseView>>,
  Fits<web.Contact, Whole<server.Contact>>,
  Fits<web.Opinion, Whole<server.Opinion>>,
  Fits<web.Release, Whole<server.Release>>,
  Fits<web.ReasonCode, Whole<server.ReasonCode>>,
  Fits<web.DocumentDetail, Whole<server.Document>>,
  Fits<web.TriageTask, Whole<server.TriageTask>>,
  Fits<web.LedgerCheckpoint, Whole<server.Checkpoint>>,
  Fits<web.LedgerProof, Whole<server.ProofBundle>>,
  Fits<web.KeptScreening, Whole<server.KeptScreening>>,
  Fits<web.Lifecycle, Whole<server.Lifecycle>>,
  Fits<web.ReplayResult, Whole<server.ReplayResult>>,
  Fits<web.RuleSet, Whole<server.RuleSets["items"][number]>>,
  Fits<web.RuleVersion, Whole<server.RuleVersion>>,
  Fits<web.RuleReport, Whole<server.RuleReport>>,
  Fits<web.RuleDifference, Whole<server.RuleDifference>>,
  Fits<web.SimulationResult, Whole<server.SimulationResult>>,
  Fits<web.OpenedLink, Whole<server.OpenedLink>>,
  Fits<web.ConfirmedMember, Whole<server.ConfirmedMember>>,
  Fits<web.FoundProcedure, Whole<server.FoundProcedure>>,
  Fits<web.ItemNeeds, Whole<server.ItemNeeds>>,
  Fits<web.DeskLine, Whole<server.DeskLine>>,
  Fits<board.CaseBoard, Whole<server.CaseBoard>>,
  Fits<board.DeskBoard, Whole<server.DeskBoard>>,
  Fits<board.ListedTiebreaker, Whole<server.Tiebreaker>>,
  Fits<web.DeskRequest, Whole<server.DeskRequest>>,
  Fits<web.RequestReceipt, Whole<server.RequestReceipt>>,
  Fits<web.Provider, Whole<server.Provider>>,
];

export type Bodies = [
  Fits<server.DecisionAsked, web.NewDecision>,
  Fits<server.OpenBoardAsked, board.NewBoard>,
  Fits<server.BoardActAsked, board.NewBoardAct>,
  Fits<server.OpinionAsked, web.NewOpinion>,
  Fits<server.ContactAsked, web.NewContact>,
  Fits<server.ForwardAsked, web.NewForward>,
  Fits<server.RuleContent, web.RuleContent>,
  Fits<server.InvitationBody, web.NewStaff>,
  Fits<server.AuthorizationAsked, web.NewRequest>,
];
