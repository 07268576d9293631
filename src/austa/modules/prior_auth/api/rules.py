"""The door to decision tables: their versions, who put them in force and when, what changed, and what would change."""

from datetime import datetime
from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import RequestId
from austa.kernel.personal import Personal

RuleSetName = Literal["authority", "legal-terms", "routing"]
"""What is decided by tables: who may do what, the legal terms, and which way a request goes."""

RuleStatus = Literal["draft", "proposed", "scheduled", "active", "superseded", "expired", "withdrawn"]
"""`active` is in force now, `scheduled` will be, `superseded` stands beneath a later one and returns when that ends,
`expired` was in force, `withdrawn` never was."""

Step = Literal["propose", "activate", "expire"]
LARGEST_XML = 1_000_000


class RuleContent(Contract):
    """Tables as they may be sent: DMN 1.2 to 1.5 as XML text, and the example rows as the text of a JSON file
    (`{"examples": [{"name", "decision", "inputs", "result" | "undefined"}]}`)."""

    xml: Annotated[str, Field(min_length=1, max_length=LARGEST_XML)]
    examples: Annotated[str, Field(max_length=LARGEST_XML)] | None = None


class RuleDraft(RuleContent):
    """A new version. `note` says to colleagues what changed and why."""

    note: Annotated[str, Field(max_length=2000)] = ""


class RuleStep(Contract):
    """One thing that was done with a version. An activation holds from `effective_at` until `until` (None: until
    another stands above it or it is ended)."""

    step: Step
    at: datetime
    by: str
    by_name: Personal | None
    effective_at: datetime
    until: datetime | None
    note: str


class RuleVersion(Contract):
    """One version of a set. `digest` is SHA-256, hex, of its XML, which is always DMN 1.3; `in_force_from` and
    `in_force_until` tell its last activation. A version itself never changes."""

    id: UUID
    rule_set: RuleSetName
    number: int
    digest: str
    status: RuleStatus
    author: str
    author_name: Personal | None
    created_at: datetime
    note: str
    in_force_from: datetime | None
    in_force_until: datetime | None
    steps: tuple[RuleStep, ...]


class RuleSet(Contract):
    """A set with what is in force of it now. `waiting` counts versions that wait for a second person."""

    name: RuleSetName
    title: str
    about: str
    decisions: tuple[str, ...]
    in_force: RuleVersion | None
    versions: int
    waiting: int


class RuleFinding(Contract):
    """Something about a table as a whole: `overlap`, `gap` or `unreachable`. `example` has the smallest inputs that
    show it, by the column's expression; `instead` are the rules that take what an unreachable one would."""

    kind: Literal["overlap", "gap", "unreachable"]
    table: str
    rules: tuple[int, ...]
    example: dict[str, Any]
    instead: tuple[int, ...]
    text: str


class RuleFault(Contract):
    """Why a part cannot be evaluated, or is not what its set is for. Rules count from 1."""

    decision: str
    rule: int | None
    column: str
    text: str
    expected: str


class FailedExample(Contract):
    """An example row that came out otherwise."""

    name: str
    decision: str
    why: str


class RuleAt(Contract):
    """A rule of a table, counted from 1."""

    table: str
    rule: int


class RuleReport(Contract):
    """What there is to say about tables before anybody puts them in force. Only `sound` ones can be proposed: they
    load, overlap nowhere, every example holds, and they do what their set is for and no more than it may."""

    sound: bool
    digest: str
    faults: tuple[RuleFault, ...]
    misfits: tuple[str, ...]
    """Where they are not what their set is for, or give more than it may."""
    findings: tuple[RuleFinding, ...]
    not_judged: tuple[RuleAt, ...]
    not_searched_to_the_end: tuple[str, ...]
    examples: int
    failed_examples: tuple[FailedExample, ...]
    rules_without_example: tuple[RuleAt, ...]


class CellChange(Contract):
    """A cell, by its column's head; None where there is none."""

    column: str
    before: str | None
    after: str | None


class RowChange(Contract):
    """A rule that was added, removed, changed or moved; its number from 1 before and after."""

    kind: Literal["added", "removed", "changed", "moved"]
    before: int | None
    after: int | None
    cells: tuple[CellChange, ...]


class TableChange(Contract):
    """What changed in one decision. `head`: its columns, hit policy, type or expression; `rows`: its rules."""

    decision: str
    kind: Literal["added", "removed", "changed"]
    head: tuple[CellChange, ...]
    rows: tuple[RowChange, ...]


class RuleDifference(Contract):
    """What changed from one version to another, decision by decision; empty where both decide alike by text."""

    before: RuleVersion | None
    after: RuleVersion
    inputs: tuple[CellChange, ...]
    tables: tuple[TableChange, ...]


class RuleQuestion(RuleContent):
    """Tables and one question to them. `inputs` as JSON; dates and durations as text."""

    decision: str
    inputs: dict[str, Any]


class RuleAnswer(Contract):
    """What came out, and why in Portuguese, sentence by sentence. `applied` are the rules (from 1) that made it."""

    decided: bool
    result: Any
    applied: tuple[int, ...]
    sentences: tuple[str, ...]


class Activation(Contract):
    """When a version begins to hold, and how long: at once and for good where nothing is said."""

    effective_at: datetime | None = None
    until: datetime | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class Ending(Contract):
    """When a version stops to hold (at once where nothing is said), and why."""

    effective_at: datetime | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class Proposal(Contract):
    """Words to the second person."""

    note: Annotated[str, Field(max_length=2000)] = ""


