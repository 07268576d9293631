"""The door to letters: what became of a request, on paper, for the member (RN ANS 623/2024)."""

from datetime import date
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import RequestId
from austa.kernel.personal import Personal

AnswerLetter = Literal["approval", "partial", "denial", "pend"]
"""An administrative return is a `denial` on administrative ground."""
LetterKind = Literal[AnswerLetter, "board_member", "board_requester"]
"""Beside answers and asks: the notices of a medical board to the member and to the requester."""


class LetterFact(Contract):
    """A name and what to copy: guide, senha, protocol."""

    name: str
    value: Personal


class LetterSection(Contract):
    """A heading with what stands under it, in this order: paragraphs, list, quotation, facts.

    `quote` is a clause or law as the decision has it, word by word.
    """

    title: str
    paragraphs: tuple[Personal, ...] = ()
    items: tuple[Personal, ...] = ()
    quote: Personal | None = None
    facts: tuple[LetterFact, ...] = ()


class Letter(Contract):
    """A letter as text. `readability` is of all that is written in it but quotations and facts: 0 hard, 100 easy, by
    Flesch as fitted to Portuguese by Martins et al. (1996)."""

    kind: LetterKind
    title: str
    operator: str
    ans_registry: str
    written_on: date
    member: Personal
    sections: tuple[LetterSection, ...]
    readability: int
    readability_level: Literal["easy", "fair", "hard"]


class Letters(Protocol):
    """Letters of one operator, of the last answer to a request or of what is asked for now."""

    async def letter(self, caller: Caller, request_id: RequestId) -> Letter:
        """The letter as text; while a medical board is open, the notice of it to the member.

        Raises `NotFound` `prior_auth.no_letter` while there is nothing to tell, and
        `prior_auth.no_such_request`. A look by staff is recorded."""
        ...

    async def pdf(self, caller: Caller, request_id: RequestId) -> bytes:
        """The same letter as an accessible PDF (PDF/UA-1: tagged, titled, in pt-BR)."""
        ...

    async def board_notice(self, caller: Caller, request_id: RequestId) -> bytes:
        """The notice of the newest medical board to the requester as PDF, for staff and the requester's clerks.

        Raises `NotFound` `prior_auth.no_letter` where there was no board, and `prior_auth.no_such_request`.
        """
        ...

    async def pdf_behind_link(self, token: str, birth_date: date) -> bytes:
        """The PDF for the member behind a link, once the date of birth agrees. Refuses as `PriorAuth.open_link`."""
        ...
