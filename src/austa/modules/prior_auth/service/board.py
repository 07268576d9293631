"""The medical board at the door: admission, steps, terms and what it comes to (RN ANS 424/2017)."""

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.pages import LARGEST_PAGE, decode_time_and_id, encode_cursor
from austa.kernel.actors import CLERK, TIEBREAKER, Caller
from austa.kernel.clock import local_date
from austa.kernel.contracts import Page
from austa.kernel.ids import PrincipalId, RequestId, new_id
from austa.modules.identity.api import Identity, Principal
from austa.modules.prior_auth.api.boards import (
    AgainstBoard,
    BoardFilter,
    BoardLine,
    BoardOpened,
    BoardStage,
    BoardStep,
    BoardTerm,
    BoardView,
    Divergence,
    DivergenceDeclared,
    MoreNeeded,
    NoticeReceived,
    OpinionGiven,
    RequesterAnswered,
    TiebreakerPicked,
)
from austa.modules.prior_auth.domain.authority import ItemAsked, is_same_professional
from austa.modules.prior_auth.domain.board import (
    BoardMatter,
    LaterAct,
    attendance_day,
    conclusion_fits,
    faults_of_names,
    requester_term,
    tiebreaker_term,
    why_not_admitted,
    why_refused,
)
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.lifecycle import BOARD
from austa.modules.prior_auth.domain.refusals import (
    board_not_admitted,
    board_step_refused,
    no_board,
    release_refused,
)
from austa.modules.prior_auth.events import BoardChanged, BoardTermNearing, BoardTermWarned
from austa.modules.prior_auth.service.board_book import BoardBook, Written, board_view, known_of
from austa.modules.prior_auth.service.deciding import registered
from austa.modules.prior_auth.service.rights import OUTSIDE, check
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.vault import Vault, professional, requester_subject
from austa.modules.prior_auth.service.views import Row
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.store import boards, calendars
from austa.modules.prior_auth.store import requests as store

MODULE = "prior_auth"
BEYOND = timedelta(seconds=1)
NEARING: dict[BoardTerm, tuple[BoardStage, ...]] = {
    "requester": ("last_day", "over"),
    "tiebreaker": ("last_day", "over"),
    "attendance": ("three_quarters", "last_day", "over"),
}
"""What is told of each term. It is told as the day begins, as of every legal term (`domain.forecast`)."""


