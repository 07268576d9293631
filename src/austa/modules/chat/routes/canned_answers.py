"""HTTP edge of canned answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.modules.chat.api.canned_answers import CannedAnswer, CannedAnswers


class AnswerAsked(Contract):
    """A canned answer as it shall be."""

    title: str
    text: str


def router(canned_answers: CannedAnswers) -> APIRouter:
    """All under /api/v1/canned-answers."""
    routes = APIRouter(tags=["conversations"], prefix="/api/v1/canned-answers")

    @routes.get("", response_model=Page[CannedAnswer])
    async def listed(caller: SignedIn) -> Response:
        """Those in use, by title."""
        return answer(Page[CannedAnswer](items=await canned_answers.list(caller)))

    @routes.put("/{answer_id}", response_model=CannedAnswer)
    async def save(
        caller: SignedIn, answer_id: UUID, asked: Annotated[AnswerAsked, from_json(AnswerAsked)]
    ) -> Response:
        """Make or change one. Doing it twice changes nothing."""
        kept = CannedAnswer(id=answer_id, title=asked.title, text=asked.text)
        return answer(await canned_answers.save(caller, kept))

    @routes.delete("/{answer_id}", status_code=204)
    async def end(caller: SignedIn, answer_id: UUID) -> Response:
        """Offer it no more. Doing it twice changes nothing."""
        await canned_answers.end(caller, answer_id)
        return Response(status_code=204)

    return routes
