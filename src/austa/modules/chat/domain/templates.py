"""Message templates: what may stand in one (Meta's rules, and no word of anybody's health), and which one is sent.

Meta's rules: template components, limits and reasons of rejection in the Business Management API's reference, 2026.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from austa.modules.chat.api.templates import (
    MetaStatus,
    Quality,
    TemplateCategory,
    TemplateContent,
    TemplateDraft,
    TemplateFault,
    TemplateValue,
    ValueKind,
)

HealthWords = Callable[[str], Iterable[tuple[str, str]]]
"""What a text says of health, or promises: kinds and the words that do."""

LONGEST_BODY, LONGEST_LINE, LONGEST_BUTTON = 1024, 60, 25
WORDS_A_VALUE = 2
"""Meta refuses too many values for too few words: more than twice as many words are needed."""

_VALUE = re.compile(r"\{\{([^{}]*)\}\}")
_PERSONAL = re.compile(
    r"\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b|\b[\w.+-]+@[\w-]+\.\w+|\(?\b\d{2}\)?\s?9?\d{4}-?\d{4}\b|\b\d{6,}\b"
    r"|\b\d{1,2}/\d{1,2}/\d{4}\b"
)
_CODED = re.compile(r"\bCID\b|\bTUSS\b|\b[A-TV-Z]\d{2}(?:\.\d)?\b")
_VERDICTS = re.compile(r"\b(aprovad[oa]s?|reprovad[oa]s?|negad[oa]s?|recusad[oa]s?|indeferid[oa]s?)\b", re.IGNORECASE)
_SELLING = re.compile(
    r"\b(promoç(?:ão|ões)|descontos?|ofertas?|cupo[mn]s?|brindes?|imperdíve(?:l|is)|aproveite|compre|ganhe|grátis"
    r"|exclusiv[oa]s?|sorteios?|black friday|lançamentos?)\b",
    re.IGNORECASE,
)

_LEFT_BY: Mapping[str, ValueKind] = {
    "name": "first_name",
    "protocol": "protocol",
    "guide_number": "number",
    "senha": "number",
    "replaced": "number",
    "valid_until": "date",
    "answer_by": "date",
    "link": "link",
    "code": "code",
}
EXAMPLES: Mapping[ValueKind, str] = {
    "first_name": "Marina",
    "protocol": "34567820261122000108",
    "number": "2026112200108",
    "date": "30/11/2026",
    "link": "https://plano.example/m/abc",
    "code": "482913",
    "words": "o pedido do médico",
}


def numbered(text: str, names: Sequence[str]) -> str:
    """A wording with named values, as Meta numbers them."""
    for place, name in enumerate(names, 1):
        text = text.replace(f"{{{name}}}", f"{{{{{place}}}}}")
    return text


def values_of(names: Sequence[str]) -> tuple[TemplateValue, ...]:
    """The kinds of values that the product names."""
    kinds: list[ValueKind] = [_LEFT_BY.get(name, "words") for name in names]
    return tuple(TemplateValue(kind=kind, example=EXAMPLES[kind]) for kind in kinds)


def lint(draft: TemplateDraft, health: HealthWords, origin: str) -> tuple[TemplateFault, ...]:
    """All that is wrong with a wording. `origin`: our own address, to which links may lead."""
    content = draft.content
    if draft.category == "authentication":
        # Meta has its own words for codes; ours are not sent.
        return ()
    faults = _shape(content)
    parts: list[tuple[Any, str]] = [("header", content.header or ""), ("body", content.body)]
    parts += [("footer", content.footer or ""), *(("buttons", button.text) for button in content.buttons)]
    for part, text in parts:
        plain = _VALUE.sub(" ", text)
        faults += [TemplateFault(code=code, part=part, words=words) for code, words in health(plain)]
        for code, pattern in (("personal_data", _PERSONAL), ("health_code", _CODED), ("verdict", _VERDICTS)):
            faults += [TemplateFault(code=code, part=part, words=found[0]) for found in pattern.finditer(plain)]
        if draft.category == "utility":
            faults += [TemplateFault(code="selling", part=part, words=found[0]) for found in _SELLING.finditer(plain)]
    for button in content.buttons:
        if button.url is not None and not is_ours(button.url, origin):
            faults.append(TemplateFault(code="foreign_link", part="buttons", words=button.url))
    return tuple(dict.fromkeys(faults))


def _shape(content: TemplateContent) -> list[TemplateFault]:
    body, faults = content.body, list[TemplateFault]()

    def fault(code: str, part: Any, words: str = "") -> None:
        faults.append(TemplateFault(code=code, part=part, words=words))

    if not body.strip():
        fault("empty", "body")
    if len(body) > LONGEST_BODY:
        fault("too_long", "body")
    if "\n\n\n" in body or "\t" in body or "    " in body:
        fault("gaps", "body")
    for part, text in (("header", content.header), ("footer", content.footer)):
        if text is not None and len(text) > LONGEST_LINE:
            fault("too_long", part)
        if text is not None and "\n" in text:
            fault("line_break", part)
        if text is not None and "{{" in text:
            fault("value_here", part)
    for button in content.buttons:
        if not button.text.strip() or len(button.text) > LONGEST_BUTTON:
            fault("too_long" if button.text.strip() else "empty", "buttons", button.text)
        if "{{" in button.text + (button.url or ""):
            fault("value_here", "buttons", button.text)
    names = _VALUE.findall(body)
    if set("{}") & set(_VALUE.sub("", body)) or not all(name.isascii() and name.isdigit() for name in names):
        fault("value_unreadable", "body")
        return faults
    if list(dict.fromkeys(map(int, names))) != list(range(1, len(set(names)) + 1)):
        fault("value_order", "body")
    if len(set(names)) != len(content.values):
        fault("value_count", "values")
    between = _VALUE.split(body)[::2]
    if names and not (_is_said(between[0]) and _is_said(between[-1], stop=True)):
        fault("value_at_edge", "body")
    if any(not _is_said(words) for words in between[1:-1]):
        fault("values_adjacent", "body")
    if names and sum(len(words.split()) for words in between) <= WORDS_A_VALUE * len(names):
        fault("too_many_values", "body")
    return faults


def _is_said(words: str, *, stop: bool = False) -> bool:
    """Whether there is something between values; at the end a full stop is enough."""
    return any(sign.isalnum() for sign in words) or (stop and words.strip() != "")


def is_ours(address: str, origin: str) -> bool:
    """Whether an address leads to us, over a safe way."""
    ours, given = urlsplit(origin), urlsplit(address)
    return given.scheme in {"https", ours.scheme} and given.netloc == ours.netloc != "" and given.username is None


_FORMS: Mapping[ValueKind, re.Pattern[str]] = {
    "first_name": re.compile(r"[^\W\d_](?:[^\W\d_]|['’ -]){0,39}"),
    "protocol": re.compile(r"[0-9A-Z][0-9A-Z./-]{2,39}"),
    "number": re.compile(r"[0-9A-Z][0-9A-Z./-]{0,39}"),
    "date": re.compile(r"\d{2}/\d{2}/\d{4}(?:,? às \d{1,2}(?:h|:)(?:\d{2})?)?"),
    "code": re.compile(r"\d{4,8}"),
}
LONGEST_WORDS = 300


def unfit_value(values: Sequence[TemplateValue], given: Sequence[str], health: HealthWords, origin: str) -> int | None:
    """The place of the first value that must not travel in a template: of another form than its kind, or telling of
    somebody's health. None where all may."""
    for place, (value, text) in enumerate(zip(values, given, strict=False)):
        if value.kind == "link":
            fits = is_ours(text, origin)
        elif value.kind == "words":
            is_coded = _PERSONAL.search(text) or _CODED.search(text)
            fits = len(text) <= LONGEST_WORDS and not is_coded and not any(health(text))
        else:
            fits = _FORMS[value.kind].fullmatch(text) is not None and "{{" not in text
        if not fits:
            return place
    return None if len(values) == len(given) else min(len(values), len(given))


