"""The door to coverage packs: what an operator's rules know of each item, in versions that are kept for ever."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.imports import ImportProblem
from austa.modules.prior_auth.api.rules import RuleStatus


class CoverageVersion(Contract):
    """A pack that was taken in. `author` is a principal id or `system:<role>`."""

    version_id: UUID
    number: int
    name: str
    """The pack's own version."""
    digest: str
    """SHA-256, hex, of the file."""
    items: int
    status: RuleStatus
    author: str
    created_at: datetime
    in_force_from: datetime | None
    in_force_until: datetime | None


class CoverageInForce(Contract):
    """The pack that holds now. `own`: the operator's, not the demonstration pack that AUSTA brings along."""

    name: str
    digest: str
    items: int
    own: bool
    about: str


class CoverageReport(Contract):
    """What an import did, or, for a dry run, would do. With problems nothing is written.

    `added`, `removed`, `changed`: codes of items beside the pack in force now. `version` is None where nothing was
    written, because of problems, a dry run, or because this very pack was taken in before (`known`).
    """

    dry_run: bool
    items: int
    examples: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    known: bool
    problems: tuple[ImportProblem, ...]
    version: CoverageVersion | None


class CoverageActivation(Contract):
    """From when a pack shall hold: now, where no moment is named."""

    effective_at: AwareDatetime | None = None
    note: str = Field("", max_length=500)


class Coverage(Protocol):
    """Coverage packs of the caller's operator. The system reads and proposes; a person puts a pack in force."""

    async def import_pack(self, caller: Caller, raw: bytes, *, dry_run: bool) -> CoverageReport:
        """Check a pack (JSON, UTF-8) and keep it as a proposal. All problems are listed with their lines."""
        ...

    async def list_versions(self, caller: Caller) -> tuple[CoverageVersion, ...]:
        """Every pack that was taken in, newest first. Where none was put in force, the seed of AUSTA holds."""
        ...

    async def in_force(self, caller: Caller) -> CoverageInForce:
        """The pack by which requests are assessed now."""
        ...

    async def source(self, caller: Caller, digest: str) -> bytes:
        """The text of a pack, or of the seed. Raises `NotFound` `prior_auth.no_such_rules`."""
        ...

    async def activate(self, caller: Caller, version_id: UUID, activation: CoverageActivation) -> CoverageVersion:
        """Put a pack in force; never by who imported it.

        Raises `Forbidden` `prior_auth.own_rules`, `Conflict` `prior_auth.version_not_ready`, `Invalid`
        `prior_auth.moment_wrong`, `NotFound` `prior_auth.no_such_version`.
        """
        ...
