"""The inbox: known again for a month, worked off in order, by whoever lives, and never held up by one item."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from austa.infra.parked import ParkedDeliveries
from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.kernel.ids import OperatorId, new_id
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.hearing import gather
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.service.consumer import Consumer
from tests.modules.chat.conftest import ME, Line

CRY = {"interactive": {"type": "button_reply", "button_reply": {"id": "now_yes", "title": "Sim"}}}
ASKS_CPF = texts.ASK_IDENTITY.text


async def change(line: Line, statement: str, **values: Any) -> None:
    """Change chat's own rows past every door."""
    async with line.platform.database.for_module("chat").transaction(line.system) as tx:
        await tx.execute(sa.text(statement), values)


def of_first(webhook: dict[str, Any]) -> dict[str, Any]:
    """The entry of a webhook that brings one message."""
    message: dict[str, Any] = webhook["entry"][0]["changes"][0]["value"]["messages"][0]
    return message


async def said_to(line: Line, phone: str) -> list[str]:
    return [body["text"]["body"] if "text" in body else body["interactive"]["body"]["text"]
            for body in line.graph.sent if body.get("to") == phone]  # fmt: skip


class TestKnownAgain:
    async def test_one_that_was_delivered_before_there_was_an_inbox_is_known(self, line: Line) -> None:
        webhook = line.message("text", {"body": "oi"})
        await line.post(webhook)
        await line.work()
        index = line.platform.keys.blind(line.operator_id, "chat.wamid", of_first(webhook)["id"])
        await change(line, "update chat.message set wamid_index = :index where direction = 'in'", index=index)
        await change(line, "delete from chat.inbox")
        await line.post(webhook)
        await line.work()
        assert len(line.graph.sent) == 1
        assert await line.query("select count(*) from chat.message where direction = 'in'") == [1]

    async def test_one_webhook_that_brings_it_twice_is_answered_once(self, line: Line) -> None:
        webhook = line.message("text", {"body": "oi"})
        webhook["entry"] *= 2
        accepted = await line.post(webhook)
        await line.work()
        assert (accepted.messages, accepted.repeated) == (1, 1)
        assert len(line.graph.sent) == 1

    async def test_after_a_month_its_bytes_and_their_key_are_gone_and_the_words_stay(self, line: Line) -> None:
        await line.says("oi")
        line.clock.advance(timedelta(days=33))
        await line.consumer.turn_over()
        assert await line.query("select count(*) from chat.inbox") == [0]
        shown = await line.chat.conversation(line.nurse, await line.conversation_id())
        assert shown.messages[0].text is not None
        assert shown.messages[0].text.reveal() == "oi"

    async def test_each_day_ahead_has_its_partition(self, line: Line) -> None:
        await line.consumer.turn_over()
        names = await line.query(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = 'chat.inbox'::regclass"
        )
        days = [line.clock.now() + timedelta(days=ahead) for ahead in range(4)]
        assert {f"inbox_{day:%Y%m%d}" for day in days} <= {*names}