class BoardService:
    """`Boards`, and what the timers of its terms call."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        access: Access,
        vault: Vault,
        identity: Identity,
        rulebook: Rulebook,
    ) -> None:
        self._database = database
        self._access = access
        self._vault = vault
        self._identity = identity
        self._rulebook = rulebook
        self._book = BoardBook(vault)

    async def why_not(self, caller: Caller, request_id: RequestId, divergence: Divergence) -> tuple[AgainstBoard, ...]:
        """See `Boards.why_not`."""
        async with self._database.transaction(caller) as tx:
            row = await self._readable(tx, request_id)
            return why_not_admitted(*await self._matter(tx, row, divergence))

    async def list_boards(self, caller: Caller, wanted: BoardFilter, cursor: str | None, limit: int) -> Page[BoardLine]:
        """See `Boards.list_boards`."""
        self._access.check(caller, "authorization:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        after = decode_time_and_id(cursor) if cursor else None
        async with self._database.transaction(caller) as tx:
            rows = await boards.list_boards(tx, wanted, after, limit + 1)
            lines = [await self._book.line(tx, row, is_open=wanted.view == "open") for row in rows[:limit]]
        next_cursor = None
        if len(rows) > limit:
            last = lines[-1]
            stands = last.must_end_by if wanted.view == "open" else last.opened_at
            next_cursor = encode_cursor(stands.isoformat(), last.board_id)
        return Page[BoardLine](items=tuple(lines), next_cursor=next_cursor)

    async def waiting_for(self, caller: Caller, council: str, uf: str, number: str) -> tuple[BoardLine, ...]:
        """See `Boards.waiting_for`."""
        self._access.check(caller, "authorization:read")
        subject = professional(caller.operator_id, council, uf, number)
        async with self._database.transaction(caller) as tx:
            rows = await boards.list_waiting_for(tx, subject)
            return tuple([await self._book.line(tx, row, is_open=True) for row in rows])

    async def find(self, caller: Caller, request_id: RequestId) -> BoardView | None:
        """See `Boards.find`."""
        async with self._database.transaction(caller) as tx:
            row = await self._readable(tx, request_id)
            kept = await self._book.find(tx, row)
        return board_view(row, kept) if kept else None

    async def take(self, caller: Caller, key: str, request_id: RequestId, step: BoardStep) -> None:
        """See `Boards.take`."""
        person = await self._person(caller, step.by)
        await self._prepare_keys(caller, step)
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id, lock=True)
            acting = _acting(tx, person)
            await self._check_power(tx, acting, row, step, person)
            noted = {
                "key": key,
                "request_id": request_id,
                "kind": step.act.kind,
                "at": tx.now(),
                "taken_by": acting.actor,
            }
            if not await store.note_board_step(tx, noted):
                return
            walk = Walk(tx, row, acting.kind, acting.actor)
            match step.act:
                case DivergenceDeclared():
                    walk.take("contact_requester")
                    await walk.finish()
                    return
                case BoardOpened():
                    board_id = await self._open(tx, row, walk, step.act, person)
                case _:
                    board_id = await self._go_on(tx, row, walk, step.act, acting)
            digest = sha256(canonical(step.reveal_json())).hexdigest()
            await tx.publish(
                BoardChanged(request_id=request_id, board_id=board_id, step_id=key, what=step.act.kind, digest=digest)
            )

    async def warn(
        self, tx: Transaction, request_id: RequestId, board_id: UUID, term: BoardTerm, stage: BoardStage, due: datetime
    ) -> None:
        """A stage of a term is reached: tell it, where the board still waits for whom the term binds."""
        row = await store.get_request(tx, request_id)
        board = await store.find_board(tx, request_id)
        waits = {
            "requester": row.state == "BOARD_OPENED",
            "tiebreaker": row.state == "BOARD_TIEBREAKER" and board is not None and not board.needs,
            "attendance": row.state in BOARD,
        }
        if board is None or board.id != board_id or not waits[term]:
            return
        await tx.publish(BoardTermWarned(request_id=request_id, board_id=board_id, term=term, stage=stage, due_at=due))

    async def _readable(self, tx: Transaction, request_id: RequestId) -> Row:
        """Of those outside only the clerk of the provider that asked; a member has the letter."""
        row = await store.get_request(tx, request_id)
        check(self._access, tx.caller, "board:answer" if tx.caller.kind in OUTSIDE else "authorization:read", row)
        return row

    async def _matter(self, tx: Transaction, row: Row, divergence: Divergence) -> tuple[Any, ...]:
        """What admission looks at: the matter, today, the calendar and the terms in force."""
        pack = await self._rulebook.pack_at(tx, tx.now())
        known = [pack.find_item(line.tuss) for line in await store.list_items(tx, RequestId(row.id))]
        zone = ZoneInfo(row.zone)
        matter = BoardMatter(
            urgent=row.urgent,
            ordered_by_court=row.court_ordered,
            non_care=row.kind == "reimbursement",
            service_class=row.service_class,
            asked_on=local_date(_first_asked_at(row), zone),
            listed=all(item is None or item.listing != "not_listed" for item in known),
            divergence_is_technical=divergence.technical,
            covered=divergence.covered,
            registered=divergence.registered,
        )
        terms = (await self._rulebook.in_force(tx)).terms
        return matter, local_date(tx.now(), zone), await calendars.load_calendar(tx), terms

    async def _person(self, caller: Caller, pressed_by: PrincipalId) -> Principal:
        """The person who pressed. The system only carries what a person did (I1)."""
        if caller.kind != "system" and (not caller.at_work or caller.id != str(pressed_by)):
            raise release_refused("only the person who pressed brings it")
        ourselves = Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
        person = await self._identity.get_staff(ourselves, pressed_by)
        if not person.active:
            raise release_refused("this person no longer works here")
        return person

    async def _prepare_keys(self, caller: Caller, step: BoardStep) -> None:
        if isinstance(step.act, BoardOpened):
            names = step.act.candidates
            await self._vault.prepare(caller.operator_id, [requester_subject(caller.operator_id, one) for one in names])

    async def _whom_it_waits_for(self, tx: Transaction, row: Row, person: Principal) -> str | None:
        """The person's id, where the board about the request waits for their word."""
        kept = await self._book.find(tx, row)
        name = kept.tiebreaker if kept and row.state == "BOARD_TIEBREAKER" else None
        known_as = registered(person)
        if name is None or not is_same_professional(name, known_as.council, known_as.uf, known_as.number):
            return None
        return str(person.id)

    async def _check_power(self, tx: Transaction, acting: Caller, row: Row, step: BoardStep, person: Principal) -> None:
        requester = await self._vault.open_requester(row)
        known_as = registered(person)
        own = requester is not None and is_same_professional(requester, known_as.council, known_as.uf, known_as.number)
        provider = str(row.asking_provider_id) if row.asking_provider_id else None
        self._access.check(
            acting,
            action_of(step.act),
            own_request=own,
            provider=provider,
            tiebreaker=await self._whom_it_waits_for(tx, row, person) if acting.kind == "tiebreaker" else None,
        )
        act = step.act
        if (
            acting.kind == "clerk"
            and isinstance(act, NoticeReceived)
            and (act.to, act.means)
            != (
                "requester",
                "portal",
            )
        ):
            raise release_refused("a provider confirms its own notice, on its own page")

    async def _open(self, tx: Transaction, row: Row, walk: Walk, act: BoardOpened, person: Principal) -> UUID:
        requester = await self._vault.open_requester(row)
        matter, today, calendar, terms = await self._matter(tx, row, act.divergence)
        against = (
            *why_not_admitted(matter, today, calendar, terms),
            *faults_of_names(act.candidates, requester, [registered(person)]),
        )
        if against:
            raise board_not_admitted(against)
        if not conclusion_fits(act.view, act.items, await _items(tx, row)):
            raise board_step_refused("items_wrong")
        last = attendance_day(matter.service_class, matter.asked_on, calendar, terms)
        if last is None:
            raise board_not_admitted(("too_late",))
        board_id, must_end_by = new_id(), end_of_day(last, ZoneInfo(row.zone))
        written = Written(
            divergence=act.divergence, reasons=act.reasons, member_reasons=act.member_reasons, items=act.items
        )
        walk.take("open_board", board_admitted=True)
        values = {
            "id": board_id,
            "request_id": row.id,
            "case_id": act.case_id,
            "opened_at": walk.at,
            "opened_by": str(person.id),
            "view": act.view,
            "must_end_by": must_end_by,
            "content": await self._vault.seal(tx.operator_id, row.subject_id, "board", board_id, written.reveal_json()),
        }
        await store.insert_board(tx, values, await self._book.seal_names(tx, board_id, act.candidates))
        await walk.finish()
        await self._watch(tx, row, board_id, "attendance", must_end_by)
        return board_id

    async def _go_on(self, tx: Transaction, row: Row, walk: Walk, act: LaterAct, acting: Caller) -> UUID:
        board = await store.find_board(tx, RequestId(row.id))
        if board is None or row.state not in BOARD:
            raise no_board()
        known = known_of(board)
        why = why_refused(act, known, await _items(tx, row), tx.now())
        if why is not None:
            raise board_step_refused(why)
        match act:
            case NoticeReceived():
                await self._prove(tx, row, board, act)
            case RequesterAnswered():
                await self._answer(tx, row, walk, board, act, acting)
            case TiebreakerPicked():
                walk.take("choose_tiebreaker", tiebreaker_due=known.lets_the_operator_pick(tx.now()))
                await self._choose(tx, row, board, act.choice, "operator", {})
                await walk.finish()
            case MoreNeeded():
                if row.state != "BOARD_TIEBREAKER":
                    raise board_step_refused("no_tiebreaker")
                await store.update_board(tx, board.id, {"needs": list(act.needs)})
            case OpinionGiven():
                if act.document_id is None and acting.kind != "tiebreaker":
                    raise board_step_refused("proof_missing")
                walk.take("receive_board_opinion")
                concluded = {
                    "conclusion": act.conclusion,
                    "conclusion_items": [item.reveal_json() for item in act.items],
                    "concluded_at": walk.at,
                    "opinion_id": new_id(),
                    "opinion_digest": sha256(canonical(act.reveal_json())).hexdigest(),
                    "opinion_written_at": act.written_at,
                }
                await store.update_board(tx, board.id, concluded)
                await walk.finish()
        return UUID(str(board.id))

    async def _prove(self, tx: Transaction, row: Row, board: Row, act: NoticeReceived) -> None:
        values: dict[str, Any] = {f"{act.to}_received_at": act.at, f"{act.to}_means": act.means}
        if act.to == "requester" and row.state == "BOARD_OPENED":
            until = requester_term(act.at, await calendars.load_calendar(tx), ZoneInfo(row.zone))
            values["requester_until"] = until
            await self._watch(tx, row, board.id, "requester", until)
        await store.update_board(tx, board.id, values)

    async def _answer(
        self, tx: Transaction, row: Row, walk: Walk, board: Row, act: RequesterAnswered, acting: Caller
    ) -> None:
        """An answer also proves that the notice was received."""
        values: dict[str, Any] = {"answer": act.answer, "answered_at": act.at}
        if board.requester_received_at is None:
            values |= {
                "requester_received_at": act.at,
                "requester_means": "portal" if acting.kind == "clerk" else "other",
            }
        if act.choice is None:
            walk.take("agree_with_operator")
            content = await self._book.find(tx, row)
            items = content.written.items if content else ()
            values |= {
                "conclusion": board.view,
                "conclusion_items": [item.reveal_json() for item in items],
                "concluded_at": walk.at,
            }
            await store.update_board(tx, board.id, values)
        else:
            walk.take("choose_tiebreaker", tiebreaker_due=True)
            await self._choose(tx, row, board, act.choice, "requester", values)
        await walk.finish()

    async def _choose(
        self, tx: Transaction, row: Row, board: Row, choice: int, by: str, values: dict[str, Any]
    ) -> None:
        until = tiebreaker_term(tx.now(), await calendars.load_calendar(tx), ZoneInfo(row.zone))
        chosen = {"chosen": choice, "chosen_by": by, "chosen_at": tx.now(), "tiebreaker_until": until}
        await store.update_board(tx, board.id, {**values, **chosen})
        await self._watch(tx, row, board.id, "tiebreaker", until)

    async def _watch(self, tx: Transaction, row: Row, board_id: UUID, term: BoardTerm, due: datetime) -> None:
        """Set the timers of a term; those that are past already fire at once."""
        zone, calendar = ZoneInfo(row.zone), await calendars.load_calendar(tx)
        last = local_date(due, zone)
        today = local_date(tx.now(), zone)
        quarter = calendar.add(today, max(0, calendar.count(today, last) * 3 // 4))
        begins: dict[BoardStage, datetime] = {
            "three_quarters": datetime.combine(quarter, time(), zone).astimezone(UTC),
            "last_day": datetime.combine(last, time(), zone).astimezone(UTC),
            "over": due + BEYOND,
        }
        for stage in NEARING[term]:
            timer = BoardTermNearing(
                request_id=RequestId(row.id), board_id=board_id, term=term, stage=stage, due_at=due
            )
            await tx.publish(timer, not_before=begins[stage])


def action_of(act: object) -> str:
    """The power that an act needs: a physician opens and picks, staff write down what came, a clerk answers."""
    match act:
        case DivergenceDeclared() | BoardOpened() | TiebreakerPicked():
            return "board:open"
        case RequesterAnswered() | NoticeReceived():
            return "board:answer"
        case _:
            return "board:record"


def _acting(tx: Transaction, person: Principal) -> Caller:
    return Caller(
        operator_id=tx.operator_id,
        kind="clerk" if CLERK in person.roles else "tiebreaker" if TIEBREAKER in person.roles else "staff",
        id=str(person.id),
        roles=person.roles,
        provider_id=person.provider_id,
    )


def _first_asked_at(row: Row) -> datetime:
    """When the care was asked for: an answer that is looked at again moves no term to give it."""
    return datetime.fromisoformat(row.first_term["asked_at"]) if row.first_term else row.asked_at


async def _items(tx: Transaction, row: Row) -> list[ItemAsked]:
    return [ItemAsked(item.position, item.quantity) for item in await store.list_items(tx, RequestId(row.id))]
