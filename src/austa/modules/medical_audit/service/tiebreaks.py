"""The tie-breaker's use cases: what waits for them, its papers, their word."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import NotFound
from austa.kernel.ids import CaseId, DocumentId, RequestId
from austa.modules.documents.api import Documents
from austa.modules.identity.api import Identity
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.tiebreaks import (
    Tiebreak,
    TiebreakAsked,
    TiebreakItem,
    TiebreakMaterial,
    TiebreakPaper,
    WaitingBoard,
    no_such_board,
)
from austa.modules.medical_audit.domain.release import is_requester
from austa.modules.medical_audit.service.board import CaseBoardService, under_way
from austa.modules.medical_audit.service.people import People
from austa.modules.medical_audit.service.sealed import Vault
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import BoardLine, Boards
from austa.modules.prior_auth.api.requests import DocumentKind, PriorAuth, RequestView
from austa.modules.privacy.api import Privacy

Row = sa.Row[Any]
PRICED: frozenset[DocumentKind] = frozenset({"quote", "receipt"})
"""Papers about money: a second look at the care needs none."""


class TiebreakService:
    """`Tiebreaks`. What lies below is read as AUSTA itself, after the gate has said that this board is theirs."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        clock: Clock,
        *,
        vault: Vault,
        case_boards: CaseBoardService,
        boards: Boards,
        prior_auth: PriorAuth,
        documents: Documents,
        members: Members,
        privacy: Privacy,
        identity: Identity,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._vault = vault
        self._case_boards = case_boards
        self._boards = boards
        self._prior_auth = prior_auth
        self._documents = documents
        self._members = members
        self._privacy = privacy
        self._identity = identity

    async def waiting(self, caller: Caller) -> tuple[WaitingBoard, ...]:
        """See `Tiebreaks.waiting`."""
        lines = await self._lines(caller)
        async with self._database.transaction(caller) as tx:
            cases = await store.load_cases(tx, [line.case_id for line in lines])
            acts = {line.board_id: await store.list_board_acts(tx, line.case_id) for line in lines}
        return tuple(_waiting(line, cases, acts[line.board_id]) for line in lines)

    async def get(self, caller: Caller, board_id: UUID) -> Tiebreak:
        """See `Tiebreaks.get`."""
        line, request = await self._open(caller, board_id)
        ourselves = _ourselves(caller)
        waiting = await self._waiting(caller, board_id)
        member = await self._members.get(ourselves, request.member_id)
        board = await self._boards.find(ourselves, request.request_id)
        if board is None:
            raise no_such_board()
        subject = await self._members.subject(ourselves, request.member_id)
        await self._privacy.record_access(caller, subject, "case", "medical_audit", line.case_id)
        today = local_date(self._clock.now(), ZoneInfo(request.clock.zone))
        born = member.birth_date
        may: tuple[Literal["needed", "concluded"], ...] = ("concluded",) if board.needs else ("needed", "concluded")
        return Tiebreak(
            board=waiting,
            age=today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
            sex=member.sex if member.sex in {"F", "M"} else None,
            items=tuple(
                TiebreakItem(
                    position=item.position,
                    tuss=item.tuss,
                    description=item.description,
                    quantity=item.quantity,
                    laterality=item.laterality,
                )
                for item in request.items
            ),
            materials=tuple(
                TiebreakMaterial(
                    description=one.description,
                    quantity=one.quantity,
                    maker=one.maker,
                    anvisa_registration=one.anvisa_registration,
                )
                for one in request.materials
            ),
            cids=request.cids,
            indication=request.indication,
            reasons=board.reasons,
            view=board.view,
            view_items=board.view_items,
            needs=board.needs,
            papers=await self._papers(caller, line, request),
            may=() if waiting.sent else may,
        )

    async def page(self, caller: Caller, board_id: UUID, document_id: DocumentId, page: int, width: int) -> bytes:
        """See `Tiebreaks.page`."""
        line, request = await self._open(caller, board_id)
        if document_id not in {paper.document_id for paper in await self._papers(caller, line, request)}:
            raise NotFound("documents.no_such_document", "no such document", id=str(document_id))
        picture = await self._documents.page_image(_ourselves(caller), document_id, page, width, covered=True)
        subject = await self._members.subject(_ourselves(caller), request.member_id)
        await self._privacy.record_access(caller, subject, "document", "medical_audit", document_id)
        return picture

    async def act(self, caller: Caller, board_id: UUID, asked: TiebreakAsked) -> WaitingBoard:
        """See `Tiebreaks.act`."""
        line, request = await self._open(caller, board_id)
        people = await People.find(self._identity, _ourselves(caller), [caller.principal_id])
        own = is_requester(people.registration(caller.principal_id), request.requester)
        self._access.check(caller, "board:record", own_request=own, tiebreaker=caller.id)
        waiting = await self._waiting(caller, board_id)
        texts = await self._vault.of_member(_ourselves(caller), request.member_id)
        await self._case_boards.keep(caller, line.case_id, request, texts, asked.act)
        return waiting.model_copy(update={"sent": True})

    async def _waiting(self, caller: Caller, board_id: UUID) -> WaitingBoard:
        found = next((each for each in await self.waiting(caller) if each.board_id == board_id), None)
        if found is None:
            raise no_such_board()
        return found

    async def _lines(self, caller: Caller) -> tuple[BoardLine, ...]:
        """The boards of the physician as whom the caller signed in; none, once the register has ended them."""
        self._access.check(caller, "board:sit", tiebreaker=caller.id)
        people = await People.find(self._identity, _ourselves(caller), [caller.principal_id])
        registration = people.registration(caller.principal_id)
        if registration is None:
            return ()
        council, uf, number = registration
        async with self._database.transaction(caller) as tx:
            listed = await store.list_tiebreakers(tx)
        if not any(one.active and (one.uf, one.number.lstrip("0")) == (uf, number.lstrip("0")) for one in listed):
            return ()
        return await self._boards.waiting_for(_ourselves(caller), council, uf, number)

    async def _open(self, caller: Caller, board_id: UUID) -> tuple[BoardLine, RequestView]:
        line = next((each for each in await self._lines(caller) if each.board_id == board_id), None)
        if line is None:
            raise no_such_board()
        return line, await self._prior_auth.get(_ourselves(caller), RequestId(line.request_id))

    async def _papers(self, caller: Caller, line: BoardLine, request: RequestView) -> tuple[TiebreakPaper, ...]:
        """The papers of the request but those about money and those that prove a step of the board."""
        texts = await self._vault.of_member(_ourselves(caller), request.member_id)
        async with self._database.transaction(caller) as tx:
            rows = await store.list_board_acts(tx, CaseId(line.case_id))
        acts = [(await texts.open_board_step(row.id, row.body)).act for row in rows]
        proofs = {getattr(act, "document_id", None) for act in acts}
        kinds = {
            paper.document_id: paper.kind
            for paper in request.documents
            if paper.document_id is not None and paper.document_id not in proofs and paper.kind not in PRICED
        }
        found = await self._documents.get_many(_ourselves(caller), tuple(kinds))
        return tuple(TiebreakPaper(document_id=one.id, kind=kinds[one.id], pages=len(one.pages)) for one in found)


def _waiting(line: BoardLine, cases: Mapping[CaseId, Row], acts: Sequence[Row]) -> WaitingBoard:
    case = cases[line.case_id]
    return WaitingBoard(
        board_id=line.board_id,
        case_number=case.number,
        procedure=case.procedure,
        until=line.due_at,
        late=line.late,
        sent=under_way(acts),
    )


def _ourselves(caller: Caller) -> Caller:
    return Caller.system(caller.operator_id, "medical_audit", caller.causation, caller.correlation)
