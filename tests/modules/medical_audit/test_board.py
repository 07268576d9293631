"""The medical board on a real database: from the divergence to a decision that follows it (RN ANS 424/2017)."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import DocumentId, ProviderId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Principal
from austa.modules.medical_audit.api.boards import BoardActAsked, CaseBoard, LaterAct, ListedBoard, OpenBoardAsked
from austa.modules.medical_audit.api.cases import CaseLine, ItemApproval
from austa.modules.medical_audit.api.tiebreakers import NewTiebreaker
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import (
    BoardFilter,
    BoardLine,
    Divergence,
    DivergenceDeclared,
    MoreNeeded,
    NoticeReceived,
    NoticeTo,
    OpinionGiven,
    RequesterAnswered,
    TiebreakerPicked,
)
from austa.modules.prior_auth.api.requests import AttachedDocument, BoardConclusion, ItemDecision, RequestView
from austa.modules.prior_auth.domain.letter import THIRD_PHYSICIAN, THIRD_PHYSICIAN_HEARD, Sender, compose_letter
from austa.modules.prior_auth.domain.receipt import read_receipt
from austa.modules.prior_auth.module import build_receipts
from tests.conftest import TODAY, clerk, staff
from tests.modules.medical_audit.conftest import Desk, a_denial
from tests.modules.medical_audit.test_with_prior_auth import CHEMOTHERAPY, WholeDesk
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import asked

PAPER = DocumentId(new_id())
PROVIDER = ProviderId(new_id())
DECLARED = Divergence(technical=True, covered=True, registered=True)
REASONS = Personal("A imagem mostra instabilidade em um segmento; o pedido é de três.")
PLAIN = Personal("O médico do plano pensa que um procedimento menor pode bastar.")


class Board:
    """A case in which auditor and requester diverge, and a register of five names."""

    def __init__(self, whole: WholeDesk) -> None:
        self.whole = whole
        self.desk = whole.desk
        self.line: CaseLine

    async def diverge(self, clerk: Caller | None = None) -> None:
        """Care that a system asked for a provider, or that its clerk asked."""
        if clerk is not None and clerk.provider_id is not None:
            member = self.desk.members.put(self.desk.operator_id, "Sílvia Rocha Menegotto")
            self.whole.world.members.facts[member.id] = a_member(member_id=member.id)
            self.whole.world.members.confirmations.add((clerk.provider_id, member.id))
            what = asked(member.id, **CHEMOTHERAPY, channel="portal", asked_at=None)
            receipt = await self.whole.prior_auth.request(clerk, "key-1", what)
            await self.desk.work()
            self.line = await self.desk.line_of(receipt.request_id)
        else:
            await self._ask_for_a_provider()
        await self.desk.talk(self.line.id)
        await self.desk.opine(self.line.id, "unfavourable")
        await self.whole.tiebreakers.save(Caller.system(self.desk.operator_id, "demo"), NAMES)

    async def _ask_for_a_provider(self) -> None:
        paper = AttachedDocument(kind="report", document_id=PAPER)
        papers = (*CHEMOTHERAPY["documents"], paper)
        provider = ProviderId(new_id())
        self.line = await self.whole.ask({**CHEMOTHERAPY, "documents": papers, "provider_id": provider})

    async def view(self, caller: Caller | None = None) -> CaseBoard:
        return await self.whole.boards.of_case(caller or self.desk.physician, self.line.id)

    async def names(self) -> tuple[UUID, ...]:
        return tuple(one.id for one in await self.whole.tiebreakers.list(self.desk.physician))

    async def open(self, caller: Caller | None = None, **changes: Any) -> CaseBoard:
        asked = OpenBoardAsked(
            **{
                "divergence": DECLARED,
                "reasons": REASONS,
                "member_reasons": PLAIN,
                "tiebreakers": (await self.names())[:4],
                "version": (await self.desk.case(self.line.id)).case.version,
                **changes,
            }
        )
        await self.whole.boards.open(caller or self.desk.physician, self.line.id, asked)
        await self.desk.work()
        return await self.view()

    async def act(self, act: LaterAct, caller: Caller | None = None) -> CaseBoard:
        await self.whole.boards.act(caller or self.desk.physician, self.line.id, BoardActAsked(act=act))
        await self.desk.work()
        return await self.view()

    async def prove(self, to: NoticeTo) -> CaseBoard:
        return await self.act(
            NoticeReceived(
                to=to,
                means="signed_protocol",
                at=self.desk.clock.now(),
                by_whom=Personal("Recepção"),
                document_id=PAPER,
            )
        )

    async def conclude(self, conclusion: BoardConclusion, items: tuple[ItemDecision, ...] = ()) -> CaseBoard:
        return await self.act(
            OpinionGiven(
                conclusion=conclusion,
                items=items,
                written_at=self.desk.clock.now(),
                words=Personal("Examinei os exames e o relatório."),
                document_id=PAPER,
            )
        )

    async def come_to(self, conclusion: BoardConclusion, items: tuple[ItemDecision, ...] = ()) -> None:
        """The whole board, by the requester's choice."""
        await self.open()
        await self.prove("requester")
        await self.prove("member")
        await self.act(RequesterAnswered(answer="keeps", choice=2, at=self.desk.clock.now()))
        await self.conclude(conclusion, items)

    async def request(self) -> RequestView:
        return (await self.desk.case(self.line.id)).request

    async def release_came_to(self) -> tuple[str, str | None, tuple[str, ...]]:
        release = (await self.desk.case(self.line.id)).release
        assert release is not None
        return release.state, release.refusal, release.lacking


