"""Gathers the facts of a request by read calls to the modules below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.kernel.actors import Caller
from austa.kernel.clock import local_date
from austa.kernel.errors import NotFound
from austa.kernel.ids import DocumentId, ProviderId, RequestId
from austa.modules.documents.api import Document, Documents
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.requests import AskedItem, AuthorizationAsked, Requester
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import Facts, ItemFacts, PaperFacts, PastItem, ProviderFacts, RequesterFacts
from austa.modules.prior_auth.domain.people import PersonConcerned
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.providers.api import Providers

MICRO = 1_000_000


@dataclass(frozen=True)
class Gathered:
    """Facts without the member's history, which is read under lock. `waits`: a paper is still being read.

    `people` are those whom a decision would be about; `seen` is the sealed content and the number of papers they were
    gathered from.
    """

    facts: Facts
    people: tuple[PersonConcerned, ...]
    waits: bool
    seen: tuple[bytes, int]


@dataclass(frozen=True)
class Sources:
    """Who is asked."""

    members: Members
    providers: Providers
    documents: Documents
    terminology: Terminology
    pack: CoveragePack
    book: ReceiptBook

    async def gather(
        self, caller: Caller, row: sa.Row[Any], asked: AuthorizationAsked, papers: tuple[sa.Row[Any], ...], on: date
    ) -> Gathered:
        """Ask everybody once."""
        read = await self._papers(caller, papers)
        facts = Facts(
            request_id=RequestId(row.id),
            kind=asked.kind,
            channel=asked.channel,
            character=asked.character,
            on=on,
            member=await self.members.eligibility_facts(caller, asked.member_id, on),
            items=tuple([await self.item(caller, at, line, on) for at, line in enumerate(asked.items)]),
            materials=asked.materials,
            cids=asked.cids,
            given={fact.name: fact.value for fact in asked.facts},
            indication_written=asked.indication is not None,
            requester=await self.requester(caller, asked.requester, on),
            provider=await self.provider(caller, asked.provider_id, on),
            papers=read,
            refund=asked.refund,
            court_case=asked.court_case,
            regulator_complaint=asked.regulator_complaint,
            asks_before=row.asks,
            returns_to=row.queue,
        )
        member = await self.members.get(caller, asked.member_id)
        people = await self.book.prepare(caller, row.subject_id, member, asked.requester)
        waits = any(paper.reading == "waiting" for paper in read)
        return Gathered(facts, people, waits, (row.content, len(papers)))

    async def item(self, caller: Caller, position: int, line: AskedItem, on: date) -> ItemFacts:
        """One line as asked, with where it is to be performed."""
        known = self.pack.find_item(line.tuss) is not None or self.terminology.get_procedure(line.tuss) is not None
        return ItemFacts(
            position=position,
            tuss=line.tuss,
            quantity=line.quantity,
            in_terminology=known,
            laterality=line.laterality,
            amount_centavos=line.amount.centavos if line.amount else None,
            provider=await self.provider(caller, line.provider_id, on),
            scheduled_at=line.scheduled_at,
        )

    async def requester(self, caller: Caller, requester: Requester | None, on: date) -> RequesterFacts | None:
        """Standing of who ordered the care."""
        if requester is None:
            return None
        standing = await self.providers.requester_standing(
            caller, requester.council.upper(), requester.uf, requester.number, on
        )
        return RequesterFacts(known=standing.known, good_standing=standing.in_good_standing)

    async def provider(self, caller: Caller, provider_id: ProviderId | None, on: date) -> ProviderFacts | None:
        """Standing and place of who performs it; an unknown one is told as such."""
        if provider_id is None:
            return None
        try:
            provider = await self.providers.get(caller, provider_id)
        except NotFound:
            return ProviderFacts(provider_id=provider_id, known=False, good_standing=False, in_network=False)
        standing = await self.providers.provider_standing(caller, provider_id, on)
        return ProviderFacts(
            provider_id=provider_id,
            known=True,
            good_standing=standing.in_good_standing,
            in_network=provider.in_network,
            city=provider.city,
            state=provider.state,
            latitude_e6=_micro(provider.latitude),
            longitude_e6=_micro(provider.longitude),
        )

    async def _papers(self, caller: Caller, papers: tuple[sa.Row[Any], ...]) -> tuple[PaperFacts, ...]:
        wanted = [DocumentId(paper.document_id) for paper in papers if paper.document_id]
        found = {d.id: d for d in await self.documents.get_many(caller, wanted)} if wanted else {}
        return tuple(_paper(paper, found) for paper in papers)


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


def _micro(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * MICRO)
