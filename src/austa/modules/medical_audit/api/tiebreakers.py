"""The register of physicians whom an operator may name for the tie-break of a medical board, by specialty."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid, NotFound
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal


class NewTiebreaker(Contract):
    """A physician as the operator's list has them. The registration at the CRM of a state (UF) is the key."""

    name: Personal
    uf: str
    number: str
    specialties: tuple[str, ...]
    city: str
    email: Personal | None = None
    phone: Personal | None = None
    active: bool = True


class Tiebreaker(Contract):
    """A physician of the register. `city` is where the member would be seen in person."""

    id: UUID
    name: Personal
    uf: str
    number: str = Field(description="Number at the CRM of that UF.")
    specialties: tuple[str, ...]
    city: str
    email: Personal | None
    phone: Personal | None
    active: bool


class TiebreakerInvited(Contract):
    """To whom the link went, and until when it works."""

    email: Personal
    expires_at: datetime


class Tiebreakers(Protocol):
    """The register of the caller's operator."""

    async def list(self, caller: Caller, specialty: str | None = None) -> tuple[Tiebreaker, ...]:
        """All, or those of a specialty (accents and case do not matter), active ones first, then by name."""
        ...

    async def save(self, caller: Caller, listed: tuple[NewTiebreaker, ...]) -> ImportReport:
        """Create or update, in one transaction. Idempotent; nobody is removed: who left is listed as not active."""
        ...

    async def invite(self, caller: Caller, tiebreaker_id: UUID) -> TiebreakerInvited:
        """Invite a physician of the register to sign in under the registration that stands there. They see the boards
        that wait for their word and nothing else.

        Raises `NotFound` `medical_audit.not_in_register`, `Invalid` `medical_audit.tiebreaker_unreachable` where the
        register has no e-mail or has ended them, and as `Identity.invite`.
        """
        ...

    async def end(self, caller: Caller, tiebreaker_id: UUID) -> Tiebreaker:
        """Nobody can name this physician any more; boards that did go on, and their sign-in leads to
        none of them any more. Idempotent.

        Raises `NotFound` `medical_audit.not_in_register`.
        """
        ...

    async def import_csv(self, caller: Caller, table: str, *, dry_run: bool) -> ImportReport:
        """The same from a CSV text (columns in the module's README); a dry run, or any problem, writes nothing."""
        ...


def tiebreaker_unreachable() -> Invalid:
    return Invalid("medical_audit.tiebreaker_unreachable", "only an active name with an e-mail can be invited")


def not_in_register() -> NotFound:
    return NotFound("medical_audit.not_in_register", "no physician of the register has that id")


def no_such_tiebreaker() -> Invalid:
    return Invalid("medical_audit.no_such_tiebreaker", "a name is not in the register, or is not active in it")
