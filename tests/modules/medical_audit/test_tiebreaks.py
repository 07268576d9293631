"""The tie-breaker signs in: one board's papers, the opinion, and the door that shuts behind it (RN ANS 424/2017)."""

from datetime import timedelta

import pytest

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, NotFound
from austa.kernel.ids import DocumentId, new_id
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.boards import BoardActAsked
from austa.modules.medical_audit.api.tiebreaks import TiebreakAct, TiebreakAsked, WaitingBoard
from austa.modules.prior_auth.api.boards import MoreNeeded, OpinionGiven, RequesterAnswered
from austa.modules.prior_auth.api.requests import AttachedDocument
from tests.modules.medical_audit.conftest import Desk
from tests.modules.medical_audit.test_board import PAPER, Board
from tests.modules.medical_audit.test_with_prior_auth import WholeDesk

CHOSEN = 1


@pytest.fixture
async def board(desk: Desk, platform: Platform) -> Board:
    """A board at the tie-break: the requester chose the second of the four names."""
    made = Board(WholeDesk(desk, platform))
    await made.diverge()
    report = made.whole.world.documents.put()
    price = made.whole.world.documents.put()
    papers = (AttachedDocument(kind="finding", document_id=report), AttachedDocument(kind="quote", document_id=price))
    await made.whole.prior_auth.add_documents(made.whole.system, made.line.request_id, papers)
    await made.open()
    await made.prove("requester")
    await made.act(RequesterAnswered(answer="keeps", choice=CHOSEN, at=desk.clock.now()))
    return made


async def chosen(board: Board) -> Caller:
    """The physician who was chosen, signed in."""
    view = (await board.view()).board
    assert view is not None
    name = view.candidates[CHOSEN]
    return somebody(board, f"CRM-{name.uf} {name.number}")


def somebody(board: Board, council: str) -> Caller:
    caller = board.desk.person("Benedita Salgado", "tiebreaker", council=council)
    board.whole.world.identity.staff[caller.principal_id] = board.desk.identity.staff[
        board.desk.operator_id, caller.principal_id
    ]
    return caller.model_copy(update={"kind": "tiebreaker"})


async def only(board: Board, caller: Caller) -> WaitingBoard:
    (one,) = await board.whole.tiebreaks.waiting(caller)
    return one


def an_opinion(board: Board) -> TiebreakAct:
    return OpinionGiven(
        conclusion="unfavourable", written_at=board.desk.clock.now(), words=Personal("Vi os exames e o relatório.")
    )


async def test_who_was_chosen_sees_the_care_and_not_the_person(board: Board) -> None:
    caller = await chosen(board)
    line = await only(board, caller)
    assert (line.case_number, line.late, line.sent) == (board.line.number, False, False)
    seen = await board.whole.tiebreaks.get(caller, line.board_id)
    assert seen.may == ("needed", "concluded")
    assert [paper.kind for paper in seen.papers] == ["finding"], "no price, and no proof of a notice"
    member = await board.desk.members.get(board.whole.system, board.line.member.id)
    told = str(seen.reveal_json())
    for hidden in (member.name.reveal(), member.card_number.reveal(), str(member.id), "Helena Prado"):
        assert hidden not in told


async def test_each_look_is_written_down(board: Board) -> None:
    caller = await chosen(board)
    line = await only(board, caller)
    paper = (await board.whole.tiebreaks.get(caller, line.board_id)).papers[0]
    await board.whole.tiebreaks.page(caller, line.board_id, paper.document_id, 1, 800)
    subject = await board.desk.members.subject(board.whole.system, board.line.member.id)
    looks = (await board.desk.privacy.list_access(board.whole.system, subject)).items
    mine = [(look.what, look.resource_id) for look in looks if look.actor == f"tiebreaker:{caller.id}"]
    assert mine == [("document", paper.document_id), ("case", board.line.id)]


async def test_the_signed_opinion_prevails_and_shuts_the_door(board: Board) -> None:
    caller = await chosen(board)
    line = await only(board, caller)
    sent = await board.whole.tiebreaks.act(caller, line.board_id, TiebreakAsked(act=an_opinion(board)))
    assert sent.sent
    with pytest.raises(Conflict) as twice:
        await board.whole.tiebreaks.act(caller, line.board_id, TiebreakAsked(act=an_opinion(board)))
    assert twice.value.code == "medical_audit.board_act_under_way"
    await board.desk.work()
    view = await board.view()
    assert view.board is not None
    assert (view.board.state, view.board.conclusion) == ("BOARD_OPINION", "unfavourable")
    assert (view.acts[-1].kind, view.acts[-1].state, view.acts[-1].by.id) == ("concluded", "recorded", caller.id)
    assert (await board.request()).history[-1].actor == f"tiebreaker:{caller.id}"
    assert await board.whole.tiebreaks.waiting(caller) == ()
    with pytest.raises(NotFound):
        await board.whole.tiebreaks.get(caller, line.board_id)


async def test_more_may_be_asked_for_once(board: Board) -> None:
    caller = await chosen(board)
    line = await only(board, caller)
    need = TiebreakAsked(act=MoreNeeded(needs=("exams",), words=Personal("Falta o hemograma.")))
    await board.whole.tiebreaks.act(caller, line.board_id, need)
    await board.desk.work()
    seen = await board.whole.tiebreaks.get(caller, line.board_id)
    assert (seen.needs, seen.may) == (("exams",), ("concluded",))


async def test_nobody_else_comes_in(board: Board) -> None:
    line = await only(board, await chosen(board))
    other = somebody(board, "CRM-SP 900703")  # named, not chosen
    assert await board.whole.tiebreaks.waiting(other) == ()
    with pytest.raises(NotFound):
        await board.whole.tiebreaks.act(other, line.board_id, TiebreakAsked(act=an_opinion(board)))
    with pytest.raises(Forbidden):
        await board.whole.tiebreaks.waiting(board.desk.director)
    with pytest.raises(NotFound):
        await board.whole.tiebreaks.page(await chosen(board), line.board_id, DocumentId(new_id()), 1, 800)
    with pytest.raises(NotFound):
        await board.whole.tiebreaks.page(await chosen(board), line.board_id, PAPER, 1, 800)


async def test_who_the_register_ends_sees_nothing_more(board: Board) -> None:
    caller = await chosen(board)
    names = await board.whole.tiebreakers.list(board.desk.director)
    mine = next(one for one in names if one.number == "900701")
    await board.whole.tiebreakers.end(board.desk.director, mine.id)
    assert await board.whole.tiebreaks.waiting(caller) == ()


async def test_staff_who_write_an_opinion_down_still_need_its_paper(board: Board) -> None:
    await board.whole.boards.act(board.desk.physician, board.line.id, BoardActAsked(act=an_opinion(board)))
    await board.desk.work()
    act = (await board.view()).acts[-1]
    assert (act.state, act.reasons) == ("refused", ("proof_missing",))
    board.desk.clock.advance(timedelta(minutes=1))
