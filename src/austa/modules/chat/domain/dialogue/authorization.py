"""The authorization request: asks only for what is missing; papers come as photo or PDF, wishes in words."""

from austa.kernel.ids import DocumentId
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import at_rest, changed, granted, hand_over, is_yes, means, wait
from austa.modules.chat.domain.flows import Step
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    FileWithdrawn,
    Heard,
    Known,
    LookAtOrder,
    OrderRead,
    Submit,
    Turn,
)

READING_TRIES = 2
MISUNDERSTOOD_TRIES = 2
_ABOUT_PAPER: frozenset[Step | None] = frozenset({"reading", "procedure", "requester", "owner", "pending"})


def begin(state: DialogueState, known: Known) -> Turn:
    """Ask for the order, or look at what there is of it."""
    if state.waiting_files:
        return Turn(wait(state, "reading"), (texts.READING,))
    if state.draft and state.draft.documents:
        return Turn(wait(state, "reading"), (), (LookAtOrder(),))
    return Turn(wait(state, "order"), (texts.ASK_ORDER,))


def file_arrived(state: DialogueState, known: Known) -> Turn:
    """Say at once that it arrived; reading goes on beside the conversation."""
    if known.member_id is not None:
        return Turn(wait(state, "reading"), (texts.ORDER_ARRIVED,))
    if state.awaiting == "code":
        return Turn(state, (texts.ORDER_ARRIVED, texts.CODE_HELP))
    return Turn(wait(state, "identity"), (texts.ORDER_ARRIVED, texts.ASK_IDENTITY))


def document_arrived(state: DialogueState, known: Known, arrived: DocumentArrived) -> Turn:
    """Keep it with the draft; look at the order once all files are read and we may speak about it."""
    if state.opted_out:
        return Turn(state)
    draft = state.draft or Draft(asked_at=arrived.sent_at)
    if arrived.document_id not in draft.documents:
        draft = changed(draft, documents=(*draft.documents, arrived.document_id))
    waiting = max(0, state.waiting_files - 1)
    state = changed(state, draft=draft, wish="authorization", waiting_files=waiting)
    if waiting or known.member_id is None or not _may_begin(state, known):
        return Turn(state)
    return Turn(wait(state, "reading"), (), (LookAtOrder(),))


def file_refused(state: DialogueState, known: Known, refused: FileRefused) -> Turn:
    state = changed(state, waiting_files=max(0, state.waiting_files - 1))
    if not _may_begin(state, known):
        return Turn(state)
    says = (Say(f"{refused.why} {texts.FILE_REFUSED_MORE}", (texts.PERSON,)),)
    if state.waiting_files or known.member_id is None:
        return Turn(state, says)
    if state.draft and state.draft.documents:
        return Turn(wait(state, "reading"), says, (LookAtOrder(),))
    return Turn(wait(state, "order") if state.awaiting == "reading" else state, says)


def file_withdrawn(state: DialogueState, known: Known, withdrawn: FileWithdrawn) -> Turn:
    """A paper that the member deleted does not travel with a request that was not asked yet. Nothing is said of it."""
    drafts = [state.draft, *state.set_aside]
    left = [_without(draft, withdrawn.document_id) if draft is not None else None for draft in drafts]
    is_gone = left != drafts
    waiting = max(0, state.waiting_files - withdrawn.was_waiting)
    aside = tuple(draft for draft in left[1:] if draft is not None)
    state = changed(state, draft=left[0], set_aside=aside, waiting_files=waiting)
    if waiting or not (is_gone or withdrawn.was_waiting):
        return Turn(state)
    if state.draft is None or not state.draft.documents:
        # What was asked was about that paper: the next message is answered with what is missing now.
        return Turn(wait(state, "order") if state.awaiting in _ABOUT_PAPER else state)
    if known.member_id is None or not _may_begin(state, known) or state.awaiting not in _ABOUT_PAPER:
        return Turn(state)
    return Turn(wait(state, "reading"), (), (LookAtOrder(),))


def _without(draft: Draft, gone: DocumentId | None) -> Draft:
    if gone not in draft.documents:
        return draft
    documents = tuple(each for each in draft.documents if each != gone)
    return changed(
        draft, documents=documents, requester_confirmed=None, for_member_confirmed=False, offered=None, adds_to=None
    )


