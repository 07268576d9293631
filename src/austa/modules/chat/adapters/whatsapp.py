"""The WhatsApp Cloud API (Graph API): send a message, fetch a file.

Error codes decide what happens next (domain-br 7.6): transient ones, and those that only an engineer can mend, are
`Unavailable` and tried again until they park; the rest is a `SendRefused` with its code.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2

from austa.infra.settings import Settings
from austa.kernel.errors import Invalid, NotFound, Unavailable

TRANSIENT_CODES = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131056, 133004})
ACCOUNT_CODES = frozenset({0, 3, 10, 190, *range(200, 300), 368, 131031, 133010})
"""Token, permission, registration or a blocked account: no message goes until a person mends it, none is lost."""

LARGEST_MEDIA = 100 * 1024 * 1024
TIMEOUT_S = 20.0


@dataclass(frozen=True)
class SendRefused:
    """Meta will not send this message; trying it again as it is cannot help."""

    code: int


class NotTaken(Unavailable):
    """Meta surely did not take the message now. Any other `Unavailable` leaves it open."""


class WhatsAppClient:
    """One connection pool to the Graph API for a process. `transport`: None for the network, or a peer in process."""

    def __init__(self, settings: Settings, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._base = f"{settings.whatsapp_graph_url}/{settings.whatsapp_graph_version}"
        self._token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
        self._transport = transport

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        """Made with the first message: most processes send none, and reading the machine's certificates takes a tenth
        of a second of a start."""
        return httpx2.AsyncClient(
            headers={"authorization": f"Bearer {self._token}"},
            timeout=TIMEOUT_S,
            follow_redirects=False,
            transport=self._transport,
        )

    async def send(self, number_id: str, payload: dict[str, Any]) -> str | SendRefused:
        """Send a message; returns Meta's message id, or the refusal.

        Raises `NotTaken` where Meta said so or was never reached, `Unavailable` where its answer was lost.
        """
        try:
            response = await self._client.post(f"{self._base}/{number_id}/messages", json=payload)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise NotTaken("chat.graph_away", f"the Graph API is not there ({type(error).__name__})") from None
        except httpx2.HTTPError as error:
            raise Unavailable("chat.graph_unclear", f"the Graph API did not answer ({type(error).__name__})") from None
        body = _json(response)
        if response.status_code == 200:
            return _message_id(body)
        code = _error_code(body, response.status_code)
        if code in ACCOUNT_CODES or response.status_code == 401:
            raise NotTaken("chat.graph_account", "the Graph API refuses our account", graph_code=code)
        if code in TRANSIENT_CODES or response.status_code == 429:
            raise NotTaken("chat.graph_busy", "the Graph API asks to wait", graph_code=code)
        if response.status_code >= 500:
            raise Unavailable("chat.graph_unclear", "the Graph API failed", graph_code=code)
        return SendRefused(code)

    async def fetch(self, media_id: str) -> bytes:
        """The bytes of a file. Its address is asked anew each time, for it lives five minutes.

        Raises `NotFound` `chat.media_gone`, `Invalid` `documents.too_large`, `Unavailable`.
        """
        try:
            answer = await self._client.get(f"{self._base}/{media_id}")
            if answer.status_code in {400, 404}:
                raise NotFound("chat.media_gone", "the file is not there any more")
            answer.raise_for_status()
            async with self._client.stream("GET", str(_json(answer).get("url"))) as file:
                file.raise_for_status()
                return await _read_limited(file)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable("chat.media_away", f"the file could not be fetched ({type(error).__name__})") from None

    async def close(self) -> None:
        if "_client" in vars(self):
            await self._client.aclose()


async def _read_limited(file: httpx2.Response) -> bytes:
    content = bytearray()
    async for chunk in file.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_MEDIA:
            raise Invalid("documents.too_large", "the file is larger than WhatsApp allows")
    return bytes(content)


def _message_id(body: dict[str, Any]) -> str:
    try:
        return str(body["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise Unavailable("chat.graph_unclear", "the Graph API answered without a message id") from None


def _error_code(body: dict[str, Any], status: int) -> int:
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else status


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}