def a_name(number: str, **changes: Any) -> NewTiebreaker:
    fields: dict[str, Any] = {
        "name": Personal(f"Médico {number}"),
        "uf": "SP",
        "number": number,
        "specialties": ("Oncologia clínica",),
        "city": "São Paulo",
    }
    return NewTiebreaker(**{**fields, **changes})


NAMES = tuple(a_name(f"9007{n:02d}") for n in range(5))


@pytest.fixture
async def board(desk: Desk, platform: Platform) -> Board:
    made = Board(WholeDesk(desk, platform))
    await made.diverge()
    return made


async def test_a_board_goes_from_the_divergence_to_the_denial_that_follows_it(board: Board) -> None:
    await board.come_to("unfavourable")
    view = (await board.view()).board
    assert view is not None
    assert (view.state, view.conclusion, view.chosen, view.chosen_by) == (
        "BOARD_OPINION",
        "unfavourable",
        2,
        "requester",
    )
    await board.desk.decide(board.line.id, board.desk.director, **a_denial())
    await board.desk.work()
    assert await board.release_came_to() == ("recorded", None, ())
    denied = await board.request()
    assert denied.state == "DENIED"
    letter = compose_letter(denied, Personal("Dona Iracema"), Sender("Operadora de Teste", "345678"), TODAY.date())
    assert letter is not None
    told = [text.reveal() for part in letter.sections for text in part.paragraphs]
    assert THIRD_PHYSICIAN_HEARD in told
    assert THIRD_PHYSICIAN not in told


