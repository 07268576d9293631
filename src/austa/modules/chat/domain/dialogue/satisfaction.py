"""Satisfaction: one question when something has ended well or people have answered, one sentence after it, no more.

Whatever else is said instead of an answer is taken as what it is, and the question is forgotten.
"""

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.choices import complains
from austa.modules.chat.domain.dialogue.states import at_rest, changed, hand_over, means, wait
from austa.modules.chat.domain.turn import AskRating, DialogueState, Heard, Known, Rated, RatingAsked, Turn

BAD = 2
"""Who gives so little is asked what happened, and a person reads it."""
FEWEST_WORDS = 3
"""Fewer say nothing that a person could follow up."""


def ask(state: DialogueState, known: Known, asked: AskRating) -> Turn:
    """The question, only where nothing else is open."""
    is_open = state.awaiting or state.wish or state.later or state.draft or state.waiting_files or state.interview
    may_speak = state.consent == "given" and not state.handed_over and not state.opted_out
    if is_open or not may_speak or known.quiet or known.alarmed:
        return Turn(state)
    return Turn(wait(state, "rating"), (texts.ASK_RATING,), (RatingAsked(asked.door),))


def answer(state: DialogueState, heard: Heard, *, wants_more: bool) -> Turn | None:
    """The rating, or the sentence after it; None for anything else. `wants_more`: it asks for something."""
    rating = texts.RATINGS.get(heard.button or "")
    if rating is None and state.awaiting == "rating":
        rating = texts.RATINGS_TYPED.get(texts.fold_title(heard.text or ""))
    if rating is not None:
        if state.flow not in {None, "satisfaction"}:
            # An older list was tapped while something else is asked: counted, and the question stays.
            return Turn(state, (texts.RATED_BESIDE,), (Rated(rating),))
        said = texts.RATED_BADLY if rating <= BAD else texts.RATED
        return Turn(wait(state, "comment", rating=rating), (said,), (Rated(rating),))
    if state.awaiting != "comment":
        return None
    words = (heard.text or "").split() if heard.button is None and heard.kind == "text" else []
    badly = state.rating is not None and state.rating <= BAD
    if len(words) < FEWEST_WORDS or means(heard, "ask_person", "yes", "no"):
        return None
    if badly or complains(heard.text) or heard.is_distressed:
        # RN ANS 623/2024: a complaint has a protocol, told with the answer, and a person answers it.
        rested = changed(at_rest(state), rating=None, wish=None, later=(), draft=None, is_protocol_told=False)
        return hand_over(rested, "complaint", texts.COMPLAINT, f"Reclamação. Nota dada: {state.rating} de 5.")
    return None if wants_more else Turn(at_rest(state, rating=None), (texts.COMMENT_KEPT,))


def forgotten(state: DialogueState) -> DialogueState:
    """The question is not open any more."""
    return at_rest(state, rating=None) if state.flow == "satisfaction" else state
