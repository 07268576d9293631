"""Order: whatever way messages and statuses come in, each counts once and conversations read as they were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.turn import DialogueState
from austa.modules.chat.domain.webhook import STATUSES
from austa.modules.chat.store import addresses
from austa.modules.chat.store.messages import STATUS_RANK
from tests.fakes.graph import wamid_of, words_of
from tests.fakes.members import CODE
from tests.modules.chat.conftest import Line
from tests.modules.chat.test_inbox import of_first

SCRIPT = ("oi", "aceito", "quero pedir uma autorização", "obrigada", "qual o prazo?", "bom dia")
PHONES = (f"55319{number}" for number in count(10_000_000))

few = settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
many = settings(few, max_examples=100)


@dataclass(frozen=True)
class Delivery:
    """What one webhook brings, by places in the script, and whether workers come to it before the next does."""

    brings: tuple[int, ...]
    is_worked_off: bool


@st.composite
def deliveries(draw: st.DrawFn, size: int, *, together: bool) -> list[Delivery]:
    """Each message once or more, in any order, batched anyhow; `together`: all wait before workers come."""
    again = draw(st.lists(st.integers(0, size - 1), max_size=4))
    left = draw(st.permutations([*range(size), *again]))
    some = []
    while left:
        taken = draw(st.integers(1, 3))
        some.append(Delivery(tuple(left[:taken]), not together and draw(st.booleans())))
        left = left[taken:]
    return some


def seconds(most: int) -> st.SearchStrategy[list[int]]:
    """When each message of the script was sent, after the first instant; some in the same second."""
    return st.lists(st.integers(0, most), min_size=len(SCRIPT), max_size=len(SCRIPT)).map(sorted)


class Talk:
    """The script, written by somebody who never wrote before, and delivered by Meta."""

    def __init__(self, line: Line, sent: Sequence[int]) -> None:
        self.line, phone = line, next(PHONES)
        # Meta names the same phone with and without its ninth digit.
        self.forms = (phone, phone[:4] + phone[5:])
        began = line.clock.now()
        self.entries = []
        for at, (text, after) in enumerate(zip(SCRIPT, sent, strict=True)):
            webhook = line.message("text", {"body": text}, sender=self.forms[at % 2])
            entry = of_first(webhook)
            entry["timestamp"] = str(int((began + timedelta(seconds=after)).timestamp()))
            self.entries.append(entry)
        line.clock.advance(timedelta(seconds=max(sent)))

    async def deliver(self, some: Sequence[Delivery]) -> list[list[int]]:
        """Deliver them; returns what waited together, in the order of a conversation."""
        rounds: list[list[int]] = [[]]
        seen: list[int] = []
        for each in some:
            entries = [self.entries[at] for at in each.brings]
            await self.line.post(self.line.webhook({"messages": entries}))
            new = [at for at in dict.fromkeys(self.in_order(each.brings, each.brings)) if at not in seen]
            seen += new
            rounds[-1] += new
            if each.is_worked_off:
                await self.line.work()
                rounds.append([])
        await self.line.work()
        self.arrived = seen
        return [self.in_order(each, seen) for each in rounds if each]

    def in_order(self, some: Sequence[int], arrived: Sequence[int]) -> list[int]:
        """By Meta's second, then by arrival."""
        return sorted(some, key=lambda at: (int(self.entries[at]["timestamp"]), arrived.index(at)))

    async def transcript(self) -> list[int]:
        """The places of the messages, as the conversation is taken out."""
        places = {entry["id"]: at for at, entry in enumerate(self.entries)}
        told = [message.wamid.reveal() async for message in self.line.chat.export(self.line.system)]
        return [places[wamid] for wamid in told if wamid in places]

    def is_late(self, at: int) -> bool:
        age = self.line.clock.now() - datetime.fromtimestamp(int(self.entries[at]["timestamp"]), UTC)
        return age > timedelta(minutes=15)

    def replies(self) -> list[tuple[int | None, str]]:
        """What was answered, and to which message."""
        places = {entry["id"]: at for at, entry in enumerate(self.entries)}
        return [
            (places.get(body.get("context", {}).get("message_id")), protocols_out(words_of(body)))
            for body in self.line.graph.sent
            if body["to"] in self.forms
        ]


