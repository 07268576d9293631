"""HTTP edge of `chat`: the webhook, staff messages, conversations, triage tasks."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json, refusal
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import AustaError
from austa.kernel.ids import ConversationId, MemberId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Accepted, Chat, Conversation, TriageTask


class MessageAsked(Contract):
    """A staff person's message."""

    conversation_id: ConversationId
    text: Annotated[Personal, Field()]


class MessageTaken(Contract):
    """The message is queued; its delivery shows in the conversation."""

    id: UUID


def webhooks() -> APIRouter:
    """The pages of what others post to us, for the API's description."""
    pages = APIRouter(tags=["webhooks"])

    @pages.post("whatsapp", response_model=Accepted)
    async def whatsapp(signature: Annotated[str, Header(alias="X-Hub-Signature-256")]) -> None:
        """Messages, statuses and notices from Meta, to `/webhooks/whatsapp` for all numbers of an app or to
        `/webhooks/whatsapp/{number_id}` for one. 200 after everything is committed; the signature is HMAC-SHA256 over
        the raw bytes. What was delivered before changes nothing."""

    return pages


def stream(chat: Chat) -> list[Route]:
    """The hot path: no dependencies, no validation but our own; its page is in `webhooks`."""
    paths = ("/webhooks/whatsapp/{number_id}", "/webhooks/whatsapp")
    return [Route(path, _Webhook(chat), methods=["POST"], include_in_schema=False) for path in paths]


class _Webhook:
    """A bare ASGI app: what a framework does for a request costs more than keeping a message."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await _body(receive)
        if raw is None:
            return
        signature = dict(scope["headers"]).get(b"x-hub-signature-256", b"").decode("latin-1")
        try:
            response = answer(await self._chat.receive_webhook(scope["path_params"].get("number_id"), raw, signature))
        except AustaError as error:
            response = refusal(error)
        await response(scope, receive, send)


async def _body(receive: Receive) -> bytes | None:
    """The body whole; None where who posts went away before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def router(chat: Chat, idempotency: Idempotency) -> APIRouter:
    """The webhook's check at the root, the rest under /api/v1."""
    routes = APIRouter(tags=["conversations"])

    @routes.get("/webhooks/whatsapp", tags=["webhooks"])
    @routes.get("/webhooks/whatsapp/{number_id}", tags=["webhooks"])
    async def verify(
        number_id: str | None = None,
        mode: Annotated[str, Query(alias="hub.mode")] = "",
        token: Annotated[str, Query(alias="hub.verify_token")] = "",
        challenge: Annotated[str, Query(alias="hub.challenge", max_length=200)] = "",
    ) -> Response:
        """Meta's subscription check: the challenge comes back when the token is ours."""
        await chat.verify_webhook(number_id, token if mode == "subscribe" else "")
        return Response(challenge, media_type="text/plain")

    @routes.post("/api/v1/messages/send", response_model=MessageTaken, status_code=202)
    async def send(
        request: Request, caller: SignedIn, key: IdempotencyKey, asked: Annotated[MessageAsked, from_json(MessageAsked)]
    ) -> Response:
        """Write to a member; the assistant is silent in this conversation from then on."""

        async def create() -> Response:
            return answer(MessageTaken(id=await chat.send(caller, key, asked.conversation_id, asked.text)), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.get("/api/v1/conversations", response_model=Page[Conversation])
    async def conversations(caller: SignedIn, member_id: MemberId) -> Response:
        """A member's conversations, the one they wrote in last on top; each leaves an access record."""
        return answer(Page[Conversation](items=await chat.of_member(caller, member_id)))

    @routes.get("/api/v1/conversations/{conversation_id}", response_model=Conversation)
    async def conversation(caller: SignedIn, conversation_id: ConversationId) -> Response:
        """A conversation with its newest messages; leaves an access record."""
        return answer(await chat.conversation(caller, conversation_id))

    @routes.get("/api/v1/messages/{message_id}/voice-note", responses={200: {"content": {"audio/ogg": {}}}})
    async def voice_note(caller: SignedIn, message_id: UUID) -> Response:
        """The sound of a voice note, for the person who must listen; leaves an access record."""
        note = await chat.voice_note(caller, message_id)
        headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
        return Response(note.content, 200, headers, note.media_type)

    @routes.get("/api/v1/triage-tasks", response_model=Page[TriageTask], tags=["triage"])
    async def tasks(
        caller: SignedIn,
        state: Literal["open", "all"] = "open",
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """Red flags for nurses, most urgent first."""
        return answer(await chat.triage_tasks(caller, state, cursor, limit))

    @routes.post("/api/v1/triage-tasks/{task_id}/acknowledge", response_model=TriageTask, tags=["triage"])
    async def acknowledge(caller: SignedIn, task_id: UUID) -> Response:
        """Take a task. Doing it twice changes nothing."""
        return answer(await chat.acknowledge(caller, task_id))

    return routes
