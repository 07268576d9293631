"""The dialogue, pure: what was heard and what is known in, what to say, remember and do out.

Emergencies are not here: the red-flag layer answers them on its own, in every state, before this is asked.
A turn may end with an action (look a person up, check a code, submit a request); its result comes back as the
next input, so that every path can be read and tested without a database.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue import (
    appointment,
    authorization,
    greeting,
    identification,
    people,
    satisfaction,
    symptoms,
)
from austa.modules.chat.domain.dialogue.states import at_rest, changed, granted, hand_over, means, wait
from austa.modules.chat.domain.flows import WISH_OF, FlowName, Step, Wish
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    AddressChanged,
    AskRating,
    CodeChecked,
    CodeStarted,
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    FileWithdrawn,
    FindPeople,
    Heard,
    Input,
    InterviewStepped,
    Known,
    OrderRead,
    PeopleFound,
    PersonServed,
    StatusesFound,
    TellStatuses,
    Turn,
)
from austa.modules.language.api.language import Intent

MISUNDERSTOOD_TRIES = 2
RESUME_AFTER = timedelta(hours=24)
"""After a day's silence a conversation that people had is the assistant's again, and what comes is a new contact with a
protocol of its own: WhatsApp's window has closed too."""

STALE_AFTER = timedelta(days=30)
"""After so long a request that was never finished is asked about again, and never sent off silently."""

UNANSWERED = {"reaction", "system", "revoke"}
"""Kinds that ask for nothing; a deleted message is not spoken about."""

SPOKEN = {"text", "button", "interactive", "edit"}


def begins_contact(state: DialogueState, previous_at: datetime | None, sent_at: datetime) -> bool:
    """Whether a message opens a contact. `previous_at`: when anybody last said something before it."""
    said = [at for at in (state.heard_at, previous_at) if at is not None]
    return state.protocol is None or (bool(said) and sent_at - max(said) >= RESUME_AFTER)


def respond(state: DialogueState, known: Known, given: Input) -> Turn:
    """The dialogue's next turn."""
    state, known = people.standing(state, known)
    turn = people.asked_first(_continued(_respond(state, known, given), known))
    return _with_protocol(people.owned(turn), known)


def _respond(state: DialogueState, known: Known, given: Input) -> Turn:
    match given:
        case Heard():
            return _heard(state, known, given)
        case AddressChanged():
            return _address_changed(state, given)
        case DocumentArrived():
            return authorization.document_arrived(state, known, given)
        case OrderRead():
            return authorization.order_read(state, given)
        case FileRefused():
            return authorization.file_refused(state, known, given)
        case FileWithdrawn():
            return authorization.file_withdrawn(state, known, given)
        case AskRating():
            return satisfaction.ask(state, known, given)
        case CodeStarted():
            return Turn(wait(state, "code", code_id=given.code_id), (texts.CODE_SENT,))
        case CodeChecked():
            return _code_checked(state, known, given)
        case InterviewStepped():
            return symptoms.stepped(state, given)
        case PeopleFound():
            return people.found(state, given)
        case StatusesFound():
            name = state.chosen.first_name if state.several and state.chosen else ""
            told = texts.about(name, given.sentences) if given.sentences else texts.NO_REQUESTS
            left = granted(state)
            unfinished = left.draft is not None and left.wish is None
            return Turn(changed(left, wish="authorization") if unfinished else left, (told,), is_done=True)


def _continued(turn: Turn, known: Known) -> Turn:
    """What else was asked for follows what is done, unless a question is open or people go on."""
    while turn.is_done:
        state = turn.state
        if state.handed_over or _is_asked(state) or (state.wish is None and state.draft is None):
            return replace(turn, is_done=False)
        more = _go_on(state, _of_chosen(state, known))
        turn = replace(more, says=(*turn.says, *more.says), actions=(*turn.actions, *more.actions))
    return turn


def _of_chosen(state: DialogueState, known: Known) -> Known:
    return replace(known, member_id=state.chosen.member_id) if state.chosen and state.is_chosen_now else known