def order_read(state: DialogueState, read: OrderRead) -> Turn:
    """Ask for what is doubted, one question at a time; submit when nothing is left to ask."""
    draft = state.draft
    if state.handed_over or draft is None:
        return Turn(state)
    if read.pending is not None and not draft.is_new:
        offered = changed(draft, offered=read.pending.request_id)
        question = texts.confirm_pending(read.pending.protocol)
        return Turn(wait(state, "pending", draft=offered), (question,))
    if not read.legible and len(draft.documents) < READING_TRIES and not draft.tuss_confirmed:
        return Turn(wait(state, "order"), (texts.READ_AGAIN,))
    if read.for_member is False and not draft.for_member_confirmed:
        return Turn(wait(state, "owner"), (texts.ASK_OTHER_PERSON,))
    if not _procedures_known(draft, read):
        if draft.tuss_confirmed:
            return hand_over(state, "not_understood", texts.PROCEDURE_UNKNOWN)
        return Turn(wait(state, "procedure"), (texts.ASK_PROCEDURE,))
    if read.requester and not read.requester_sure and draft.requester_confirmed is None:
        return Turn(wait(state, "requester"), (texts.confirm_requester(read.requester),))
    return _submit(state, draft)


def answer_order(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if means(heard, "authorization_request", "yes"):
        return Turn(state, (texts.ASK_ORDER,))
    return Turn(state, (texts.NO_ORDER,)) if means(heard, "no") else None


def answer_reading(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    return begin(state, known) if state.wish == "authorization" else None


def answer_procedure(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None or heard.button is not None:
        return None
    if heard.named:
        confirmed = tuple(dict.fromkeys((*state.draft.tuss_confirmed, *heard.named)))
        return _look(state, changed(state.draft, tuss_confirmed=confirmed))
    if heard.intents and not means(heard, "authorization_request"):
        return None
    times = state.misunderstood + 1
    if times >= MISUNDERSTOOD_TRIES:
        return hand_over(state, "not_understood", texts.PROCEDURE_UNKNOWN)
    return Turn(changed(state, misunderstood=times), (texts.ASK_PROCEDURE_AGAIN,))


def answer_requester(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    yes = is_yes(heard, "requester")
    return None if state.draft is None or yes is None else _look(state, changed(state.draft, requester_confirmed=yes))


def answer_pending(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    yes = is_yes(heard, "pending")
    if state.draft is None or yes is None:
        return None
    if yes:
        return _submit(state, changed(state.draft, adds_to=state.draft.offered))
    return _look(state, changed(state.draft, is_new=True))


def answer_owner(state: DialogueState, known: Known, heard: Heard) -> Turn | None:
    if state.draft is None:
        return None
    if heard.button == texts.MINE.id or means(heard, "yes"):
        return _look(state, changed(state.draft, for_member_confirmed=True))
    if heard.button == texts.OTHERS.id or means(heard, "no"):
        # Another person's paper must not travel with the member's own request.
        return hand_over(changed(state, draft=None, wish=None), "asked", texts.OTHER_PERSON)
    return None


def _may_begin(state: DialogueState, known: Known) -> bool:
    """Whether the assistant may speak without having been spoken to."""
    return state.consent == "given" and not state.handed_over and not known.quiet


def _submit(state: DialogueState, draft: Draft) -> Turn:
    """What came of it is the reply: each message costs, and "I am at it" says nothing."""
    return Turn(granted(at_rest(state, draft=None)), (), (Submit(draft),), is_done=True)


def _look(state: DialogueState, draft: Draft) -> Turn:
    return Turn(wait(state, "reading", draft=draft), (), (LookAtOrder(),))


def _procedures_known(draft: Draft, read: OrderRead) -> bool:
    """Every line is sure or fits the member's own words; what is left is made up for by as many written names."""
    agreed = {*draft.wished_tuss, *draft.tuss_confirmed}
    known = {line.tuss for line in read.lines if line.tuss and (line.sure or line.tuss in agreed)}
    unknown = sum(1 for line in read.lines if line.tuss not in known)
    written = [tuss for tuss in draft.tuss_confirmed if tuss not in known]
    return len(written) >= unknown if read.lines else bool(written)
