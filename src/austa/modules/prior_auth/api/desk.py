"""The door for the desk of a hospital or clinic: what a request needs, and the requests of the own provider.

A clerk sees what was asked, what is missing and what was answered; nothing of how the operator came to it.
"""

from datetime import date, datetime
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.requests import Character, DocumentKind, RequestFilter, RequestView, State

DeskAct = Literal["answer", "add_papers", "cancel"]
"""What the desk may do with a request now."""


class Question(Contract):
    """A fact that a rule reads, to be given as `IndicationFact`. `label` names it in Portuguese."""

    fact: str
    kind: Literal["yes_no", "number"]
    label: str


class ItemNeeds(Contract):
    """What usually comes with an item, so that nothing has to be asked for later. `known`: the rules know the item;
    where they do not, a person looks, and nothing special is needed."""

    tuss: str
    known: bool
    needs_side: bool
    documents: tuple[DocumentKind, ...]
    quotes: int
    """Of how many makers a quote is expected for special materials."""
    questions: tuple[Question, ...]


class DeskPerson(Contract):
    """Whom a request is for, as the desk confirmed them; their initials where it did not."""

    shown_name: Personal
    card_end: str


class DeskLine(Contract):
    """A line of the desk's list. `due_on`: the last day for an answer, on the wall of the operator's zone."""

    request_id: RequestId
    protocol: str
    state: State
    character: Character
    answered: bool
    person: DeskPerson
    procedure: str
    item_count: int
    received_at: datetime
    due_on: date


class DeskRequest(Contract):
    """A request on the desk's screen. `letter`: there is one to print."""

    request: RequestView
    person: DeskPerson
    due_on: date
    text: str
    """What is told about the state, in plain Portuguese."""
    may: tuple[DeskAct, ...]
    letter: bool


class Desk(Protocol):
    """The requests of the caller's provider; another's are `NotFound` `prior_auth.no_such_request`."""

    async def needs(self, caller: Caller, tuss: tuple[str, ...]) -> tuple[ItemNeeds, ...]:
        """What usually comes with those items, in their order."""
        ...

    async def list(self, caller: Caller, filters: RequestFilter, cursor: str | None = None) -> Page[DeskLine]:
        """Newest first, 50 a page."""
        ...

    async def get(self, caller: Caller, request_id: RequestId) -> DeskRequest:
        """One request. That a clerk opened it is written down for the member to see."""
        ...
