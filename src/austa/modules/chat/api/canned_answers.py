"""Answers of the operator's own for what is often asked."""

from typing import Protocol
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract


class CannedAnswer(Contract):
    """An answer of the operator's own for what people ask often. `text` holds placeholders and no word of a person."""

    id: UUID
    title: str
    text: str


class CannedAnswers(Protocol):
    """The canned answers of the caller's operator."""

    async def list(self, caller: Caller) -> tuple[CannedAnswer, ...]:
        """Those in use, by title (`message:send` or `canned_answer:change`)."""
        ...

    async def save(self, caller: Caller, answer: CannedAnswer) -> CannedAnswer:
        """Make or change one (`canned_answer:change`). Idempotent by its id.

        Raises `Invalid` `chat.title_refused`, `chat.text_refused` (over 1,000 characters), `chat.placeholder_unknown`.
        """
        ...

    async def end(self, caller: Caller, answer_id: UUID) -> None:
        """Offer it no more. Idempotent."""
        ...
