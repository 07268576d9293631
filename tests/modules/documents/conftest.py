"""Documents on the real database and key files; the reader's answers are canned where its work is not the matter."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

import pytest
import pytest_asyncio

from austa.infra.outbox import Handler
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import AustaError
from austa.kernel.ids import MemberId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.adapters.reader import PageReader, ReadPage
from austa.modules.documents.api import Signature
from austa.modules.documents.module import build
from austa.modules.documents.service.documents import DocumentService
from austa.modules.privacy.api import AccessedThing, AccessReason, Privacy
from tests.conftest import deliver, drain, staff
from tests.modules.documents import paper
from tests.modules.documents.readings import order
from tests.modules.documents.terms import FewTerms

SIGNS = "6c" * 32


class CannedReader(PageReader):
    """Sees the same page in every file; raises what it is told to, one call after another."""

    def __init__(self) -> None:
        super().__init__()
        self.page = ReadPage(order(), paper.jpeg(paper.knee_order()), SIGNS)
        self.failures: list[Exception] = []
        self.calls = 0
        self.passwords: list[str | None] = []
        self.signed: tuple[Signature, ...] = ()
        self.signing_failures: list[Exception] = []

    async def read(self, content: bytes, media_type: str, password: Personal | None = None) -> tuple[ReadPage, ...]:
        self.calls += 1
        self.passwords.append(password.reveal() if password else None)
        if self.failures:
            raise self.failures.pop(0)
        return (self.page,)

    async def signatures(
        self, content: bytes, certificates: Sequence[bytes], at: datetime, password: Personal | None = None
    ) -> tuple[Signature, ...]:
        if self.signing_failures:
            raise self.signing_failures.pop(0)
        return self.signed


@dataclass
class Looks:
    """The part of `privacy` that documents calls: it remembers who looked at whose document."""

    seen: list[tuple[str, SubjectId, AccessReason]] = field(default_factory=list)

    async def record_access(
        self,
        caller: Caller,
        subject: SubjectId,
        what: AccessedThing,
        why: AccessReason,
        resource_id: UUID | None = None,
    ) -> None:
        self.seen.append((caller.actor, subject, why))


@dataclass
class Desk:
    """One operator's documents, and the people around them."""

    documents: DocumentService
    handlers: list[Handler]
    platform: Platform
    reader: CannedReader
    looks: Looks
    operator_id: OperatorId
    clock: SetClock
    subject: SubjectId = field(default_factory=lambda: SubjectId(new_id()))

    @property
    def system(self) -> Caller:
        return Caller.system(self.operator_id, "chat")

    @property
    def auditor(self) -> Caller:
        return staff(self.operator_id, "medical_auditor")

    @property
    def member(self) -> Caller:
        return Caller.member(self.operator_id, MemberId(self.subject))

    async def work(self) -> None:
        """Workers handle what is due, retries too."""
        await drain(self.platform, self.handlers)


@pytest.fixture
def desk(platform: Platform, operator_id: OperatorId, clock: SetClock) -> Desk:
    reader, looks = CannedReader(), Looks()
    documents, wired = build(platform, terminology=FewTerms(), privacy=cast(Privacy, looks), reader=reader)
    return Desk(documents, deliver(platform, list(wired.handlers)), platform, reader, looks, operator_id, clock)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page_reader() -> AsyncIterator[PageReader]:
    """The real reader, shared: its models load once. One thread: the tests run on every core already."""
    reader = PageReader(threads=1)
    yield reader
    await reader.close()


def code_of(error: pytest.ExceptionInfo[AustaError]) -> str:
    return error.value.code
