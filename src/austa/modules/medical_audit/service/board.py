"""Medical boards at the case and at the requester's desk: acts are kept as intentions and carried down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import CaseId, RequestId, new_id
from austa.modules.identity.api import Identity
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.boards import (
    BoardActAsked,
    BoardActView,
    CaseBoard,
    DeskBoard,
    ListedBoard,
    OpenBoardAsked,
    WhyNoBoard,
    board_act_under_way,
    board_not_admitted,
    no_such_paper,
)
from austa.modules.medical_audit.api.cases import no_such_case, not_now, stale_version
from austa.modules.medical_audit.api.tiebreakers import no_such_tiebreaker
from austa.modules.medical_audit.domain.board import WARNINGS, acts_now, case_against_board
from austa.modules.medical_audit.domain.release import is_requester, may_work_on
from austa.modules.medical_audit.events import BoardActTaken, CaseChanged
from austa.modules.medical_audit.service.people import People
from austa.modules.medical_audit.service.releases import opinion_given
from austa.modules.medical_audit.service.sealed import SealedTexts, Vault
from austa.modules.medical_audit.service.tiebreakers import TiebreakerService
from austa.modules.medical_audit.service.views import contact_of, listed_board, opinion_of
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import (
    CANDIDATES,
    BoardActKind,
    BoardFilter,
    BoardOpened,
    Boards,
    BoardStage,
    BoardStep,
    BoardTerm,
    Divergence,
    NoticeReceived,
    OpinionGiven,
    RequesterAnswered,
    TieBreaker,
    TiebreakerPicked,
)
from austa.modules.prior_auth.api.requests import PriorAuth, RequestView
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Providers

Row = sa.Row[Any]
Refusals = (Conflict, Forbidden, Invalid, NotFound)
"""What asking again will not heal; everything else is tried again."""
POWERS: dict[BoardActKind, str] = {
    "diverged": "board:open",
    "opened": "board:open",
    "picked": "board:open",
    "received": "board:answer",
    "answered": "board:answer",
    "needed": "board:record",
    "concluded": "board:record",
}
OF_CLERKS: tuple[BoardActKind, ...] = ("received", "answered")
ALL_DECLARED = Divergence(technical=True, covered=True, registered=True)


class BoardRefusal(Contract):
    """`prior_auth` would not take a step: its error's code, and the names of why."""

    code: str
    reasons: tuple[str, ...]


