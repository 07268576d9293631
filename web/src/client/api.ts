import { createApi } from "@reduxjs/toolkit/query/react";

import { baseQuery } from "./baseQuery";

/** The one client of AUSTA's API. Endpoints are injected by the files beside this one. */
export const api = createApi({
  baseQuery,
  tagTypes: [
    "Session",
    "MemberHome",
    "Case",
    "Request",
    "Unsealed",
    "CaseList",
    "CaseCounts",
    "BoardList",
    "Tiebreakers",
    "Tiebreak",
    "ReasonCode",
    "Document",
    "TriageTask",
    "HandOver",
    "HandOverList",
    "DutyRoster",
    "CannedAnswers",
    "Costs",
    "Templates",
    "AccessTask",
    "Proof",
    "Staff",
    "Desk",
    "Outbox",
    "Transcript",
    "Rules",
    "Calendar",
    "Coverage",
    "Signals",
  ],
  refetchOnReconnect: true,
  endpoints: () => ({}),
});
