"""The dialogue, pure: what was heard and what is known in, what to say, remember and do out.

Emergencies are not here: the red-flag layer answers them on its own, in every state, before this is asked.
A turn may end with an action (look a person up, check a code, submit a request); its result comes back as the
next input, so that every path can be read and tested without a database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from austa.kernel.contracts import Contract
from austa.kernel.ids import DocumentId, MemberId
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from austa.modules.language.api import Intent

SomeContract = TypeVar("SomeContract", bound=Contract)

Awaiting = Literal["consent", "identity", "code", "order", "reading", "procedure", "requester", "owner"]
Wish = Literal["authorization", "status", "appointment"]
HandOverReason = Literal["asked", "not_understood", "consent_refused", "unlinked", "distress"]

CODE_TRIES = 3
READING_TRIES = 2
MISUNDERSTOOD_TRIES = 2


class Draft(Contract):
    """A request in the making. `asked_at` is when the first message that asked was sent: legal terms run from it."""

    asked_at: datetime
    wished_tuss: tuple[str, ...] = ()
    """Codes that the member's own words may mean."""
    documents: tuple[DocumentId, ...] = ()
    tuss_confirmed: tuple[str, ...] = ()
    requester_confirmed: bool | None = None
    for_member_confirmed: bool = False
    readings: int = 0


class DialogueState(Contract):
    """What a conversation remembers between turns."""

    consent: Literal["unknown", "asked", "given", "refused"] = "unknown"
    awaiting: Awaiting | None = None
    wish: Wish | None = None
    code_id: str | None = None
    code_tries: int = 0
    draft: Draft | None = None
    waiting_files: int = 0
    misunderstood: int = 0
    handed_over: bool = False
    opted_out: bool = False


@dataclass(frozen=True)
class Known:
    """Facts around the turn."""

    now: datetime
    member_id: MemberId | None
    first_contact: Say
    """The notice of the first contact and the question for consent."""


@dataclass(frozen=True)
class Heard:
    """What a person wrote, tapped or sent. `tuss` are codes that the words may mean, best first."""

    kind: str
    text: str | None
    button: str | None
    sent_at: datetime
    intents: tuple[Intent, ...] = ()
    numbers: tuple[str, ...] = ()
    """CPFs and card numbers in the text, digits only."""
    code: str | None = None
    tuss: tuple[str, ...] = ()
    has_file: bool = False


@dataclass(frozen=True)
class ReadLine:
    """One procedure of an order. `tuss` None: not read. `sure`: a decision may rest on it."""

    tuss: str | None
    sure: bool


@dataclass(frozen=True)
class OrderRead:
    """An order was read. `legible` False: somebody must look, or a better photo is needed."""

    legible: bool
    lines: tuple[ReadLine, ...]
    requester: str | None
    """Council registration as read, for the question ("CRM 123456 de SP")."""
    requester_sure: bool
    for_member: bool | None
    """Whether card, CPF or name fit the member; None when none could be read."""


@dataclass(frozen=True)
class DocumentArrived:
    """A file of the conversation was read."""

    document_id: DocumentId


@dataclass(frozen=True)
class FileRefused:
    """A file could not be opened; `why` is a sentence for the person."""

    why: str


@dataclass(frozen=True)
class CodeStarted:
    """A code was sent, or not: the sender is told the same."""

    code_id: str | None


@dataclass(frozen=True)
class CodeChecked:
    """The result of a code."""

    member_id: MemberId | None


@dataclass(frozen=True)
class StatusesFound:
    """Sentences about the member's open requests."""

    sentences: tuple[str, ...]


Input = Heard | DocumentArrived | OrderRead | FileRefused | CodeStarted | CodeChecked | StatusesFound


@dataclass(frozen=True)
class GiveConsent:
    """Record the consent that was just given."""


@dataclass(frozen=True)
class RevokeConsent:
    """Take it back, at once."""


@dataclass(frozen=True)
class StartCode:
    """Look the person up and send a code; answer with `CodeStarted`."""

    digits: str


@dataclass(frozen=True)
class CheckCode:
    """Check the code; answer with `CodeChecked`."""

    code_id: str
    code: str


@dataclass(frozen=True)
class TellStatuses:
    """Look up the member's requests; answer with `StatusesFound`."""


@dataclass(frozen=True)
class LookAtOrder:
    """See what the draft's documents say; answer with `OrderRead`."""


@dataclass(frozen=True)
class Submit:
    """Ask `prior_auth` for the drafted request."""

    draft: Draft


@dataclass(frozen=True)
class HandOver:
    """A person goes on."""

    reason: HandOverReason


Action = GiveConsent | RevokeConsent | StartCode | CheckCode | TellStatuses | LookAtOrder | Submit | HandOver


