"""HTTP and socket edge of web chat: a signed-in member's own conversation."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile, WebSocket, WebSocketDisconnect
from pydantic import ValidationError
from pydantic_core import to_json

from austa.infra.feed import Feed
from austa.infra.http import MEMBER_COOKIE, SignedInMember, answer, from_json
from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid, Unauthenticated
from austa.kernel.personal import REVEAL, Personal
from austa.modules.chat.api.web import (
    Beat,
    Hello,
    KeptMessage,
    NewTalkMessage,
    Seen,
    Talk,
    TalkFile,
    TalkPage,
    Told,
    WebChat,
    talk_waits,
)
from austa.modules.identity.api import MemberSession, MemberSessions, session_waits

BEAT = timedelta(seconds=25)
"""Proxies close what is silent for a minute."""
POLLED_EVERY = 3
"""Beats. A wake that died with its process is made up for then."""
SLOW_AFTER = timedelta(seconds=15)
"""Nothing waits in memory for a page that does not read on: it is closed, and resumes from the database."""
TOGETHER = 50
MOST_PAGES = 8
LONGEST_FRAME = 1_000

ENDED, FOREIGN, BAD_FRAME, SLOW, TOO_MANY = 4401, 4403, 4400, 4408, 4429
"""Close codes; docs/reference/conversation-socket.md says what a page does with each."""


def router(web: WebChat, sessions: MemberSessions, feed: Feed) -> APIRouter:
    """/api/v1/my/conversation and /ws/conversations."""
    routes = APIRouter(tags=["web chat"])
    sockets = _Sockets(web, sessions, feed)

    @routes.get("/api/v1/my/conversation", response_model=Talk)
    async def talk(caller: SignedInMember) -> Response:
        """The member's conversation with its newest messages."""
        return answer(await web.open(caller))

    @routes.get("/api/v1/my/conversation/messages", response_model=TalkPage)
    async def older(
        caller: SignedInMember,
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """Messages before a place, in their order."""
        return answer(await web.page(caller, before, limit))

    @routes.post("/api/v1/my/conversation/messages", response_model=KeptMessage)
    async def send(caller: SignedInMember, message: Annotated[NewTalkMessage, from_json(NewTalkMessage)]) -> Response:
        """Write or tap. 200 after it is committed; the same `client_id` again changes nothing."""
        return answer(await web.send(caller, message))

    @routes.post("/api/v1/my/conversation/files", response_model=KeptMessage)
    async def send_file(
        caller: SignedInMember,
        client_id: Annotated[UUID, Form()],
        file: Annotated[UploadFile, File(description="JPEG, PNG, HEIC or PDF.")],
        text: Annotated[str | None, Form(max_length=4096)] = None,
    ) -> Response:
        """Send a photo or PDF, the same way."""
        return answer(await web.send_file(caller, await _file(client_id, file, text)))

    routes.add_api_websocket_route("/ws/conversations", sockets.serve)
    return routes


async def _file(client_id: UUID, file: UploadFile, text: str | None) -> TalkFile:
    given: dict[str, Any] = {
        "client_id": client_id,
        "content": await file.read(),
        "media_type": file.content_type,
        "name": Personal(file.filename or "arquivo"),
        "text": Personal(text) if text else None,
    }
    try:
        return TalkFile.model_validate(given)
    except ValidationError:
        raise Invalid("chat.file_kind", "a photo (JPEG, PNG, HEIC) or a PDF can be sent") from None


class _Sockets:
    """Sockets of members in this process. None has a queue: each reads on from the database at its own pace."""

    def __init__(self, web: WebChat, sessions: MemberSessions, feed: Feed) -> None:
        self._web = web
        self._sessions = sessions
        self._feed = feed
        self._pages: Counter[UUID] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        """Frames `hello`, `message`, `beat` out, `seen` in; resume with `?after=` the place of the last message."""
        await socket.accept()
        code = await self._serve(socket) if _is_ours(socket) else FOREIGN
        if code is not None:
            await socket.close(code)

    async def _serve(self, socket: WebSocket) -> int | None:
        credential = socket.cookies.get(MEMBER_COOKIE, "")
        try:
            session = await self._sessions.find(credential)
        except Unauthenticated:
            return ENDED
        if self._pages[session.id] >= MOST_PAGES:
            return TOO_MANY
        self._pages[session.id] += 1
        try:
            return await self._talk(socket, credential, session)
        finally:
            self._pages[session.id] -= 1
            if not self._pages[session.id]:
                del self._pages[session.id]

    async def _talk(self, socket: WebSocket, credential: str, session: MemberSession) -> int | None:
        """Talk until one side ends it; the code to close with, None where the page went away."""
        caller = Caller.member(session.operator_id, session.member_id)
        reading = asyncio.create_task(self._read(socket, caller))
        telling = asyncio.create_task(self._tell(socket, credential, session, caller))
        try:
            done, _ = await asyncio.wait({reading, telling}, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            for task in (reading, telling):
                task.cancel()
            await asyncio.gather(reading, telling, return_exceptions=True)

    async def _read(self, socket: WebSocket, caller: Caller) -> int | None:
        seen = 0
        try:
            while True:
                said = await socket.receive_text()
                frame = _seen(said)
                if frame is None:
                    return BAD_FRAME
                if frame.place > seen:
                    seen = frame.place
                    await self._web.seen(caller, seen)
        except WebSocketDisconnect:
            return None

    async def _tell(self, socket: WebSocket, credential: str, session: MemberSession, caller: Caller) -> int | None:
        stands = await self._web.stands(caller)
        place = _after(socket, stands.last_place)
        hello = Hello(after=place, last_place=stands.last_place, expires_at=session.expires_at)
        with self._feed.hearing(talk_waits(stands.conversation_id), session_waits(session.id)) as heard:
            try:
                await _say(socket, hello)
                silent = 0
                while True:
                    if silent % POLLED_EVERY == 0:
                        heard.clear()
                        await self._sessions.find(credential, fresh=True)
                        place = await self._catch_up(socket, caller, place)
                    silent = 0 if await _wait(heard) else silent + 1
                    if silent:
                        await _say(socket, Beat())
            except Unauthenticated:
                return ENDED
            except TimeoutError:
                return SLOW
            except WebSocketDisconnect:
                return None

    async def _catch_up(self, socket: WebSocket, caller: Caller, place: int) -> int:
        while True:
            told = await self._web.after(caller, place, TOGETHER)
            for message in told:
                await _say(socket, Told(message=message))
                place = message.place
            if len(told) < TOGETHER:
                return place


async def _say(socket: WebSocket, frame: Contract) -> None:
    """Raises `TimeoutError` where the page does not take it."""
    text = to_json(frame, context=REVEAL).decode()
    # Not `wait_for`: before Python 3.12 it may swallow being cancelled.
    async with asyncio.timeout(SLOW_AFTER.total_seconds()):
        await socket.send_text(text)


async def _wait(heard: asyncio.Event) -> bool:
    """Whether something was heard before the next beat."""
    try:
        async with asyncio.timeout(BEAT.total_seconds()):
            await heard.wait()
    except TimeoutError:
        return False
    return True


def _is_ours(socket: WebSocket) -> bool:
    """A browser names the page's origin; nobody else's page may use the member's cookie."""
    origin = socket.headers.get("origin", "")
    return origin.split("://", 1)[-1] == socket.headers.get("host")


def _after(socket: WebSocket, last_place: int) -> int:
    """From where the page reads on; a place that never was is now."""
    try:
        named = int(socket.query_params["after"])
    except (KeyError, ValueError):
        return last_place
    return named if 0 <= named <= last_place else last_place


def _seen(said: str) -> Seen | None:
    if len(said) > LONGEST_FRAME:
        return None
    try:
        return Seen.model_validate_json(said)
    except ValidationError:
        return None