class TestTheListOfAllBoards:
    async def test_it_says_whom_each_waits_for_and_until_when(self, board: Board) -> None:
        async def line() -> BoardLine:
            (one,) = await found(board)
            assert (one.case_number, one.member.initials) == (board.line.number, board.line.member.initials)
            return one.board

        opened = (await board.open()).board
        assert opened is not None
        assert ((await line()).waits_for, (await line()).due_at) == ("notice", opened.must_end_by)
        proven = (await board.prove("requester")).board
        assert proven is not None
        assert ((await line()).waits_for, (await line()).due_at) == ("requester", proven.requester_until)
        board.desk.clock.advance(timedelta(days=7))
        assert ((await line()).waits_for, (await line()).late) == ("pick", False)
        chosen = (await board.act(TiebreakerPicked(choice=1))).board
        assert chosen is not None
        assert ((await line()).waits_for, (await line()).due_at) == ("tiebreaker", chosen.tiebreaker_until)
        assert (await line()).tiebreaker == chosen.candidates[1]
        board.desk.clock.advance(timedelta(days=7))
        assert (await line()).late
        await board.act(MoreNeeded(needs=("exams",), words=Personal("Falta o exame de sangue.")))
        assert (await line()).waits_for == "more"
        await board.conclude("unfavourable")
        assert ((await line()).waits_for, (await line()).conclusion) == ("decision", "unfavourable")

    async def test_it_is_narrowed_and_those_that_are_over_lie_apart(self, board: Board) -> None:
        await board.come_to("favourable")
        assert await found(board, waits_for="decision")
        assert not await found(board, waits_for="tiebreaker")
        assert not await found(board, late=True)
        assert not await found(board, view="over")
        await board.desk.decide(board.line.id)
        await board.desk.work()
        assert not await found(board)
        (over,) = await found(board, view="over")
        assert (over.board.state, over.board.waits_for, over.board.due_at) == (None, None, None)
        assert over.board.conclusion == "favourable"

    async def test_only_who_reads_cases_sees_it(self, board: Board) -> None:
        for caller in (staff(board.desk.operator_id, "administrator"), clerk(board.desk.operator_id, PROVIDER)):
            with pytest.raises(Forbidden):
                await board.whole.boards.list_boards(caller, BoardFilter(), None, 10)


async def found(board: Board, **wanted: Any) -> tuple[ListedBoard, ...]:
    return (await board.whole.boards.list_boards(board.desk.physician, BoardFilter(**wanted), None, 10)).items


async def test_a_physician_who_is_ended_is_named_no_more(board: Board) -> None:
    names = await board.names()
    ended = await board.whole.tiebreakers.end(board.desk.director, names[0])
    assert not ended.active
    assert await board.whole.tiebreakers.end(board.desk.director, names[0]) == ended
    with pytest.raises(Invalid) as gone:
        await board.open(tiebreakers=names[:4])
    assert gone.value.code == "medical_audit.no_such_tiebreaker"
    with pytest.raises(Forbidden):
        await board.whole.tiebreakers.end(board.desk.physician, names[1])
    with pytest.raises(NotFound):
        await board.whole.tiebreakers.end(board.desk.director, new_id())


async def test_the_receipt_names_board_and_tiebreaker_and_decides_again(board: Board, platform: Platform) -> None:
    await board.come_to("favourable_in_part", (ItemDecision(position=0, approved_quantity=1),))
    part = {**a_denial(), "outcome": "approve_in_part", "items": (ItemApproval(position=0, approved_quantity=1),)}
    await board.desk.decide(board.line.id, board.desk.director, **part)
    await board.desk.work()
    assert await board.release_came_to() == ("recorded", None, ())
    members = cast(Members, board.whole.world.members)
    receipts, _ = build_receipts(platform, members=members, privacy=board.desk.privacy)
    decision = (await board.request()).decisions[-1]
    system = board.whole.system
    receipt = read_receipt(await receipts.export(system, decision.decision_id))
    kept = receipt.document["board"]
    assert receipt.faults == ()
    assert (kept["conclusion"], kept["chosen_by"]) == ("favourable_in_part", "requester")
    assert len(kept["opinion"]["digest"]) == 64
    assert receipt.document["persons"]["tiebreaker"]["name"] == "Médico 900702"
    assert "tiebreaker" in receipt.disclosed, "each person can be cut out"
    replayed = await receipts.replay(system, decision.decision_id)
    assert (replayed.identical, replayed.differences) == (True, ())


async def test_a_part_is_that_of_the_tiebreaker(board: Board) -> None:
    await board.come_to("favourable_in_part", (ItemDecision(position=0, approved_quantity=1),))
    less = {**a_denial(), "outcome": "approve_in_part", "items": (ItemApproval(position=0, approved_quantity=0),)}
    await board.desk.decide(board.line.id, board.desk.director, **less)
    await board.desk.work()
    state, refusal, lacking = await board.release_came_to()
    assert (state, refusal) == ("refused", "prior_auth.decision_incomplete")
    assert set(lacking) == {"board_items", "items"}


