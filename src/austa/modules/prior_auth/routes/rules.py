"""HTTP edge of decision tables: read, check, compare, propose, put in force."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Contract
from austa.modules.prior_auth.api.rules import (
    Activation,
    Ending,
    Proposal,
    RuleAnswer,
    RuleContent,
    RuleDifference,
    RuleDraft,
    RuleQuestion,
    RuleReport,
    Rules,
    RuleSet,
    RuleSetName,
    RuleVersion,
    Simulation,
    SimulationOf,
    SimulationResult,
)

XML = "application/xml"
XML_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {XML: {}}}}
FILE_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class RuleSets(Contract):
    """Every set."""

    items: tuple[RuleSet, ...]


class RuleVersions(Contract):
    """Versions of one set, newest first."""

    items: tuple[RuleVersion, ...]


class RuleInForce(Contract):
    """The version of a set in force at a moment; None where there was none yet."""

    version: RuleVersion | None


def rules_router(rules: Rules, idempotency: Idempotency) -> APIRouter:
    """Decision tables under /api/v1/rules."""
    routes = APIRouter(prefix="/api/v1/rules", tags=["rules"])

    @routes.get("", response_model=RuleSets)
    async def list_sets(caller: SignedIn) -> Response:
        """What is decided by tables, each with the version in force now."""
        return answer(RuleSets(items=await rules.list_sets(caller)))

    @routes.post("/ask", response_model=RuleAnswer)
    async def ask(caller: SignedIn, question: Annotated[RuleQuestion, from_json(RuleQuestion)]) -> Response:
        """Decide once by the tables sent, and say why in Portuguese. Nothing is kept."""
        return answer(await rules.ask(caller, question))

    @routes.get("/versions/{version_id}", response_model=RuleVersion)
    async def get_version(caller: SignedIn, version_id: UUID) -> Response:
        """One version, with what was done with it and by whom."""
        return answer(await rules.get_version(caller, version_id))

    @routes.get("/versions/{version_id}/xml", responses=XML_ANSWER)
    async def xml(caller: SignedIn, version_id: UUID) -> Response:
        """The tables as DMN 1.3, to the byte of the digest."""
        return Response(await rules.xml(caller, version_id), 200, FILE_HEADERS, XML)

    @routes.get("/versions/{version_id}/examples", response_model=dict[str, Any])
    async def examples(caller: SignedIn, version_id: UUID) -> Response:
        """The example rows: `{"examples": [{"name", "decision", "inputs", "result" | "undefined"}]}`."""
        return Response(await rules.examples(caller, version_id), 200, FILE_HEADERS, "application/json")

    @routes.get("/versions/{version_id}/report", response_model=RuleReport)
    async def report(caller: SignedIn, version_id: UUID) -> Response:
        """Faults, overlaps, gaps, rules never reached, examples run: what to know before it is proposed."""
        return answer(await rules.report(caller, version_id))

    @routes.get("/versions/{version_id}/difference", response_model=RuleDifference)
    async def difference(caller: SignedIn, version_id: UUID, before: UUID | None = None) -> Response:
        """What changed, rule by rule, against another version or, by default, against what is in force now."""
        return answer(await rules.difference(caller, version_id, before))

    @routes.post("/versions/{version_id}/propose", response_model=RuleVersion)
    async def propose(
        caller: SignedIn, version_id: UUID, proposal: Annotated[Proposal, from_json(Proposal)]
    ) -> Response:
        """Ask a second person to put a draft in force."""
        return answer(await rules.propose(caller, version_id, proposal))

    @routes.post("/versions/{version_id}/activate", response_model=RuleVersion)
    async def activate(
        caller: SignedIn, version_id: UUID, activation: Annotated[Activation, from_json(Activation)]
    ) -> Response:
        """Put a version in force that somebody else wrote and proposed, now or later, for good or for a time."""
        return answer(await rules.activate(caller, version_id, activation))

    @routes.post("/versions/{version_id}/expire", response_model=RuleVersion)
    async def expire(caller: SignedIn, version_id: UUID, ending: Annotated[Ending, from_json(Ending)]) -> Response:
        """Stop a version, or withdraw one that was never in force. What stood beneath it holds again."""
        return answer(await rules.expire(caller, version_id, ending))

    @routes.post("/versions/{version_id}/simulate", response_model=SimulationResult)
    async def simulate_version(
        caller: SignedIn, version_id: UUID, asked: Annotated[Simulation, from_json(Simulation)]
    ) -> Response:
        """Which past requests would have gone another way by this version, and why. Changes nothing."""
        return answer(await rules.simulate_version(caller, version_id, asked))

    @routes.post("/{rule_set}/simulate", response_model=SimulationResult)
    async def simulate(
        caller: SignedIn, rule_set: RuleSetName, asked: Annotated[SimulationOf, from_json(SimulationOf)]
    ) -> Response:
        """The same for tables that are not kept yet."""
        return answer(await rules.simulate(caller, rule_set, asked))

    @routes.get("/{rule_set}/versions", response_model=RuleVersions)
    async def list_versions(caller: SignedIn, rule_set: RuleSetName) -> Response:
        """Every version of a set, newest first."""
        return answer(RuleVersions(items=await rules.list_versions(caller, rule_set)))

    @routes.post("/{rule_set}/versions", status_code=201, response_model=RuleVersion)
    async def draft(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        rule_set: RuleSetName,
        content: Annotated[RuleDraft, from_json(RuleDraft)],
    ) -> Response:
        """Keep a new version as a draft, whose author is the caller. DMN 1.2 to 1.5 is taken, 1.3 is kept."""

        async def first_time() -> Response:
            made = await rules.draft(caller, rule_set, content)
            return answer(made, 201, {"location": f"/api/v1/rules/versions/{made.id}"})

        return await idempotency.once(caller, key, request, content, first_time)

    @routes.post("/{rule_set}/check", response_model=RuleReport)
    async def check(
        caller: SignedIn, rule_set: RuleSetName, content: Annotated[RuleContent, from_json(RuleContent)]
    ) -> Response:
        """The report on tables that are not kept yet; runs their examples."""
        return answer(await rules.check(caller, rule_set, content))

    @routes.get("/{rule_set}/in-force", response_model=RuleInForce)
    async def in_force(caller: SignedIn, rule_set: RuleSetName, at: datetime) -> Response:
        """Which version was in force at a moment."""
        return answer(RuleInForce(version=await rules.in_force(caller, rule_set, at)))

    return routes