def _is_asked(state: DialogueState) -> bool:
    """Whether the open question is already about what is wanted next."""
    return state.flow is not None and WISH_OF.get(state.flow, state.wish) == state.wish


def _with_protocol(turn: Turn, known: Known) -> Turn:
    """The contact's number, once, beside the first thing said: another message would cost. Never where somebody
    dangerous may read along."""
    if turn.state.protocol is None or turn.state.is_protocol_told or known.quiet or not turn.says:
        return turn
    *before, last = turn.says
    line = texts.contact_protocol(turn.state.protocol)
    if len(last.text) + len(line) > texts.LONGEST_ABOVE_BUTTONS:
        return turn
    told = changed(turn.state, is_protocol_told=True)
    return replace(turn, state=told, says=(*before, replace(last, text=f"{last.text}{line}")))


def _heard(state: DialogueState, known: Known, heard: Heard) -> Turn:
    state = _note_wishes(_resume(state, known, heard), heard)
    if heard.is_answered or heard.raised is not None:
        state = satisfaction.forgotten(state)
    if heard.is_answered:
        return Turn(state)
    turn = _reply(state, known, heard)
    if heard.is_distressed and not turn.state.handed_over and heard.kind not in UNANSWERED:
        turn = replace(turn, says=_offering_person(turn.says))
    turn = _echoed(turn, known, heard)
    if turn.state.misunderstood == state.misunderstood:
        return replace(turn, state=changed(turn.state, misunderstood=0))
    return turn


def _echoed(turn: Turn, known: Known, heard: Heard) -> Turn:
    """Before an answer to a voice note comes what was understood, unless somebody dangerous may read along."""
    if heard.transcript is None or not turn.says or known.quiet:
        return turn
    return replace(turn, says=(texts.understood(heard.transcript), *turn.says))