async def reads_as_written(line: Line, sent: Sequence[int], some: Sequence[Delivery]) -> None:
    """What waits together is told and answered as if it had come in order."""
    talk = Talk(line, sent)
    (waited,) = await talk.deliver(some)
    plain = Talk(line, sent)
    await plain.deliver([Delivery((at,), is_worked_off=False) for at in waited])
    assert await talk.transcript() == await plain.transcript() == waited
    assert talk.replies() == plain.replies()


async def answers_each_once(line: Line, sent: Sequence[int], some: Sequence[Delivery]) -> None:
    """Whatever workers found waiting, and when: once each, in order, and what came late by itself."""
    talk = Talk(line, sent)
    rounds = await talk.deliver(some)
    assert await talk.transcript() == talk.in_order(range(len(SCRIPT)), talk.arrived)
    quoted = [at for at, _ in talk.replies() if at is not None]
    assert len(quoted) == len(set(quoted)), "no message is answered twice"
    for at, words in talk.replies():
        assert at is not None
        assert words.startswith(texts.LATE_PREFIX) == talk.is_late(at)
    newest = -1
    for waited in rounds:
        stamps = [int(talk.entries[at]["timestamp"]) for at in waited]
        in_time = [at for at, stamp in zip(waited, stamps, strict=True) if stamp >= newest]
        assert {*waited} - {*in_time} <= {*quoted}, "what comes late is answered by itself"
        assert not in_time or in_time[-1] in quoted, "the others share a reply, which quotes the newest"
        newest = max([newest, *stamps])


def protocols_out(said: str) -> str:
    """Without the number of the contact, which differs from person to person."""
    return "".join(character for character in said if not character.isdigit())


class TestMessages:
    @few
    @given(sent=seconds(4), some=deliveries(len(SCRIPT), together=True))
    async def test_what_waits_together_reads_as_it_was_written(
        self, line: Line, sent: list[int], some: list[Delivery]
    ) -> None:
        await reads_as_written(line, sent, some)

    @few
    @given(sent=seconds(1200), some=deliveries(len(SCRIPT), together=False))
    async def test_each_is_answered_once_whenever_workers_come_to_it(
        self, line: Line, sent: list[int], some: list[Delivery]
    ) -> None:
        await answers_each_once(line, sent, some)

    @pytest.mark.slow
    @many
    @given(sent=seconds(4), some=deliveries(len(SCRIPT), together=True))
    async def test_what_waits_together_reads_as_it_was_written_hundreds_of_times(
        self, line: Line, sent: list[int], some: list[Delivery]
    ) -> None:
        await reads_as_written(line, sent, some)

    @pytest.mark.slow
    @many
    @given(sent=seconds(1200), some=deliveries(len(SCRIPT), together=False))
    async def test_each_is_answered_once_hundreds_of_times(
        self, line: Line, sent: list[int], some: list[Delivery]
    ) -> None:
        await answers_each_once(line, sent, some)


class TestLate:
    JOURNEY = ("oi", "aceito", "quero pedir uma autorização", "{cpf}", CODE)

    @few
    @given(
        told=st.integers(1, len(JOURNEY)),
        words=st.sampled_from(("pode ser", "não", "bom dia", "quero marcar consulta", "529.982.247-25", "oi", "👍")),
        late=st.integers(1, 3 * 86_400),
    )
    async def test_what_was_sent_before_is_answered_by_itself_and_moves_nothing(
        self, line: Line, told: int, words: str, late: int
    ) -> None:
        phone = next(PHONES)
        cpf = line.member.cpf.reveal() if line.member.cpf else ""
        for text in self.JOURNEY[:told]:
            await line.says(text.format(cpf=cpf), sender=phone)
        before, sent = await newest_state(line), len(line.graph.sent)
        webhook = line.message("text", {"body": words}, sender=phone)
        assert before.heard_at is not None
        at = int(before.heard_at.timestamp()) - late
        of_first(webhook)["timestamp"] = str(at)
        await line.post(webhook)
        await line.work()
        (answer,) = line.graph.sent[sent:]
        assert answer["context"]["message_id"] == of_first(webhook)["id"]
        is_late = line.clock.now().timestamp() - at > 15 * 60
        assert words_of(answer).startswith(texts.LATE_PREFIX) == is_late
        after = await newest_state(line)
        assert after.heard_at == before.heard_at
        if before.awaiting is not None:
            assert after == before, "the question that is open stays open, and what was gathered stays gathered"