@dataclass(frozen=True)
class Turn:
    """What comes of an input. Actions that answer (`StartCode`, `CheckCode`, `TellStatuses`,
    `LookAtOrder`) stand alone and last."""

    state: DialogueState
    says: tuple[Say, ...] = ()
    actions: tuple[Action, ...] = field(default=())


def respond(state: DialogueState, known: Known, given: Input) -> Turn:
    """The dialogue's next turn."""
    match given:
        case Heard():
            return _heard(state, known, given)
        case DocumentArrived():
            return _document_arrived(state, known, given)
        case OrderRead():
            return _order_read(state, given)
        case FileRefused():
            waiting = max(0, state.waiting_files - 1)
            quiet = state.handed_over or state.consent != "given"
            says = () if quiet else (Say(f"{given.why} {texts.FILE_REFUSED_MORE}", (texts.PERSON,)),)
            return Turn(_with(state, waiting_files=waiting, awaiting=_after_file(state)), says)
        case CodeStarted():
            return Turn(_with(state, awaiting="code", code_id=given.code_id), (texts.CODE_SENT,))
        case CodeChecked():
            return _code_checked(state, known, given)
        case StatusesFound():
            told = Say("\n".join(given.sentences), (texts.PERSON,)) if given.sentences else texts.NO_REQUESTS
            return Turn(_with(state, wish=None), (told,))


def _heard(state: DialogueState, known: Known, heard: Heard) -> Turn:
    state = _note_wish(state, heard)
    if _means(heard, "opt_out"):
        return Turn(DialogueState(opted_out=True), (texts.OPTED_OUT,), (RevokeConsent(),))
    if heard.button and heard.button.startswith("emergency"):
        return _emergency_button(state, heard)
    if state.handed_over:
        return Turn(state, (texts.STILL_HANDED_OVER,) if heard.kind != "reaction" else ())
    if heard.kind in {"reaction", "system"}:
        return Turn(state)
    if heard.button == "person" or _means(heard, "ask_person"):
        return _hand_over(state, "asked", texts.HANDED_OVER)
    if state.consent != "given":
        return _without_consent(state, known, heard)
    return _with_consent(state, known, heard)


