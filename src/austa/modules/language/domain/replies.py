"""What a member is shown at once when a red flag was found, and the lint every such text must pass (domain-br 8.4)."""

import re

from austa.kernel.contracts import Contract
from austa.modules.language.api import Button, ReplyKind, SafeReply
from austa.modules.language.domain.normalise import fold_text

_LONGEST_SENTENCE = 15
_MOST_LINES = 4

# CFM 2.454/2026: a machine communicates no diagnosis, prognosis or treatment to a patient.
_DISEASES = (
    "infarto", "avc", "derrame", "convulsao", "meningite", "sepse", "infeccao", "diabetes", "cancer", "asma", "angina",
    "trombose", "embolia", "apendicite", "dengue", "depressao", "overdose", "suicidio", "eclampsia", "hipoglicemia",
    "anafilaxia", "alergia", "epilepsia", "covid", "pneumonia", "tumor", "ansiedade", "panico",
)  # fmt: skip
_REASSURANCES = (
    "fique tranquilo", "ficar tranquilo", "fique tranquila", "nao e grave", "nao se preocupe", "vai passar",
    "esta tudo bem",    "vai ficar bem", "nao e nada", "prometo", "garanto", "com certeza", "sem risco",
)  # fmt: skip
_BLAME = ("voce deveria", "por que voce", "culpa", "devia ter", "erro seu")
_DOSE = re.compile(r"\d+\s*(mg|mcg|ml|g|gotas?|comprimidos?|cp|ui)\b", re.IGNORECASE)


class _Entry(Contract):
    kind: ReplyKind
    text: str
    buttons: tuple[Button, ...]
    discreet: bool = False


class _Data(Contract):
    version: str
    replies: tuple[_Entry, ...]


def load_replies(json: bytes) -> dict[ReplyKind, SafeReply]:
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
    text = f" {fold_text(reply.text)} "
    faults = [f"names a disease: {name}" for name in _DISEASES if f" {fold_text(name)} " in text]
    faults += [f"reassures: {words}" for words in _REASSURANCES if f" {fold_text(words)} " in text]
    faults += [f"blames: {words}" for words in _BLAME if f" {fold_text(words)} " in text]
    faults += ["names a dose"] if _DOSE.search(reply.text) else []
    faults += [
        f"sentence too long: {sentence.strip()}"
        for sentence in re.split(r"[.!?\n]", reply.text)
        if len(sentence.split()) > _LONGEST_SENTENCE
    ]
    faults += ["more than four lines"] if len(reply.text.splitlines()) > _MOST_LINES else []
    faults += [] if reply.discreet or "192" in reply.text else ["does not name 192"]
    return faults