async def test_the_tiebreakers_opinion_prevails(board: Board) -> None:
    await board.come_to("favourable")
    await board.desk.decide(board.line.id, board.desk.director, **a_denial())
    await board.desk.work()
    assert await board.release_came_to() == ("refused", "prior_auth.decision_incomplete", ("board_opinion",))
    await board.desk.decide(board.line.id, key="key-0002")
    await board.desk.work()
    assert (await board.request()).state == "ISSUED"


async def test_nothing_is_decided_against_a_member_who_provably_had_no_notice(board: Board) -> None:
    await board.open()
    await board.prove("requester")
    await board.act(RequesterAnswered(answer="agrees", at=board.desk.clock.now()))
    await board.desk.decide(board.line.id, board.desk.director, **a_denial())
    await board.desk.work()
    assert await board.release_came_to() == ("refused", "prior_auth.decision_incomplete", ("board_notices",))


async def test_every_reason_against_a_board_is_named_at_once(board: Board) -> None:
    requester = (await board.request()).requester
    assert requester is not None
    more = (a_name(requester.number, uf=requester.uf), a_name("104233"))
    await board.whole.tiebreakers.save(Caller.system(board.desk.operator_id, "demo"), more)
    listed = await board.whole.tiebreakers.list(board.desk.physician)
    named = [one.id for one in listed if one.number in {requester.number, "104233", "900700"}]
    board.desk.providers.inactive.add("900700")
    nothing = Divergence(technical=False, covered=False, registered=False)
    with pytest.raises(Invalid) as refused:
        await board.open(divergence=nothing, tiebreakers=tuple(named))
    assert set(refused.value.details["against"]) == {
        "no_technical_divergence",
        "not_covered",
        "not_registered",
        "not_four_names",
        "name_is_requester",
        "name_is_auditor",
        "name_not_active",
    }
    assert (await board.view()).board is None


async def test_a_divergence_is_talked_about_before_a_board_is_opened(board: Board) -> None:
    await board.act(DivergenceDeclared(reasons=REASONS))
    assert (await board.request()).state == "REQUESTER_CONTACT"
    assert (await board.view()).may == ("opened",)
    view = await board.open()
    assert view.board is not None
    assert view.board.state == "BOARD_OPENED"


async def test_the_member_is_told_once_in_neutral_words(board: Board) -> None:
    await board.open()
    await board.prove("member")
    told = board.whole.world.notifications.templates
    assert told.count("authorization_board") == 1


async def test_only_a_physician_opens_a_board_and_never_the_requester(board: Board) -> None:
    with pytest.raises(Forbidden):
        await board.open(board.desk.analyst)
    assert "opened" not in (await board.view(board.desk.nurse)).may


async def test_terms_run_from_the_proven_receipt_and_a_person_picks_after_silence(board: Board) -> None:
    opened = (await board.open()).board
    assert opened is not None
    assert opened.requester_until is None
    told = (await board.prove("requester")).board
    assert told is not None
    assert told.requester_until is not None
    early = await board.act(TiebreakerPicked(choice=0))
    assert (early.acts[-1].state, early.acts[-1].refusal) == ("refused", "prior_auth.board_step_refused")
    board.desk.clock.advance(told.requester_until - board.desk.clock.now() + timedelta(minutes=1))
    await board.desk.work()
    late = await board.view()
    assert "picked" in late.may
    assert (await board.request()).state == "BOARD_OPENED", "the system picks nobody"
    texts = [entry.text.reveal() for entry in (await board.desk.case(board.line.id)).timeline]
    assert any("não respondeu" in text for text in texts)
    picked = (await board.act(TiebreakerPicked(choice=0))).board
    assert picked is not None
    assert (picked.state, picked.chosen, picked.chosen_by) == ("BOARD_TIEBREAKER", 0, "operator")


async def test_the_tiebreaker_may_first_need_more(board: Board) -> None:
    await board.open()
    await board.act(RequesterAnswered(answer="keeps", choice=0, at=board.desk.clock.now()))
    view = await board.act(MoreNeeded(needs=("in_person", "exams"), words=Personal("Quero examinar a pessoa.")))
    assert view.board is not None
    assert view.board.needs == ("in_person", "exams")
    assert "needed" not in view.may
    assert "concluded" in view.may


