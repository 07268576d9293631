"""Sending: in order, once as far as a crash allows, and never silently lost."""

from datetime import timedelta

import pytest

from austa.infra.living import show_life
from austa.kernel.errors import Forbidden, Invalid, NotFound
from austa.kernel.ids import ConversationId, MemberId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.events import MessageQueued
from austa.modules.chat.service.sender import Lost
from austa.modules.chat.store.sends import take_number
from tests.conftest import staff
from tests.fakes.documents import Paper
from tests.fakes.graph import Crash
from tests.modules.chat.conftest import Line

BUSY, TOKEN_EXPIRED, UNDELIVERABLE, WINDOW_CLOSED = 131056, 190, 131026, 131047


class TestOrder:
    async def test_two_messages_of_one_turn_arrive_in_order_even_while_the_first_is_retried(self, line: Line) -> None:
        line.graph.failures = [BUSY, BUSY]
        await line.sends_photo(b"order", Paper())
        assert line.graph.sent == []
        for _ in range(6):
            line.clock.advance(timedelta(seconds=5))
            await line.work()
        first, second = line.graph.texts()
        assert first.startswith("Recebi o arquivo")
        assert "assistente automática" in second

    async def test_the_history_shows_them_in_order(self, line: Line) -> None:
        await line.sends_photo(b"order", Paper(), caption="oi")
        shown = await line.chat.conversation(line.nurse, await line.conversation_id())
        assert [message.direction for message in shown.messages] == ["in", "out", "out"]
        assert shown.messages[1].text is not None
        assert shown.messages[1].text.reveal().startswith("Recebi")
        assert shown.messages[0].document_id in line.documents.kept

    async def test_an_emergency_reply_waits_for_nobody(self, line: Line) -> None:
        line.graph.failures = [BUSY]
        await line.says("oi")
        assert "192 (SAMU)" in (await line.says("minha mãe está com falta de ar"))[0]

    async def test_replies_quote_what_they_answer(self, line: Line) -> None:
        webhook = line.message("text", {"body": "oi"})
        await line.post(webhook)
        await line.work()
        asked = webhook["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
        assert line.graph.sent[0]["context"] == {"message_id": asked}


class TestCrashes:
    async def crash(self, line: Line) -> None:
        """The worker dies after Meta took the reply to "oi" and before that was recorded."""
        line.graph.crashes = 1
        await line.post(line.message("text", {"body": "oi"}))
        with pytest.raises(Crash):
            await line.work()
        await line.query("select 1")

    async def test_the_echo_of_a_status_settles_a_send_whose_fate_was_unknown(self, line: Line) -> None:
        await self.crash(line)
        await line.echo(0, "sent")
        await line.work()
        assert len(line.graph.sent) == 1
        assert await line.statuses() == ["sent"]
        await line.echo(0, "delivered")
        assert await line.statuses() == ["delivered"]

    async def test_without_an_echo_it_is_sent_once_more(self, line: Line) -> None:
        await self.crash(line)
        await line.work()
        assert len(line.graph.sent) == 1, "its status may still come"
        line.clock.advance(timedelta(seconds=15))
        await line.work()
        assert len(line.graph.sent) == 2
        assert line.graph.sent[0]["biz_opaque_callback_data"] == line.graph.sent[1]["biz_opaque_callback_data"]
        assert await line.statuses() == ["sent"]

    async def test_a_lost_answer_is_settled_by_the_echo_too(self, line: Line) -> None:
        line.graph.lost_answers = 1
        await line.says("oi")
        await line.echo(0, "delivered")
        line.clock.advance(timedelta(seconds=5))
        await line.work()
        assert (len(line.graph.sent), await line.statuses()) == (1, ["delivered"])

    async def test_what_meta_surely_did_not_take_is_tried_again_without_waiting_for_a_status(self, line: Line) -> None:
        line.graph.failures = [BUSY, TOKEN_EXPIRED]
        await line.says("oi")
        assert await line.statuses() == ["queued"]
        for _ in range(3):
            line.clock.advance(timedelta(seconds=5))
            await line.work()
        assert (line.graph.attempts, await line.statuses()) == (3, ["sent"])

    async def test_what_stops_the_account_loses_no_message(self, line: Line) -> None:
        line.graph.failures = [TOKEN_EXPIRED] * 15
        await line.says("oi")
        for _ in range(16):
            line.clock.advance(timedelta(seconds=1))
            await line.work()
        assert (line.graph.attempts, await line.statuses()) == (16, ["sent"])


class TestNotifications:
    async def test_within_the_window_it_is_text(self, line: Line) -> None:
        await line.is_linked()
        await line.notify()
        await line.work()
        assert line.graph.texts()[-1] == "Há uma atualização no seu pedido."

    async def test_after_the_window_it_is_the_template(self, line: Line) -> None:
        await line.is_linked()
        line.clock.advance(timedelta(hours=24))
        await line.notify()
        await line.work()
        template = line.graph.sent[-1]["template"]
        assert (template["name"], template["language"]["code"]) == ("pedido_atualizado", "pt_BR")
        assert template["components"][0]["parameters"] == [{"type": "text", "text": "1"}]

    async def test_the_way_of_one_is_told(self, line: Line) -> None:
        await line.is_linked()
        notification_id = await line.notify()
        await line.work()
        for status in ("sent", "delivered", "read"):
            await line.echo(-1, status)
        told = await line.events("chat.notification_delivered.v1")
        assert [t["status"] for t in told] == ["delivered", "read"]
        assert {t["notification_id"] for t in told} == {str(notification_id)}

    @pytest.mark.parametrize("at_once", [True, False])
    async def test_an_undeliverable_one_fails_so_that_another_channel_is_used(self, line: Line, at_once: bool) -> None:
        await line.is_linked()
        line.graph.failures = [UNDELIVERABLE] if at_once else []
        notification_id = await line.notify()
        await line.work()
        if not at_once:
            await line.echo(-1, "failed", errors=[{"code": UNDELIVERABLE}])
        told = await line.events("chat.notification_failed.v1")
        assert told == [{"notification_id": str(notification_id), "reason": "graph_131026"}]
        assert (await line.statuses()).count("failed") == 1

    async def test_one_for_a_member_who_never_wrote_fails(self, line: Line) -> None:
        await line.notify()
        await line.work()
        assert [t["reason"] for t in await line.events("chat.notification_failed.v1")] == ["no_conversation"]

    async def test_delivered_twice_it_is_sent_once(self, line: Line) -> None:
        await line.is_linked()
        before = len(line.graph.sent)
        notification_id = await line.notify()
        await line.work()
        wanted = line.notifications.messages[notification_id]
        async with line.platform.database.for_module("chat").transaction(line.system) as tx:
            await line.chat.queue_notification(tx, wanted)
        await line.work()
        assert len(line.graph.sent) == before + 1

    async def test_beyond_the_people_a_portfolio_may_write_to_first_another_channel_is_used(self, line: Line) -> None:
        await line.is_linked()
        line.clock.advance(timedelta(hours=24))
        line.chat.sender._portfolio = 0
        await line.notify()
        await line.work()
        told = await line.events("chat.notification_failed.v1")
        assert [t["reason"] for t in told] == ["graph_131048"]

    async def test_when_meta_says_the_window_is_closed_the_template_goes(self, line: Line) -> None:
        await line.is_linked()
        line.graph.failures = [WINDOW_CLOSED]
        await line.notify()
        await line.work()
        assert line.graph.sent[-1]["type"] == "template"
        assert (await line.statuses()).count("failed") == 0


class TestUndeliverable:
    @pytest.mark.parametrize("at_once", [True, False])
    async def test_an_emergency_reply_becomes_a_call_by_a_person(self, line: Line, at_once: bool) -> None:
        line.graph.failures = [UNDELIVERABLE] if at_once else []
        await line.says("minha mãe está com falta de ar")
        if not at_once:
            await line.echo(-1, "failed", errors=[{"code": UNDELIVERABLE}])
            await line.work()
        assert [task.category for task in await line.tasks()].count("call_back") == 1

    async def test_small_talk_does_not(self, line: Line) -> None:
        line.graph.failures = [UNDELIVERABLE]
        await line.says("oi")
        assert await line.tasks() == []


class TestOneSender:
    async def test_whoever_was_taken_over_sends_no_more(self, line: Line) -> None:
        """It was away for long, and another process is the number's sender by now."""
        await line.agrees()
        sender = line.chat.sender
        away = await sender._take(line.number_id, line.operator_id)
        assert away is not None
        async with line.platform.database.begin("austa_dispatcher", None) as connection:
            assert await take_number(connection, line.number_id, sender._number) is not None
        await line.chat.send(line.nurse, "key-00001", await line.conversation_id(), Personal("Olá"))
        with pytest.raises(Lost):
            await sender._step(away)
        await line.work()
        assert line.graph.texts().count("Olá") == 1

    async def test_while_one_lives_and_holds_a_number_nobody_else_gets_it(self, line: Line) -> None:
        numbers = line.platform.database
        async with numbers.engine.connect() as living_one:
            raw = await living_one.get_raw_connection()
            assert raw.driver_connection is not None
            await show_life(raw.driver_connection, 77)
            async with numbers.begin("austa_dispatcher", None) as connection:
                assert await take_number(connection, line.number_id, 77) is not None
                assert await take_number(connection, line.number_id, 78) is None
            await living_one.invalidate()
        async with numbers.begin("austa_dispatcher", None) as connection:
            fence, in_order = await take_number(connection, line.number_id, 78) or (0, True)
        assert (fence, in_order) == (2, False)

    async def test_what_an_older_version_queued_by_event_goes_too(self, line: Line) -> None:
        await line.agrees()
        await line.chat.send(line.nurse, "key-00001", await line.conversation_id(), Personal("Olá"))
        await line.query("delete from chat.send returning id")
        (outbound_id,) = await line.query("select id from chat.message where status = 'queued'")
        async with line.platform.database.for_module("chat").transaction(line.system) as tx:
            queued = MessageQueued(conversation_id=await line.conversation_id(), outbound_id=outbound_id)
            await tx.publish(queued)
        await line.work()
        assert line.graph.texts()[-1] == "Olá"


class TestStaff:
    async def test_a_persons_message_silences_the_assistant(self, line: Line) -> None:
        await line.agrees()
        conversation_id = await line.conversation_id()
        sent = [await line.chat.send(line.nurse, "key-00001", conversation_id, Personal("Olá")) for _ in range(1)]
        await line.work()
        assert line.graph.texts()[-1] == "Olá"
        assert sent
        assert await line.says("oi, doutora") == []
        line.clock.advance(timedelta(hours=25))
        assert "Como posso ajudar" in (await line.says("oi"))[0]

    async def test_the_same_key_sends_once(self, line: Line) -> None:
        await line.agrees()
        conversation_id, nurse = await line.conversation_id(), line.nurse
        ids = {await line.chat.send(nurse, "key-00001", conversation_id, Personal("Olá")) for _ in range(2)}
        await line.work()
        assert (len(ids), line.graph.texts().count("Olá")) == (1, 1)

    async def test_until_a_person_writes_the_member_hears_that_one_will(self, line: Line) -> None:
        await line.agrees()
        await line.says("quero falar com atendente")
        assert "Uma pessoa da equipe vai responder" in (await line.says("alô?"))[0]

    async def test_who_may_not_write_or_read(self, line: Line) -> None:
        await line.agrees()
        conversation_id = await line.conversation_id()
        administrator = staff(line.operator_id, "administrator")
        with pytest.raises(Forbidden):
            await line.chat.send(administrator, "key-00001", conversation_id, Personal("Olá"))
        with pytest.raises(Forbidden):
            await line.chat.conversation(administrator, conversation_id)
        with pytest.raises(NotFound):
            await line.chat.conversation(line.nurse, ConversationId(new_id()))
        for words in ("", "  ", "x" * 4097):
            with pytest.raises(Invalid):
                await line.chat.send(line.nurse, "key-00001", conversation_id, Personal(words))

    async def test_reading_leaves_an_access_record_at_the_member(self, line: Line) -> None:
        await line.is_linked()
        nurse = line.nurse
        await line.chat.conversation(nurse, await line.conversation_id())
        assert line.privacy.looks == [(nurse.id, SubjectId(line.member.id), "conversation")]

    async def test_a_members_conversations_are_found_by_the_member(self, line: Line) -> None:
        await line.is_linked()
        nurse = line.nurse
        (found,) = await line.chat.of_member(nurse, line.member.id)
        assert found.id == await line.conversation_id()
        assert found.messages
        assert line.privacy.looks == [(nurse.id, SubjectId(line.member.id), "conversation")]
        assert await line.chat.of_member(nurse, MemberId(new_id())) == ()
        with pytest.raises(Forbidden):
            await line.chat.of_member(staff(line.operator_id, "administrator"), line.member.id)