def values_for(
    wanted: Sequence[TemplateValue], kept: Sequence[TemplateValue], given: Sequence[str]
) -> list[str] | None:
    """The values of another template, taken by kind from those of this one; None where one is not there."""
    by_kind: dict[ValueKind, list[str]] = {}
    for value, text in zip(kept, given, strict=False):
        by_kind.setdefault(value.kind, []).append(text)
    try:
        return [by_kind[value.kind].pop(0) for value in wanted]
    except (KeyError, IndexError):
        return None


# What Meta says of a template

_STATUSES: Mapping[str, MetaStatus] = {
    "APPROVED": "APPROVED",
    "REINSTATED": "APPROVED",
    "UNARCHIVED": "APPROVED",
    "PENDING": "PENDING",
    "IN_APPEAL": "PENDING",
    "REJECTED": "REJECTED",
    "PAUSED": "PAUSED",
    "DISABLED": "DISABLED",
    "DELETED": "DELETED",
    "PENDING_DELETION": "DELETED",
}
_PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
LONGEST_PAUSE = timedelta(hours=6)
"""Meta tells the end of a pause; should that be lost, the template is tried again after it."""
UNSENT: frozenset[MetaStatus] = frozenset({"refused", "REJECTED", "PAUSED", "DISABLED", "DELETED", "MISSING"})
NOTICES = frozenset({"message_template_status_update", "message_template_quality_update", "template_category_update"})


