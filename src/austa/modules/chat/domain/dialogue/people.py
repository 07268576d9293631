"""Para quem é? One phone may serve several people: nothing is looked up before it is clear about whom, and nothing of
one person is shown, or travels, while another is chosen."""

from dataclasses import replace

from austa.kernel.ids import MemberId
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import at_rest, changed, wait
from austa.modules.chat.domain.turn import (
    Choose,
    DialogueState,
    Draft,
    FindPeople,
    Heard,
    Known,
    LookAtOrder,
    PeopleFound,
    PersonServed,
    TellStatuses,
    Turn,
)


def standing(state: DialogueState, known: Known) -> tuple[DialogueState, Known]:
    """State and facts without a person for whom no verification stands: whose data the turn may touch is
    `Known.member_id` from here on."""
    if state.chosen is not None and state.chosen.by not in known.linked:
        state = changed(state, chosen=None, is_chosen_now=False)
    if state.chosen is not None:
        return state, replace(known, member_id=state.chosen.member_id)
    last = known.member_id if known.member_id in known.linked else next(iter(known.linked), None)
    return state, replace(known, member_id=last)


def owner(state: DialogueState, draft: Draft, known: Known) -> MemberId | None:
    """For whom a draft is asked."""
    return draft.of or (state.chosen.member_id if state.chosen else known.member_id)


def asked_first(turn: Turn) -> Turn:
    """The turn; where it would look something up before it is clear for whom, that question instead."""
    if turn.state.is_chosen_now or not turn.actions or not isinstance(turn.actions[-1], TellStatuses | LookAtOrder):
        return turn
    return Turn(turn.state, turn.says, (*turn.actions[:-1], FindPeople()))


def found(state: DialogueState, served: PeopleFound) -> Turn:
    """One person, or the one whose number the order shows: them. Several, or words about somebody else: ask. `is_done`
    once it is clear."""
    state = changed(state, several=len(served.people) > 1)
    clear = [one for one in served.people if len(served.people) == 1 or one.member_id == served.on_paper]
    if clear and not state.is_for_other:
        return _choose(state, clear[0])
    asking = wait(state, "for_whom", offered=served.people[: texts.MOST_ROWS - 1])
    return Turn(asking, (texts.for_whom([(one.member_id, one.first_name) for one in asking.offered]),))


def answer(state: DialogueState, heard: Heard) -> Turn | None:
    """A name, tapped or written; or somebody else, who is verified first."""
    said = texts.fold_title(heard.text or "")
    for one in state.offered:
        if heard.button == texts.for_button(one.member_id) or said == texts.fold_title(one.first_name):
            return _choose(state, one)
    if heard.button == texts.SOMEBODY_ELSE.id or heard.is_for_other:
        return Turn(wait(state, "identity", code_id=None, offered=(), is_for_other=True), (texts.ASK_IDENTITY_OTHER,))
    return None


def switched(state: DialogueState) -> Turn:
    """Words that it is for somebody else now."""
    return Turn(at_rest(state, is_chosen_now=False, is_for_other=True), (), (FindPeople(),))


def became(state: DialogueState, one: PersonServed) -> DialogueState:
    """They are the chosen one. Papers of one person never travel with another's request: a draft waits until its person
    is chosen again."""
    draft, aside = state.draft, state.set_aside
    if draft is not None and draft.of not in {None, one.member_id}:
        aside, draft = (*aside, draft), None
    if draft is None:
        draft = next((each for each in aside if each.of == one.member_id), None)
        aside = tuple(each for each in aside if each is not draft)
    return changed(state, chosen=one, is_chosen_now=True, is_for_other=False, draft=draft, set_aside=aside)


def owned(turn: Turn) -> Turn:
    """The turn; papers are somebody's as soon as it is sure for whom the conversation goes."""
    state = turn.state
    draft = state.draft
    if state.chosen is None or not state.is_chosen_now or draft is None or draft.of or not draft.has_papers:
        return turn
    return replace(turn, state=changed(state, draft=changed(draft, of=state.chosen.member_id)))


def _choose(state: DialogueState, one: PersonServed) -> Turn:
    chosen = changed(became(state, one), offered=())
    if chosen.awaiting in {"for_whom", "reading"}:
        # Nobody is asked anything else; a question that was open stays so.
        chosen = at_rest(chosen)
    if chosen.wish is None and chosen.draft is None:
        return Turn(chosen, (texts.speaking_of(one.first_name),), (Choose(one.member_id),))
    return Turn(chosen, (), (Choose(one.member_id),), is_done=True)
