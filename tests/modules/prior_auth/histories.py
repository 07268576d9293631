"""Random histories of requests, in memory: who may do what is asked of the real table, guards, and authority rules."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, get_args

from austa.kernel.errors import Conflict, Invalid
from austa.kernel.ids import PrincipalId, derived_id
from austa.modules.fraud.api import Signal
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.api.requests import BoardConclusion, ItemDecision, Outcome, ReleasedDecision, State
from austa.modules.prior_auth.domain.assessment import Assessment, assess
from austa.modules.prior_auth.domain.authority import ConcludedBoard, Releaser, is_own_case, what_is_lacking
from austa.modules.prior_auth.domain.guards import Actor, Circumstances
from austa.modules.prior_auth.domain.guides import HeldGuide, Quantities, guide_step, holds, standings
from austa.modules.prior_auth.domain.lifecycle import (
    OPEN,
    TRANSITIONS,
    TransitionName,
    move,
    steps_of_decision,
)
from tests.conftest import TODAY
from tests.modules.prior_auth.cases import DEMO, TABLES, signals_of
from tests.modules.prior_auth.releases import DIRECTOR, ITEMS, REQUESTER, TEXT, a_denial, an_opinion

PACK = load_pack()
ASKED: Quantities = {item.position: item.quantity for item in ITEMS}
VALIDITY = timedelta(days=30)
FIRST_DAY = TODAY.date()
NAMES: tuple[TransitionName, ...] = get_args(TransitionName)
CONCLUSIONS: tuple[BoardConclusion, ...] = get_args(BoardConclusion)
LATER: tuple[State, ...] = ("EXTENSION_REQUESTED", "RULES_EVALUATION", "IN_NURSE_REVIEW", "IN_MEDICAL_AUDIT")
REVIEWER = PrincipalId(derived_id("reviewer"))
PEOPLE: dict[PrincipalId, Releaser] = {
    DIRECTOR: Releaser("CRM", "SP", "70011"),
    REVIEWER: Releaser("CRM", "SP", "900102"),
    PrincipalId(derived_id("the requester")): Releaser("CRM", REQUESTER.uf, f"000{REQUESTER.number}"),
}
SPOILT: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"reason_codes": ()},
    {"legal_basis": "manual"},
    {"member_text": "Negado."},
    {"member_text": f"{TEXT} O pedido segue em análise."},
    {"evidence": ()},
    {"contacts": ()},
    {"opinions": ()},
    {"opinions": (an_opinion(council="COREN"),)},
    {"opinions": (an_opinion(conclusion="favourable"),)},
    {"opinions": (an_opinion(council="CRM", uf=REQUESTER.uf, number=REQUESTER.number),)},
    {"ground": "administrative"},
    {"ground": None},
    {"earlier_reviewers": (DIRECTOR,)},
    {"items": (ItemDecision(position=0, approved_quantity=1),)},
    {"items": (ItemDecision(position=0, approved_quantity=9),)},
)
OTHERS: dict[Outcome, dict[str, Any]] = {
    "approve_in_part": {"items": (ItemDecision(position=0, approved_quantity=1),)},
    "administrative_return": {"ground": "administrative"},
    "request_information": {"missing": ("Laudo",)},
}
DECISIONS = tuple(
    a_denial(**{"outcome": outcome, "released_by": person, **OTHERS.get(outcome, {}), **spoilt})
    for outcome in get_args(Outcome)
    for person in PEOPLE
    for spoilt in SPOILT
)
BOARD_ITEMS = (ItemDecision(position=0, approved_quantity=1),)
SIGNALS = tuple({signal.id: signal for case in DEMO for signal in signals_of(case.facts, PACK)}.values())


@dataclass(frozen=True)
class Step:
    """One line of the append-only history."""

    number: int
    before: State
    after: State
    name: TransitionName
    actor: Actor
    decision: ReleasedDecision | None
    assessment: Assessment | None


@dataclass(frozen=True)
class Issued:
    """A guide, and how much of each line it allows."""

    issued_on: date
    valid_until: date
    allowed: Quantities


@dataclass
class History:
    """A request, and all that was done with it. `valid` is what stood after each command: on that day, in that
    state, the guides that could be used."""

    urgent: bool
    ordered: bool
    non_care: bool
    state: State
    steps: list[Step] = field(default_factory=list)
    board: BoardConclusion | None = None
    notified: bool = False
    """Requester and member provably had the notices of the board."""
    against: bool = False
    today: date = FIRST_DAY
    guides: list[Issued] = field(default_factory=list)
    valid: list[tuple[date, State, list[Issued]]] = field(default_factory=list)

    def take(
        self,
        names: tuple[TransitionName, ...],
        actor: Actor,
        decision: ReleasedDecision | None = None,
        assessment: Assessment | None = None,
        **holding: bool,
    ) -> bool:
        """All these steps or none, as in one transaction."""
        it = Circumstances(
            actor,
            urgent=self.urgent,
            ordered_by_court=self.ordered,
            non_care=self.non_care,
            disputed=self.state in OPEN or self.against,
            **holding,
        )
        state, taken = self.state, list[Step]()
        for name in names:
            try:
                row = move(state, name, it)
            except Conflict:
                return False
            number = len(self.steps) + len(taken) + 2
            taken.append(Step(number, state, row.target, name, actor, decision, assessment))
            state = row.target
        try:
            self._authorize(names, decision)
        except Invalid:
            return False
        self.steps += taken
        self.state = state
        self.look()
        return True

    def look(self) -> None:
        """Write down which guides may be used now."""
        days = [(guide.issued_on, guide.valid_until) for guide in self.guides]
        found = zip(self.guides, standings(self.state, days, self.today), strict=True)
        self.valid.append((self.today, self.state, [guide for guide, standing in found if standing == "valid"]))

    def _authorize(self, names: tuple[TransitionName, ...], decision: ReleasedDecision | None) -> None:
        """What is done about the guide (`service.registrar`)."""
        if not {"release_approval", "release_part", "release_denial", "issue"} & set(names):
            return
        outcome = decision.outcome if decision else "approve"
        parts = decision.items if decision and outcome == "approve_in_part" else ()
        named = {part.position: part.approved_quantity for part in parts}
        last = self.guides[-1] if self.guides else None
        held = None
        if last and holds(self.state, last.valid_until, self.today):
            held = HeldGuide(str(len(self.guides)), last.valid_until, ASKED, last.allowed)
        if guide_step(held, outcome, named) == "issue" and "issue" in names:
            self.guides.append(Issued(self.today, self.today + VALIDITY, {**ASKED, **named}))


def random_history(dice: Random) -> History:
    """A history of up to forty commands by anybody, sensible or not; some begin where others have come to."""
    start: State = dice.choice(LATER) if dice.random() < 0.3 else "RECEIVED"
    history = History(dice.random() < 0.25, dice.random() < 0.1, dice.random() < 0.15, start)
    for _ in range(dice.randrange(40)):
        history.today += timedelta(days=dice.choice((0, 0, 1, 8)))
        history.look()
        command = dice.random()
        if command < 0.3:
            _assess(history, dice)
        elif command < 0.6:
            _decide(history, dice)
        elif command < 0.65:
            history.ordered = True
            history.take(("receive_order", "obey_order", "issue"), "staff")
        elif command < 0.72:
            _hold_board(history, dice)
        else:
            _anything(history, dice)
    return history


def _hold_board(history: History, dice: Random) -> None:
    """A board as far as it comes: after a talk or without one, by the requester's choice, by the operator's after
    silence, or ended because the requester agrees; notices are proven or not."""
    if history.state == "IN_MEDICAL_AUDIT" and dice.random() < 0.5:
        history.take(("contact_requester",), "staff")
    if history.take(("open_board",), "staff", board_admitted=True):
        history.notified = dice.random() < 0.8
        ends: tuple[TransitionName, ...] = ("choose_tiebreaker", "receive_board_opinion")
        way: tuple[TransitionName, ...] = ("agree_with_operator",) if dice.random() < 0.25 else ends
        for step in way[: dice.choice((0, 1, 2))]:
            actor: Actor = "clerk" if step != "receive_board_opinion" and dice.random() < 0.5 else "staff"
            history.take((step,), actor, tiebreaker_due=True)
        if history.state == "BOARD_OPINION":
            history.board = dice.choice(CONCLUSIONS)


@cache
def assessed(case: int, signals: tuple[Signal, ...]) -> Assessment:
    return assess(DEMO[case].facts, PACK, TABLES, signals)


def _assess(history: History, dice: Random) -> None:
    """What the system does with what came out of the rules (`service.assessing`)."""
    found = assessed(dice.randrange(len(DEMO)), tuple(dice.sample(SIGNALS, dice.choice((0, 0, 1, 3)))))
    first: tuple[TransitionName, ...] = () if history.state == "ELIGIBILITY_CHECK" else ("check",)
    then: tuple[TransitionName, ...]
    match found.path:
        case "AUTO":
            then = ("pass_eligibility", "approve_by_rule", "issue")
        case "URG":
            then = ("approve_urgent", "issue")
        case "PEND":
            then = ("pass_eligibility", "ask_documents")
        case "ADMIN":
            then = ("find_admin_issue",)
        case "AUDIT" if history.non_care:
            then = ("route_refund",)
        case "AUDIT":
            then = ("pass_eligibility", "route_nurse" if dice.random() < 0.5 else "route_medical")
    if history.take((*first, *then), "system", None, found, rules_allow=found.path in {"AUTO", "URG"}):
        history.against = False


def _decide(history: History, dice: Random) -> None:
    """A person releases something (`service.deciding`)."""
    decision = dice.choice(DECISIONS)
    board = None
    if history.state == "BOARD_OPINION" and history.board is not None:
        board = ConcludedBoard(history.board, BOARD_ITEMS, notified=history.notified)
    if is_own_case(decision, PEOPLE[decision.released_by], REQUESTER):
        return
    if what_is_lacking(decision, history.state, REQUESTER, ITEMS, board):
        return
    names = steps_of_decision(decision.outcome, history.state, non_care=history.non_care)
    favourable = decision.outcome == "approve"
    if history.take(names, "staff", decision, None, grounded=True, favourable=favourable):
        history.against = decision.outcome in {"deny", "approve_in_part", "administrative_return"}


def _anything(history: History, dice: Random) -> None:
    """Any transition, by anybody. Only a decision that lacks nothing is ever called grounded (`service.deciding`)."""
    possible = [name for name in NAMES if history.state in TRANSITIONS[name].sources]
    name = dice.choice(possible if possible and dice.random() < 0.8 else NAMES)
    actor = dice.choice(sorted(TRANSITIONS[name].actors) if dice.random() < 0.7 else get_args(Actor))
    holds = {flag: dice.random() < 0.7 for flag in ("validity_over", "board_admitted", "tiebreaker_due")}
    if history.take((name,), actor, **holds) and name in {"receive_board_opinion", "agree_with_operator"}:
        history.board = dice.choice(CONCLUSIONS)
