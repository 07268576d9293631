"""Tells members what became of their request: neutral words, details behind an authenticated link."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.ids import DecisionId, MemberId, RequestId
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.notifications.api import MemberRecipient, Notifications, TemplateCode
from austa.modules.prior_auth.api.requests import PriorAuth, RequestView
from austa.modules.prior_auth.service.prior_auth import LINK_PURPOSE
from austa.modules.prior_auth.service.views import day_text

LINK_LIFE = timedelta(days=30)


class Notices:
    """Messages of `prior_auth`, each sent once by the id of what it is about."""

    def __init__(
        self,
        prior_auth: PriorAuth,
        *,
        members: Members,
        identity: Identity,
        notifications: Notifications,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._prior_auth = prior_auth
        self._members = members
        self._identity = identity
        self._notifications = notifications
        self._clock = clock
        self._public_url = public_url

    async def tell_decision(self, caller: Caller, request_id: RequestId, decision_id: DecisionId) -> None:
        """The answer, with guide and senha where care was approved."""
        request = await self._prior_auth.get(caller, request_id)
        decision = next(d for d in request.decisions if d.decision_id == decision_id)
        values = {"protocol": request.protocol, "link": await self._link(caller, request)}
        if decision.guide is None:
            await self._send(caller, f"decision:{decision_id}", request, "authorization_decided", values)
            return
        values |= {
            "guide_number": decision.guide.number,
            "senha": decision.guide.senha.reveal(),
            "valid_until": f"{decision.guide.valid_until:%d/%m/%Y}",
        }
        if decision.guide.replaces is None:
            await self._send(caller, f"decision:{decision_id}", request, "authorization_approved", values)
            return
        values |= {"replaced": decision.guide.replaces.number}
        await self._send(caller, f"decision:{decision_id}", request, "authorization_guide_replaced", values)

    async def tell_missing(self, caller: Caller, request_id: RequestId, ask_id: UUID, answer_by: datetime) -> None:
        """The one consolidated ask. Nothing is sent when it was answered meanwhile."""
        request = await self._prior_auth.get(caller, request_id)
        if not request.missing:
            return
        values = {
            "protocol": request.protocol,
            "missing": "\n".join(request.missing),
            "answer_by": day_text(answer_by, ZoneInfo(request.clock.zone)),
            "link": await self._link(caller, request),
        }
        await self._send(caller, f"ask:{ask_id}", request, "authorization_needs_documents", values)

    async def tell_review(self, caller: Caller, request_id: RequestId, round_: int) -> None:
        """A person has it, and until when the answer comes. Said once: at the first round."""
        if round_ > 1:
            return
        request = await self._prior_auth.get(caller, request_id)
        values = {
            "protocol": request.protocol,
            "answer_by": day_text(request.due_at, ZoneInfo(request.clock.zone)),
        }
        await self._send(caller, f"review:{request_id}", request, "authorization_in_review", values)

    async def tell_board(self, caller: Caller, request_id: RequestId, board_id: UUID) -> None:
        """Another physician will look: the notice of a medical board, with names and reasons behind the link."""
        request = await self._prior_auth.get(caller, request_id)
        values = {
            "protocol": request.protocol,
            "answer_by": day_text(request.due_at, ZoneInfo(request.clock.zone)),
            "link": await self._link(caller, request),
        }
        await self._send(caller, f"board:{board_id}", request, "authorization_board", values)

    async def tell_reopened(self, caller: Caller, event_id: UUID, request_id: RequestId) -> None:
        """A person looks again, and until when the answer comes."""
        request = await self._prior_auth.get(caller, request_id)
        values = {
            "protocol": request.protocol,
            "answer_by": day_text(request.due_at, ZoneInfo(request.clock.zone)),
        }
        await self._send(caller, f"reopened:{event_id}", request, "authorization_in_review", values)

    async def _link(self, caller: Caller, request: RequestView) -> str:
        link = await self._identity.create_link(
            caller, request.member_id, LINK_PURPOSE, request.request_id, self._clock.now() + LINK_LIFE
        )
        return f"{self._public_url}/m/{link.token.reveal()}"

    async def _send(
        self, caller: Caller, key: str, request: RequestView, template: TemplateCode, values: dict[str, str]
    ) -> None:
        recipient = await self._recipient(caller, request.member_id)
        if recipient is None:
            return
        await self._notifications.notify(
            caller,
            f"prior_auth:{key}",
            recipient,
            template,
            {name: Personal(text) for name, text in values.items()},
            requested_at=request.clock.asked_at,
        )

    async def _recipient(self, caller: Caller, member_id: MemberId) -> MemberRecipient | None:
        """The member, or who answers for them: a child has no telephone. None where nobody can be reached."""
        member = await self._members.get(caller, member_id)
        for one in (member_id, member.guardian_id, member.holder_id):
            person = await self._members.get(caller, one) if one else None
            if person and (person.phones or person.emails):
                return MemberRecipient(
                    member_id=person.id,
                    phone=person.phones[0] if person.phones else None,
                    email=person.emails[0] if person.emails else None,
                )
        return None
