"""What a member is shown for a finding or at the end of an interview, and the lint that every text a member sees must
pass (domain-br 8.4)."""

import re
from functools import cache
from importlib.resources import files

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import AdviceKind, Button, ReplyKind, SafeReply, TextFault, TriageQuestion
from austa.modules.language.domain.normalise import fold_text

_LONGEST_SENTENCE = 16
_MOST_LINES = 4
_MOST_BUTTONS = 3
_LONGEST_TITLE = 20

_DOSE = re.compile(
    r"\d+\s*(mg|mcg|ml|g|gotas?|comprimidos?|cp|ui)\b|\bde \d+ em \d+ horas\b|\b\d+ vezes (ao|por) dia\b", re.IGNORECASE
)


class _Entry(Contract):
    kind: ReplyKind | AdviceKind
    text: str
    buttons: tuple[Button, ...]
    discreet: bool = False


class _Data(Contract):
    version: str
    replies: tuple[_Entry, ...]


class _ForbiddenWords(Contract):
    """What no text says. A machine communicates no diagnosis, prognosis or treatment to a patient (CFM 2.454/2026)."""

    version: str
    diseases: tuple[str, ...]
    procedures: tuple[str, ...]
    """Named in no message that may be read over somebody's shoulder; replies to who named them may."""
    medicines: tuple[str, ...]
    reassurances: tuple[str, ...]
    promises: tuple[str, ...]
    blame: tuple[str, ...]


def load_replies(json: bytes) -> dict[ReplyKind | AdviceKind, SafeReply]:
    """The replies by kind. Errors: ValueError when a text breaks the lint, so a bad text never starts."""
    data = _Data.model_validate_json(json)
    replies = {
        entry.kind: SafeReply(
            kind=entry.kind,
            text=entry.text,
            buttons=entry.buttons,
            discreet=entry.discreet,
            version=data.version,
        )
        for entry in data.replies
    }
    faults = [f"{kind}: {fault}" for kind, reply in replies.items() for fault in lint(reply)]
    if faults:
        raise ValueError("; ".join(faults))
    return replies


def lint(reply: SafeReply) -> list[str]:
    """What is wrong with a reply; empty when nothing is."""
    faults = lint_text(reply.text) + _lint_buttons(reply.buttons)
    faults += ["more than four lines"] if len(reply.text.splitlines()) > _MOST_LINES else []
    faults += [] if reply.discreet or "192" in reply.text else ["does not name 192"]
    return faults


def lint_question(question: TriageQuestion) -> list[str]:
    """What is wrong with a question of the interview; empty when nothing is."""
    faults = lint_text(question.text) + _lint_buttons(question.buttons)
    faults += [] if question.text.endswith("?") and question.text.count("?") == 1 else ["is not one question"]
    return faults


_SAID = {
    "disease": "names a disease: ",
    "medicine": "names a medicine: ",
    "reassurance": "reassures: ",
    "promise": "promises: ",
    "blame": "blames: ",
    "sentence": "sentence too long: ",
}


def lint_text(text: str) -> list[str]:
    """What no text that a member sees may hold: forbidden words, doses, long sentences; empty when nothing is wrong."""
    return ["names a dose" if each.kind == "dose" else _SAID[each.kind] + each.words for each in forbidden(text)]


def forbidden(text: str) -> list[TextFault]:
    """The same, by kind."""
    known = _forbidden_words()
    words = f" {fold_text(text)} "
    faults = [
        TextFault.model_validate({"kind": kind, "words": phrase})
        for kind, phrases in (
            ("disease", known.diseases),
            ("medicine", known.medicines),
            ("reassurance", known.reassurances),
            ("promise", known.promises),
            ("blame", known.blame),
        )
        for phrase in phrases
        if f" {fold_text(phrase)} " in words
    ]
    dose = _DOSE.search(text)
    faults += [TextFault(kind="dose", words=dose[0])] if dose else []
    faults += [
        TextFault(kind="sentence", words=sentence.strip())
        for sentence in re.split(r"[.!?\n]", text)
        if len(sentence.split()) > _LONGEST_SENTENCE
    ]
    return faults


def named_procedures(text: str) -> list[TextFault]:
    """Words for procedures and specialties that tell of an illness, with no word of which it is."""
    words = f" {fold_text(text)} "
    known = _forbidden_words().procedures
    return [TextFault(kind="procedure", words=word) for word in known if f" {fold_text(word)} " in words]


def _lint_buttons(buttons: tuple[Button, ...]) -> list[str]:
    faults = ["more than three buttons"] if len(buttons) > _MOST_BUTTONS else []
    for button in buttons:
        faults += [f"button: {fault}" for fault in lint_text(button.title)]
        faults += ["button too long"] if len(button.title) > _LONGEST_TITLE else []
    return faults


@cache
def _forbidden_words() -> _ForbiddenWords:
    raw = files("austa.modules.language.domain").joinpath("forbidden_words.json").read_bytes()
    return _ForbiddenWords.model_validate_json(raw)