async def newest_state(line: Line) -> DialogueState:
    """What the newest conversation remembers."""
    (newest,) = await line.query("select id from chat.conversation order by created_at desc limit 1")
    async with line.platform.database.for_module("chat").transaction(line.system) as tx:
        conversation = await addresses.find_conversation(tx, newest)
    assert conversation is not None
    return await line.chat.turns.state_of(line.system, conversation)


class TestStatuses:
    @few
    @given(
        some=st.lists(
            st.lists(st.tuples(st.integers(0, 1), st.sampled_from(STATUSES)), min_size=1, max_size=4), max_size=5
        ),
        worked_off=st.booleans(),
    )
    async def test_whatever_order_they_come_in_the_furthest_stands(
        self, line: Line, some: list[list[tuple[int, str]]], worked_off: bool
    ) -> None:
        ours = []
        for _ in range(2):
            await line.says("oi", sender=next(PHONES))
            ours.append(line.graph.sent[-1])
        furthest = ["sent", "sent"]
        for webhook in some:
            await line.post(line.webhook({"statuses": [status_of(line, ours[at], status) for at, status in webhook]}))
            for at, status in webhook:
                furthest[at] = max(furthest[at], status, key=STATUS_RANK.__getitem__)
            if worked_off:
                await line.consumer.drain()
                assert [await stored_status(line, body) for body in ours] == furthest
        await line.work()
        assert [await stored_status(line, body) for body in ours] == furthest
        assert await line.query("select count(*) from chat.other_notice") == [0]


def status_of(line: Line, body: dict[str, Any], status: str) -> dict[str, Any]:
    """Meta's word on a message of ours. Its second says nothing about how far the message got."""
    return {
        "id": wamid_of(body),
        "status": status,
        "timestamp": str(int(line.clock.now().timestamp())),
        "recipient_id": body["to"],
        "biz_opaque_callback_data": body["biz_opaque_callback_data"],
    }


async def stored_status(line: Line, body: dict[str, Any]) -> str:
    (status,) = await line.query("select status from chat.message where id = :id", id=body["biz_opaque_callback_data"])
    return str(status)


class TestAgain:
    async def test_what_comes_again_for_a_month_changes_nothing_whatever_was_turned_over_or_restarted(
        self, line: Line
    ) -> None:
        """Meta repeats for seven days. It was sent in the last second of a day."""
        line.clock.advance(timedelta(hours=8, minutes=59, seconds=52))
        webhook = line.message("text", {"body": "oi"})
        await line.post(webhook)
        await line.work()
        told = line.webhook({"statuses": [status_of(line, line.graph.sent[0], "delivered")]})
        await line.post(told)
        await line.work()
        kept = await everything(line)
        for days in (1, 6, 1, 22):
            line.clock.advance(timedelta(days=days))
            await line.restart()
            await line.consumer.turn_over()
            for again in (webhook, told):
                accepted = await line.post(again)
                assert (accepted.messages, accepted.statuses, accepted.repeated) == (0, 0, 1)
            await line.work()
            assert await everything(line) == kept
        assert len(line.graph.sent) == 1


async def everything(line: Line) -> list[Any]:
    """What the conversations and their messages are like, and how much there is of all else."""
    names = ("inbox", "message", "channel_identity", "conversation", "other_notice", "send", "triage_task")
    counted = ", ".join(f"(select count(*) from chat.{name})" for name in names)
    rows = "select array_agg(m::text order by m.id) from chat.message m"
    return await line.query(f"select array[{counted}]") + await line.query(rows)
