"""The WhatsApp Cloud API (Graph API): send a message, fetch a file.

What a refusal means is in `domain.graph_errors`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2
import msgspec

from austa.infra.settings import Settings
from austa.kernel.errors import Invalid, NotFound, Unavailable
from austa.modules.chat.adapters.connections import AnswerLost, Connections, Unreached, is_direct
from austa.modules.chat.domain import graph_errors
from austa.modules.chat.domain.graph_errors import Course

_JSON = {"content-type": "application/json"}
LARGEST_MEDIA = 100 * 1024 * 1024
TIMEOUT_S = 20.0


MOST_CONNECTIONS = 500


@dataclass(frozen=True)
class Taken:
    """Meta took the message, under this id."""

    wamid: str


@dataclass(frozen=True)
class Refused:
    """Meta surely did not take the message, and says why; `graph_errors.UNREACHED` where it was never asked."""

    code: int

    @property
    def course(self) -> Course:
        return graph_errors.course_of(self.code)


Answer = Taken | Refused


@dataclass(frozen=True)
class TemplateTaken:
    """What Meta said of a template: its status and id there, or why it was not taken."""

    status: str | None
    id: str | None = None
    refusal: str | None = None


ALREADY_THERE = 2388024
"""Error subcode: a template of this name has content in this language."""
LONGEST_REFUSAL = 300


class _Message(msgspec.Struct):
    id: str


class _Error(msgspec.Struct):
    code: int


class _Body(msgspec.Struct):
    messages: list[_Message] = []
    error: _Error | None = None


class WhatsAppClient:
    """One connection pool to the Graph API for a process. `transport`: None for the network, or a peer in process."""

    def __init__(self, settings: Settings, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._origin, self._version = settings.whatsapp_graph_url, settings.whatsapp_graph_version
        self._token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
        self._transport = transport
        self._connections: Connections | None = None
        if transport is None and is_direct(self._origin):
            # Through a proxy, and to media, the general client goes.
            headers = {"authorization": f"Bearer {self._token}", **_JSON}
            self._connections = Connections(self._origin, headers, TIMEOUT_S)

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        """Made with the first message: most processes send none, and reading the machine's certificates takes a tenth
        of a second of a start."""
        return httpx2.AsyncClient(
            headers={"authorization": f"Bearer {self._token}"},
            timeout=TIMEOUT_S,
            follow_redirects=False,
            transport=self._transport,
            limits=httpx2.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS),
        )

    async def send(self, number_id: str, message: bytes) -> Answer | None:
        """Send a message, JSON; None where the answer was lost, so that Meta may have taken it."""
        path = f"/{self._version}/{number_id}/messages"
        try:
            if self._connections is not None:
                return _answer(*await self._connections.post(path, message))
            response = await self._client.post(self._origin + path, content=message, headers=_JSON)
            return _answer(response.status_code, response.content)
        except (Unreached, httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            return Refused(graph_errors.UNREACHED)
        except (AnswerLost, httpx2.HTTPError):
            return None

    async def submit_template(self, account: str, template: Mapping[str, Any]) -> "TemplateTaken":
        """Put a template before Meta's reviewers. One that is there already is as good as taken.

        Raises `Unavailable` `chat.meta_away` where it may help to ask again.
        """
        place = f"{self._origin}/{self._version}/{account}/message_templates"
        try:
            answer = await self._client.post(place, json=template)
            told = _json(answer)
            if answer.status_code == 200:
                return TemplateTaken(_text(told.get("status")) or "PENDING", _text(told.get("id")))
            error = told.get("error")
            error = error if isinstance(error, dict) else {}
            if answer.status_code >= 500 or graph_errors.course_of(int(error.get("code") or 0)) != "never":
                raise Unavailable("chat.meta_away", f"Meta took no template ({answer.status_code})")
            if error.get("error_subcode") == ALREADY_THERE:
                return TemplateTaken(None)
            why = _text(error.get("error_user_msg")) or _text(error.get("message")) or str(answer.status_code)
            return TemplateTaken(None, refusal=why[:LONGEST_REFUSAL])
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            raise Unavailable("chat.meta_away", f"Meta took no template ({type(error).__name__})") from None

    async def fetch(self, media_id: str) -> bytes:
        """The bytes of a file. Its address is asked anew each time, for it lives five minutes.

        Raises `NotFound` `chat.media_gone`, `Invalid` `documents.too_large`, `Unavailable`.
        """
        try:
            answer = await self._client.get(f"{self._origin}/{self._version}/{media_id}")
            if answer.status_code in {400, 404}:
                raise NotFound("chat.media_gone", "the file is not there any more")
            answer.raise_for_status()
            async with self._client.stream("GET", str(_json(answer).get("url"))) as file:
                file.raise_for_status()
                return await _read_limited(file)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable("chat.media_away", f"the file could not be fetched ({type(error).__name__})") from None

    async def close(self) -> None:
        if self._connections is not None:
            self._connections.close()
        if "_client" in vars(self):
            await self._client.aclose()


async def _read_limited(file: httpx2.Response) -> bytes:
    content = bytearray()
    async for chunk in file.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_MEDIA:
            raise Invalid("documents.too_large", "the file is larger than WhatsApp allows")
    return bytes(content)


def _answer(status: int, content: bytes) -> Answer | None:
    try:
        body = msgspec.json.decode(content, type=_Body)
    except msgspec.DecodeError:
        body = _Body()
    if status == 200:
        return Taken(body.messages[0].id) if body.messages else None
    if body.error is not None and (status < 500 or graph_errors.course_of(body.error.code) != "never"):
        return Refused(body.error.code)
    if status == 401:
        return Refused(graph_errors.TOKEN_REFUSED)
    if status == 429:
        return Refused(graph_errors.THROUGHPUT)
    return None if status >= 500 else Refused(status)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}
