"""The appointment request: what, where and when are asked, and a person of the staff books."""

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import changed, granted, hand_over, wait
from austa.modules.chat.domain.turn import AppointmentWish, DialogueState, Heard, Turn


def begin(state: DialogueState) -> Turn:
    """Ask for what is not known yet."""
    wish = state.appointment
    if not wish.specialty:
        return Turn(wait(state, "specialty"), (texts.ASK_SPECIALTY,))
    if not wish.place:
        return Turn(wait(state, "place"), (texts.ASK_PLACE,))
    if not wish.time:
        return Turn(wait(state, "time"), (texts.ASK_TIME,))
    summary = f"Pedido de consulta.\nEspecialidade: {wish.specialty}\nOnde: {wish.place}\nQuando: {wish.time}"
    done = granted(changed(state, appointment=AppointmentWish()))
    return hand_over(done, "appointment", texts.APPOINTMENT, summary[: texts.LONGEST_SUMMARY])


def answer(state: DialogueState, heard: Heard) -> Turn | None:
    """The answer to the open question, in the member's own words."""
    said = texts.APPOINTMENT_ANSWERS.get(heard.button or "", heard.text if heard.button is None else None)
    if not said:
        return None
    field = {"specialty": "specialty", "place": "place", "time": "time"}[str(state.awaiting)]
    return begin(changed(state, appointment=changed(state.appointment, **{field: said})))
