"""What is kept sealed of a person."""

from datetime import date

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.members.api import NewMember, PreexistingRestriction

REPRESENTED_UNTIL = 16
"""Years. Until then the law lets a guardian speak for a child (Código Civil, art. 3); from then on only beside it."""


def represented_since(on: date) -> date:
    """Who was born after this day is still represented on `on`."""
    # 29 February, in a year without one, is the 28th: a birthday a day early opens nothing.
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return on.replace(year=on.year - REPRESENTED_UNTIL, day=day)


class Person(Contract):
    """All that identifies a member, as one value under the member's own key. Phones are E.164."""

    name: Personal
    cpf: Personal | None
    cns: Personal | None
    card_number: Personal
    phones: tuple[Personal, ...]
    emails: tuple[Personal, ...]
    restrictions: tuple[PreexistingRestriction, ...]


def person_of(new: NewMember, known: tuple[PreexistingRestriction, ...]) -> Person:
    """The sealed part of a tidy person; `known` restrictions stay where the sender says nothing of them."""
    return Person(
        name=new.name,
        cpf=new.cpf,
        cns=new.cns,
        card_number=new.card_number,
        phones=new.phones,
        emails=new.emails,
        restrictions=known if new.restrictions is None else new.restrictions,
    )