class CaseBoardService:
    """`CaseBoards`, and what handlers call."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        clock: Clock,
        *,
        vault: Vault,
        boards: Boards,
        tiebreakers: TiebreakerService,
        prior_auth: PriorAuth,
        members: Members,
        providers: Providers,
        privacy: Privacy,
        identity: Identity,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._vault = vault
        self._boards = boards
        self._tiebreakers = tiebreakers
        self._prior_auth = prior_auth
        self._members = members
        self._providers = providers
        self._privacy = privacy
        self._identity = identity

    # All of them

    async def list_boards(
        self, caller: Caller, wanted: BoardFilter, cursor: str | None, limit: int
    ) -> Page[ListedBoard]:
        """See `CaseBoards.list_boards`."""
        self._access.check(caller, "case:read")
        found = await self._boards.list_boards(caller, wanted, cursor, limit)
        async with self._database.transaction(caller) as tx:
            cases = await store.load_cases(tx, [line.case_id for line in found.items])
        members = await self._members.summaries(caller, tuple({line.member_id for line in found.items}))
        lines = [listed_board(line, cases[line.case_id], members) for line in found.items if line.case_id in cases]
        return Page[ListedBoard](items=tuple(lines), next_cursor=found.next_cursor)

    # The case

    async def of_case(self, caller: Caller, case_id: CaseId) -> CaseBoard:
        """See `CaseBoards.of_case`."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id)
            rows = await store.list_board_acts(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(case.request_id))
        subject = await self._members.subject(caller, request.member_id)
        await self._privacy.record_access(caller, subject, "case", "medical_audit", case.id)
        board = await self._boards.find(caller, request.request_id)
        people = await People.find(self._identity, caller, [caller.principal_id, *(row.made_by for row in rows)])
        texts = await self._vault.of_member(caller, request.member_id)
        own = is_requester(people.registration(caller.principal_id), request.requester)
        may: tuple[BoardActKind, ...] = ()
        if may_work_on(case.state) and not under_way(rows):
            possible = acts_now(request.state, board, self._clock.now())
            may = tuple(k for k in possible if self._access.allows(caller, POWERS[k], own_request=own))
        against: tuple[WhyNoBoard, ...] = ()
        if "opened" in may:
            admission = await self._boards.why_not(caller, request.request_id, ALL_DECLARED)
            against = (*admission, *(await self._case_against(caller, case_id, request, texts)))
        return CaseBoard(
            board=board,
            acts=tuple([await _act_view(row, texts, people) for row in rows]),
            may=may,
            against=against,
        )

    async def open(self, caller: Caller, case_id: CaseId, asked: OpenBoardAsked) -> CaseBoard:
        """See `CaseBoards.open`."""
        case, request, own = await self._allowed(caller, case_id)
        self._access.check(caller, "board:open", own_request=own)
        texts = await self._vault.of_member(caller, request.member_id)
        against: list[WhyNoBoard] = [
            *await self._boards.why_not(caller, request.request_id, asked.divergence),
            *await self._case_against(caller, case_id, request, texts),
        ]
        names = await self._names(caller, asked.tiebreakers)
        against += await self._against_names(caller, case_id, request, names)
        if against:
            raise board_not_admitted(tuple(dict.fromkeys(against)))
        view = await self._newest_kind(caller, case_id)
        act = BoardOpened(
            case_id=case_id,
            divergence=asked.divergence,
            reasons=asked.reasons,
            member_reasons=asked.member_reasons,
            view="favourable_in_part" if view == "favourable_in_part" else "unfavourable",
            items=asked.items,
            candidates=names,
        )
        await self.keep(caller, CaseId(case.id), request, texts, act, asked.version)
        return await self.of_case(caller, case_id)

    async def act(self, caller: Caller, case_id: CaseId, asked: BoardActAsked) -> CaseBoard:
        """See `CaseBoards.act`."""
        _, request, own = await self._allowed(caller, case_id)
        self._access.check(caller, POWERS[asked.act.kind], own_request=own)
        texts = await self._vault.of_member(caller, request.member_id)
        await self.keep(caller, case_id, request, texts, asked.act)
        return await self.of_case(caller, case_id)

    # The requester's desk

    async def of_request(self, caller: Caller, request_id: RequestId) -> DeskBoard:
        """See `CaseBoards.of_request`."""
        request = await self._prior_auth.get(caller, request_id)
        if caller.kind == "clerk" and request.asking_provider_id != caller.provider_id:
            return DeskBoard(board=None, may=(), waits=False)
        board = await self._boards.find(caller, request_id)
        rows = await self._acts_about(caller, request_id)
        provider = str(request.asking_provider_id) if request.asking_provider_id else None
        may: tuple[BoardActKind, ...] = ()
        if not under_way(rows) and self._access.allows(caller, "board:answer", provider=provider):
            told = board is not None and board.notices[0].received_at is not None
            possible = acts_now(request.state, board, self._clock.now())
            may = tuple(k for k in possible if k in OF_CLERKS and not (k == "received" and told))
        return DeskBoard(board=board, may=may, waits=under_way(rows))

    async def answer(self, caller: Caller, request_id: RequestId, asked: BoardActAsked) -> DeskBoard:
        """See `CaseBoards.answer`."""
        request = await self._prior_auth.get(caller, request_id)
        provider = str(request.asking_provider_id) if request.asking_provider_id else None
        if asked.act.kind not in OF_CLERKS:
            self._access.check(caller, POWERS[asked.act.kind])
        self._access.check(caller, "board:answer", provider=provider)
        async with self._database.transaction(caller) as tx:
            case = await store.find_case_of_request(tx, request_id)
        if case is None:
            raise no_such_case()
        texts = await self._vault.of_member(_below(caller), request.member_id)
        await self.keep(caller, CaseId(case.id), request, texts, asked.act)
        return await self.of_request(caller, request_id)

    # What handlers call

    async def carry(self, caller: Caller, act_id: UUID) -> BoardRefusal | None:
        """Ask `prior_auth` to take the step of an act. Idempotent there by the act's id."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_board_act(tx, act_id)
            case = await store.get_case(tx, CaseId(row.case_id))
        texts = await self._vault.of_member(caller, case.member_id)
        step = await texts.open_board_step(act_id, row.body)
        try:
            await self._boards.take(caller, str(act_id), RequestId(row.request_id), step)
        except Refusals as refused:
            found = refused.details.get("against", ())
            names = tuple(map(str, found)) if isinstance(found, tuple) else ()
            return BoardRefusal(code=refused.code, reasons=names or (refused.message,))
        return None

    async def settle(self, tx: Transaction, act_id: UUID, refusal: BoardRefusal | None) -> None:
        """Write down what came of an act. Doing it twice changes nothing."""
        row = await store.get_board_act(tx, act_id)
        case_id = CaseId(row.case_id)
        await store.get_case(tx, case_id, lock=True)
        code, reasons = (refusal.code, refusal.reasons) if refusal else (None, ())
        if not await store.settle_board_act(tx, act_id, code, reasons):
            return
        await store.change_case(tx, case_id, "board")
        if refusal:
            await store.append_event(tx, case_id, "board", f"Junta médica: ato não registrado ({refusal.code})")
        await tx.publish(CaseChanged(case_id=case_id, what="board"))

    async def warn(self, tx: Transaction, request_id: RequestId, term: BoardTerm, stage: BoardStage) -> None:
        """A term of the board nears its end or is over: the open case says so, as of every legal term."""
        row = await store.find_case_of_request(tx, request_id)
        if row is None or row.closed_at is not None:
            return
        case_id = CaseId(row.id)
        await store.note_escalation(tx, case_id)
        await store.append_event(tx, case_id, "escalated", WARNINGS[term, stage])
        await tx.publish(CaseChanged(case_id=case_id, what="escalated"))

    # What the use cases are made of

    async def _allowed(self, caller: Caller, case_id: CaseId) -> tuple[Row, RequestView, bool]:
        """The case, its request, and whether it is the caller's own (I7)."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(case.request_id))
        people = await People.find(self._identity, caller, [caller.principal_id])
        return case, request, is_requester(people.registration(caller.principal_id), request.requester)

    async def keep(
        self,
        caller: Caller,
        case_id: CaseId,
        request: RequestView,
        texts: SealedTexts,
        act: Any,
        seen: int | None = None,
    ) -> None:
        """Commit the intention. The power was checked before."""
        document_id = getattr(act, "document_id", None)
        if document_id is not None and document_id not in {paper.document_id for paper in request.documents}:
            raise no_such_paper()
        act_id, now = new_id(), self._clock.now()
        body = await texts.seal_board_step(act_id, BoardStep(act=act, by=caller.principal_id, pressed_at=now))
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id, lock=True)
            if seen is not None and case.version != seen:
                raise stale_version(seen, case.version)
            if not may_work_on(case.state):
                raise not_now(case.state)
            if under_way(await store.list_board_acts(tx, case_id)):
                raise board_act_under_way()
            values = {
                "id": act_id,
                "case_id": case_id,
                "request_id": request.request_id,
                "kind": act.kind,
                "made_by": caller.principal_id,
                "at": now,
                "body": body,
                "state": "recording",
            }
            await store.insert_board_act(tx, values)
            await store.change_case(tx, case_id, "board")
            await store.append_event(tx, case_id, "board", _told(act))
            await tx.publish(
                BoardActTaken(case_id=case_id, request_id=request.request_id, act_id=act_id),
                CaseChanged(case_id=case_id, what="board"),
            )

    async def _acts_about(self, caller: Caller, request_id: RequestId) -> Sequence[Row]:
        async with self._database.transaction(caller) as tx:
            case = await store.find_case_of_request(tx, request_id)
            return await store.list_board_acts(tx, CaseId(case.id)) if case else ()

    async def _case_against(
        self, caller: Caller, case_id: CaseId, request: RequestView, texts: SealedTexts
    ) -> tuple[WhyNoBoard, ...]:
        async with self._database.transaction(caller) as tx:
            opinions = await store.list_opinions(tx, case_id)
            contacts = await store.list_contacts(tx, case_id)
        people = await People.find(self._identity, caller, [row.author_id for row in opinions])
        given = [
            opinion_given(await opinion_of(row, texts, people), row.author_id, people, request) for row in opinions
        ]
        return case_against_board(given, [await contact_of(row, texts, people) for row in contacts])

    async def _newest_kind(self, caller: Caller, case_id: CaseId) -> str:
        async with self._database.transaction(caller) as tx:
            opinions = await store.list_opinions(tx, case_id)
        return str(opinions[-1].kind)

    async def _names(self, caller: Caller, wanted: Sequence[UUID]) -> tuple[TieBreaker, ...]:
        """The physicians named, by the register. Raises `Invalid` `medical_audit.no_such_tiebreaker`."""
        found = {one.id: one for one in await self._tiebreakers.list(caller) if one.active}
        if not found.keys() >= set(wanted):
            raise no_such_tiebreaker()
        return tuple(
            TieBreaker(
                name=found[each].name,
                council="CRM",
                uf=found[each].uf,
                number=found[each].number,
                specialty=", ".join(found[each].specialties)[:120],
            )
            for each in wanted
        )

    async def _against_names(
        self, caller: Caller, case_id: CaseId, request: RequestView, names: Sequence[TieBreaker]
    ) -> list[WhyNoBoard]:
        """What speaks against the names: no four, repeated, of somebody who took part, or not active on this day."""
        async with self._database.transaction(caller) as tx:
            opinions = await store.list_opinions(tx, case_id)
        people = await People.find(self._identity, caller, [caller.principal_id, *(row.author_id for row in opinions)])
        took_part = {people.registration(each) for each in (caller.principal_id, *(row.author_id for row in opinions))}
        registrations = [(name.council, name.uf, name.number.lstrip("0")) for name in names]
        auditors = {(one[0].upper(), one[1], one[2].lstrip("0")) for one in took_part if one}
        today = local_date(self._clock.now(), ZoneInfo(request.clock.zone))
        standings = [
            await self._providers.requester_standing(caller, name.council, name.uf, name.number, today)
            for name in names
        ]
        against: dict[WhyNoBoard, bool] = {
            "no_requester": request.requester is None,
            "not_four_names": len(names) != CANDIDATES,
            "repeated_name": len(set(registrations)) < len(registrations),
            "name_is_requester": any(is_requester(one, request.requester) for one in registrations),
            "name_is_auditor": any(one in auditors for one in registrations),
            "name_not_active": any(one.known and not one.in_good_standing for one in standings),
        }
        return [name for name, holds in against.items() if holds]


