"""What is kept sealed of a person."""

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.members.api import NewMember, PreexistingRestriction


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
