"""The two notices of a medical board: who is named, what may be done, in words for whom they are for."""

from datetime import timedelta

from austa.kernel.ids import CaseId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.boards import BoardView, Divergence, NoticeState, TieBreaker
from austa.modules.prior_auth.api.letters import Letter
from austa.modules.prior_auth.api.requests import ItemDecision
from austa.modules.prior_auth.domain.board_letter import member_notice, requester_notice
from austa.modules.prior_auth.domain.letter import Sender
from tests.modules.medical_audit.below import ASKED_AT, DUE_AT, a_request

SENDER = Sender("Operadora de Teste", "345678")
WHY = Personal("Os exames enviados não mostram por que o procedimento é preciso agora.")
PLAIN = Personal("O médico do plano pensa que há outro jeito de cuidar.")


def a_board() -> BoardView:
    candidates = tuple(
        TieBreaker(name=Personal(f"Médico {n}"), council="CRM", uf="SP", number=f"90030{n}", specialty="Ortopedia")
        for n in range(4)
    )
    return BoardView(
        board_id=new_id(),
        request_id=RequestId(new_id()),
        case_id=CaseId(new_id()),
        state="BOARD_OPENED",
        opened_at=ASKED_AT + timedelta(days=1),
        divergence=Divergence(technical=True, covered=True, registered=True),
        reasons=WHY,
        member_reasons=PLAIN,
        view="favourable_in_part",
        view_items=(ItemDecision(position=0, approved_quantity=0),),
        candidates=candidates,
        must_end_by=DUE_AT,
        notices=(
            NoticeState(to="requester", received_at=None, means=None),
            NoticeState(to="member", received_at=None, means=None),
        ),
        requester_until=None,
        answer=None,
        answered_at=None,
        chosen=None,
        chosen_by=None,
        tiebreaker_until=None,
        needs=(),
        conclusion=None,
        conclusion_items=(),
        concluded_at=None,
        by_agreement=False,
    )


def words(letter: Letter) -> str:
    return "\n".join(text.reveal() for part in letter.sections for text in (*part.paragraphs, *part.items))


def test_the_member_reads_why_who_and_what_comes_next_in_easy_words() -> None:
    letter = member_notice(a_request(), a_board(), Personal("Dona Iracema"), SENDER)
    text = words(letter)
    assert letter.readability_level == "easy"
    assert all(f"Médico {n}" in text for n in range(4))
    assert PLAIN.reveal() in text
    assert WHY.reveal() not in text, "the reasons for the requester are not for a chat or a kitchen table"
    assert "até 02/12/2026" in text


def test_the_requester_reads_the_reasons_the_names_and_the_two_ways_to_answer() -> None:
    letter = requester_notice(a_request(), a_board(), SENDER)
    text = words(letter)
    assert WHY.reveal() in text
    assert all(f"{n}. Médico {n - 1}, Ortopedia, CRM-SP 90030{n - 1}" in text for n in range(1, 5))
    assert "o auditor é favorável a 0" in text
    assert "2 dias úteis" in text
    assert letter.member.reveal() == "Paulo Teixeira"