def _reply(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if means(heard, "opt_out"):
        return greeting.leave(state)
    if heard.button is not None and heard.button in _AFTER_ALARM:
        return _after_alarm(state, known, heard.button)
    if heard.kind in UNANSWERED:
        return Turn(state)
    if heard.kind == "call":
        # Whoever calls may be in danger and reads nothing else: told in every state.
        return Turn(state, (texts.CALL,))
    if state.handed_over:
        return Turn(state, () if known.attended else (texts.STILL_HANDED_OVER,))
    if heard.button == texts.PERSON.id or means(heard, "ask_person"):
        return hand_over(state, "asked", texts.HANDED_OVER)
    if known.alarmed and _says_nothing_else(heard):
        return Turn(state, (texts.NURSE_WARNED,))
    if state.consent != "given":
        turn = greeting.ask(state, known, heard)
        return _and_then(turn, _go_on(turn.state, known)) if turn.is_done else turn
    return _with_consent(state, known, heard)


def _with_consent(state: DialogueState, known: Known, heard: Heard) -> Turn:
    if state.flow == "satisfaction" or heard.button in texts.RATINGS:
        rated = satisfaction.answer(state, heard, wants_more=bool(_wishes_in(heard)))
        if rated is not None:
            return rated
        state = satisfaction.forgotten(state)
    if heard.has_file:
        return authorization.file_arrived(changed(state, is_stale=False), known)
    if heard.kind not in SPOKEN and not heard.intents:
        return Turn(state, (_NOT_OPENED.get(heard.kind, texts.CANNOT_OPEN),))
    for_other = heard.is_switch or (heard.is_for_other and not _OF_SOMEBODY.isdisjoint(_wishes_in(heard)))
    if for_other and known.member_id is not None and state.awaiting not in {"for_whom", "code"}:
        return people.switched(state)
    aside = _aside(state, heard)
    if aside is not None and not _wishes_in(heard):
        return Turn(state, (aside,))
    if _wishes_in(heard)[:1] == ("symptoms",) and state.flow != "symptoms":
        return symptoms.begin(_told(state, heard), heard.text if heard.button is None else None)
    turn = _answered(state, known, heard) or _new_wish(state, known, heard)
    return _and_then(Turn(state, (aside,)), turn) if aside is not None and aside not in _MANNERS else turn


def _answered(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    """What the message is to the open question, if it is an answer to it."""
    if state.flow == "symptoms" and not {*_wishes_in(heard)} - {"symptoms"}:
        return symptoms.answer(_told(state, heard), heard)
    if known.member_id is None or state.flow == "identification":
        return identification.answer(state, known, heard)
    if state.awaiting == "for_whom":
        return people.answer(state, heard)
    return _ANSWERS[state.awaiting](state, known, heard) if state.awaiting in _ANSWERS else None


def _told(state: DialogueState, heard: Heard) -> DialogueState:
    """What the nurse wants to know and was said unasked."""
    notes = state.notes
    who = "Outra pessoa" if heard.is_for_other else ""
    told = changed(
        notes,
        who=notes.who or who,
        since=notes.since or heard.told_since,
        strength=notes.strength or heard.told_strength,
    )
    return changed(state, notes=told)


def _aside(state: DialogueState, heard: Heard) -> Say | None:
    """What is answered beside whatever we are waiting for, which stays as it is."""
    if heard.button is not None:
        return _BUTTON_ASIDES.get(heard.button)
    answers = heard.numbers or heard.code or (state.awaiting == "procedure" and heard.tuss)
    if answers or not heard.intents:
        return None
    if heard.intents[0] in _TAKEN_BY.get(state.flow, ()):
        return None
    if heard.intents[0] in _ASIDES:
        return _ASIDES[heard.intents[0]]
    return next((_ASIDES[intent] for intent in heard.intents if intent in _BESIDE), None)


def _code_checked(state: DialogueState, known: Known, checked: CodeChecked) -> Turn:
    if checked.member_id is None:
        return identification.wrong_code(state)
    one = PersonServed(member_id=checked.member_id, first_name=checked.first_name, by=checked.member_id)
    if {*known.linked} <= {one.member_id}:
        # They may speak for children, too: whom it is for is asked when it matters.
        state = changed(state, is_for_other=False)
    else:
        state = changed(people.became(state, one), several=True)
    turn = _go_on(identification.linked(state), replace(known, member_id=one.member_id))
    if not turn.says:
        return replace(turn, says=(Say(texts.LINKED),))
    first, *rest = turn.says
    return replace(turn, says=(replace(first, text=f"{texts.LINKED} {first.text}"), *rest))


def _go_on(state: DialogueState, known: Known) -> Turn:
    """Take up what the person wanted before we had to ask something else."""
    if state.wish is None and state.draft is None:
        return Turn(state, (texts.WELCOME,))
    if state.wish == "person":
        return hand_over(state, "asked", texts.HANDED_OVER)
    if state.wish == "symptoms":
        return symptoms.begin(state, None)
    if known.member_id is None:
        asked = texts.ASK_IDENTITY_OTHER if state.is_for_other else texts.ASK_IDENTITY
        return Turn(wait(state, "identity"), (asked,))
    if state.wish == "status":
        return Turn(state, (), (TellStatuses(),))
    if state.wish == "appointment":
        return appointment.begin(state) if state.is_chosen_now else Turn(state, (), (FindPeople(),))
    if state.is_stale:
        return Turn(wait(state, "resume"), (texts.STILL_OPEN,))
    return authorization.begin(state, known)


def _new_wish(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """What was not an answer: a wish, a greeting, an old button that was tapped again, or nothing we understand."""
    if heard.button is not None or (state.wish is not None and heard.intents):
        return _go_on(state, known)
    say = _GENERAL.get(heard.intents[0]) if heard.intents else None
    return Turn(state, (say,)) if say else _not_understood(state, known)


def _not_understood(state: DialogueState, known: Known) -> Turn:
    """The first time ask again, for what we were waiting for if anything; then a person goes on."""
    times = state.misunderstood + 1
    if times >= MISUNDERSTOOD_TRIES:
        return hand_over(state, "not_understood", texts.HANDED_OVER)
    counted = changed(state, misunderstood=times)
    return _go_on(counted, known) if state.wish or state.draft else Turn(counted, (texts.NOT_UNDERSTOOD,))


def _after_alarm(state: DialogueState, known: Known, button: str) -> Turn:
    """Buttons of the emergency replies, in every state; those that are alarms themselves never come here."""
    say = _AFTER_ALARM[button]
    if button in _WANT_PERSON and not state.handed_over:
        return hand_over(state, "distress", say)
    if button == "now_no" and not state.handed_over and state.consent == "given" and state.wish is not None:
        return _and_then(Turn(state, (say,)), _go_on(state, known))
    return Turn(state, (say,))


def _address_changed(state: DialogueState, moved: AddressChanged) -> Turn:
    """Whoever writes now must agree and be verified anew; a draft survives only on the same phone."""
    if not moved.is_same_phone:
        return Turn(DialogueState(handed_over=state.handed_over, code_starts=state.code_starts))
    return Turn(at_rest(state, code_id=None, code_tries=0, chosen=None, is_chosen_now=False, offered=()))


def _resume(state: DialogueState, known: Known, heard: Heard) -> DialogueState:
    if known.protocol is not None:
        # In a new contact nobody answers how an earlier one was.
        state = satisfaction.forgotten(state)
        state = changed(state, protocol=known.protocol, is_protocol_told=False, is_chosen_now=False)
    is_new_again = known.previous_at is not None and heard.sent_at - known.previous_at >= RESUME_AFTER
    said = [at for at in (state.heard_at, known.previous_at) if at is not None]
    if said and heard.sent_at - max(said) >= STALE_AFTER and state.draft is not None and not state.handed_over:
        state = at_rest(state, is_stale=True, interview=None)
    newest = max(heard.sent_at, state.heard_at or heard.sent_at)
    return changed(state, heard_at=newest, handed_over=state.handed_over and not is_new_again)


def _answer_resume(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if heard.button == "resume:yes" or means(heard, "yes", "authorization_request"):
        return authorization.begin(changed(state, is_stale=False), known)
    if heard.button == "resume:no" or means(heard, "no"):
        return Turn(granted(at_rest(state, draft=None, is_stale=False)), (texts.LEFT_OPEN,))
    return None


def _note_wishes(state: DialogueState, heard: Heard) -> DialogueState:
    """Remember all that is wanted, in order, from the very first message, so that nobody must say it twice."""
    # What the red-flag layer answers needs no interview.
    wishes = tuple(wish for wish in _wishes_in(heard) if not (wish == "symptoms" and heard.is_answered))
    if not wishes:
        return state
    if "symptoms" in wishes and heard.button is None:
        state = changed(state, notes=changed(state.notes, told=heard.text or ""))
    if heard.specialty and "appointment" in wishes:
        state = changed(state, appointment=changed(state.appointment, specialty=heard.specialty))
    unfinished = [wish for wish in (state.wish, *state.later) if wish and wish not in wishes]
    state = changed(state, wish=wishes[0], later=(*wishes[1:], *unfinished))
    if heard.is_for_other and not _OF_SOMEBODY.isdisjoint(wishes):
        state = changed(state, is_for_other=True, is_chosen_now=False)
    if "authorization" not in wishes:
        return state
    draft = state.draft or Draft(asked_at=heard.sent_at)
    if heard.has_file:
        return changed(state, draft=draft, waiting_files=state.waiting_files + 1)
    return changed(state, draft=changed(draft, wished_tuss=draft.wished_tuss or heard.tuss))


def _wishes_in(heard: Heard) -> tuple[Wish, ...]:
    if heard.has_file:
        return ("authorization",)
    if heard.button is not None:
        return (_WISH_BUTTONS[heard.button],) if heard.button in _WISH_BUTTONS else ()
    found = tuple(_WISHES[intent] for intent in heard.intents if intent in _WISHES)
    # Who asks for nothing but a person gets one at once, in every state.
    return () if heard.intents[:1] == ("ask_person",) else tuple(dict.fromkeys(found))


def _says_nothing_else(heard: Heard) -> bool:
    return not ({*_wishes_in(heard)} - {"symptoms"} or heard.button or heard.numbers or heard.code)


def _offering_person(says: tuple[Say, ...]) -> tuple[Say, ...]:
    """The same, with a person offered beside the last thing said; as a message of its own where nothing is."""
    if not says:
        return (texts.OFFER_PERSON,)
    *before, last = says
    if texts.PERSON.id in {option.id for option in last.options} or len(last.options) >= texts.MOST_BUTTONS:
        return says
    return (*before, Say(f"{last.text} {texts.OFFER_PERSON.text}", (*last.buttons, texts.PERSON)))


def _and_then(first: Turn, more: Turn) -> Turn:
    return replace(more, says=(*first.says, *more.says), actions=(*first.actions, *more.actions))


_ANSWERS: dict[Step | None, Callable[[DialogueState, Known, Heard], Turn | None]] = {
    "order": authorization.answer_order,
    "reading": authorization.answer_reading,
    "procedure": authorization.answer_procedure,
    "requester": authorization.answer_requester,
    "owner": authorization.answer_owner,
    "pending": authorization.answer_pending,
    "resume": _answer_resume,
    "specialty": lambda state, known, heard: appointment.answer(state, heard),
    "place": lambda state, known, heard: appointment.answer(state, heard),
    "time": lambda state, known, heard: appointment.answer(state, heard),
}
_OF_SOMEBODY: frozenset[Wish] = frozenset({"authorization", "status", "appointment"})
"""Wishes that are about one person of the plan."""
_WISHES: dict[Intent, Wish] = {
    "authorization_request": "authorization",
    "authorization_status": "status",
    "appointment_booking": "appointment",
    "ask_person": "person",
    "symptom_report": "symptoms",
    "emergency_situation": "symptoms",
}
_WISH_BUTTONS: dict[str, Wish] = {
    texts.ASK.id: "authorization",
    texts.STATUS.id: "status",
    texts.BOOK.id: "appointment",
    texts.UNWELL.id: "symptoms",
}
_GENERAL: dict[Intent, Say] = {
    "greeting": texts.WELCOME,
    "yes": texts.WELCOME,
    "no": texts.ALL_RIGHT,
    "consent_yes": texts.WELCOME,
}
_ASIDES: dict[Intent, Say] = {
    "thanks": texts.THANKS,
    "medication_question": texts.MEDICATION,
    "general_inquiry": texts.PLAN_QUESTION,
    "consent_no": texts.TO_STOP,
    "out_of_scope": texts.OUT_OF_SCOPE,
}
_BUTTON_ASIDES = {
    texts.CONSENT_NO.id: texts.TO_STOP,
    texts.ABOUT_PLAN.id: texts.ASK_PLAN,
}
_TAKEN_BY: dict[FlowName | None, tuple[Intent, ...]] = {
    "symptoms": ("medication_question", "general_inquiry", "consent_no", "out_of_scope"),
    "appointment": ("consent_no", "out_of_scope"),
}
"""What is an answer there, and no aside."""
_MANNERS = {texts.THANKS, texts.OUT_OF_SCOPE}
"""Not worth a message beside an answer."""
_BESIDE: tuple[Intent, ...] = ("medication_question", "general_inquiry")
"""Answered also where something else was said first."""
_NOT_OPENED = {
    "sticker": texts.STICKER,
    "request_welcome": texts.WELCOME,
    "location": texts.LOCATION,
    "contacts": texts.CONTACT,
    "video": texts.VIDEO,
    "order": texts.BASKET,
    "unsupported_edit": texts.UNREAD_EDIT,
}
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
