"""The counts of `austa bench chat` see what was lost, doubled, overtaken or left unanswered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.bench.conversations.records import Records, Reply, Said
from austa.bench.graph.limits import NUMBER_LIMIT, PAIR_LIMIT, PORTFOLIO_LIMIT, PeerLimits

ANA = "5511910000000"


def said(wamid: str, due: float, *, emergency: bool = False) -> Said:
    return Said(wamid, ANA, due, int(due), asks=True, is_emergency=emergency, accepted_at=due + 0.01)


def reply(quotes: str | None, at: float, *, send_id: str | None = None, text: str = "Certo.") -> Reply:
    return Reply(at, ANA, send_id or f"{quotes}:{at}", quotes, text)


class TestAnswers:
    def test_a_message_nobody_quotes_is_unanswered(self) -> None:
        records = Records([said("a", 1), said("b", 2)], [reply("a", 1.5)])
        assert [each.wamid for each in records.unanswered()] == ["b"]

    def test_messages_that_waited_together_share_the_reply_to_the_newest(self) -> None:
        records = Records([said("a", 1), said("b", 2)], [reply("b", 2.5)])
        assert records.answers() == {"a": 2.5, "b": 2.5}

    def test_of_messages_of_one_second_either_may_be_the_newest(self) -> None:
        assert Records([said("a", 1.2), said("b", 1.8)], [reply("a", 2.5)]).answers() == {"a": 2.5, "b": 2.5}

    def test_the_reply_to_an_older_one_answers_no_newer_one(self) -> None:
        assert "b" not in Records([said("a", 1), said("b", 2)], [reply("a", 2.5)]).answers()

    def test_minutes_apart_they_share_nothing(self) -> None:
        assert "a" not in Records([said("a", 1), said("b", 400)], [reply("b", 401)]).answers()

    def test_an_emergency_is_answered_only_by_words_that_name_help(self) -> None:
        records = Records([said("a", 1, emergency=True)], [reply("a", 1.2)])
        assert records.unanswered()
        records.replies.append(reply("a", 1.3, text="Ligue 192 (SAMU) agora."))
        assert not records.unanswered()


class TestDoubles:
    def test_one_send_taken_twice_is_a_double(self) -> None:
        assert Records([said("a", 1)], [reply("a", 2, send_id="s"), reply("a", 3, send_id="s")]).doubles() == (1, 0)

    def test_unless_a_kill_left_its_fate_open(self) -> None:
        twice = [reply("a", 2, send_id="s"), reply("a", 9, send_id="s")]
        assert Records([said("a", 1)], twice, kills=[2.4]).doubles() == (0, 1)
        assert Records([said("a", 1)], twice, kills=[0.5]).doubles() == (1, 0)

    def test_the_same_words_about_the_same_message_by_two_sends_are_a_double(self) -> None:
        assert Records([said("a", 1)], [reply("a", 2), reply("a", 3)]).doubles() == (1, 0)

    def test_a_message_stored_twice_is_one_too(self) -> None:
        assert Records([said("a", 1)], []).figures({"a": 2}, 0)["duplicated"] == 1


class TestOrder:
    def test_a_reply_to_an_older_message_after_that_to_a_newer_one(self) -> None:
        assert Records([said("a", 1), said("b", 2)], [reply("b", 3), reply("a", 4)]).out_of_order() == 1
        assert Records([said("a", 1), said("b", 2)], [reply("a", 3), reply("b", 4)]).out_of_order() == 0

    def test_what_arrived_late_is_answered_late(self) -> None:
        late = said("a", 1)
        late.accepted_at = 3.5
        assert Records([late, said("b", 2)], [reply("b", 3), reply("a", 4)]).out_of_order() == 0

    def test_emergencies_overtake(self) -> None:
        both = [said("a", 1), said("b", 2, emergency=True)]
        assert Records(both, [reply("b", 3, text="Ligue 192"), reply("a", 4)]).out_of_order() == 0


def test_what_was_accepted_and_is_not_stored_is_lost() -> None:
    assert Records([said("a", 1), said("b", 2)]).figures({"a": 1}, 0)["lost"] == 1


class TestLimits:
    @given(st.lists(st.floats(0, 3), min_size=1, max_size=120), st.integers(1, 20))
    def test_no_second_has_more_of_a_number_than_its_limit(self, instants: list[float], most: int) -> None:
        limits = PeerLimits(per_second=most, pair_burst=1000)
        taken = [at for at in sorted(instants) if limits.take("1", ANA, at, starts=False) is None]
        assert all(sum(at <= other < at + 1 for other in taken) <= most for at in taken)
        assert sum(limits.refused.values()) == len(instants) - len(taken)

    @given(st.lists(st.floats(0, 400), min_size=1, max_size=150))
    def test_no_window_has_more_of_a_pair_than_burst_and_refill(self, instants: list[float]) -> None:
        limits = PeerLimits(per_second=1000, pair_burst=5, pair_seconds=6)
        taken = [at for at in sorted(instants) if limits.take("1", ANA, at, starts=False) is None]
        for begin, at in enumerate(taken):
            for end in range(begin, len(taken)):
                assert end - begin + 1 <= 5 + (taken[end] - at) / 6 + 1e-6

    def test_refused_attempts_count(self) -> None:
        limits = PeerLimits(per_second=1)
        assert [limits.take("1", ANA, at, starts=False) for at in (0.0, 0.9, 1.5)] == [None, NUMBER_LIMIT, NUMBER_LIMIT]
        limits = PeerLimits(pair_burst=1, pair_seconds=6)
        assert [limits.take("1", ANA, at, starts=False) for at in (0, 5, 7)] == [None, PAIR_LIMIT, PAIR_LIMIT]

    def test_of_people_written_to_first_only_so_many_a_day(self) -> None:
        limits = PeerLimits(portfolio=1)
        assert limits.take("1", ANA, 0, starts=True) is None
        assert limits.take("1", ANA, 10, starts=True) is None
        assert limits.take("2", "5511910000001", 20, starts=True) == PORTFOLIO_LIMIT
        assert limits.take("2", "5511910000001", 86_401, starts=True) is None


@pytest.mark.parametrize("share", ["ack_p99_ms", "reply_p95_ms"])
def test_times_are_in_milliseconds(share: str) -> None:
    figures = Records([said("a", 1)], [reply("a", 1.25)], acks=[0.25]).figures({"a": 1}, 0)
    assert figures[share] == 250.0
