"""Identification: an unlinked sender gets no personal answer before card or CPF and a code."""

from datetime import timedelta

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import at_rest, changed, hand_over, has_digits, wait
from austa.modules.chat.domain.turn import CheckCode, DialogueState, Heard, Known, StartCode, Turn

CODE_TRIES = 3
CODES_A_DAY = 5
"""Numbers that one phone may try within a day, whosever they are: more looks like guessing, and a person helps."""


def answer(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    """A number, a code, or words while we wait for one; None where it was something else."""
    if state.awaiting == "code" and heard.code:
        return Turn(state, (), (CheckCode(state.code_id, heard.code),)) if state.code_id else wrong_code(state)
    if heard.button == texts.NEW_CODE.id:
        return Turn(wait(state, "identity", code_id=None), (texts.ASK_IDENTITY,))
    if heard.numbers:
        return _start(state, known, heard.numbers[0])
    if state.awaiting == "code":
        return wrong_code(state) if has_digits(heard) else Turn(state, (texts.CODE_HELP,))
    if state.awaiting == "identity" and has_digits(heard):
        return Turn(state, (texts.BAD_IDENTITY,))
    return None


def _start(state: DialogueState, known: Known, digits: str) -> Turn:
    recent = tuple(at for at in state.code_starts if known.now - at < timedelta(days=1))
    if len(recent) >= CODES_A_DAY:
        return hand_over(changed(state, code_id=None, code_starts=recent), "unlinked", texts.TOO_MANY_CODES)
    return Turn(changed(state, code_starts=(*recent, known.now)), (), (StartCode(digits),))


def linked(state: DialogueState) -> DialogueState:
    """The code was right."""
    return at_rest(state, code_id=None, code_tries=0)


def wrong_code(state: DialogueState) -> Turn:
    tries = state.code_tries + 1
    if tries >= CODE_TRIES:
        return hand_over(changed(state, code_id=None, code_tries=0), "unlinked", texts.IDENTITY_FAILED)
    return Turn(changed(state, code_tries=tries), (texts.CODE_WRONG,))