async def test_a_proof_is_a_paper_of_the_request(board: Board) -> None:
    await board.open()
    proof = NoticeReceived(
        to="member",
        means="postal_receipt",
        at=board.desk.clock.now(),
        by_whom=Personal("Filha"),
        document_id=DocumentId(new_id()),
    )
    with pytest.raises(Invalid) as refused:
        await board.act(proof)
    assert refused.value.code == "medical_audit.no_such_paper"


async def test_one_act_is_on_its_way_at_a_time(board: Board) -> None:
    asked = BoardActAsked(act=DivergenceDeclared(reasons=REASONS))
    await board.whole.boards.act(board.desk.physician, board.line.id, asked)
    with pytest.raises(Conflict) as refused:
        await board.whole.boards.act(board.desk.physician, board.line.id, asked)
    assert refused.value.code == "medical_audit.board_act_under_way"


async def test_the_clerk_who_asked_answers_and_another_provider_sees_nothing(desk: Desk, platform: Platform) -> None:
    board = Board(WholeDesk(desk, platform))
    clerk = a_clerk(board, ProviderId(new_id()))
    await board.diverge(clerk)
    await board.open()
    seen = await board.whole.boards.of_request(clerk, board.line.request_id)
    assert (seen.board is not None, seen.may) == (True, ("received", "answered"))
    answer = RequesterAnswered(answer="keeps", choice=1, at=board.desk.clock.now())
    await board.whole.boards.answer(clerk, board.line.request_id, BoardActAsked(act=answer))
    await board.desk.work()
    view = (await board.view()).board
    assert view is not None
    assert (view.chosen, view.notices[0].means) == (1, "portal")
    with pytest.raises(NotFound):
        await board.whole.boards.of_request(a_clerk(board, ProviderId(new_id())), board.line.request_id)


async def test_who_only_performs_the_care_sees_no_board(board: Board) -> None:
    provider_id = (await board.request()).provider_id
    assert provider_id is not None
    await board.open()
    performer = a_clerk(board, provider_id)
    assert (await board.whole.boards.of_request(performer, board.line.request_id)).board is None
    answer = RequesterAnswered(answer="agrees", at=board.desk.clock.now())
    with pytest.raises(Forbidden):
        await board.whole.boards.answer(performer, board.line.request_id, BoardActAsked(act=answer))


async def test_an_approval_of_the_whole_ends_an_open_board(board: Board) -> None:
    await board.open()
    await board.desk.decide(board.line.id)
    await board.desk.work()
    assert (await board.request()).state == "ISSUED"
    view = await board.view()
    assert view.board is not None
    assert (view.board.state, view.may) == (None, ())


async def test_the_register_is_kept_by_import(board: Board) -> None:
    system = Caller.system(board.desk.operator_id, "cli")
    table = (
        "name;uf;number;specialties;city;active;email\n"
        "Ana Lima;SP;9007-05;Ortopedia|Coluna;Campinas;sim;ana@exemplo.br\n"
        "Médico 900700;SP;900700;Oncologia clínica;São Paulo;não;\n"
    )
    report = await board.whole.tiebreakers.import_csv(system, table, dry_run=False)
    assert (report.created, report.updated, report.problems) == (1, 1, ())
    (found,) = await board.whole.tiebreakers.list(board.desk.physician, "ORTOPEDIA")
    assert (found.name.reveal(), found.number, found.active) == ("Ana Lima", "900705", True)
    wrong = await board.whole.tiebreakers.import_csv(system, table.replace("9007-05", "abc"), dry_run=False)
    assert [problem.code for problem in wrong.problems] == ["number_wrong"]


def a_clerk(board: Board, provider_id: ProviderId) -> Caller:
    clerk = board.desk.person("Lúcia Ramos", "provider_clerk")
    key = board.desk.operator_id, clerk.principal_id
    person: Principal = board.desk.identity.staff[key].model_copy(update={"provider_id": provider_id})
    board.desk.identity.staff[key] = person
    board.whole.world.identity.staff[clerk.principal_id] = person
    return clerk.model_copy(update={"kind": "clerk", "provider_id": provider_id})