def under_way(rows: Sequence[Row]) -> bool:
    """Whether an act of the board is on its way."""
    return any(row.state == "recording" for row in rows)


async def _act_view(row: Row, texts: SealedTexts, people: People) -> BoardActView:
    act = (await texts.open_board_step(row.id, row.body)).act
    words = next((getattr(act, name, None) for name in ("reasons", "words", "note") if getattr(act, name, None)), None)
    return BoardActView(
        id=row.id,
        kind=row.kind,
        by=people.name(row.made_by),
        at=row.at,
        state=row.state,
        refusal=row.refusal,
        reasons=tuple(row.reasons),
        words=words,
        by_whom=getattr(act, "by_whom", None),
        document_id=getattr(act, "document_id", None),
    )


def _told(act: Any) -> str:
    """What the case's history says of an act; no personal data."""
    match act:
        case BoardOpened():
            return "Junta médica aberta, com quatro nomes para o desempate"
        case NoticeReceived():
            whom = "médico solicitante" if act.to == "requester" else "beneficiário"
            return f"Junta médica: recebimento do aviso comprovado ({whom})"
        case RequesterAnswered():
            kept = "manteve a indicação e escolheu o desempatador"
            return f"Junta médica: o médico solicitante {kept if act.answer == 'keeps' else 'concordou com o parecer'}"
        case TiebreakerPicked():
            return "Junta médica: desempatador escolhido pela operadora, passado o prazo do solicitante"
        case OpinionGiven():
            return "Junta médica: parecer do desempatador registrado"
        case _:
            diverged = act.kind == "diverged"
            return "Divergência técnica declarada" if diverged else "Junta médica: o desempatador precisa de mais"


def _below(caller: Caller) -> Caller:
    """Texts of a case lie under the member's key, which a clerk may not ask for."""
    return Caller.system(caller.operator_id, "medical_audit", caller.causation, caller.correlation)
