"""How was it? Asked once, when something ended well and nothing else is open; a complaint goes to a person."""

from datetime import timedelta
from typing import Any

import pytest

from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import CaseId, DecisionId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.domain import texts
from austa.modules.chat.service.satisfaction import SatisfactionService
from austa.modules.prior_auth.events import RequestDecided
from tests.conftest import staff
from tests.fakes.documents import Paper, read_line
from tests.modules.chat.conftest import Line

KNEE = Paper(lines=(read_line("41101316"),))


async def helped(line: Line, *, answered: bool = True) -> list[str]:
    """A person of the staff answers and closes; returns what comes after."""
    if answered:
        await line.says("quero falar com uma pessoa")
    marta = line.identity.put(line.operator_id, "Marta Reis", "nurse_auditor")
    conversation_id = await line.conversation_id()
    inbox = line.chat.hand_overs
    await inbox.assign(marta, conversation_id, marta.principal_id, None)
    if answered:
        await line.chat.send(marta, str(new_id()), conversation_id, Personal("Pronto, resolvido."))
        await line.work()
    await inbox.close(marta, conversation_id)
    return await later(line)


async def later(line: Line, after: timedelta = timedelta(minutes=11)) -> list[str]:
    sent = len(line.graph.sent)
    line.clock.advance(after)
    await line.work()
    return line.graph.texts()[sent:]


async def figures(line: Line) -> list[tuple[Any, ...]]:
    service: SatisfactionService = line.chat.turns.satisfaction
    return [(w.door, w.asked, w.ratings, w.complaints) for w in await service.weeks(line.nurse, 4)]


async def approved(line: Line, outcome: str = "approve") -> list[str]:
    """A request of the linked member is decided, and the answer arrives."""
    await line.sends_photo(b"order", KNEE)
    request_id = next(request_id for request_id, _ in line.prior_auth.taken.values())
    decided = RequestDecided.model_validate(
        {
            "request_id": request_id,
            "decision_id": DecisionId(new_id()),
            "case_id": CaseId(new_id()),
            "outcome": outcome,
            "by": "system",
            "digest": "0" * 64,
            "rules_version": "1",
        }
    )
    await line.notify()
    async with line.platform.database.for_module("prior_auth").transaction(line.system) as tx:
        await tx.publish(decided)
    await line.work()
    await line.echo(-1, "delivered")
    return await later(line)


async def test_after_people_helped_one_question_one_sentence_and_no_more(line: Line) -> None:
    await line.agrees()
    (asked,) = await helped(line)
    assert asked == texts.ASK_RATING.text
    assert await line.chooses("5 - Ótimo") == [texts.RATED.text]
    assert await line.says("a moça foi muito atenciosa comigo") == [texts.COMMENT_KEPT.text]
    assert await figures(line) == [("hand_over", 1, (0, 0, 0, 0, 1), 0)]
    assert await line.events("chat.satisfaction_told.v1") == [{"door": "hand_over", "rating": 5}]
    assert await helped(line) == [], "once in 30 days"


@pytest.mark.parametrize(("said", "rating"), [("4", 4), ("Ótimo!", 5), ("péssimo", 1), ("3 - mais ou menos", 3)])
async def test_it_may_be_typed(line: Line, said: str, rating: int) -> None:
    await line.agrees()
    await helped(line)
    await line.says(said)
    assert (await figures(line))[0][2][rating - 1] == 1


async def test_a_complaint_has_a_protocol_and_goes_to_a_person(line: Line) -> None:
    await line.agrees()
    await helped(line)
    assert await line.says("1") == [texts.RATED_BADLY.text]
    (said,) = await line.says("demoraram três dias para responder")
    assert said.startswith(texts.COMPLAINT.text)
    assert "Protocolo deste atendimento: " in said
    view = await line.chat.hand_overs.open(line.nurse, await line.conversation_id())
    assert (view.line.state, view.line.reason) == ("open", "complaint")
    assert "Reclamação. Nota dada: 1 de 5." in {entry.text.reveal() for entry in view.entries if entry.text}
    assert await figures(line) == [("hand_over", 1, (1, 0, 0, 0, 0), 1)]


async def test_words_that_complain_do_so_whatever_was_rated(line: Line) -> None:
    await line.agrees()
    await helped(line)
    await line.says("4")
    assert (await line.says("gostei mas demorou demais"))[0].startswith(texts.COMPLAINT.text)


async def test_whatever_else_is_said_is_taken_as_what_it_is(line: Line) -> None:
    await line.agrees()
    await helped(line)
    (answer,) = await line.says("quero pedir uma autorização")
    assert answer == texts.ASK_IDENTITY.text
    assert (await figures(line))[0][2] == (0, 0, 0, 0, 0)


async def test_the_next_day_nobody_is_taken_to_answer_it(line: Line) -> None:
    await line.agrees()
    await helped(line)
    await line.says("5")
    line.clock.advance(timedelta(hours=25))
    (answer,) = await line.says("bom dia para vocês todos")
    assert not answer.startswith(texts.COMMENT_KEPT.text)


async def test_an_emergency_in_the_sentence_is_an_emergency(line: Line) -> None:
    await line.agrees()
    await helped(line)
    await line.says("2")
    assert "192" in (await line.says("tô com dor no peito e falta de ar"))[0]
    assert [task.level for task in await line.tasks()] == ["RED"]


async def test_after_an_approval_that_arrived(line: Line) -> None:
    await line.is_linked()
    assert await approved(line) == [texts.ASK_RATING.text]
    assert (await figures(line))[0][:2] == ("decision", 1)


class TestNeverAsked:
    @pytest.mark.parametrize("outcome", ["deny", "approve_in_part", "administrative_return"])
    async def test_after_a_denial(self, line: Line, outcome: str) -> None:
        await line.is_linked()
        assert await approved(line, outcome) == []

    async def test_when_people_helped_after_a_denial(self, line: Line) -> None:
        await line.is_linked()
        await line.sends_photo(b"order", KNEE)
        request_id = next(request_id for request_id, _ in line.prior_auth.taken.values())
        line.prior_auth.states[request_id] = "DENIED"
        assert await helped(line) == []

    async def test_after_an_emergency(self, line: Line) -> None:
        await line.agrees()
        await line.says("ele vai me matar")
        for task in await line.tasks():
            await line.chat.acknowledge(line.nurse, task.id)
        line.clock.advance(timedelta(days=8))
        assert await helped(line) == []

    async def test_outside_the_window(self, line: Line) -> None:
        await line.agrees()
        await line.says("quero falar com uma pessoa")
        line.clock.advance(timedelta(hours=25))
        assert await helped(line, answered=False) == []

    async def test_while_something_else_is_open(self, line: Line) -> None:
        await line.agrees()
        await line.says("quero pedir uma autorização")
        assert await helped(line) == []

    async def test_who_gave_the_conversation_back_to_the_assistant(self, line: Line) -> None:
        await line.agrees()
        await line.says("quero falar com uma pessoa")
        await line.chat.hand_overs.give_back(line.nurse, await line.conversation_id())
        assert await later(line) == []


async def test_only_the_staff_see_the_figures(line: Line) -> None:
    service = line.chat.turns.satisfaction
    with pytest.raises(Forbidden):
        await service.weeks(staff(line.operator_id, "tiebreaker"), 4)
    with pytest.raises(Invalid):
        await service.weeks(line.nurse, 0)
