"""What the Cloud API accepts as a message, and the errors with which it refuses (as of November 2026)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from austa.bench.graph.webhooks import JsonObject

_MEDIA_KINDS = frozenset({"image", "document", "audio", "video", "sticker"})

# code -> (HTTP status, message); the last group never fails the call but arrives as a `failed` status.
_REFUSALS: dict[int, tuple[int, str]] = {
    2: (503, "(#2) Service temporarily unavailable"),
    4: (400, "(#4) Application request limit reached"),
    10: (403, "(#10) Application does not have permission for this action"),
    100: (400, "(#100) Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    368: (403, "(#368) Temporarily blocked for policies violations"),
    2500: (400, "Unknown path components"),
    80007: (400, "(#80007) Rate limit issues"),
    130429: (429, "(#130429) Rate limit hit"),
    131000: (500, "(#131000) Something went wrong"),
    131008: (400, "(#131008) Required parameter is missing"),
    131009: (400, "(#131009) Parameter value is not valid"),
    131016: (503, "(#131016) Service unavailable"),
    131031: (403, "(#131031) Business Account locked"),
    131056: (400, "(#131056) (Business Account, Consumer Account) pair rate limit hit"),
    132000: (400, "(#132000) Number of parameters does not match the expected number of params"),
    132001: (404, "(#132001) Template name does not exist in the translation"),
    132015: (400, "(#132015) Template is paused"),
    133010: (400, "(#133010) Account not registered"),
}
_DELIVERY_FAILURES: dict[int, tuple[str, str]] = {
    131026: ("Message undeliverable", "Message Undeliverable."),
    131047: ("Re-engagement message", "More than 24 hours have passed since the recipient last replied."),
    131048: ("Spam rate limit hit", "There are restrictions on how many messages can be sent from this number."),
    131049: ("Per-user limit", "This message was not delivered to maintain healthy ecosystem engagement."),
    131053: ("Media upload error", "The media could not be processed."),
}


class GraphError(Exception):
    """A refusal as Meta writes it: `{error: {message, type, code, error_data, fbtrace_id}}`."""

    def __init__(self, code: int, message: str | None = None, details: str | None = None) -> None:
        status, text = _REFUSALS.get(code, (400, f"(#{code}) Error"))
        super().__init__(message or text)
        self.code = code
        self.http_status = status
        self.details = details

    def body(self) -> JsonObject:
        error: JsonObject = {"message": str(self), "type": "OAuthException", "code": self.code}
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return error


@dataclass(frozen=True)
class Outbound:
    """A message that passed the checks. `content` is the body of its kind; a template's has its text as `shown`."""

    recipient: str
    kind: str
    content: JsonObject
    reply_to: str | None
    media_id: str | None


def delivery_error(code: int) -> JsonObject | None:
    """The `errors[0]` of a failed status for codes that Meta reports after accepting, else None."""
    if code not in _DELIVERY_FAILURES:
        return None
    title, details = _DELIVERY_FAILURES[code]
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}}


def read_outbound(body: JsonObject, templates: Mapping[str, str]) -> Outbound:
    """Checks a body of `POST /messages`; raises `GraphError` with Meta's code for what is wrong."""
    recipient = body.get("to") or body.get("recipient")
    if not isinstance(recipient, str) or not recipient:
        raise GraphError(100, "(#100) The parameter to is required.")
    kind = body.get("type", "text")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise GraphError(100, f"(#100) The parameter {kind} is required.")
    if kind == "text":
        _require_text(content.get("body"), "text['body']", 4096)
    elif kind == "interactive":
        _check_interactive(content)
    elif kind == "template":
        content = {**content, "shown": _fill_template(content, templates)}
    elif kind in _MEDIA_KINDS:
        _check_media(content, kind)
    elif kind != "reaction":
        raise GraphError(100, "(#100) Param type must be one of {TEXT, IMAGE, TEMPLATE, INTERACTIVE, ...}")
    context = body.get("context") or {}
    media_id = content.get("id") if kind in _MEDIA_KINDS else None
    return Outbound(recipient, kind, content, context.get("message_id"), media_id)


def _check_interactive(content: JsonObject) -> None:
    action = content.get("action") or {}
    _require_text((content.get("body") or {}).get("text"), "interactive['body']['text']", 1024)
    if "footer" in content:
        _require_text(content["footer"].get("text"), "interactive['footer']['text']", 60)
    match content.get("type"):
        case "button":
            _check_buttons(action.get("buttons") or [])
        case "list":
            _check_list(action)
        case "cta_url":
            parameters = action.get("parameters") or {}
            _require_text(parameters.get("display_text"), "parameters['display_text']", 20)
            _require_text(parameters.get("url"), "parameters['url']", 2000)
        case other:
            raise GraphError(100, f"(#100) interactive type {other} is not valid")


def _check_buttons(buttons: list[JsonObject]) -> None:
    if not 1 <= len(buttons) <= 3:
        raise GraphError(131009, details="Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    replies = [button.get("reply") or {} for button in buttons]
    for reply in replies:
        _require_text(reply.get("title"), "button title", 20)
        _require_text(reply.get("id"), "button id", 256)
    if len({reply["id"] for reply in replies}) < len(replies) or len({r["title"] for r in replies}) < len(replies):
        raise GraphError(131009, details="Duplicate reply button ids or titles")


def _check_list(action: JsonObject) -> None:
    _require_text(action.get("button"), "list button", 20)
    sections = action.get("sections") or []
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= 10:
        raise GraphError(131009, details="Total row count exceeds max allowed count: 10")
    for section in sections:
        if len(sections) > 1:
            _require_text(section.get("title"), "section title", 24)
    for row in rows:
        _require_text(row.get("id"), "row id", 200)
        _require_text(row.get("title"), "row title", 24)
        if row.get("description"):
            _require_text(row["description"], "row description", 72)
    if len({row["id"] for row in rows}) < len(rows):
        raise GraphError(131009, details="Duplicated row id")


def _check_media(content: JsonObject, kind: str) -> None:
    if ("id" in content) == ("link" in content):
        raise GraphError(131008, details=f"{kind} needs either id or link")
    if content.get("caption"):
        _require_text(content["caption"], f"{kind} caption", 1024)


def _fill_template(content: JsonObject, templates: Mapping[str, str]) -> str:
    name = content.get("name")
    language = (content.get("language") or {}).get("code")
    if not isinstance(name, str) or not isinstance(language, str):
        raise GraphError(131008, details="template needs name and language.code")
    if name not in templates:
        raise GraphError(132001, details=f"template name ({name}) does not exist in {language}")
    values = [
        str(parameter.get("text", ""))
        for component in content.get("components") or []
        if component.get("type") == "body"
        for parameter in component.get("parameters") or []
    ]
    text = templates[name]
    expected = len({n for n in range(1, 20) if f"{{{{{n}}}}}" in text})
    if len(values) != expected:
        raise GraphError(
            132000,
            details=f"body: number of localizable_params ({len(values)}) does not match the expected ({expected})",
        )
    for position, value in enumerate(values, start=1):
        text = text.replace(f"{{{{{position}}}}}", value)
    return text


def _require_text(value: Any, name: str, longest: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise GraphError(131008, details=f"{name} is required")
    if len(value) > longest:
        raise GraphError(131009, details=f"{name} length invalid. Min length: 1, Max length: {longest}")
