"""How people found the attendance: figures without anybody's words."""

from datetime import date
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract

Door = Literal["hand_over", "decision"]
"""After what it was asked: people ended a conversation, or an approval arrived."""


class SatisfactionWeek(Contract):
    """A week, from its Monday in the operator's zone. `ratings`: how many gave 1 (worst) to 5 (best)."""

    monday: date
    door: Door
    asked: int
    ratings: tuple[int, int, int, int, int]
    complaints: int


class Satisfaction(Protocol):
    """The answers of the caller's operator."""

    async def weeks(self, caller: Caller, weeks: int) -> tuple[SatisfactionWeek, ...]:
        """The last `weeks` weeks, newest first, each door by itself (`conversation:read`); a week without a question is
        left out. Raises `Invalid` `chat.weeks_refused` unless 1 to 104."""
        ...
