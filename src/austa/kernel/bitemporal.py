"""What was true on a day, and what was known of it at a moment: two times, kept apart.

A statement holds on its days (`valid_from` up to, not including, `valid_until`). A version is a statement and the
moments at which it was believed. A correction closes versions and opens others; nothing that was once believed is
changed or deleted, so what was answered at any moment can be answered again (Snodgrass, *Developing Time-Oriented
Database Applications in SQL*, ch. 10).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Statement:
    """One thing said of an aspect. `content` is compared, never read here. Without `valid_until` it has no end."""

    aspect: str
    valid_from: date
    valid_until: date | None
    content: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class Version:
    """A statement as it was believed from `known_from` up to, not including, `known_until`. `id` None: not yet kept."""

    id: UUID | None
    statement: Statement
    known_from: datetime
    known_until: datetime | None = None

    def is_known_at(self, moment: datetime) -> bool:
        return self.known_from <= moment and (self.known_until is None or moment < self.known_until)


def correct(
    versions: Sequence[Version], told: Collection[Statement], aspects: Collection[str], moment: datetime
) -> list[Version]:
    """From that moment on exactly `told` is believed of those aspects; what is told again stays as first told.

    A moment before the last word (clocks of two machines) counts as that of the last word.
    """
    moment = max((moment, *(each.known_from for each in versions)))
    open_ones = [each for each in versions if each.known_until is None and each.statement.aspect in aspects]
    held = {each.statement for each in open_ones}
    kept = [
        replace(each, known_until=moment) if each in open_ones and each.statement not in told else each
        for each in versions
    ]
    return kept + [Version(None, new, moment) for new in dict.fromkeys(told) if new not in held]


def said_from(held: Iterable[Statement], new: Statement) -> tuple[Statement, ...]:
    """What holds of one aspect once `new` is said from its first day on: nothing earlier changes, and what had been
    said of later days is taken back. The same as before only goes on."""
    earlier = sorted((each for each in held if each.valid_from < new.valid_from), key=lambda each: each.valid_from)
    if not earlier:
        return (new,)
    last = earlier.pop()
    if last.content == new.content and (last.valid_until is None or last.valid_until >= new.valid_from):
        return (*earlier, replace(last, valid_until=new.valid_until))
    if last.valid_until is None or last.valid_until > new.valid_from:
        last = replace(last, valid_until=new.valid_from)
    return (*earlier, last, new)


def change(versions: Sequence[Version], told: Statement, moment: datetime) -> list[Version]:
    """A fact without dates of its own: from that moment on it is believed to hold from its first day on."""
    return correct(versions, said_from(believed(versions, told.aspect), told), (told.aspect,), moment)


def taken_back(kept: Iterable[Version], versions: Iterable[Version]) -> list[tuple[UUID, datetime]]:
    """Which kept versions are believed no longer, and since when."""
    open_ones = {each.id for each in kept if each.known_until is None}
    return [(each.id, each.known_until) for each in versions if each.id in open_ones and each.id and each.known_until]


def known_at(versions: Iterable[Version], moment: datetime) -> tuple[Statement, ...]:
    """All that was believed at that moment, of any day, in order of days."""
    believed = (each.statement for each in versions if each.is_known_at(moment))
    return tuple(sorted(believed, key=lambda each: (each.aspect, each.valid_from, each.content)))


def believed(versions: Iterable[Version], aspect: str) -> tuple[Statement, ...]:
    """What is believed of that aspect now."""
    return tuple(each.statement for each in versions if each.known_until is None and each.statement.aspect == aspect)
