"""The dialogue, without a database: whatever people do, they get an answer, and nothing they asked for is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.kernel.ids import DocumentId, MemberId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.respond import SPOKEN, UNANSWERED, respond
from austa.modules.chat.domain.hearing import LONGEST_TEXT
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    AddressChanged,
    AskRating,
    BeginInterview,
    CheckCode,
    CodeChecked,
    CodeStarted,
    ContinueInterview,
    DialogueState,
    DocumentArrived,
    FileRefused,
    FileWithdrawn,
    FindPeople,
    HandOver,
    Heard,
    Input,
    InterviewStepped,
    Known,
    LookAtOrder,
    OrderRead,
    PendingRequest,
    PeopleFound,
    PersonServed,
    RaiseAlarm,
    ReadLine,
    RevokeConsent,
    StartCode,
    StatusesFound,
    Submit,
    TellStatuses,
    Turn,
)
from austa.modules.language.api.language import Intent, TriageQuestion, TriageState
from tests.conftest import TODAY

FIRST = Say("first contact", (texts.CONSENT_YES, texts.CONSENT_NO, texts.PERSON))
KNOWN = Known(TODAY, None, FIRST)
ANA = MemberId(new_id())
LINKED = replace(KNOWN, member_id=ANA, linked=(ANA,))
AGREED = DialogueState(consent="given", heard_at=TODAY)
PERSONAL = ("Pedido 1: aprovado.",)
FAMILY = tuple(
    PersonServed(member_id=member_id, first_name=name, by=member_id)
    for member_id, name in ((LINKED.member_id, "Ana"), (MemberId(new_id()), "Bia"))
    if member_id is not None
)
ANSWERING = (StartCode, CheckCode, FindPeople, BeginInterview, ContinueInterview, TellStatuses, LookAtOrder)

KINDS = [
    *("text", "button", "interactive", "image", "document", "audio", "video", "sticker", "location", "contacts"),
    *("order", "reaction", "system", "revoke", "edit", "request_welcome", "unsupported", "unknown", "novelty"),
    *("call", "unsupported_edit", "unsupported_poll"),
]
BUTTONS = [
    *texts.OWN_OPTIONS,
    *(texts.for_button(one.member_id) for one in FAMILY),
    *("red_called", "safe_yes", "talk_person", "discreet_no", "now_no"),
]


def heard(text: str | None = "x", kind: str = "text", **fields: Any) -> Heard:
    return Heard(kind, text, fields.pop("button", None), fields.pop("sent_at", TODAY), **fields)


def words(turn: Turn) -> str:
    return " | ".join(say.text for say in turn.says)


class TestKindsThatAreNotText:
    @pytest.mark.parametrize("kind", [k for k in KINDS if k not in SPOKEN | UNANSWERED])
    @pytest.mark.parametrize("known", [KNOWN, LINKED], ids=["unlinked", "linked"])
    @pytest.mark.parametrize("state", [DialogueState(), DialogueState(consent="asked"), AGREED], ids=str)
    def test_each_gets_a_polite_answer(self, kind: str, known: Known, state: DialogueState) -> None:
        assert respond(state, known, heard(None, kind)).says

    @pytest.mark.parametrize("kind", sorted(UNANSWERED))
    def test_some_ask_for_nothing(self, kind: str) -> None:
        assert respond(AGREED, LINKED, heard(None, kind)) == Turn(AGREED)

    def test_what_was_spoken_is_shown_before_the_answer(self) -> None:
        spoken = heard("obrigada", intents=("thanks",), transcript="obrigada")
        assert respond(AGREED, LINKED, spoken).says == (texts.understood("obrigada"), texts.THANKS)
        assert respond(AGREED, replace(LINKED, quiet=True), spoken).says == (texts.THANKS,)

    def test_a_long_speech_is_shown_in_part(self) -> None:
        assert len(texts.understood("palavra " * 1000).text) < 600


class TestWords:
    @pytest.mark.parametrize("state", [DialogueState(), DialogueState(consent="asked"), AGREED], ids=str)
    def test_a_person_may_be_asked_for_at_any_time(self, state: DialogueState) -> None:
        for asks in (heard(intents=("ask_person",)), heard(button="person")):
            turn = respond(state, KNOWN, asks)
            assert turn.actions == (HandOver("asked"),)
            assert turn.state.handed_over

    def test_what_is_not_understood_twice_goes_to_a_person(self) -> None:
        first = respond(AGREED, LINKED, heard("asdf"))
        assert first.says == (texts.NOT_UNDERSTOOD,)
        second = respond(first.state, LINKED, heard("qwer"))
        assert second.actions == (HandOver("not_understood"),)

    def test_being_understood_in_between_begins_anew(self) -> None:
        state = respond(AGREED, LINKED, heard("asdf")).state
        state = respond(state, LINKED, heard(intents=("thanks",))).state
        assert respond(state, LINKED, heard("qwer")).says == (texts.NOT_UNDERSTOOD,)

    def test_an_aside_leaves_what_we_wait_for(self) -> None:
        waiting = AGREED.model_copy(update={"awaiting": "order", "wish": "authorization"})
        for intent, said in (("thanks", texts.THANKS), ("medication_question", texts.MEDICATION)):
            turn = respond(waiting, LINKED, heard(intents=(intent,)))
            assert (turn.says, turn.state) == ((said,), waiting)

    def test_not_accepting_after_all_says_how_to_stop(self) -> None:
        assert respond(AGREED, LINKED, heard(button=texts.CONSENT_NO.id)).says == (texts.TO_STOP,)

    def test_an_old_button_tapped_again_does_no_harm(self) -> None:
        for button in (texts.CONSENT_YES.id, texts.MINE.id, "confirm:requester:yes"):
            turn = respond(AGREED, LINKED, heard(button=button))
            assert (turn.says, turn.state) == ((texts.WELCOME,), AGREED)

    def test_a_third_wrong_code_goes_to_a_person_and_words_are_no_wrong_code(self) -> None:
        state = AGREED.model_copy(update={"awaiting": "code", "code_id": "1", "wish": "status"})
        assert respond(state, KNOWN, heard("obrigada mesmo")).says == (texts.CODE_HELP,)
        for _ in range(2):
            turn = respond(state, KNOWN, CodeChecked(None))
            assert turn.says == (texts.CODE_WRONG,)
            state = turn.state
        assert respond(state, KNOWN, CodeChecked(None)).actions == (HandOver("unlinked"),)

    def test_a_written_name_does_not_hide_a_second_line_that_nobody_could_read(self) -> None:
        state = respond(AGREED, LINKED, heard(None, "image", has_file=True)).state
        state = respond(state, LINKED, DocumentArrived(DocumentId(new_id()), TODAY)).state
        read = OrderRead(legible=True, lines=(ReadLine(None, False), ReadLine(None, False)))
        state = respond(state, LINKED, read).state
        state = respond(state, LINKED, heard("hemograma", tuss=("40304361",), named=("40304361",))).state
        assert respond(state, LINKED, read).actions == (HandOver("not_understood"),)


ASKED = TriageState(told=(Personal("dor"),), asked="fever")
STEPS = [
    InterviewStepped(ASKED, TriageQuestion(id="fever", text="Está com febre?", buttons=())),
    InterviewStepped(ASKED.model_copy(update={"asked": None}), None, "GREEN", ("fever",)),
    InterviewStepped(ASKED.model_copy(update={"asked": None}), None, "RED", ("fever",), "emergency"),
]
moments = st.integers(0, 60 * 60 * 24 * 60).map(lambda seconds: TODAY + timedelta(seconds=seconds))
codes = st.lists(st.sampled_from(["41101316", "40304361", "40805026"]), max_size=2).map(tuple)
words_heard = st.builds(
    Heard,
    kind=st.sampled_from(KINDS),
    text=st.none() | st.sampled_from(["oi", "123456", "52998224725", "asdf", ""]),
    button=st.none() | st.none() | st.sampled_from(BUTTONS),
    sent_at=moments,
    intents=st.lists(st.sampled_from(get_args(Intent)), max_size=2, unique=True).map(tuple),
    numbers=st.sampled_from([(), (), ("52998224725",)]),
    code=st.none() | st.just("123456"),
    tuss=codes,
    named=codes,
    has_file=st.booleans(),
    is_answered=st.sampled_from([False, False, False, True]),
    is_for_other=st.booleans(),
    is_switch=st.sampled_from([False, False, True]),
)
events = st.one_of(
    words_heard,
    words_heard,
    words_heard,
    st.builds(DocumentArrived, document_id=st.uuids().map(DocumentId), sent_at=moments),
    st.just(FileRefused("O PDF tem senha.")),
    st.just(AskRating("hand_over")),
    st.builds(FileWithdrawn, document_id=st.none() | st.uuids().map(DocumentId), was_waiting=st.booleans()),
)
orders = st.builds(
    OrderRead,
    legible=st.booleans(),
    lines=st.lists(st.builds(ReadLine, tuss=st.none() | st.just("41101316"), sure=st.booleans()), max_size=2).map(
        tuple
    ),
    requester=st.none() | st.just("CRM 1 de SP"),
    requester_sure=st.booleans(),
    for_member=st.none() | st.booleans(),
    pending=st.none() | st.builds(PendingRequest, request_id=st.uuids().map(RequestId), protocol=st.just("1")),
)
facts = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.none() | moments)


def fits_whatsapp(say: Say) -> bool:
    """Within Meta's limits, and never both buttons and a list."""
    return (
        0 < len(say.text) <= (texts.LONGEST_ABOVE_BUTTONS if say.options else LONGEST_TEXT)
        and len(say.buttons) <= 3
        and len(say.rows) <= 10
        and not (say.buttons and say.rows)
        and len({option.id for option in say.options}) == len(say.options)
        and len({texts.fold_title(option.title) for option in say.options}) == len(say.options)
        and all(0 < len(button.title) <= 20 for button in say.buttons)
        and all(0 < len(row.title) <= 24 and len(row.description) <= 72 for row in say.rows)
    )


