"""The dialogue, pure: what was heard and what is known in, what to say, remember and do out.

Emergencies are not here: the red-flag layer answers them on its own, in every state, before this is asked.
A turn may end with an action (look a person up, check a code, submit a request); its result comes back as the
next input, so that every path can be read and tested without a database.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from austa.kernel.contracts import Contract
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    AddressChanged,
    Awaiting,
    CheckCode,
    CodeChecked,
    CodeStarted,
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    GiveConsent,
    HandOver,
    HandOverReason,
    Heard,
    Input,
    Known,
    LookAtOrder,
    OrderRead,
    RevokeConsent,
    StartCode,
    StatusesFound,
    Submit,
    TellStatuses,
    Turn,
)
from austa.modules.language.api.language import Intent

SomeContract = TypeVar("SomeContract", bound=Contract)

CODE_TRIES = 3
MOST_BUTTONS = 3
"""WhatsApp shows no more."""
READING_TRIES = 2
MISUNDERSTOOD_TRIES = 2
RESUME_AFTER = timedelta(hours=24)
"""After a day's silence a conversation that people had is the assistant's again: WhatsApp's window has closed too."""

UNANSWERED = {"reaction", "system", "revoke"}
"""Kinds that ask for nothing; a deleted message is not spoken about."""

SPOKEN = {"text", "button", "interactive", "edit"}


def respond(state: DialogueState, known: Known, given: Input) -> Turn:
    """The dialogue's next turn."""
    match given:
        case Heard():
            return _heard(state, known, given)
        case AddressChanged():
            return _address_changed(state, given)
        case DocumentArrived():
            return _document_arrived(state, known, given)
        case OrderRead():
            return _order_read(state, given)
        case FileRefused():
            return _file_refused(state, known, given)
        case CodeStarted():
            return Turn(_with(state, awaiting="code", code_id=given.code_id), (texts.CODE_SENT,))
        case CodeChecked():
            return _code_checked(state, known, given)
        case StatusesFound():
            told = Say("\n".join(given.sentences), (texts.PERSON,)) if given.sentences else texts.NO_REQUESTS
            return Turn(_with(state, wish="authorization" if state.draft else None), (told,))


def _heard(state: DialogueState, known: Known, heard: Heard) -> Turn:
    state = _note_wish(_resume(state, known, heard), heard)
    if heard.is_answered:
        return Turn(state)
    turn = _echoed(_reply(state, known, heard), known, heard)
    if turn.state.misunderstood == state.misunderstood:
        return replace(turn, state=_with(turn.state, misunderstood=0))
    return turn


def _echoed(turn: Turn, known: Known, heard: Heard) -> Turn:
    """Before an answer to a voice note comes what was understood, unless somebody dangerous may read along."""
    if heard.transcript is None or not turn.says or known.quiet:
        return turn
    return replace(turn, says=(texts.understood(heard.transcript), *turn.says))


