"""What the papers of a draft say: for the dialogue, and for the request that comes of it."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from austa.modules.chat.domain.turn import Draft, OrderRead, PendingRequest, ReadLine
from austa.modules.documents.api import Document, Procedure
from austa.modules.members.api import Member

SAME_NAME = 80
"""rapidfuzz token-set ratio above which two names count as one person's; below, the member is asked."""


def read_order(documents: Sequence[Document], member: Member, pending: PendingRequest | None) -> OrderRead:
    """What the dialogue must know of the papers."""
    order = newest_order(documents)
    if order is None:
        return OrderRead(legible=False, pending=pending)
    sure = order.accepted_value("council_number") is not None and order.accepted_value("council_uf") is not None
    return OrderRead(
        legible=True,
        lines=tuple(ReadLine(tuss=code_of(line), sure=is_sure(line)) for line in lines_of(documents)),
        requester=_requester(order),
        requester_sure=sure,
        for_member=_is_for(order, member),
        pending=pending,
    )


def newest_order(documents: Sequence[Document]) -> Document | None:
    """The paper sent last on which procedures could be read: a second photo is mostly a better one."""
    return next((d for d in reversed(documents) if d.status == "read" and not d.handwritten and d.procedures), None)


def lines_of(documents: Sequence[Document]) -> tuple[Procedure, ...]:
    """The lines of the newest order, and those of other papers that were read surely and are not on it."""
    order = newest_order(documents)
    if order is None:
        return ()
    lines = list(order.procedures)
    codes = {code_of(line) for line in lines}
    for paper in documents:
        for line in paper.procedures if paper.status == "read" else ():
            if is_sure(line) and code_of(line) not in codes:
                codes.add(code_of(line))
                lines.append(line)
    return tuple(lines)


def code_of(line: Procedure) -> str | None:
    """The TUSS code as read, or None."""
    return line.tuss.normal.reveal() if line.tuss and line.tuss.normal else None


def is_sure(line: Procedure) -> bool:
    """Whether a decision may rest on the code."""
    return line.tuss is not None and line.tuss.status == "accepted"


def asked_lines(draft: Draft, documents: Sequence[Document]) -> tuple[tuple[str, Procedure | None], ...]:
    """The codes to ask for, with their line where one was read: sure ones, those that fit the member's own words,
    and, for lines that stay unread, what the member wrote instead."""
    agreed = {*draft.wished_tuss, *draft.tuss_confirmed}
    lines = lines_of(documents)
    known = {code: line for line in lines if (code := code_of(line)) and (is_sure(line) or code in agreed)}
    written: dict[str, Procedure | None] = {}
    if not lines or any(code_of(line) not in known for line in lines):
        written = {code: None for code in draft.tuss_confirmed if code not in known}
    return (*known.items(), *written.items())


def _requester(order: Document) -> str | None:
    council, number, uf = (order.find_field(name) for name in ("council", "council_number", "council_uf"))
    if not (number and number.normal and uf and uf.normal):
        return None
    name = council.normal.reveal() if council and council.normal else "CRM"
    return f"{name} {number.normal.reveal()} de {uf.normal.reveal()}"


def shows_number_of(documents: Sequence[Document], member: Member) -> bool:
    """Whether the newest order surely shows this member's card or CPF. A name is not enough: families share them."""
    order = newest_order(documents)
    return order is not None and _by_number(order, member) is True


def _is_for(order: Document, member: Member) -> bool | None:
    """Whether the paper names this member: by card or CPF where they were read surely, else by the name."""
    by_number = _by_number(order, member)
    if by_number is not None:
        return by_number
    name = order.find_field("member_name")
    if name is None or name.normal is None:
        return None
    return fuzz.token_set_ratio(name.normal.reveal().lower(), member.name.reveal().lower()) >= SAME_NAME


def _by_number(order: Document, member: Member) -> bool | None:
    """Whether the order's card, else its CPF, is this member's; None where neither was read surely."""
    card, cpf = order.accepted_value("card_number"), order.accepted_value("cpf")
    if card is not None:
        return card == _digits(member.card_number.reveal())
    if cpf is not None and member.cpf is not None:
        return cpf == _digits(member.cpf.reveal())
    return None


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
