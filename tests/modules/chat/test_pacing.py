"""Pacing: no limit is ever passed as the peer counts, however long calls take and however often the sender dies."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from austa.bench.graph.limits import PeerLimits
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.chat.domain.pacing import NumberPace, PaceLimits, pair_begins, pair_begun, pair_ended
from tests.modules.chat.conftest import Line

LIMITS = PaceLimits(per_second=1000, pair_burst=8, pair_seconds=6.0, pair_kept=3)
HEALTH = "minha mãe está com falta de ar"
waits, delays = st.floats(0, 0.6), st.floats(0, 2.5)


class TestNumber:
    @given(st.lists(st.tuples(waits, delays, delays, st.booleans()), max_size=80), st.integers(1, 6))
    def test_no_sliding_second_sees_more_than_the_limit(
        self, attempts: list[tuple[float, float, float, bool]], most: int
    ) -> None:
        """Each attempt: a wait, how long until Meta sees it and until its answer is here, and whether we die then."""
        now, pace = 0.0, NumberPace(most)
        under_way: list[float] = []
        arrived: list[float] = []
        for wait, until_seen, until_answered, dies in attempts:
            now += wait
            for ended in sorted(at for at in under_way if at <= now):
                pace.end(ended)
                under_way.remove(ended)
            if dies:
                # What was under way is seen before its process is gone.
                pace, arrived = NumberPace.taken_over(most, now), [min(at, now) for at in arrived]
                under_way.clear()
            if pace.free(now):
                pace.begin(1)
                arrived.append(now + until_seen)
                under_way.append(now + until_seen + until_answered)
        peer = PeerLimits(per_second=most, pair_burst=10_000)
        assert [at for at in sorted(arrived) if peer.take("1", "5511910000000", at, starts=False)] == []


@dataclass
class Pair:
    """One pair as the sender keeps it."""

    full_at: float = 0.0
    under_way: list[float] = field(default_factory=list)

    def settle(self, now: float) -> None:
        for ended in sorted(at for at in self.under_way if at <= now):
            self.under_way.remove(ended)
            self.full_at = max(self.full_at, pair_ended(LIMITS, 0.0, len(self.under_way), ended))


class TestPair:
    @given(st.lists(st.tuples(st.floats(0, 9), delays, delays, st.booleans()), max_size=80))
    def test_no_window_sees_more_than_burst_and_refill(self, attempts: list[tuple[float, float, float, bool]]) -> None:
        now, pair = 0.0, Pair()
        arrived: list[float] = []
        for wait, until_seen, until_answered, dies in attempts:
            now += wait
            pair.settle(now)
            if dies:
                # The next sender knows what lies in the database: the intents, and that they may have gone until now.
                arrived = [min(at, now) for at in arrived]
                pair = Pair(pair_ended(LIMITS, pair.full_at, len(pair.under_way) - 1, now))
            begins = pair_begins(LIMITS, pair.full_at, len(pair.under_way), now, urgent=True)
            if begins <= now:
                pair.full_at = pair_begun(LIMITS, pair.full_at, len(pair.under_way), now)
                arrived.append(now + until_seen)
                pair.under_way.append(now + until_seen + until_answered)
        peer = PeerLimits(per_second=10_000, pair_burst=LIMITS.pair_burst, pair_seconds=LIMITS.pair_seconds)
        assert [at for at in sorted(arrived) if peer.take("1", "5511910000000", at, starts=False)] == []

    @given(st.floats(0, 1000), st.integers(0, 20), st.floats(0, 1000))
    def test_an_emergency_never_waits_longer_than_another_message(
        self, full_at: float, under_way: int, now: float
    ) -> None:
        urgent = pair_begins(LIMITS, full_at, under_way, now, urgent=True)
        assert now <= urgent <= pair_begins(LIMITS, full_at, under_way, now, urgent=False)

    def test_whoever_waits_long_enough_may_send(self) -> None:
        assert pair_begins(LIMITS, 100.0, 0, 100.0, urgent=False) == 100.0


class TestSender:
    async def staff_writes(self, line: Line, count: int) -> None:
        conversation_id, nurse = await line.conversation_id(), line.nurse
        for number in range(count):
            key = f"key-{number:05d}-{new_id()}"
            await line.chat.send(nurse, key, conversation_id, Personal(f"Mensagem {number}"))

    async def test_the_last_five_of_a_pair_are_kept_for_emergencies(self, line: Line) -> None:
        await line.agrees()
        await self.staff_writes(line, 50)
        await line.work()
        sent = len(line.graph.sent)
        assert 38 <= sent <= 42
        assert "192" in (await line.says(HEALTH))[0]
        assert await line.query("select count(*) from chat.send") == [50 + 2 - sent - len(line.graph.sent[sent + 1 :])]
        line.clock.advance(timedelta(seconds=50 * 6))
        await line.work()
        texts = [text for text in line.graph.texts() if text.startswith("Mensagem")]
        assert texts == [f"Mensagem {number}" for number in range(50)], "in order, none lost"

    async def test_a_restart_does_not_refill(self, line: Line) -> None:
        await line.agrees()
        await self.staff_writes(line, 45)
        await line.work()
        before = len(line.graph.sent)
        await line.work()
        assert len(line.graph.sent) == before
        line.clock.advance(timedelta(seconds=12))
        await line.work()
        assert len(line.graph.sent) == before + 2
