"""What turns do beside words: consent, codes, looking things up. Each call is idempotent by the message's id."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from austa.infra import telemetry
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict, NotFound, TooMany
from austa.kernel.ids import MemberId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.chat.api.satisfaction import Door
from austa.modules.chat.domain.channels import Channel
from austa.modules.chat.domain.choices import told_apart
from austa.modules.chat.domain.dialogue import people
from austa.modules.chat.domain.order import read_order, shows_number_of
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    Action,
    BeginInterview,
    CheckCode,
    Choose,
    CodeChecked,
    CodeStarted,
    ContinueInterview,
    DialogueState,
    Draft,
    FindPeople,
    GiveConsent,
    HandOver,
    HandOverReason,
    Input,
    InterviewStepped,
    Known,
    LookAtOrder,
    OrderRead,
    PendingRequest,
    PeopleFound,
    PersonServed,
    RaiseAlarm,
    Rated,
    RatingAsked,
    RevokeConsent,
    StartCode,
    StatusesFound,
    Submit,
    TellStatuses,
)
from austa.modules.documents.api import Documents
from austa.modules.language.api.language import Language, RedFlags, TriageAnswer, TriageStep
from austa.modules.members.api import Members
from austa.modules.notifications.api import MemberRecipient, Notifications
from austa.modules.prior_auth.api.requests import PriorAuth, RequestFilter, State
from austa.modules.privacy.api import Privacy

STATUSES_TOLD = 3
PENDING: tuple[State, ...] = ("PENDING_DOCUMENTS", "PENDING_JUSTIFICATION")


@dataclass
class TurnResult:
    """What a turn came to, to be recorded in one transaction."""

    state: DialogueState
    says: list[Say] = field(default_factory=list)
    submits: list[tuple[MemberId | None, Draft]] = field(default_factory=list)
    """What is asked for, and for whom."""
    hand_over: HandOverReason | None = None
    summary: str = ""
    """What whoever takes over should know first."""
    alarm: RaiseAlarm | None = None
    """What the interview found."""
    linked: MemberId | None = None
    chosen: MemberId | None = None
    protocol: str | None = None
    """Of the contact that began."""
    asked_rating: Door | None = None
    """It was asked how they found the attendance, after what."""
    rating: int | None = None
    raised: RedFlags | None = None
    """What only the second reader found urgent."""


class Acts:
    """Does what turns ask for."""

    def __init__(
        self,
        clock: Clock,
        *,
        documents: Documents,
        members: Members,
        prior_auth: PriorAuth,
        privacy: Privacy,
        notifications: Notifications,
        language: Language,
    ) -> None:
        self._clock = clock
        self._language = language
        self._documents = documents
        self._members = members
        self._prior_auth = prior_auth
        self._privacy = privacy
        self._notifications = notifications

    async def act(
        self,
        caller: Caller,
        identity_id: UUID,
        channel: Channel,
        result: TurnResult,
        known: Known,
        action: Action,
        reference: UUID,
    ) -> Input | None:
        """Do it; what it brings is the dialogue's next input. May be repeated: idempotent by `reference`."""
        subject = SubjectId(identity_id)
        match action:
            case GiveConsent(shown):
                for seen in shown:
                    await self._privacy.give(
                        caller, subject, seen.purpose, channel, reference, text_version=seen.version
                    )
            case RevokeConsent():
                for text in self._privacy.first_contact(channel).texts:
                    await self._privacy.revoke(caller, subject, text.purpose, channel, reference)
            case StartCode(digits):
                return await self._start_code(caller, digits, reference)
            case CheckCode(code_id, code):
                return await self._check_code(caller, result, code_id, code, reference)
            case BeginInterview(text):
                return await asyncio.to_thread(self._begin_interview, text)
            case ContinueInterview(answer, typed):
                return await asyncio.to_thread(self._continue_interview, result.state, answer, typed=typed)
            case RaiseAlarm():
                result.alarm = action
            case FindPeople():
                return await self._find_people(caller, known, result.state.draft)
            case Choose(member_id):
                result.chosen = member_id
            case TellStatuses():
                return await self._statuses(caller, result)
            case LookAtOrder():
                return await self._look_at_order(caller, result)
            case Submit(draft):
                result.submits.append((people.owner(result.state, draft, known), draft))
            case RatingAsked(door):
                result.asked_rating = door
            case Rated(rating):
                result.rating = rating
            case HandOver(reason, summary):
                result.hand_over = reason
                result.summary = summary
        return None

    async def _start_code(self, caller: Caller, digits: str, reference: UUID) -> CodeStarted:
        key = f"chat:{reference}"
        try:
            started = await self._members.start_verification(caller, key, digits)
        except TooMany:
            started = None
        # Who writes is told the same; the operator's people see from all phones together that somebody guesses.
        telemetry.IDENTIFICATIONS.labels("code_sent" if started else "no_code").inc()
        if started is None:
            return CodeStarted(None)
        by_sms = started.channel == "sms"
        to = MemberRecipient(
            member_id=started.member_id,
            phone=started.contact if by_sms else None,
            email=None if by_sms else started.contact,
        )
        await self._notifications.notify(
            caller,
            key,
            to,
            "one_time_code",
            {"code": started.code},
            preferred=started.channel,
            requested_at=self._clock.now(),
        )
        return CodeStarted(started.code_id)

    async def _check_code(
        self, caller: Caller, result: TurnResult, code_id: str, code: str, reference: UUID
    ) -> CodeChecked:
        try:
            member_id = await self._members.check_verification(caller, f"chat:{reference}", code_id, code)
        except (NotFound, Conflict, TooMany):
            member_id = None
        telemetry.IDENTIFICATIONS.labels("linked" if member_id else "wrong_code").inc()
        result.linked = member_id
        if member_id is None:
            return CodeChecked(None)
        served = await self._members.served(caller, (member_id,), local_date(self._clock.now()))
        name = next((one.first_name.reveal() for one in served if one.member_id == member_id), "")
        return CodeChecked(member_id, name)

    def _begin_interview(self, text: str) -> InterviewStepped:
        return _stepped(self._language.start_triage(Personal(text)))

    def _continue_interview(self, state: DialogueState, answer: str, *, typed: bool) -> InterviewStepped | None:
        if state.interview is None or state.interview.asked is None:
            return None
        given = Personal(answer) if typed else _ANSWERS[answer]
        return _stepped(self._language.continue_triage(state.interview, given))

    async def _find_people(self, caller: Caller, known: Known, draft: Draft | None) -> PeopleFound:
        served = await self._members.served(caller, known.linked, local_date(self._clock.now()))
        names = told_apart([one.first_name.reveal() for one in served])
        return PeopleFound(
            tuple(
                PersonServed(member_id=one.member_id, first_name=name, by=one.by)
                for one, name in zip(served, names, strict=True)
            ),
            await self._on_paper(caller, [one.member_id for one in served], draft),
        )

    async def _on_paper(self, caller: Caller, served: Sequence[MemberId], draft: Draft | None) -> MemberId | None:
        """Whose card or CPF the draft's order surely shows, of several people."""
        if len(served) < 2 or draft is None or not draft.documents:
            return None
        documents = await self._documents.get_many(caller, draft.documents)
        people = [await self._members.get(caller, member_id) for member_id in served]
        shown = [one.id for one in people if shows_number_of(documents, one)]
        return shown[0] if len(shown) == 1 else None

    async def _statuses(self, caller: Caller, result: TurnResult) -> StatusesFound:
        assert result.state.chosen is not None
        page = await self._prior_auth.list(caller, RequestFilter(member_id=result.state.chosen.member_id))
        told = [await self._prior_auth.status(caller, line.request_id) for line in page.items[:STATUSES_TOLD]]
        return StatusesFound(tuple(f"Pedido {status.protocol}: {status.text}" for status in told))

    async def _look_at_order(self, caller: Caller, result: TurnResult) -> OrderRead | None:
        draft, chosen = result.state.draft, result.state.chosen
        if draft is None or chosen is None:
            return None
        documents = await self._documents.get_many(caller, draft.documents)
        member = await self._members.get(caller, chosen.member_id)
        waiting = await self._prior_auth.list(caller, RequestFilter(member_id=chosen.member_id, states=PENDING))
        newest = next(iter(waiting.items), None)
        pending = PendingRequest(newest.request_id, newest.protocol) if newest else None
        return read_order(documents, member, pending)


def _stepped(step: TriageStep) -> InterviewStepped:
    outcome = step.outcome
    if outcome is None:
        return InterviewStepped(step.state, step.question)
    signs = tuple(dict.fromkeys(finding.sign for finding in outcome.findings))
    return InterviewStepped(step.state, None, outcome.level, signs, outcome.reply, outcome.version)


_ANSWERS: dict[str, TriageAnswer] = {"yes": "yes", "no": "no", "unknown": "unknown"}