@given(st.data())
@settings(max_examples=300)
def test_whatever_happens(data: st.DataObject) -> None:
    """No crash; every text and tap is answered; unlinked people hear nothing personal; `asked_at` stays."""
    state, member_id = DialogueState(), None
    for _ in range(data.draw(st.integers(1, 14))):
        given_ = data.draw(events)
        if isinstance(given_, FileWithdrawn) and state.draft and state.draft.documents:
            # One of those that wait in the draft.
            given_ = replace(given_, document_id=data.draw(st.sampled_from(state.draft.documents)))
        attended, alarmed, quiet, previous_at = data.draw(facts)
        known = Known(TODAY, None, FIRST, previous_at, attended, alarmed, quiet)
        known = known.with_link(member_id) if member_id else known
        before, answered, dropped = state, False, False
        pending: Input | None = given_
        while pending is not None:
            turn = respond(state, known, pending)
            assert all(isinstance(action, ANSWERING) is False for action in turn.actions[:-1])
            state, pending = turn.state, None
            assert all(fits_whatsapp(say) for say in turn.says)
            answered = answered or bool(turn.says)
            dropped = dropped or any(isinstance(a, Submit | RevokeConsent) for a in turn.actions)
            dropped = dropped or texts.OTHER_PERSON in turn.says or texts.LEFT_OPEN in turn.says
            answered = answered or any(isinstance(a, RaiseAlarm) for a in turn.actions)
            if known.member_id is None:
                assert PERSONAL[0] not in words(turn)
                assert not any(isinstance(a, FindPeople | TellStatuses | LookAtOrder | Submit) for a in turn.actions)
            if not state.is_chosen_now:
                assert not any(isinstance(a, TellStatuses | LookAtOrder) for a in turn.actions)
            if state.consent != "given":
                assert not any(isinstance(a, StartCode | CheckCode | LookAtOrder | Submit) for a in turn.actions)
            match turn.actions[-1:]:
                case (StartCode(),):
                    pending = CodeStarted(data.draw(st.none() | st.just("code")))
                case (CheckCode(),):
                    found = data.draw(st.none() | st.just(LINKED.member_id))
                    member_id = found or member_id
                    pending = CodeChecked(found)
                    known = known.with_link(found) if found else known
                case (FindPeople(),):
                    pending = PeopleFound(data.draw(st.sampled_from([FAMILY[:1], FAMILY])))
                case (BeginInterview() | ContinueInterview(),):
                    pending = data.draw(st.sampled_from(STEPS))
                case (TellStatuses(),):
                    pending = StatusesFound(data.draw(st.sampled_from([(), PERSONAL])))
                case (LookAtOrder(),):
                    pending = data.draw(orders)
        if isinstance(given_, Heard) and given_.kind not in UNANSWERED and not given_.is_answered:
            assert answered or (before.handed_over and attended and given_.kind != "call")
        if isinstance(given_, AskRating) and answered:
            assert (before.awaiting, before.draft, before.handed_over, quiet, alarmed) == (None, None, *(False,) * 3)
        if isinstance(given_, FileWithdrawn):
            assert not answered or given_.was_waiting or before.awaiting
            assert given_.document_id is None or state.draft is None or given_.document_id not in state.draft.documents
        if before.draft is not None and not dropped:
            kept = [each.asked_at for each in (state.draft, *state.set_aside) if each]
            assert before.draft.asked_at in kept
        assert DialogueState.resumed(state.reveal_bytes().decode()) == state


@given(words_heard)
def test_a_changed_phone_number_forgets_and_a_new_account_on_the_same_phone_does_not(first: Heard) -> None:
    state = respond(AGREED, LINKED, first).state
    assert respond(state, KNOWN, AddressChanged(is_same_phone=False)).state.draft is None
    assert respond(state, KNOWN, AddressChanged(is_same_phone=True)).state.draft == state.draft


def test_a_distressed_person_is_offered_a_person_beside_the_answer() -> None:
    turn = respond(AGREED, LINKED, heard("pelo amor de deus", intents=("general_inquiry",), is_distressed=True))
    assert texts.PERSON in turn.says[-1].buttons


def test_what_is_about_to_be_handed_over_is_not_offered_twice() -> None:
    turn = respond(AGREED, LINKED, heard("quero um atendente", intents=("ask_person",), is_distressed=True))
    assert turn.says == (texts.HANDED_OVER,)
