"""The legal terms by class of service, as the operator's tables give them (`rules/legal-terms.dmn`).

RN 566 says by when care is given, RN 623 by when the operator answers; where RN 566 is shorter, it is the term of the
answer too. Our readings: a day hospital has the five days of other care, and no norm says in minutes what `immediately`
is. A denial looked at again (RN 623) and a complaint to ANS (RN 483) have terms of their own. An operator's own tables
may be quicker than the seed, never slower.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

from austa.modules.prior_auth.api.clocks import ServiceClass, StayClass, VisitClass
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.rule_sets import OF_REVIEW, TERM, TO_ANSWER, TO_ATTEND, ReviewKind

IMMEDIATELY = timedelta(minutes=10)
"""Within this an urgent request counts as answered immediately in our records; our reading, no norm gives minutes."""
CLASSES: tuple[ServiceClass, ...] = ("urgency", *get_args(VisitClass), *get_args(StayClass), "non_care")


@dataclass(frozen=True)
class Term:
    """Business days, 0 is immediately, and the clause that sets them."""

    days: int
    clause: str


BOARD_REQUESTER = Term(2, "RN ANS 424/2017 (o solicitante concorda ou escolhe o desempatador)")
BOARD_TIEBREAKER = Term(2, "RN ANS 424/2017 (o desempatador diz se precisa de documentos ou exame)")


@dataclass(frozen=True)
class LegalTerms:
    """The terms in force at a moment. `attendance` is None for what is not care; `table` names the version.

    `reviews` are those of looking at an answer again. Tables of an operator from before there were any leave them to
    the seed; `reviews_table` names where they stand.
    """

    table: str
    attendance: Mapping[ServiceClass, Term | None]
    answer: Mapping[ServiceClass, Term]
    ruling: Mapping[ServiceClass, Term]
    """The shorter of the two norms; RN 623 where they are equal."""
    reviews: Mapping[ReviewKind, Term]
    reviews_table: str


def read_terms(rules: Rules, table: str, seed: Rules) -> LegalTerms:
    """The terms that tables give. Raises `Invalid` `prior_auth.decision_undefined` where they lack a class."""
    of_reviews = rules if OF_REVIEW in rules.prepared else seed
    return LegalTerms(
        table,
        {each: _term(rules.decide(TO_ATTEND, {"Classe": each})) for each in CLASSES},
        {each: _some_term(rules.decide(TO_ANSWER, {"Classe": each})) for each in CLASSES},
        {each: _some_term(rules.decide(TERM, {"Classe": each})) for each in CLASSES},
        {each: _some_term(of_reviews.decide(OF_REVIEW, {"Revisão": each})) for each in get_args(ReviewKind)},
        table if of_reviews is rules else "de prazos que acompanha o programa",
    )


def _some_term(found: Any) -> Term:
    return Term(int(found["Dias"]), found["Norma"])


def _term(found: Any) -> Term | None:
    return None if found["Dias"] is None else _some_term(found)
