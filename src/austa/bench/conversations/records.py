"""What the generator and the stand-in saw, and what it comes to: counted from their own records alone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

TOGETHER_WITHIN_S = 120.0
"""Messages of one member further apart do not share a reply, however long both waited."""
NAMES_HELP = re.compile(r"\b(192|188|190)\b")
WRITTEN_WITHIN_S = 1.0
"""The accepted id of a send is durable so soon after; a process that is killed before may send it once more."""


@dataclass
class Said:
    """One message of a member. Instants are seconds of one monotonic clock."""

    wamid: str
    phone: str
    due: float
    timestamp: int
    """Meta's: whole seconds."""
    asks: bool
    is_emergency: bool
    words: str = ""
    accepted_at: float | None = None
    """When AUSTA answered its webhook with 200."""


@dataclass(frozen=True)
class Reply:
    """One send that the stand-in took."""

    at: float
    phone: str
    send_id: str | None
    quotes: str | None
    text: str


@dataclass
class Records:
    """Both sides' notes of one run."""

    said: list[Said] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    """Seconds from the instant each webhook was due to its 200."""
    kills: list[float] = field(default_factory=list)

    def unanswered(self) -> list[Said]:
        """Messages that asked and that no reply answers, in due order."""
        answered = self.answers()
        return [said for said in self.said if said.asks and said.wamid not in answered]

    def answers(self) -> dict[str, float]:
        """When each message that asks was first answered: by a reply that quotes it, or one that quotes a newer message
        of the same member which came while it waited. An emergency only by words that name help."""
        by_wamid = {said.wamid: said for said in self.said}
        asking: dict[str, list[Said]] = defaultdict(list)
        for said in self.said:
            if said.asks:
                asking[said.phone].append(said)
        answered: dict[str, float] = {}
        for reply in sorted(self.replies, key=lambda each: each.at):
            quoted = by_wamid.get(reply.quotes or "")
            if quoted is None:
                continue
            helps = bool(NAMES_HELP.search(reply.text))
            left = []
            for said in asking[quoted.phone]:
                # Of messages of one second the one that arrived last is the newest.
                is_shared = said.due > quoted.due - TOGETHER_WITHIN_S and said.timestamp <= quoted.timestamp
                if (said is quoted or is_shared) and (helps or not said.is_emergency):
                    answered[said.wamid] = reply.at
                else:
                    left.append(said)
            asking[quoted.phone] = left
        return answered

    def doubles(self) -> tuple[int, int]:
        """How many sends were doubled without need, and how many were repeated because a kill left their fate open."""
        doubled = resent = 0
        by_send: dict[str, list[Reply]] = defaultdict(list)
        by_words: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for reply in self.replies:
            if reply.send_id is None:
                continue
            by_send[reply.send_id].append(reply)
            if reply.quotes is not None:
                by_words[reply.phone, reply.quotes, reply.text].add(reply.send_id)
        for same in by_send.values():
            for first, second in pairwise(same):
                excused = any(first.at - WRITTEN_WITHIN_S <= kill <= second.at for kill in self.kills)
                resent += excused
                doubled += not excused
        doubled += sum(len(sends) - 1 for sends in by_words.values())
        return doubled, resent

    def out_of_order(self) -> int:
        """Replies that quote a message while an older one of the same member, which had arrived before, is answered
        later. Emergency replies overtake; messages of one second have no order at Meta's."""
        by_wamid = {said.wamid: said for said in self.said}
        wrong = 0
        newest: dict[str, Said] = {}
        seen: set[tuple[str, str]] = set()
        for reply in sorted(self.replies, key=lambda each: each.at):
            quoted = by_wamid.get(reply.quotes or "")
            key = (reply.phone, reply.send_id or "")
            if quoted is None or quoted.is_emergency or key in seen or NAMES_HELP.search(reply.text):
                continue
            seen.add(key)
            before = newest.get(reply.phone)
            if before is not None and quoted.timestamp < before.timestamp and _arrived_before(quoted, before):
                wrong += 1
            else:
                newest[reply.phone] = quoted
        return wrong

    def figures(self, stored: Mapping[str, int], drain_s: float) -> dict[str, Any]:
        """The counts. `stored`: how often AUSTA has each message by its wamid."""
        accepted = [said for said in self.said if said.accepted_at is not None]
        answered = self.answers()
        waited = [(said, answered[said.wamid] - said.due) for said in self.said if said.wamid in answered]
        doubled, resent = self.doubles()
        stored_twice = sum(stored.get(said.wamid, 0) > 1 for said in self.said)
        begin = self.said[0].due if self.said else 0.0
        span = max((max(answered.values(), default=begin)) - begin, 1e-9)
        return {
            "offered": len(self.said),
            "accepted": len(accepted),
            "lost": sum(said.wamid not in stored for said in accepted),
            "duplicated": doubled + stored_twice,
            "unknown_resent": resent,
            "out_of_order": self.out_of_order(),
            "unanswered": len(self.unanswered()),
            "emergencies": sum(said.is_emergency for said in self.said),
            "replies": len({reply.send_id for reply in self.replies}),
            "throughput_per_s": round(len(answered) / span, 1),
            **_percentiles("ack", self.acks, (50, 99)),
            **_percentiles("reply", [wait for _, wait in waited], (50, 95, 99)),
            **_percentiles("emergency_reply", [wait for said, wait in waited if said.is_emergency], (50, 95)),
            "drain_s": round(drain_s, 1),
        }


def _arrived_before(first: Said, second: Said) -> bool:
    return first.accepted_at is not None and second.accepted_at is not None and first.accepted_at < second.accepted_at


def _percentiles(name: str, seconds: Sequence[float], which: Iterable[int]) -> dict[str, float | None]:
    """None where there was nothing to wait for."""
    return {
        f"{name}_p{each}_ms": round(float(np.percentile(seconds, each)) * 1000, 1) if seconds else None
        for each in which
    }
