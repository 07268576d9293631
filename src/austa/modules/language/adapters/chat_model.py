"""A language model behind any OpenAI-compatible `/chat/completions`: off by default, never on the safety path."""

import asyncio
import json
from typing import Protocol

import httpx2
import structlog

from austa.infra.settings import Settings

LARGEST_ANSWER = 64 * 1024
MOST_TOKENS = 300

log = structlog.get_logger()


class ChatModel(Protocol):
    """Completes one exchange."""

    async def complete(self, instructions: str, question: str) -> str | None:
        """The answer; None when there is none in time. Never raises. What is passed leaves the house."""
        ...


class OpenAiChatModel:
    """One connection pool to the endpoint of the settings."""

    def __init__(self, settings: Settings) -> None:
        key = settings.llm_key
        self._url = f"{settings.llm_url}/chat/completions"
        self._model = settings.llm_model
        self._timeout_s = settings.llm_timeout_s
        self._client = httpx2.AsyncClient(
            headers={"authorization": f"Bearer {key.get_secret_value()}"} if key else {},
            timeout=settings.llm_timeout_s,
            follow_redirects=False,
        )

    async def complete(self, instructions: str, question: str) -> str | None:
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
        asked = {"model": self._model, "messages": messages, "temperature": 0, "max_tokens": MOST_TOKENS}
        try:
            # The client's own limit is for each read; a server that drips would hold us for ever.
            async with asyncio.timeout(self._timeout_s), self._client.stream("POST", self._url, json=asked) as response:
                if response.status_code != httpx2.codes.OK:
                    raise ValueError("not answered")
                return _content(await _read_limited(response))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, TimeoutError, ValueError) as error:
            log.info("language.no_draft", why=type(error).__name__)
            return None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _content(raw: bytes) -> str:
    """The text of the first choice. Raises ValueError for what is no such answer."""
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError, RecursionError):
        raise ValueError("not a completion") from None
    if not isinstance(content, str):
        raise ValueError("no text")
    return content


async def _read_limited(response: httpx2.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ValueError("the answer is too large")
    return bytes(content)
