"""Canned answers: the operator's own words for what people ask often."""

from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.modules.chat.api.canned_answers import CannedAnswer
from austa.modules.chat.api.conversations import text_refused
from austa.modules.chat.domain.placeholders import check_placeholders
from austa.modules.chat.store import canned_answers

LONGEST_TITLE = 80
LONGEST_ANSWER = 1_000
"""A message that is read to its end; WhatsApp would take four times as much."""


class CannedAnswerService:
    """Keeps them."""

    def __init__(self, database: ModuleDatabase, access: Access) -> None:
        self._database = database
        self._access = access

    async def list(self, caller: Caller) -> tuple[CannedAnswer, ...]:
        if not self._access.allows(caller, "canned_answer:change"):
            self._access.check(caller, "message:send")
        async with self._database.transaction(caller) as tx:
            rows = await canned_answers.list_answers(tx)
        return tuple(CannedAnswer(id=row.id, title=row.title, text=row.body) for row in rows)

    async def save(self, caller: Caller, answer: CannedAnswer) -> CannedAnswer:
        self._access.check(caller, "canned_answer:change")
        title, text = answer.title.strip(), answer.text.strip()
        if not title or len(title) > LONGEST_TITLE:
            raise Invalid("chat.title_refused", "a title needs between 1 and 80 characters")
        if not text or len(text) > LONGEST_ANSWER:
            raise text_refused()
        check_placeholders(text)
        async with self._database.transaction(caller) as tx:
            by = {"changed_by": caller.principal_id, "changed_at": tx.now(), "ended_at": None}
            await canned_answers.save_answer(tx, answer.id, {"title": title, "body": text, **by})
        return CannedAnswer(id=answer.id, title=title, text=text)

    async def end(self, caller: Caller, answer_id: UUID) -> None:
        self._access.check(caller, "canned_answer:change")
        async with self._database.transaction(caller) as tx:
            now = tx.now()
            await canned_answers.end_answer(tx, answer_id, ended_at=now, changed_at=now, changed_by=caller.principal_id)
