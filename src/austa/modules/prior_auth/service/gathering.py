"""Gathers the facts of a request by read calls to the modules below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.kernel.actors import Caller
from austa.kernel.clock import local_date
from austa.kernel.ids import DocumentId, RequestId, SubjectId
from austa.modules.documents.api import Document, DocumentClass, Documents
from austa.modules.fraud.api import Fraud, Registration, ScreenedPaper, Screening
from austa.modules.members.api import Member, Members
from austa.modules.prior_auth.api.requests import AuthorizationAsked, Requester
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import Facts, PaperFacts, PastItem
from austa.modules.prior_auth.domain.people import PersonConcerned
from austa.modules.prior_auth.domain.signals import question_of
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.standings import Standings

ORDERS: frozenset[DocumentClass] = frozenset({"medical_order", "tiss_guide"})
"""What who asks for care signs."""


@dataclass(frozen=True)
class Gathered:
    """Facts, and the signals beside them. `waits`: a paper is still being read, and nothing was screened yet.

    `people` are those whom a decision would be about; `seen` is the sealed content and the number of papers they were
    gathered from; `pack` is the coverage pack in force.
    """

    facts: Facts
    screening: Screening | None
    people: tuple[PersonConcerned, ...]
    waits: bool
    seen: tuple[bytes, int]
    pack: CoveragePack


@dataclass(frozen=True)
class Sources:
    """Who is asked."""

    members: Members
    standings: Standings
    documents: Documents
    book: ReceiptBook
    fraud: Fraud

    async def gather(
        self,
        caller: Caller,
        row: sa.Row[Any],
        asked: AuthorizationAsked,
        papers: tuple[sa.Row[Any], ...],
        on: date,
        history: tuple[PastItem, ...],
        pack: CoveragePack,
    ) -> Gathered:
        """Ask everybody once."""
        files = await self._files(caller, papers)
        read = tuple(_paper(paper, files) for paper in papers)
        named = await self.standings.of(caller, asked.requester, asked.provider_id, asked.items, on)
        facts = Facts(
            request_id=RequestId(row.id),
            kind=asked.kind,
            channel=asked.channel,
            character=asked.character,
            on=on,
            member=await self.members.eligibility_facts(caller, asked.member_id, on),
            items=named.items(asked.items, pack),
            materials=asked.materials,
            cids=asked.cids,
            given={fact.name: fact.value for fact in asked.facts},
            indication_written=asked.indication is not None,
            requester=named.requester,
            provider=named.provider(asked.provider_id),
            papers=read,
            history=history,
            refund=asked.refund,
            court_case=asked.court_case,
            regulator_complaint=asked.regulator_complaint,
            asks_before=row.asks,
            returns_to=row.queue,
        )
        member = await self.members.get(caller, asked.member_id)
        people = await self.book.prepare(caller, row.subject_id, member, asked.requester)
        waits = any(paper.reading == "waiting" for paper in read)
        screening = None if waits else await self._screen(caller, row, asked, facts, member, files, pack)
        return Gathered(facts, screening, people, waits, (row.content, len(papers)), pack)

    async def _screen(
        self,
        caller: Caller,
        row: sa.Row[Any],
        asked: AuthorizationAsked,
        facts: Facts,
        member: Member,
        files: Mapping[DocumentId, Document],
        pack: CoveragePack,
    ) -> Screening:
        question = question_of(
            facts,
            pack,
            subject_id=SubjectId(row.subject_id),
            family_id=member.holder_id or member.id,
            zone=row.zone,
            registration=_registration(asked.requester),
            papers=tuple(map(_screened_paper, files.values())),
        )
        return await self.fraud.signals_for(caller, question)

    async def _files(self, caller: Caller, papers: tuple[sa.Row[Any], ...]) -> dict[DocumentId, Document]:
        wanted = [DocumentId(paper.document_id) for paper in papers if paper.document_id]
        return {d.id: d for d in await self.documents.get_many(caller, wanted)} if wanted else {}


def past_items(rows: Sequence[sa.Row[Any]], on: date) -> tuple[PastItem, ...]:
    """Earlier lines of a member as facts, up to that day."""
    return tuple(
        PastItem(
            request_id=RequestId(past.request_id),
            protocol=past.protocol,
            tuss=past.tuss,
            asked_on=past.asked_on,
            state=past.state,
            laterality=past.laterality,
        )
        for past in rows
        if past.asked_on <= on
    )


def today_of(row: sa.Row[Any], now: Any) -> date:
    """The local day of the request's operator."""
    return local_date(now, ZoneInfo(row.zone))


def _registration(requester: Requester | None) -> Registration | None:
    if requester is None:
        return None
    return Registration(council=requester.council.upper(), uf=requester.uf, number=requester.number)


def _screened_paper(document: Document) -> ScreenedPaper:
    """Only an order is signed by who asks: the physician who read an image signs its report."""
    council, uf, number = (document.accepted_value(name) for name in ("council", "council_uf", "council_number"))
    written, is_order = None, document.document_class in ORDERS
    if is_order and council and uf and number:
        written = Registration(council=council, uf=uf, number=number)
    return ScreenedPaper(
        document_id=document.id,
        is_order=is_order,
        is_pdf=document.media_type == "application/pdf",
        copies_of=document.duplicate_of,
        same_photo_as=document.same_photo_as,
        written_by=written,
    )


def _paper(paper: sa.Row[Any], found: dict[DocumentId, Document]) -> PaperFacts:
    if paper.document_id is None:
        return PaperFacts(kind=paper.kind, document_id=None, reading="declared")
    document = found.get(DocumentId(paper.document_id))
    return PaperFacts(
        kind=paper.kind,
        document_id=DocumentId(paper.document_id),
        reading=_reading(paper.kind, document),
        codes=_certain_codes(document) if document else (),
    )


def _reading(kind: str, document: Document | None) -> str:
    """A file we cannot find, or an order that was not recognised as one, is for a person."""
    if document is None or document.status == "refused":
        return "refused"
    if document.status in {"stored", "reading"}:
        return "waiting"
    if document.handwritten or (kind == "order" and document.document_class == "other"):
        return "person"
    return "read"


def _certain_codes(document: Document) -> tuple[str, ...]:
    """The codes of an order, when every line of it has one that was read with certainty; else none."""
    codes = []
    for procedure in document.procedures:
        if procedure.tuss is None or procedure.tuss.status != "accepted" or procedure.tuss.normal is None:
            return ()
        codes.append(procedure.tuss.normal.reveal())
    return tuple(codes)
