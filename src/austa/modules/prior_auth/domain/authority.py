"""Who may release what, checked once more before a decision is kept (domain-br 2.6; invariants I1, I2, I3, I6, I7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from austa.modules.prior_auth.api.boards import TieBreaker
from austa.modules.prior_auth.api.requests import (
    SHORTEST_MEMBER_TEXT,
    BoardConclusion,
    ItemDecision,
    Outcome,
    ReleasedDecision,
    Requester,
    State,
)
from austa.modules.prior_auth.domain.wording import NOT_ANSWERS

AGAINST = ("deny", "approve_in_part")
SHORTEST_LEGAL_BASIS = 10
OUTCOME_OF: Mapping[BoardConclusion, Outcome] = MappingProxyType(
    {"favourable": "approve", "favourable_in_part": "approve_in_part", "unfavourable": "deny"}
)
"""The tie-breaker's opinion prevails: the operator may decide nothing else."""


@dataclass(frozen=True)
class Releaser:
    """The person who pressed: their professional registration, where they have one."""

    council: str | None
    uf: str | None
    number: str | None


@dataclass(frozen=True)
class ItemAsked:
    """A line of the request as the decision must know it."""

    position: int
    quantity: int


@dataclass(frozen=True)
class ConcludedBoard:
    """What a concluded board binds a decision to. `items`: what of each line, where it is favourable in part;
    `notified`: requester and member provably had their notices."""

    conclusion: BoardConclusion
    items: tuple[ItemDecision, ...] = ()
    notified: bool = True


def is_own_case(decision: ReleasedDecision, releaser: Releaser, requester: Requester | None) -> bool:
    """I7: nobody decides what they asked for, or reviewed at an earlier step."""
    if decision.released_by in decision.earlier_reviewers:
        return True
    return requester is not None and is_same_professional(requester, releaser.council, releaser.uf, releaser.number)


def what_is_lacking(
    decision: ReleasedDecision,
    state: State,
    requester: Requester | None,
    items: tuple[ItemAsked, ...],
    board: ConcludedBoard | None = None,
) -> tuple[str, ...]:
    """Names of what the law still asks for; empty where the decision may be kept. `board`: what a medical board came
    to, which prevails (RN ANS 424/2017)."""
    lacking = list(_lacking_text(decision))
    if board:
        lacking += _lacking_board(decision, board, items)
    if decision.outcome in AGAINST:
        lacking += _lacking_ground(decision)
        lacking += _lacking_medicine(decision, requester)
    if decision.outcome == "administrative_return":
        lacking += _lacking_ground(decision)
        if decision.ground == "clinical" or state not in {"ADMIN_REVIEW", "IN_MANUAL_REVIEW"}:
            lacking.append("administrative_ground")
    if decision.outcome == "approve_in_part" and not is_a_part(decision.items, items):
        lacking.append("items")
    if decision.outcome == "request_information" and not decision.missing:
        lacking.append("missing")
    return tuple(dict.fromkeys(lacking))


def _lacking_board(decision: ReleasedDecision, board: ConcludedBoard, items: Sequence[ItemAsked]) -> list[str]:
    lacking = []
    if decision.outcome != OUTCOME_OF[board.conclusion]:
        lacking.append("board_opinion")
    elif decision.outcome == "approve_in_part" and _quantities(decision.items, items) != _quantities(
        board.items, items
    ):
        lacking.append("board_items")
    if decision.outcome in AGAINST and not board.notified:
        lacking.append("board_notices")
    return lacking


def _lacking_text(decision: ReleasedDecision) -> list[str]:
    if decision.outcome in {"approve", "request_information"}:
        return []
    text = (decision.member_text or "").strip()
    if len(text) < SHORTEST_MEMBER_TEXT or any(words in text.lower() for words in NOT_ANSWERS):
        return ["member_text"]
    return []


def _lacking_ground(decision: ReleasedDecision) -> list[str]:
    lacking = []
    if not decision.reason_codes or any(not (c.isdigit() and len(c) == 4) for c in decision.reason_codes):
        lacking.append("reason_codes")
    if len((decision.legal_basis or "").strip()) < SHORTEST_LEGAL_BASIS:
        lacking.append("legal_basis")
    return lacking


def _lacking_medicine(decision: ReleasedDecision, requester: Requester | None) -> list[str]:
    """A reduction or denial on clinical ground rests on a physician who is not the requester, and on a talk with the
    requester (CFM 2.448/2025, art. 5)."""
    lacking = []
    if decision.ground != "clinical":
        lacking.append("clinical_ground")
    if not decision.evidence:
        lacking.append("evidence")
    physicians = [
        opinion
        for opinion in decision.opinions
        if opinion.council.upper() == "CRM"
        and opinion.conclusion in {"unfavourable", "favourable_in_part"}
        and not (requester and is_same_professional(requester, opinion.council, opinion.uf, opinion.number))
    ]
    if not physicians:
        lacking.append("physician_opinion")
    if not any(contact.with_requester and contact.at <= decision.released_at for contact in decision.contacts):
        lacking.append("requester_contact")
    return lacking


def is_a_part(said: Sequence[ItemDecision], items: Sequence[ItemAsked]) -> bool:
    """Some line is reduced, none is raised, every line named exists, and something is left."""
    asked = {item.position: item.quantity for item in items}
    if not said or not {item.position for item in said} <= asked.keys():
        return False
    whole = _quantities(said, items)
    reduced = any(whole[position] < quantity for position, quantity in asked.items())
    raised = any(whole[position] > quantity for position, quantity in asked.items())
    return reduced and not raised and any(whole.values())


def _quantities(said: Sequence[ItemDecision], items: Sequence[ItemAsked]) -> dict[int, int]:
    """How much of each line; what is not named is whole."""
    approved = {item.position: item.approved_quantity for item in said}
    return {item.position: approved.get(item.position, item.quantity) for item in items}


def is_same_professional(
    requester: Requester | TieBreaker, council: str | None, uf: str | None, number: str | None
) -> bool:
    """The same number exists in different states, so all three parts identify."""
    if council is None or uf is None or number is None:
        return False
    return (requester.council.upper(), requester.uf, requester.number.lstrip("0")) == (
        council.upper(),
        uf,
        number.lstrip("0"),
    )