def _reply(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if _means(heard, "opt_out"):
        return Turn(DialogueState(opted_out=True), (texts.OPTED_OUT,), (RevokeConsent(),))
    if heard.button is not None and heard.button in _AFTER_ALARM:
        return _after_alarm(state, known, heard.button)
    if heard.kind in UNANSWERED:
        return Turn(state)
    if state.handed_over:
        return Turn(state, () if known.attended else (texts.STILL_HANDED_OVER,))
    if heard.button == "person" or _means(heard, "ask_person"):
        return _hand_over(state, "asked", texts.HANDED_OVER)
    if known.alarmed and _says_nothing_else(heard):
        return Turn(state, (texts.NURSE_WARNED,))
    if state.consent != "given":
        return _without_consent(state, known, heard)
    return _with_consent(state, known, heard)


def _offering_person(says: tuple[Say, ...]) -> tuple[Say, ...]:
    """The same, with a person offered beside the last thing said; as a message of its own where nothing is."""
    if not says:
        return (texts.OFFER_PERSON,)
    *before, last = says
    if texts.PERSON in last.buttons or len(last.buttons) == MOST_BUTTONS:
        return says
    return (*before, Say(f"{last.text} {texts.OFFER_PERSON.text}", (*last.buttons, texts.PERSON)))


def _without_consent(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """Nothing but a person or an emergency goes on before the notice was seen and answered."""
    arrived = (texts.ORDER_ARRIVED,) if heard.has_file else ()
    if state.consent != "asked":
        asked = _with(state, consent="asked", awaiting="consent", opted_out=False, shown=known.first_texts)
        return Turn(asked, (*arrived, known.first_contact))
    if heard.button == "consent:accept" or _means(heard, "consent_yes", "yes"):
        turn = _go_on(_with(state, consent="given", awaiting=None, shown=()), known)
        # Who was asked before the shown versions were kept was shown the only ones there were.
        return replace(turn, actions=(GiveConsent(state.shown or known.first_texts), *turn.actions))
    if heard.button == "consent:refuse" or _means(heard, "consent_no", "no"):
        return _hand_over(_with(state, consent="refused"), "consent_refused", texts.CONSENT_REFUSED)
    return Turn(state, (*arrived, texts.CONSENT_REMINDER))


def _with_consent(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if heard.has_file:
        return _file_arrived(state, known)
    if heard.kind not in SPOKEN and not heard.intents:
        return Turn(state, (_NOT_OPENED.get(heard.kind, texts.CANNOT_OPEN),))
    aside = _aside(state, heard)
    if aside is not None:
        return Turn(state, (aside,))
    if known.member_id is None:
        return _identify(state, known, heard)
    answered = _ANSWERS[state.awaiting](state, known, heard) if state.awaiting in _ANSWERS else None
    return answered or _new_wish(state, known, heard)


def _aside(state: DialogueState, heard: Heard) -> Say | None:
    """What is answered beside whatever we are waiting for, which stays as it is."""
    if heard.button == texts.CONSENT_NO.id:
        return texts.TO_STOP
    answers = heard.numbers or heard.code or (state.awaiting == "procedure" and heard.tuss)
    if answers or heard.button is not None or not heard.intents:
        return None
    return _ASIDES.get(heard.intents[0])


def _identify(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """An unlinked sender gets no personal answer before card or CPF and a code."""
    if state.awaiting == "code" and heard.code:
        return Turn(state, (), (CheckCode(state.code_id, heard.code),)) if state.code_id else _wrong_code(state)
    if heard.button == texts.NEW_CODE.id:
        return Turn(_with(state, awaiting="identity", code_id=None), (texts.ASK_IDENTITY,))
    if heard.numbers:
        return Turn(state, (), (StartCode(heard.numbers[0]),))
    has_digits = any(character.isdigit() for character in heard.text or "")
    if state.awaiting == "code":
        return _wrong_code(state) if has_digits else Turn(state, (texts.CODE_HELP,))
    if state.awaiting == "identity" and has_digits:
        return Turn(state, (texts.BAD_IDENTITY,))
    return _new_wish(state, known, heard)


def _code_checked(state: DialogueState, known: Known, checked: CodeChecked) -> Turn:
    if checked.member_id is None:
        return _wrong_code(state)
    linked = replace(known, member_id=checked.member_id)
    turn = _go_on(_with(state, awaiting=None, code_id=None, code_tries=0), linked)
    if not turn.says:
        return replace(turn, says=(Say(texts.LINKED),))
    first, *rest = turn.says
    return replace(turn, says=(Say(f"{texts.LINKED} {first.text}", first.buttons), *rest))


def _wrong_code(state: DialogueState) -> Turn:
    tries = state.code_tries + 1
    if tries >= CODE_TRIES:
        return _hand_over(_with(state, code_id=None, code_tries=0), "unlinked", texts.IDENTITY_FAILED)
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
    """What was not an answer: a wish, a greeting, an old button that was tapped again, or nothing we understand."""
    if heard.button is not None or (state.wish is not None and heard.intents):
        return _go_on(state, known)
    say = _GENERAL.get(heard.intents[0]) if heard.intents else None
    return Turn(state, (say,)) if say else _not_understood(state, known)


def _file_arrived(state: DialogueState, known: Known) -> Turn:
    """Say at once that it arrived; reading goes on beside the conversation."""
    if known.member_id is not None:
        return Turn(_with(state, awaiting="reading"), (texts.ORDER_ARRIVED,))
    if state.awaiting == "code":
        return Turn(state, (texts.ORDER_ARRIVED, texts.CODE_HELP))
    return Turn(_with(state, awaiting="identity"), (texts.ORDER_ARRIVED, texts.ASK_IDENTITY))


def _document_arrived(state: DialogueState, known: Known, arrived: DocumentArrived) -> Turn:
    """Keep it with the draft; look at the order once all files are read and we may speak about it."""
    if state.opted_out:
        return Turn(state)
    draft = state.draft or Draft(asked_at=arrived.sent_at)
    if arrived.document_id not in draft.documents:
        draft = _with(draft, documents=(*draft.documents, arrived.document_id))
    waiting = max(0, state.waiting_files - 1)
    state = _with(state, draft=draft, wish="authorization", waiting_files=waiting)
    if waiting or known.member_id is None or not _may_begin(state, known):
        return Turn(state)
    return Turn(_with(state, awaiting="reading"), (), (LookAtOrder(),))


def _file_refused(state: DialogueState, known: Known, refused: FileRefused) -> Turn:
    state = _with(state, waiting_files=max(0, state.waiting_files - 1))
    if not _may_begin(state, known):
        return Turn(state)
    says = (Say(f"{refused.why} {texts.FILE_REFUSED_MORE}", (texts.PERSON,)),)
    if state.waiting_files or known.member_id is None:
        return Turn(state, says)
    if state.draft and state.draft.documents:
        return Turn(_with(state, awaiting="reading"), says, (LookAtOrder(),))
    return Turn(_with(state, awaiting="order") if state.awaiting == "reading" else state, says)


def _may_begin(state: DialogueState, known: Known) -> bool:
    """Whether the assistant may speak without having been spoken to."""
    return state.consent == "given" and not state.handed_over and not known.quiet


def _order_read(state: DialogueState, read: OrderRead) -> Turn:
    """Ask for what is doubted, one question at a time; submit when nothing is left to ask."""
    draft = state.draft
    if state.handed_over or draft is None:
        return Turn(state)
    if read.pending is not None and not draft.is_new:
        offered = _with(draft, offered=read.pending.request_id)
        question = texts.confirm_pending(read.pending.protocol)
        return Turn(_with(state, draft=offered, awaiting="pending"), (question,))
    if not read.legible and len(draft.documents) < READING_TRIES and not draft.tuss_confirmed:
        return Turn(_with(state, awaiting="order"), (texts.READ_AGAIN,))
    if read.for_member is False and not draft.for_member_confirmed:
        return Turn(_with(state, awaiting="owner"), (texts.ASK_OTHER_PERSON,))
    if not _procedures_known(draft, read):
        if draft.tuss_confirmed:
            return _hand_over(state, "not_understood", texts.PROCEDURE_UNKNOWN)
        return Turn(_with(state, awaiting="procedure"), (texts.ASK_PROCEDURE,))
    if read.requester and not read.requester_sure and draft.requester_confirmed is None:
        return Turn(_with(state, awaiting="requester"), (texts.confirm_requester(read.requester),))
    return _submit(state, draft)


def _submit(state: DialogueState, draft: Draft) -> Turn:
    """What came of it is the reply: each message costs, and "I am at it" says nothing."""
    return Turn(_with(state, draft=None, wish=None, awaiting=None), (), (Submit(draft),))


def _procedures_known(draft: Draft, read: OrderRead) -> bool:
    """Every line is sure or fits the member's own words; what is left is made up for by as many written names."""
    agreed = {*draft.wished_tuss, *draft.tuss_confirmed}
    known = {line.tuss for line in read.lines if line.tuss and (line.sure or line.tuss in agreed)}
    unknown = sum(1 for line in read.lines if line.tuss not in known)
    written = [tuss for tuss in draft.tuss_confirmed if tuss not in known]
    return len(written) >= unknown if read.lines else bool(written)


def _answer_order(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if _means(heard, "authorization_request", "yes"):
        return Turn(state, (texts.ASK_ORDER,))
    return Turn(state, (texts.NO_ORDER,)) if _means(heard, "no") else None


def _answer_reading(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    return _go_on(state, known) if state.wish == "authorization" else None


def _answer_procedure(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None or heard.button is not None:
        return None
    if heard.named:
        confirmed = tuple(dict.fromkeys((*state.draft.tuss_confirmed, *heard.named)))
        return _look(state, _with(state.draft, tuss_confirmed=confirmed))
    if heard.intents and not _means(heard, "authorization_request"):
        return None
    times = state.misunderstood + 1
    if times >= MISUNDERSTOOD_TRIES:
        return _hand_over(state, "not_understood", texts.PROCEDURE_UNKNOWN)
    return Turn(_with(state, misunderstood=times), (texts.ASK_PROCEDURE_AGAIN,))


def _answer_requester(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    yes = _is_yes(heard, "requester")
    return None if state.draft is None or yes is None else _look(state, _with(state.draft, requester_confirmed=yes))


def _answer_pending(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    yes = _is_yes(heard, "pending")
    if state.draft is None or yes is None:
        return None
    if yes:
        return _submit(state, _with(state.draft, adds_to=state.draft.offered))
    return _look(state, _with(state.draft, is_new=True))


def _answer_owner(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None:
        return None
    if heard.button == texts.MINE.id or _means(heard, "yes"):
        return _look(state, _with(state.draft, for_member_confirmed=True))
    if heard.button == texts.OTHERS.id or _means(heard, "no"):
        # Another person's paper must not travel with the member's own request.
        return _hand_over(_with(state, draft=None, wish=None), "asked", texts.OTHER_PERSON)
    return None


def _look(state: DialogueState, draft: Draft) -> Turn:
    return Turn(_with(state, draft=draft, awaiting="reading"), (), (LookAtOrder(),))


def _is_yes(heard: Heard, field: str) -> bool | None:
    """The answer to a yes-or-no question of ours; None when it was something else."""
    if heard.button == f"confirm:{field}:yes" or _means(heard, "yes"):
        return True
    return False if heard.button == f"confirm:{field}:no" or _means(heard, "no") else None


def _after_alarm(state: DialogueState, known: Known, button: str) -> Turn:
    """Buttons of the emergency replies, in every state; those that are alarms themselves never come here."""
    say = _AFTER_ALARM[button]
    if button in _WANT_PERSON and not state.handed_over:
        return _hand_over(state, "distress", say)
    if button == "now_no" and not state.handed_over and state.consent == "given" and state.wish is not None:
        turn = _go_on(state, known)
        return replace(turn, says=(say, *turn.says))
    return Turn(state, (say,))


def _address_changed(state: DialogueState, changed: AddressChanged) -> Turn:
    """Whoever writes now must agree and be verified anew; a draft survives only on the same phone."""
    if not changed.is_same_phone:
        return Turn(DialogueState(handed_over=state.handed_over))
    return Turn(_with(state, awaiting=None, code_id=None, code_tries=0))


def _not_understood(state: DialogueState, known: Known) -> Turn:
    """The first time ask again, for what we were waiting for if anything; then a person goes on."""
    times = state.misunderstood + 1
    if times >= MISUNDERSTOOD_TRIES:
        return _hand_over(state, "not_understood", texts.HANDED_OVER)
    counted = _with(state, misunderstood=times)
    return _go_on(counted, known) if state.wish or state.draft else Turn(counted, (texts.NOT_UNDERSTOOD,))


def _hand_over(state: DialogueState, reason: HandOverReason, say: Say) -> Turn:
    return Turn(_with(state, handed_over=True, awaiting=None, misunderstood=0), (say,), (HandOver(reason),))


def _resume(state: DialogueState, known: Known, heard: Heard) -> DialogueState:
    if state.handed_over and known.previous_at and heard.sent_at - known.previous_at >= RESUME_AFTER:
        return _with(state, handed_over=False)
    return state


def _note_wish(state: DialogueState, heard: Heard) -> DialogueState:
    """Remember what is wanted, from the very first message, so that nobody must say it twice."""
    if heard.has_file:
        draft = state.draft or Draft(asked_at=heard.sent_at)
        return _with(state, draft=draft, wish="authorization", waiting_files=state.waiting_files + 1)
    asks_beside = heard.is_answered and "authorization_request" in heard.intents
    if heard.button == texts.ASK.id or asks_beside or _means(heard, "authorization_request"):
        draft = state.draft or Draft(asked_at=heard.sent_at)
        wished = draft.wished_tuss or heard.tuss
        return _with(state, wish="authorization", draft=_with(draft, wished_tuss=wished))
    if heard.button == texts.STATUS.id or _means(heard, "authorization_status"):
        return _with(state, wish="status")
    return _with(state, wish="appointment") if _means(heard, "appointment_booking") else state


def _means(heard: Heard, *intents: Intent) -> bool:
    """Whether the best supported intent of a text is one of these."""
    return heard.button is None and bool(heard.intents) and heard.intents[0] in intents


def _says_nothing_else(heard: Heard) -> bool:
    wishes: tuple[Intent, ...] = ("authorization_request", "authorization_status", "appointment_booking")
    return not (heard.has_file or heard.button or heard.numbers or heard.code or _means(heard, *wishes))


def _with(thing: SomeContract, **changes: Any) -> SomeContract:
    return thing.model_copy(update=changes)


_ANSWERS: dict[Awaiting | None, Callable[[DialogueState, Known, Heard], Turn | None]] = {
    "order": _answer_order,
    "reading": _answer_reading,
    "procedure": _answer_procedure,
    "requester": _answer_requester,
    "owner": _answer_owner,
    "pending": _answer_pending,
}
_GENERAL: dict[Intent, Say] = {
    "greeting": texts.WELCOME,
    "yes": texts.WELCOME,
    "no": texts.ALL_RIGHT,
    "consent_yes": texts.WELCOME,
}
_ASIDES: dict[Intent, Say] = {
    "thanks": texts.THANKS,
    "symptom_report": texts.SYMPTOM,
    "emergency_situation": texts.SYMPTOM,
    "medication_question": texts.MEDICATION,
    "general_inquiry": texts.PLAN_QUESTION,
    "consent_no": texts.TO_STOP,
    "out_of_scope": texts.OUT_OF_SCOPE,
}
_NOT_OPENED = {"sticker": texts.STICKER, "request_welcome": texts.WELCOME}
_AFTER_ALARM: dict[str, Say] = {
    "red_called": texts.CALLED_ALREADY,
    "orange_going": texts.ON_THE_WAY,
    "safe_yes": texts.SAFE,
    "talk_person": texts.TALK,
    "discreet_yes": texts.DISCREET_YES,
    "discreet_no": texts.DISCREET_NO,
    "discreet_call": texts.DISCREET_CALL,
    "now_no": texts.NOT_NOW,
}
_WANT_PERSON = {"safe_yes", "talk_person", "discreet_yes", "discreet_call"}