@dataclass(frozen=True)
class Heard:
    """What a notice says of a template; None where it does not."""

    name: str
    language: str
    at: datetime
    status: MetaStatus | None = None
    reason: str | None = None
    stopped_until: datetime | None = None
    quality: Quality | None = None
    category: str | None = None


def read_notice(kind: str, change: Mapping[str, Any], now: datetime) -> Heard | None:
    """A notice of Meta's about a template; None for one that names none, or says nothing that we keep."""
    value = change.get("value")
    if kind not in NOTICES or not isinstance(value, dict):
        return None
    name, language = value.get("message_template_name"), value.get("message_template_language")
    if not isinstance(name, str) or not isinstance(language, str):
        return None
    at = _instant(change.get("time")) or now
    if kind == "message_template_quality_update":
        score = value.get("new_quality_score")
        quality: Quality = score if score in {"GREEN", "YELLOW", "RED"} else "UNKNOWN"
        return Heard(name, language, at, quality=quality)
    if kind == "template_category_update":
        category = value.get("new_category")
        return Heard(name, language, at, category=category[:40].lower()) if isinstance(category, str) else None
    told = value.get("other_info")
    title = told.get("title") if isinstance(told, dict) else None
    status = "APPROVED" if title == "UNPAUSE" else _STATUSES.get(str(value.get("event")))
    if status is None:
        return None
    reason = value.get("reason") if status in {"REJECTED", "DISABLED"} else title
    until = at + _PAUSES.get(str(title), LONGEST_PAUSE) if status == "PAUSED" else None
    known = reason[:200] if isinstance(reason, str) and reason != "NONE" else None
    return Heard(name, language, at, status=status, reason=known, stopped_until=until)


def is_tried(status: MetaStatus, stopped_until: datetime | None, now: datetime) -> bool:
    """Whether a template is sent at all now."""
    return status not in UNSENT or (stopped_until is not None and stopped_until <= now)


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value)).astimezone()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def submission(name: str, language: str, category: TemplateCategory, content: TemplateContent) -> dict[str, Any]:
    """What Meta is asked to review. For codes Meta has its own words, to which only a term is added."""
    if category == "authentication":
        components: list[dict[str, Any]] = [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": CODE_MINUTES},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ]
        return {"name": name, "language": language, "category": "AUTHENTICATION", "components": components}
    body: dict[str, Any] = {"type": "BODY", "text": content.body}
    if content.values:
        body["example"] = {"body_text": [[value.example for value in content.values]]}
    components = [{"type": "HEADER", "format": "TEXT", "text": content.header}] if content.header else []
    components.append(body)
    if content.footer:
        components.append({"type": "FOOTER", "text": content.footer})
    if content.buttons:
        buttons = [
            {"type": "URL", "text": button.text, "url": button.url}
            if button.url
            else {"type": "QUICK_REPLY", "text": button.text}
            for button in content.buttons
        ]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {"name": name, "language": language, "category": category.upper(), "components": components}


CODE_MINUTES = 10
"""As long as a one-time code is valid."""