class TestWhoseItIs:
    async def test_numbers_decide_where_the_address_names_none(self, line: Line) -> None:
        other = Caller.system(OperatorId(new_id()), "test")
        theirs = str(new_id().int)
        await line.chat.add_number(other, theirs)
        mine, foreign = line.message("text", {"body": "oi"}), line.message("text", {"body": "oi"})
        foreign["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = theirs
        accepted = await line.post(mine | {"entry": [*mine["entry"], *foreign["entry"]]}, number_id=None)
        await line.work()
        assert accepted.messages == 2
        assert await line.query("select count(*) from chat.message where direction = 'in'") == [1]

    async def test_what_is_for_a_known_number_is_kept_beside_one_that_nobody_has(self, line: Line) -> None:
        mine, foreign = line.message("text", {"body": "oi"}), line.message("text", {"body": "oi"})
        foreign["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "nobody"
        with pytest.raises(NotFound):
            await line.post(mine | {"entry": [*mine["entry"], *foreign["entry"]]}, number_id=None)
        await line.work()
        assert len(line.graph.sent) == 1


class TestOrder:
    async def test_what_waits_together_gets_one_reply_that_quotes_the_newest(self, line: Line) -> None:
        await line.agrees()
        webhooks = [line.message("text", {"body": text}) for text in ("bom dia", "quero pedir uma autorização")]
        for webhook in webhooks:
            await line.post(webhook)
        before = len(line.graph.sent)
        await line.work()
        (reply,) = line.graph.sent[before:]
        assert reply["context"]["message_id"] == of_first(webhooks[-1])["id"]
        assert ASKS_CPF in line.graph.texts()[-1]

    async def test_every_emergency_among_them_gets_its_own(self, line: Line) -> None:
        await line.agrees()
        before = len(line.graph.sent)
        for text in (
            "tô com um aperto no peito e suando frio",
            "quero pedir uma autorização",
            "minha mãe desmaiou e não acorda",
        ):
            await line.post(line.message("text", {"body": text}))
        await line.work()
        said = line.graph.texts()[before:]
        assert sum("192" in text for text in said[:2]) == 2
        assert len(await line.tasks()) == 2

    async def test_a_late_word_is_no_answer_to_a_question_asked_since(self, line: Line) -> None:
        await line.agrees()
        late = line.message("text", {"body": "pode ser"})
        assert ASKS_CPF in (await line.says("quero pedir uma autorização"))[-1]
        await line.post(late)
        await line.work()
        assert line.graph.texts()[-1] == texts.CAME_LATE.text
        assert line.graph.sent[-1]["context"]["message_id"] == of_first(late)["id"]
        line.clock.advance(timedelta(minutes=20))
        later = late | {}
        of_first(later)["id"] = "wamid.LATER"
        await line.post(later)
        await line.work()
        assert line.graph.texts()[-1] == texts.LATE_PREFIX + texts.CAME_LATE.text

    async def test_a_late_sair_counts(self, line: Line) -> None:
        await line.agrees()
        late = line.message("text", {"body": "sair"})
        await line.says("quero pedir uma autorização")
        await line.post(late)
        await line.work()
        assert texts.OPTED_OUT.text in line.graph.texts()[-1]


class TestEmergencies:
    @pytest.fixture(autouse=True)
    def _one_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("austa.modules.chat.service.consumer.CONVERSATIONS", 1)
        monkeypatch.setattr("austa.modules.chat.service.consumer.LOOPS", 1)

    @pytest.mark.parametrize("body", [{"text": {"body": "ela desmaiou e não acorda"}}, CRY], ids=["words", "button"])
    async def test_whoever_is_in_danger_waits_for_nobody_who_is_not(self, line: Line, body: dict[str, Any]) -> None:
        await self.crowd(line)
        ((kind, said),) = body.items()
        await line.post(line.message(kind, said))
        assert await line.consumer.look_ahead() == 4
        await line.consumer.drain()
        assert await line.query("select urgent from chat.send order by place") == [True, False, False, False]
        assert await line.consumer.look_ahead() == 0

    async def test_two_halves_of_one_emergency_are_read_together(self, line: Line) -> None:
        await self.crowd(line)
        for half in ("minha mãe caiu", "ela não acorda"):
            await line.post(line.message("text", {"body": half}))
        await line.consumer.look_ahead()
        await line.consumer.drain()
        assert (await line.query("select urgent from chat.send order by place"))[0]

    async def test_one_that_cannot_be_opened_hides_no_other(self, line: Line) -> None:
        await self.crowd(line)
        await change(line, "update chat.inbox set body = 'x'")
        await line.post(line.message("text", {"body": "ela desmaiou e não acorda"}))
        assert await line.consumer.look_ahead() == 4
        await line.consumer.drain()
        assert await line.query("select urgent from chat.send") == [True]

    async def test_what_was_answered_lets_nobody_come_first(self, line: Line) -> None:
        await self.crowd(line)
        await line.post(line.message("text", {"body": "ela desmaiou e não acorda"}))
        await line.consumer.look_ahead()
        await line.work()
        before = len(line.graph.sent)
        await self.crowd(line)
        await line.post(line.message("text", {"body": "obrigada"}))
        await line.consumer.look_ahead()
        await line.work()
        assert line.graph.sent[before]["to"] != ME

    @staticmethod
    async def crowd(line: Line) -> None:
        for number in range(3):
            await line.post(line.message("text", {"body": "oi"}, sender=f"551190000010{number}"))


class TestWorkers:
    async def test_what_a_dead_worker_had_begun_is_taken_over_within_seconds(self, line: Line) -> None:
        await line.post(line.message("text", {"body": "oi"}))
        async with line.platform.database.begin("austa_dispatcher", None) as connection:
            await connection.exec_driver_sql(
                "insert into dispatch.inbox_lease (key, token, holder, until)"
                " select key, gen_random_uuid(), 1, now() + interval '1 hour' from dispatch.inbox_due"
            )
        running = asyncio.create_task(line.consumer.run())
        try:
            for _ in range(50):
                if await line.query("select count(*) from chat.message where direction = 'out'") == [1]:
                    break
                await asyncio.sleep(0.1)
        finally:
            line.consumer.stop()
            await running
        assert await line.query("select count(*) from chat.message where direction = 'out'") == [1]

    async def test_what_is_leased_is_left_alone(self, line: Line) -> None:
        await line.post(line.message("text", {"body": "oi"}))
        async with line.platform.database.begin("austa_dispatcher", None) as connection:
            await connection.exec_driver_sql(
                "insert into dispatch.inbox_lease (key, token, holder, until)"
                " select key, gen_random_uuid(), 1, now() + interval '1 minute' from dispatch.inbox_due"
            )
        assert await line.consumer.drain() == 0

    async def test_two_workers_answer_each_message_once(self, line: Line) -> None:
        phones = [f"55119000001{number:02d}" for number in range(12)]
        for text in ("oi", "aceito"):
            for phone in phones:
                await line.post(line.message("text", {"body": text}, sender=phone))
        second = another(line)
        await asyncio.gather(line.consumer.drain(), second.drain())
        await line.work()
        assert await line.query("select count(*) from dispatch.inbox_due") == [0]
        for phone in phones:
            assert len(await said_to(line, phone)) == 1

    async def test_what_was_taken_over_meanwhile_is_not_written(
        self, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await line.says("oi")
        await line.post(line.message("text", {"body": "aceito"}))
        play, others = line.chat.turns.play, []

        async def slowly(*given: Any) -> None:
            if not others:
                others.append(1)
                # A worker that thinks we are dead.
                await change(line, "update chat.conversation set turns = turns + 1")
            await play(*given)

        monkeypatch.setattr(line.chat.turns, "play", slowly)
        await line.work()
        assert len(line.graph.sent) == 2
        assert await line.query("select turns from chat.conversation") == [3]

    async def test_one_item_that_cannot_be_kept_parks_alone(self, line: Line) -> None:
        for phone in (ME, "5511900000002", "5511900000003"):
            await line.post(line.message("text", {"body": "oi"}, sender=phone))
        await change(
            line, "update chat.inbox set body = 'x' where id in (select id from chat.inbox order by id limit 1)"
        )
        for _ in range(5):
            await line.work()
            line.clock.advance(timedelta(minutes=6))
        assert len(line.graph.sent) == 2
        (parked,) = await ParkedDeliveries(line.platform.database).list()
        assert (parked.handler, parked.reason) == ("chat.keep_left", "unexpected keys.tampered")
        assert await line.says("oi de novo")

    async def test_what_follows_a_turn_that_fails_waits_behind_it(self, line: Line) -> None:
        with line.no_turns(ValueError("not now")):
            await line.post(line.message("text", {"body": "oi"}))
            await line.consumer.drain()
        await line.post(line.message("text", {"body": "aceito"}))
        await line.work()
        said = line.graph.texts()
        assert "assistente automática" in said[0]
        assert "Como posso ajudar" in said[1]


def another(line: Line) -> Consumer:
    """A second worker."""
    ours = line.consumer
    return Consumer(
        line.platform.database,
        ours._bodies,
        keeping=ours._keeping,
        conversing=ours._conversing,
        turns=ours._turns,
        statuses=ours._statuses,
        lookout=ours._lookout,
    )


class TestExport:
    async def test_every_message_is_there_once_in_the_order_of_its_conversation(self, line: Line) -> None:
        sent = [line.message("text", {"body": text}) for text in ("oi", "ação 😀", "aceito")]
        for webhook in (sent[2], sent[0], sent[1]):
            await line.post(webhook)
        await line.post(line.message("text", {"body": "oi"}, sender="5511900000002"))
        before = [message async for message in line.chat.export(line.system)]
        await line.work()
        await line.taps("Aceito")
        waiting = line.message("sticker", {"id": "1"})
        await line.post(waiting)
        told = [message async for message in line.chat.export(line.system)]
        assert len(before) == 4
        mine = [message for message in told if message.conversation == told[-1].conversation]
        assert [message.text and message.text.reveal() for message in mine] == [
            "oi",
            "ação 😀",
            "aceito",
            "Aceito",
            None,
        ]
        assert [message.wamid.reveal() for message in mine[:3]] == [of_first(webhook)["id"] for webhook in sent]
        assert (told[-1].type, told[-1].wamid.reveal()) == ("sticker", of_first(waiting)["id"])
        assert len(told) == len({message.wamid.reveal() for message in told}) == 6

    async def test_each_person_can_see_that_their_conversation_was_taken_out(self, line: Line) -> None:
        await line.says("oi")
        looks = len(line.privacy.looks)
        assert [message async for message in line.chat.export(line.system)]
        assert len(line.privacy.looks) == looks + 1


class TestOneReply:
    def test_every_text_is_said_once_with_the_newest_question(self) -> None:
        first, second = Say("A", (texts.ASK,)), Say("B", (texts.PERSON,))
        assert gather([(first,), (), (second,), (second,)]) == (Say("A\n\nB", (texts.PERSON,)),)

    def test_one_alone_is_as_it_was(self) -> None:
        says = (Say("A"), Say("B", (texts.PERSON,)))
        assert gather([(), says]) == says

    def test_what_would_be_too_long_is_said_in_several(self) -> None:
        long = [Say(f"{number}" * 1500) for number in range(4)]
        told = gather([(say,) for say in (*long, Say("?", (texts.PERSON,)))])
        assert [len(say.text) <= 4096 for say in told] == [True] * 3
        assert told[-1] == Say("?", (texts.PERSON,))
