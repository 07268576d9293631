"""HTTP edge of the staff's live inbox: conversations that people answer."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import ConversationId, PrincipalId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Message
from austa.modules.chat.api.duty import Colleague
from austa.modules.chat.api.hand_overs import (
    HandOver,
    HandOverEntry,
    HandOverLine,
    HandOverList,
    HandOvers,
    HandOverView,
    Looker,
)


class WordsAsked(Contract):
    """A card number, CPF or protocol, whole."""

    words: Annotated[Personal, Field()]


class HolderAsked(Contract):
    """Who shall hold the conversation (nobody: null) and who holds it as the asker sees it."""

    to: PrincipalId | None
    expected: PrincipalId | None


class NoteAsked(Contract):
    """An internal note."""

    text: Annotated[Personal, Field()]


class ShownAsked(Contract):
    """The conversation is on the caller's screen."""

    is_typing: bool


def router(hand_overs: HandOvers, idempotency: Idempotency) -> APIRouter:
    """All under /api/v1/hand-overs; a hand-over has the id of its conversation."""
    routes = APIRouter(tags=["conversations"], prefix="/api/v1/hand-overs")

    @routes.get("", response_model=HandOverList)
    async def listed(caller: SignedIn, view: HandOverView = "open", cursor: str | None = None) -> Response:
        """Conversations that people answer: red flags first, then who waits longest."""
        return answer(await hand_overs.list(caller, view, cursor))

    @routes.post("/search", response_model=Page[HandOverLine])
    async def search(caller: SignedIn, asked: Annotated[WordsAsked, from_json(WordsAsked)]) -> Response:
        """The conversations of the member with exactly that card number, CPF or protocol."""
        return answer(Page[HandOverLine](items=await hand_overs.find(caller, asked.words)))

    @routes.get("/colleagues", response_model=Page[Colleague])
    async def colleagues(caller: SignedIn) -> Response:
        """Who may be given a conversation."""
        return answer(Page[Colleague](items=await hand_overs.colleagues(caller)))

    @routes.get("/{conversation_id}", response_model=HandOver)
    async def opened(caller: SignedIn, conversation_id: ConversationId) -> Response:
        """One conversation without its messages; a look leaves an access record."""
        return answer(await hand_overs.open(caller, conversation_id))

    @routes.get("/{conversation_id}/messages", response_model=Page[Message])
    async def messages(caller: SignedIn, conversation_id: ConversationId, cursor: str | None = None) -> Response:
        """Messages, newest first; the cursor leads to older ones."""
        return answer(await hand_overs.messages(caller, conversation_id, cursor))

    @routes.put("/{conversation_id}/holder", response_model=HandOver)
    async def assign(
        caller: SignedIn, conversation_id: ConversationId, asked: Annotated[HolderAsked, from_json(HolderAsked)]
    ) -> Response:
        """Take, give or release. 409 where somebody else holds it meanwhile."""
        return answer(await hand_overs.assign(caller, conversation_id, asked.to, asked.expected))

    @routes.post("/{conversation_id}/give-back", response_model=HandOver)
    async def give_back(caller: SignedIn, conversation_id: ConversationId) -> Response:
        """The assistant answers again. Doing it twice changes nothing."""
        return answer(await hand_overs.give_back(caller, conversation_id))

    @routes.post("/{conversation_id}/close", response_model=HandOver)
    async def close(caller: SignedIn, conversation_id: ConversationId) -> Response:
        """The matter is done. Doing it twice changes nothing."""
        return answer(await hand_overs.close(caller, conversation_id))

    @routes.post("/{conversation_id}/notes", response_model=HandOverEntry, status_code=201)
    async def note(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        conversation_id: ConversationId,
        asked: Annotated[NoteAsked, from_json(NoteAsked)],
    ) -> Response:
        """Write an internal note, which the person never sees."""

        async def create() -> Response:
            return answer(await hand_overs.note(caller, conversation_id, asked.text), 201)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.put("/{conversation_id}/presence", response_model=Page[Looker])
    async def show(
        caller: SignedIn, conversation_id: ConversationId, asked: Annotated[ShownAsked, from_json(ShownAsked)]
    ) -> Response:
        """Say every five seconds that it is on the screen; answers who else has it there."""
        return answer(Page[Looker](items=await hand_overs.show(caller, conversation_id, is_typing=asked.is_typing)))

    return routes
