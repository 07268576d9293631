"""People answer conversations: one holds each, nobody answers unknowingly, and the assistant goes on afterwards."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import ConversationId, PrincipalId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.hand_overs import HandOver, HandOverLine, HandOverView
from austa.modules.chat.service.hand_overs import HandOverService
from tests.modules.chat.conftest import Line

CHEST = "tô com um aperto no peito e suando frio"


@dataclass
class Staffed:
    """A line whose member asked for a person, and three who may answer."""

    line: Line
    marta: Caller
    rui: Caller
    administrator: Caller
    conversation_id: ConversationId

    @property
    def inbox(self) -> HandOverService:
        return self.line.chat.hand_overs

    async def lines(self, caller: Caller, view: HandOverView = "open") -> list[HandOverLine]:
        return list((await self.inbox.list(caller, view, None)).items)

    async def take(self, caller: Caller, expected: PrincipalId | None = None) -> HandOver:
        return await self.inbox.assign(caller, self.conversation_id, caller.principal_id, expected)

    async def write(self, caller: Caller, text: str, key: str = "message-1") -> None:
        await self.line.chat.send(caller, key, self.conversation_id, Personal(text))
        await self.line.work()


@pytest_asyncio.fixture
async def staffed(line: Line) -> Staffed:
    await line.is_linked()
    await line.says("quero falar com atendente")
    put = line.identity.put
    return Staffed(
        line,
        put(line.operator_id, "Marta Reis", "nurse_auditor"),
        put(line.operator_id, "Rui Prado", "care_coordinator"),
        put(line.operator_id, "Ana Dias", "administrator"),
        await line.conversation_id(),
    )


async def test_who_asks_for_a_person_waits_in_the_list(staffed: Staffed) -> None:
    (line,) = await staffed.lines(staffed.marta, "unassigned")
    assert (line.state, line.reason, line.holder, line.assistant_answers) == ("open", "asked", None, False)
    assert (line.initials, line.card_end) == ("B.A.F.", "0011")
    assert line.waiting_since is not None
    counts = (await staffed.inbox.list(staffed.marta, "mine", None)).counts
    assert (counts.unassigned, counts.mine, counts.open) == (1, 0, 1)


async def test_red_flags_come_first_then_who_waits_longest(staffed: Staffed) -> None:
    for sender in ("5511900000002", "5511900000003"):
        await staffed.line.says("quero falar com atendente", sender=sender)
    await staffed.line.says(CHEST, sender="5511900000003")
    lines = await staffed.lines(staffed.marta)
    assert [line.phone_end for line in lines] == ["0003", "0001", "0002"]
    assert [line.alert for line in lines] == ["RED", None, None]


async def test_who_was_answered_waits_again_only_after_writing_again(staffed: Staffed) -> None:
    await staffed.write(staffed.marta, "Olá, sou a Marta.")
    (line,) = await staffed.lines(staffed.marta)
    assert line.waiting_since is None
    await staffed.line.says("obrigada, mas ainda não entendi")
    (line,) = await staffed.lines(staffed.marta)
    assert line.waiting_since == line.last_inbound_at


async def test_one_person_holds_it_and_another_hears_who(staffed: Staffed) -> None:
    await staffed.take(staffed.marta)
    with pytest.raises(Conflict, match="holder_changed") as refused:
        await staffed.take(staffed.rui)
    assert refused.value.details["holder"] == staffed.marta.principal_id
    (line,) = await staffed.lines(staffed.rui)
    assert line.holder is not None
    assert line.holder.name.reveal() == "Marta Reis"
    assert await staffed.lines(staffed.rui, "unassigned") == []
    assert len(await staffed.lines(staffed.marta, "mine")) == 1


async def test_nobody_writes_into_what_another_one_holds(staffed: Staffed) -> None:
    await staffed.take(staffed.marta)
    said = len(staffed.line.graph.sent)
    with pytest.raises(Conflict, match="holder_changed"):
        await staffed.write(staffed.rui, "Olá, sou o Rui.")
    assert len(staffed.line.graph.sent) == said


async def test_who_writes_first_holds_it_from_then_on(staffed: Staffed) -> None:
    await staffed.write(staffed.marta, "Olá, sou a Marta.")
    with pytest.raises(Conflict, match="holder_changed"):
        await staffed.write(staffed.rui, "Olá, sou o Rui.")
    assert staffed.line.graph.texts()[-1] == "Olá, sou a Marta."


async def test_it_can_be_taken_over_given_on_and_released(staffed: Staffed) -> None:
    await staffed.take(staffed.marta)
    await staffed.take(staffed.rui, expected=staffed.marta.principal_id)
    await staffed.inbox.assign(
        staffed.rui, staffed.conversation_id, staffed.marta.principal_id, staffed.rui.principal_id
    )
    seen = await staffed.inbox.assign(staffed.marta, staffed.conversation_id, None, staffed.marta.principal_id)
    assert seen.line.holder is None
    assert [entry.kind for entry in seen.entries] == ["handed_over", "taken", "taken", "given", "released"]
    given = seen.entries[3]
    assert given.author is not None
    assert given.receiver is not None
    assert (given.author.name.reveal(), given.receiver.name.reveal()) == ("Rui Prado", "Marta Reis")
    changes = [event["change"] for event in await staffed.line.events("chat.hand_over_changed.v1")]
    assert changes == ["handed_over", "taken", "taken", "given", "released"]


async def test_it_is_given_only_to_who_may_write(staffed: Staffed) -> None:
    await staffed.take(staffed.marta)
    for receiver in (staffed.administrator.principal_id, PrincipalId(new_id())):
        with pytest.raises(Invalid, match="cannot_answer"):
            await staffed.inbox.assign(staffed.marta, staffed.conversation_id, receiver, staffed.marta.principal_id)
    assert [one.name.reveal() for one in await staffed.inbox.colleagues(staffed.marta)] == ["Marta Reis", "Rui Prado"]


async def test_the_assistant_answers_again_when_it_is_given_back(staffed: Staffed) -> None:
    await staffed.write(staffed.marta, "Olá, sou a Marta.")
    assert await staffed.line.says("qual a situação do meu pedido?") == []
    given = await staffed.inbox.give_back(staffed.marta, staffed.conversation_id)
    assert (given.line.state, given.line.holder, given.line.assistant_answers) == ("closed", None, True)
    assert await staffed.line.says("qual a situação do meu pedido?") != []
    assert await staffed.lines(staffed.marta) == []


async def test_a_closed_one_opens_again_when_a_person_is_asked_for(staffed: Staffed) -> None:
    await staffed.inbox.close(staffed.marta, staffed.conversation_id)
    (line,) = await staffed.lines(staffed.marta, "closed")
    assert line.closed_at is not None
    await staffed.line.says("quero falar com atendente")
    (line,) = await staffed.lines(staffed.marta, "unassigned")
    assert (line.state, line.closed_at) == ("open", None)


async def test_it_cannot_end_while_a_red_flag_waits_or_another_one_holds_it(staffed: Staffed) -> None:
    await staffed.take(staffed.marta)
    with pytest.raises(Conflict, match="holder_changed"):
        await staffed.inbox.close(staffed.rui, staffed.conversation_id)
    await staffed.line.says(CHEST)
    with pytest.raises(Conflict, match="alert_open"):
        await staffed.inbox.give_back(staffed.marta, staffed.conversation_id)
    (task,) = await staffed.line.tasks()
    await staffed.line.chat.acknowledge(staffed.marta, task.id)
    await staffed.inbox.give_back(staffed.marta, staffed.conversation_id)


async def test_a_note_is_seen_by_the_staff_and_never_sent(staffed: Staffed) -> None:
    said = len(staffed.line.graph.sent)
    await staffed.inbox.note(staffed.marta, staffed.conversation_id, Personal("Filha liga às 15 h."))
    await staffed.line.work()
    seen = await staffed.inbox.open(staffed.rui, staffed.conversation_id)
    note = seen.entries[-1]
    assert note.text is not None
    assert (note.kind, note.text.reveal()) == ("note", "Filha liga às 15 h.")
    assert len(staffed.line.graph.sent) == said
    kept = await staffed.line.query("select body from chat.hand_over_entry where kind = 'note'")
    assert all(b"Filha" not in bytes(body) for body in kept)


async def test_a_look_is_recorded_once_for_as_long_as_it_lasts(staffed: Staffed) -> None:
    looks = staffed.line.privacy.looks
    await staffed.inbox.open(staffed.marta, staffed.conversation_id)
    await staffed.inbox.messages(staffed.marta, staffed.conversation_id, None)
    for _ in range(3):
        staffed.line.clock.advance(timedelta(seconds=15))
        await staffed.inbox.show(staffed.marta, staffed.conversation_id, is_typing=False)
    assert len(looks) == 1
    staffed.line.clock.advance(timedelta(minutes=1))
    await staffed.inbox.messages(staffed.marta, staffed.conversation_id, None)
    assert len(looks) == 2
    await staffed.inbox.open(staffed.rui, staffed.conversation_id)
    assert len(looks) == 3


async def test_others_see_who_looks_and_types_until_they_leave(staffed: Staffed) -> None:
    await staffed.inbox.show(staffed.marta, staffed.conversation_id, is_typing=True)
    (marta,) = await staffed.inbox.show(staffed.rui, staffed.conversation_id, is_typing=False)
    assert (marta.colleague.name.reveal(), marta.is_typing) == ("Marta Reis", True)
    staffed.line.clock.advance(timedelta(seconds=30))
    assert await staffed.inbox.show(staffed.rui, staffed.conversation_id, is_typing=False) == ()


async def test_older_messages_follow_by_cursor(staffed: Staffed) -> None:
    for number in range(55):
        await staffed.line.post(staffed.line.message("text", {"body": f"mensagem {number}"}))
    await staffed.line.work()
    newest = await staffed.inbox.messages(staffed.marta, staffed.conversation_id, None)
    assert newest.next_cursor is not None
    older = await staffed.inbox.messages(staffed.marta, staffed.conversation_id, newest.next_cursor)
    assert len(newest.items) == 50
    told = [message.id for message in (*newest.items, *older.items)]
    assert len(told) == len(set(told)) == len(await staffed.line.query("select id from chat.message"))


async def test_a_conversation_is_found_by_card_and_by_protocol_alone(staffed: Staffed) -> None:
    (found,) = await staffed.inbox.find(staffed.marta, Personal("9001 0000 0000 011"))
    assert found.conversation_id == staffed.conversation_id
    assert await staffed.inbox.find(staffed.marta, Personal("Beatriz")) == ()


async def test_after_24_hours_only_the_phone_helps_and_the_screen_says_when(staffed: Staffed) -> None:
    seen = await staffed.inbox.open(staffed.marta, staffed.conversation_id)
    assert seen.window_ends_at is not None
    assert seen.phone is not None
    staffed.line.clock.advance(seen.window_ends_at - staffed.line.clock.now() + timedelta(seconds=1))
    with pytest.raises(Conflict, match="window_closed"):
        await staffed.write(staffed.marta, "Olá, sou a Marta.")


async def test_only_who_answers_members_may_look(staffed: Staffed) -> None:
    with pytest.raises(Forbidden):
        await staffed.inbox.list(staffed.administrator, "open", None)
    with pytest.raises(NotFound):
        await staffed.inbox.open(staffed.marta, ConversationId(new_id()))


async def test_what_did_not_reach_the_person_becomes_a_call(staffed: Staffed) -> None:
    await staffed.line.says(CHEST)
    replies = await staffed.line.query("select id from chat.message where urgent order by sent_at")
    async with staffed.line.platform.database.for_module("chat").transaction(staffed.line.system) as tx:
        for _ in range(2):
            await staffed.line.chat.triage.call_back(tx, staffed.conversation_id, replies[-1])
    call = next(task for task in await staffed.line.tasks() if task.category == "call_back")
    assert (call.level, call.due_at - call.opened_at) == ("RED", timedelta(minutes=1))
    assert "192" in call.excerpt.reveal()
    assert call.phone is not None
