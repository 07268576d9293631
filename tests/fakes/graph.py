"""Meta's Graph API in process: keeps what was sent, serves media, fails when told to."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2

Body = dict[str, Any]


class Crash(BaseException):
    """The process died right after Meta took the message: nothing catches this."""


@dataclass
class FakeGraph:
    """`failures`: error codes for the next sends, one each; `crashes`: how many sends die after being taken."""

    sent: list[Body] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    lost_answers: int = 0
    crashes: int = 0
    attempts: int = 0
    templates: list[Body] = field(default_factory=list)
    """Those put before Meta."""
    numbers: list[str] = field(default_factory=list)
    """From which each was sent."""
    refuses_templates: str | None = None

    def transport(self) -> httpx2.AsyncBaseTransport:
        return httpx2.MockTransport(self._answer)

    def texts(self, to: str | None = None) -> list[str]:
        """What people read, in order."""
        return [words_of(body) for body in self.sent if to is None or to in {body.get("to"), body.get("recipient")}]

    def buttons(self) -> dict[str, str]:
        """Title -> id of the newest message's buttons or rows."""
        action = self.sent[-1].get("interactive", {}).get("action", {})
        replies = [button["reply"] for button in action.get("buttons", [])]
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        return {option["title"]: option["id"] for option in (*replies, *rows)}

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.split("/")
        if request.method == "POST" and path[-1] == "messages":
            return self._take(json.loads(request.content), path[2])
        if request.method == "POST" and path[-1] == "message_templates":
            return self._review(json.loads(request.content))
        media_id = path[2]
        if media_id not in self.media:
            return httpx2.Response(400, json={"error": {"code": 100, "message": "does not exist"}})
        if path[-1] == "content":
            return httpx2.Response(200, content=self.media[media_id])
        return httpx2.Response(200, json={"id": media_id, "url": f"{request.url}/content"})

    def _review(self, body: Body) -> httpx2.Response:
        if self.refuses_templates is not None:
            error = {"code": 100, "message": "Invalid parameter", "error_user_msg": self.refuses_templates}
            return httpx2.Response(400, json={"error": error})
        self.templates.append(body)
        return httpx2.Response(200, json={"id": "9", "status": "PENDING", "category": body["category"]})

    def _take(self, body: Body, number_id: str) -> httpx2.Response:
        self.attempts += 1
        if self.failures:
            code = self.failures.pop(0)
            return httpx2.Response(500 if code == 1 else 400, json={"error": {"code": code, "message": "told to"}})
        self.sent.append(body)
        self.numbers.append(number_id)
        if self.crashes:
            self.crashes -= 1
            raise Crash
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx2.ReadTimeout("the answer was lost")
        return httpx2.Response(200, json={"messages": [{"id": wamid_of(body)}]})


def wamid_of(body: Body) -> str:
    """The id that Meta gives to a message of ours."""
    return f"wamid.OUT.{body['biz_opaque_callback_data']}"


def words_of(body: Body) -> str:
    """The text that the member reads; a template as `<name>`."""
    if body["type"] == "interactive":
        return str(body["interactive"]["body"]["text"])
    return f"<{body['template']['name']}>" if body["type"] == "template" else str(body["text"]["body"])