class Simulation(Contract):
    """Which past requests to look at: those of the last `since_days`, newest first, at most so many."""

    since_days: Annotated[int, Field(ge=1, le=3660)] = 90
    most: Annotated[int, Field(ge=1, le=5000)] = 1000


class SimulationOf(Simulation):
    """The same for tables that are not kept."""

    xml: Annotated[str, Field(min_length=1, max_length=LARGEST_XML)]


class Way(Contract):
    """Where a request goes; for legal terms its class, or its review, and the business days of that."""

    path: str
    queue: str | None
    days: int | None = None


class WayCount(Contract):
    """So many requests would go another way."""

    before: Way
    after: Way
    requests: int


class SimulatedChange(Contract):
    """A request that would go another way, and why: rules that would speak now and did not, and the other way round,
    each as `VAL01: …`."""

    request_id: RequestId
    protocol: str
    assessed_at: datetime
    before: Way
    after: Way
    speaks_now: tuple[str, ...]
    speaks_no_longer: tuple[str, ...]


class SimulationResult(Contract):
    """What tables would have done to past requests, against those in force now. Both are asked of the facts that were
    kept, so that nothing differs but the tables. `unreadable`: people who were erased. `whole`: no request of those
    days was left out. `examples` are the newest hundred."""

    rule_set: RuleSetName
    since: datetime
    looked_at: int
    changed: int
    unreadable: int
    whole: bool
    ways: tuple[WayCount, ...]
    examples: tuple[SimulatedChange, ...]


class Rules(Protocol):
    """Decision tables of one operator. Every version is kept for ever; nothing in force was put there by one person.

    All methods raise `Forbidden` without the power: `rules:read`, `rules:propose`, `rules:activate`.
    """

    async def list_sets(self, caller: Caller) -> tuple[RuleSet, ...]:
        """Every set, with what is in force."""
        ...

    async def list_versions(self, caller: Caller, rule_set: RuleSetName) -> tuple[RuleVersion, ...]:
        """Every version of a set, newest first."""
        ...

    async def get_version(self, caller: Caller, version_id: UUID) -> RuleVersion:
        """Raises `NotFound` `prior_auth.no_such_version`, as all that take a version's id."""
        ...

    async def in_force(self, caller: Caller, rule_set: RuleSetName, moment: datetime) -> RuleVersion | None:
        """Which version was in force at that moment, or will be as it stands."""
        ...

    async def xml(self, caller: Caller, version_id: UUID) -> bytes:
        """The tables as DMN 1.3, to the byte of the digest."""
        ...

    async def examples(self, caller: Caller, version_id: UUID) -> bytes:
        """The example rows as JSON; an empty list of them where there are none."""
        ...

    async def check(self, caller: Caller, rule_set: RuleSetName, content: RuleContent) -> RuleReport:
        """The report on tables that are not kept yet; runs the examples."""
        ...

    async def report(self, caller: Caller, version_id: UUID) -> RuleReport:
        """The same on a version."""
        ...

    async def ask(self, caller: Caller, question: RuleQuestion) -> RuleAnswer:
        """Decide once by tables that need not be kept, and tell why.

        Raises `Invalid` `prior_auth.rules_refused` or `prior_auth.inputs_wrong`, `NotFound`
        `prior_auth.no_such_decision`.
        """
        ...

    async def difference(self, caller: Caller, version_id: UUID, before_id: UUID | None = None) -> RuleDifference:
        """What changed against `before_id`, or against what is in force now."""
        ...

    async def simulate(self, caller: Caller, rule_set: RuleSetName, asked: SimulationOf) -> SimulationResult:
        """What would have become of past requests under these tables. Of the authority matrix only what the system
        itself may do is simulated. Needs `rules:read` and `authorization:read`.

        Raises `Invalid` `prior_auth.rules_refused`, `prior_auth.rules_unsound` for tables of another set.
        """
        ...

    async def simulate_version(self, caller: Caller, version_id: UUID, asked: Simulation) -> SimulationResult:
        """The same for a version."""
        ...

    async def draft(self, caller: Caller, rule_set: RuleSetName, draft: RuleDraft) -> RuleVersion:
        """Keep a new version, whose author is the caller. What is not a DMN model at all is refused with
        `prior_auth.rules_refused`; faults inside may be mended by another version.

        The same content as the set's newest version, while that waits and has the same author, is that version.
        """
        ...

    async def propose(self, caller: Caller, version_id: UUID, proposal: Proposal) -> RuleVersion:
        """Ask a second person to put a draft in force. Raises `Invalid` `prior_auth.rules_unsound`, `Conflict`
        `prior_auth.version_not_ready`."""
        ...

    async def activate(self, caller: Caller, version_id: UUID, activation: Activation) -> RuleVersion:
        """Put a version in force that somebody else wrote and proposed; one that was in force before, too.

        Raises `Forbidden` `prior_auth.own_rules` for who wrote or proposed it, `Conflict`
        `prior_auth.version_not_ready`, `Invalid` `prior_auth.rules_unsound`, `prior_auth.moment_wrong`.
        """
        ...

    async def expire(self, caller: Caller, version_id: UUID, ending: Ending) -> RuleVersion:
        """Stop a version, or withdraw one that was never in force. What stood beneath it holds again.

        Raises `Conflict` `prior_auth.nothing_beneath` where nothing would be in force then, `Invalid`
        `prior_auth.moment_wrong`.
        """
        ...
