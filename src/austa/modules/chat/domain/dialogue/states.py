"""Small moves that all flows make: change a state, wait for an answer, end, hand over, read what was meant."""

from typing import Any, TypeVar

from austa.kernel.contracts import Contract
from austa.modules.chat.domain.flows import FLOW_OF, FLOWS, Step
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import DialogueState, HandOver, HandOverReason, Heard, Turn
from austa.modules.language.api.language import Intent

SomeContract = TypeVar("SomeContract", bound=Contract)


def changed(thing: SomeContract, **changes: Any) -> SomeContract:
    return thing.model_copy(update=changes)


def wait(state: DialogueState, step: Step, **changes: Any) -> DialogueState:
    """The step's question is open now."""
    flow = FLOW_OF[step]
    return changed(state, awaiting=step, flow=flow, flow_version=FLOWS[flow].version, **changes)


def at_rest(state: DialogueState, **changes: Any) -> DialogueState:
    """No question is open."""
    return changed(state, awaiting=None, flow=None, flow_version=0, **changes)


def granted(state: DialogueState, **changes: Any) -> DialogueState:
    """The wish is done, and what else was asked for becomes the wish."""
    wish, *later = (*state.later, None)
    return changed(state, wish=wish, later=tuple(each for each in later if each), **changes)


def hand_over(state: DialogueState, reason: HandOverReason, say: Say, summary: str = "") -> Turn:
    later = tuple(wish for wish in state.later if wish != "person")
    wish = None if state.wish == "person" else state.wish
    handed = at_rest(state, handed_over=True, misunderstood=0, wish=wish, later=later)
    return Turn(handed, (say,), (HandOver(reason, summary),))


def means(heard: Heard, *intents: Intent) -> bool:
    """Whether the first intent of a text is one of these."""
    return heard.button is None and bool(heard.intents) and heard.intents[0] in intents


def is_yes(heard: Heard, field: str) -> bool | None:
    """The answer to a yes-or-no question of ours; None when it was something else."""
    if heard.button == f"confirm:{field}:yes" or means(heard, "yes"):
        return True
    return False if heard.button == f"confirm:{field}:no" or means(heard, "no") else None


def has_digits(heard: Heard) -> bool:
    return any(character.isdigit() for character in heard.text or "")
