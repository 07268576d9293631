"""The greeting: notice, consent, leaving. Nothing but a person or an emergency goes on before it was answered."""

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import at_rest, changed, hand_over, means, wait
from austa.modules.chat.domain.turn import DialogueState, GiveConsent, Heard, Known, RevokeConsent, Turn


def ask(state: DialogueState, known: Known, heard: Heard) -> Turn:
    """The notice and its question, or their reminder; `is_done` when they said yes."""
    arrived = (texts.ORDER_ARRIVED,) if heard.has_file else ()
    if state.consent != "asked":
        asked = wait(state, "consent", consent="asked", opted_out=False, shown=known.first_texts)
        return Turn(asked, (*arrived, known.first_contact))
    if heard.button == "consent:accept" or means(heard, "consent_yes", "yes"):
        given = at_rest(state, consent="given", shown=())
        # Who was asked before the shown versions were kept was shown the only ones there were.
        return Turn(given, (), (GiveConsent(state.shown or known.first_texts),), is_done=True)
    if heard.button == "consent:refuse" or means(heard, "consent_no", "no"):
        return hand_over(changed(state, consent="refused"), "consent_refused", texts.CONSENT_REFUSED)
    return Turn(state, (*arrived, texts.CONSENT_REMINDER))


def leave(state: DialogueState) -> Turn:
    """SAIR: everything is forgotten but what the law and safety need."""
    return Turn(changed(forgotten(state), opted_out=True), (texts.OPTED_OUT,), (RevokeConsent(),))


def forgotten(state: DialogueState) -> DialogueState:
    """A fresh state of the same contact: its protocol stays, and how often codes were tried."""
    return DialogueState(
        heard_at=state.heard_at,
        protocol=state.protocol,
        is_protocol_told=state.is_protocol_told,
        code_starts=state.code_starts,
    )