def _without_consent(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """Nothing but a person or an emergency goes on before the notice was seen and answered."""
    if state.consent == "asked":
        if heard.button == "consent:accept" or _means(heard, "consent_yes", "yes"):
            agreed = _with(state, consent="given", awaiting=None, opted_out=False)
            turn = _go_on(agreed, known)
            return Turn(turn.state, turn.says, (GiveConsent(), *turn.actions))
        if heard.button == "consent:refuse" or _means(heard, "consent_no", "no"):
            refused = _with(state, consent="refused")
            return _hand_over(refused, "consent_refused", texts.CONSENT_REFUSED)
        return Turn(
            state, (texts.ORDER_ARRIVED, texts.CONSENT_REMINDER) if heard.has_file else (texts.CONSENT_REMINDER,)
        )
    asked = _with(state, consent="asked", awaiting="consent", opted_out=False)
    says = (known.first_contact,)
    return Turn(asked, (texts.ORDER_ARRIVED, *says) if heard.has_file else says)


def _with_consent(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if heard.has_file:
        return _file_arrived(state, known)
    if known.member_id is None:
        return _identify(state, known, heard)
    answered = _ANSWERS[state.awaiting](state, known, heard) if state.awaiting in _ANSWERS else None
    return answered or _new_wish(state, known, heard)


def _identify(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """An unlinked sender gets no personal answer before card or CPF and a code."""
    if state.awaiting == "code" and state.code_id is not None and heard.code:
        return Turn(state, (), (CheckCode(state.code_id, heard.code),))
    if heard.button == "code:again":
        return Turn(_with(state, awaiting="identity", code_id=None), (texts.ASK_IDENTITY,))
    if state.awaiting in {"identity", "code"} and heard.numbers:
        return Turn(state, (), (StartCode(heard.numbers[0]),))
    if state.awaiting == "code":
        return _wrong_code(state)
    if state.awaiting == "identity" and heard.text and any(character.isdigit() for character in heard.text):
        return Turn(state, (texts.BAD_IDENTITY,))
    general = _GENERAL.get(heard.intents[0]) if heard.intents else None
    if general is not None and state.awaiting is None:
        return general(state)
    if state.wish is None and state.awaiting is None:
        return _not_understood(state, heard)
    return Turn(_with(state, awaiting="identity"), (texts.ASK_IDENTITY,))


def _code_checked(state: DialogueState, known: Known, checked: CodeChecked) -> Turn:
    if checked.member_id is None:
        return _wrong_code(state)
    linked = Known(known.now, checked.member_id, known.first_contact)
    turn = _go_on(_with(state, awaiting=None, code_id=None, code_tries=0), linked)
    first, *rest = turn.says or (texts.WELCOME,)
    return Turn(turn.state, (Say(f"{texts.LINKED} {first.text}", first.buttons), *rest), turn.actions)


def _wrong_code(state: DialogueState) -> Turn:
    tries = state.code_tries + 1
    if tries >= CODE_TRIES:
        return _hand_over(_with(state, code_tries=tries), "unlinked", texts.IDENTITY_FAILED)
    return Turn(_with(state, code_tries=tries), (texts.CODE_WRONG,))


def _go_on(state: DialogueState, known: Known) -> Turn:
    """Take up what the person wanted before we had to ask something else."""
    if state.wish is None and state.draft is None:
        return Turn(state, (texts.WELCOME,))
    if known.member_id is None:
        return Turn(_with(state, awaiting="identity"), (texts.ASK_IDENTITY,))
    if state.wish == "status":
        return Turn(state, (), (TellStatuses(),))
    if state.wish == "appointment":
        return _hand_over(_with(state, wish=None), "asked", texts.APPOINTMENT)
    if state.waiting_files:
        return Turn(_with(state, awaiting="reading"), (texts.READING,))
    if state.draft and state.draft.documents:
        return Turn(_with(state, awaiting="reading"), (), (LookAtOrder(),))
    return Turn(_with(state, awaiting="order"), (texts.ASK_ORDER,))


def _new_wish(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if heard.kind == "audio":
        return _hand_over(state, "asked", texts.AUDIO)
    if heard.kind == "sticker":
        return Turn(state, (texts.STICKER,))
    if heard.kind not in {"text", "button", "interactive"}:
        return Turn(state, (texts.CANNOT_OPEN,))
    if state.wish is not None:
        return _go_on(_with(state, misunderstood=0), known)
    general = _GENERAL.get(heard.intents[0]) if heard.intents else None
    return general(_with(state, misunderstood=0)) if general else _not_understood(state, heard)


def _file_arrived(state: DialogueState, known: Known) -> Turn:
    """Say at once that it arrived; reading goes on beside the conversation."""
    reading = _with(state, wish="authorization", misunderstood=0)
    if known.member_id is None:
        return Turn(_with(reading, awaiting="identity"), (texts.ORDER_ARRIVED, texts.ASK_IDENTITY))
    return Turn(_with(reading, awaiting="reading"), (texts.ORDER_ARRIVED,))


def _document_arrived(state: DialogueState, known: Known, arrived: DocumentArrived) -> Turn:
    """Keep it with the draft; look at the order once all files are read and we may speak about it."""
    draft = state.draft or Draft(asked_at=known.now)
    draft = _with(draft, documents=(*draft.documents, arrived.document_id))
    waiting = max(0, state.waiting_files - 1)
    state = _with(state, draft=draft, wish="authorization", waiting_files=waiting)
    if state.handed_over or state.consent != "given" or known.member_id is None or waiting:
        return Turn(state)
    return Turn(_with(state, awaiting="reading"), (), (LookAtOrder(),))


def _order_read(state: DialogueState, read: OrderRead) -> Turn:
    """Ask for what is doubted, one question at a time; submit when nothing is left to ask."""
    if state.handed_over or state.draft is None:
        return Turn(state)
    draft = state.draft
    if not read.legible and draft.readings + 1 < READING_TRIES:
        again = _with(draft, readings=draft.readings + 1)
        return Turn(_with(state, draft=again, awaiting="order"), (texts.READ_AGAIN,))
    if read.for_member is False and not draft.for_member_confirmed:
        return Turn(_with(state, awaiting="owner"), (texts.ASK_OTHER_PERSON,))
    if not _procedures_known(draft, read):
        return Turn(_with(state, awaiting="procedure"), (texts.ASK_PROCEDURE,))
    if read.requester and not read.requester_sure and draft.requester_confirmed is None:
        question = f"No papel eu li {read.requester}. Está certo?"
        return Turn(_with(state, awaiting="requester"), (texts.confirm(question, "requester"),))
    done = _with(state, draft=None, wish=None, awaiting=None)
    return Turn(done, (texts.SUBMITTED,), (Submit(draft),))


def _procedures_known(draft: Draft, read: OrderRead) -> bool:
    """Every line is sure, or fits what the member said it is; without any line the member's own words serve."""
    agreed = {*draft.wished_tuss, *draft.tuss_confirmed}
    if not read.lines:
        return bool(draft.tuss_confirmed)
    return all(line.tuss is not None and (line.sure or line.tuss in agreed) for line in read.lines) or bool(
        draft.tuss_confirmed
    )


def _answer_order(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    return Turn(state, (texts.ASK_ORDER,)) if _means(heard, "authorization_request", "yes") else None


def _answer_reading(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    return Turn(state, (texts.READING,)) if state.waiting_files else None


def _answer_procedure(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None or not heard.text:
        return None
    if not heard.tuss:
        submitted = _with(state, draft=None, wish=None, awaiting=None)
        return _hand_over(submitted, "not_understood", texts.PROCEDURE_UNKNOWN)
    draft = _with(state.draft, tuss_confirmed=heard.tuss[:1])
    return Turn(_with(state, draft=draft, awaiting="reading"), (), (LookAtOrder(),))


def _answer_requester(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    yes = heard.button == "confirm:requester:yes" or _means(heard, "yes")
    no = heard.button == "confirm:requester:no" or _means(heard, "no")
    if state.draft is None or not (yes or no):
        return None
    draft = _with(state.draft, requester_confirmed=yes)
    return Turn(_with(state, draft=draft, awaiting="reading"), (), (LookAtOrder(),))


def _answer_owner(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None:
        return None
    if heard.button == "mine" or _means(heard, "yes"):
        draft = _with(state.draft, for_member_confirmed=True)
        return Turn(_with(state, draft=draft, awaiting="reading"), (), (LookAtOrder(),))
    if heard.button == "other" or _means(heard, "no"):
        cleared = _with(state, draft=None, wish=None, awaiting=None)
        return _hand_over(cleared, "asked", texts.OTHER_PERSON)
    return None


def _emergency_button(state: DialogueState, heard: Heard) -> Turn:
    called = heard.button == "emergency:called"
    return Turn(state, (texts.CALLED_ALREADY if called else texts.HELP_COMING,))


def _not_understood(state: DialogueState, heard: Heard) -> Turn:
    if heard.kind == "audio":
        return _hand_over(state, "asked", texts.AUDIO)
    times = state.misunderstood + 1
    if times > MISUNDERSTOOD_TRIES:
        return _hand_over(_with(state, misunderstood=0), "not_understood", texts.HANDED_OVER)
    return Turn(_with(state, misunderstood=times), (texts.NOT_UNDERSTOOD,))


def _hand_over(state: DialogueState, reason: HandOverReason, say: Say) -> Turn:
    return Turn(_with(state, handed_over=True, awaiting=None), (say,), (HandOver(reason),))


def _note_wish(state: DialogueState, heard: Heard) -> DialogueState:
    """Remember what is wanted, from the very first message, so that nobody must say it twice."""
    if heard.has_file:
        draft = state.draft or Draft(asked_at=heard.sent_at)
        return _with(state, draft=draft, wish="authorization", waiting_files=state.waiting_files + 1)
    if heard.button == "ask" or _means(heard, "authorization_request"):
        draft = state.draft or Draft(asked_at=heard.sent_at)
        wished = draft.wished_tuss or heard.tuss
        return _with(state, wish="authorization", draft=_with(draft, wished_tuss=wished))
    if heard.button == "status" or _means(heard, "authorization_status"):
        return _with(state, wish="status")
    if _means(heard, "appointment_booking"):
        return _with(state, wish="appointment")
    return state


def _means(heard: Heard, *intents: Intent) -> bool:
    """Whether the best supported intent of a text is one of these."""
    return heard.button is None and bool(heard.intents) and heard.intents[0] in intents


def _after_file(state: DialogueState) -> Awaiting | None:
    return "order" if state.awaiting == "reading" else state.awaiting


def _with(thing: SomeContract, **changes: Any) -> SomeContract:
    return thing.model_copy(update=changes)


_ANSWERS: dict[Awaiting | None, Callable[[DialogueState, Known, Heard], Turn | None]] = {
    "order": _answer_order,
    "reading": _answer_reading,
    "procedure": _answer_procedure,
    "requester": _answer_requester,
    "owner": _answer_owner,
}
_GENERAL: dict[Intent, Callable[[DialogueState], Turn]] = {
    "greeting": lambda state: Turn(state, (texts.WELCOME,)),
    "thanks": lambda state: Turn(state, (texts.THANKS,)),
    "yes": lambda state: Turn(state, (texts.WELCOME,)),
    "consent_yes": lambda state: Turn(state, (texts.WELCOME,)),
    "symptom_report": lambda state: Turn(state, (texts.SYMPTOM,)),
    "emergency_situation": lambda state: Turn(state, (texts.SYMPTOM,)),
    "medication_question": lambda state: Turn(state, (texts.MEDICATION,)),
    "general_inquiry": lambda state: Turn(state, (texts.WELCOME,)),
}
