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
from austa.modules.prior_auth.service.prior_auth import LINK_PURPOSE, PriorAuthService
from austa.modules.prior_auth.service.views import Row, day_text

LINK_LIFE = timedelta(days=30)


class Notices:
    """Messages of `prior_auth`, each sent once by the id of what it is about."""

    def __init__(
        self,
        prior_auth: PriorAuthService,
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
        request, to = await self._look(caller, request_id)
        if to is None:
            return
        guide = await self._prior_auth.guide_of(caller, request, decision_id)
        values = {"protocol": request.protocol, "link": await self._link(caller, request)}
        if guide is None:
            await self._send(caller, f"decision:{decision_id}", request, to, "authorization_decided", values)
            return
        values |= {
            "guide_number": guide.number,
            "senha": guide.senha.reveal(),
            "valid_until": f"{guide.valid_until:%d/%m/%Y}",
        }
        if guide.replaces is None:
            await self._send(caller, f"decision:{decision_id}", request, to, "authorization_approved", values)
            return
        values |= {"replaced": guide.replaces.number}
        await self._send(caller, f"decision:{decision_id}", request, to, "authorization_guide_replaced", values)

    async def tell_missing(self, caller: Caller, request_id: RequestId, ask_id: UUID, answer_by: datetime) -> None:
        """The one consolidated ask. Nothing is sent when it was answered meanwhile."""
        request, to = await self._look(caller, request_id)
        missing = await self._prior_auth.missing_of(caller, request)
        if to is None or not missing:
            return
        values = {
            "protocol": request.protocol,
            "missing": "\n".join(missing),
            "answer_by": day_text(answer_by, ZoneInfo(request.zone)),
            "link": await self._link(caller, request),
        }
        await self._send(caller, f"ask:{ask_id}", request, to, "authorization_needs_documents", values)

    async def tell_review(self, caller: Caller, request_id: RequestId, round_: int) -> None:
        """A person has it, and until when the answer comes. Said once: at the first round."""
        if round_ == 1:
            await self._tell_term(caller, request_id, f"review:{request_id}")

    async def tell_board(self, caller: Caller, request_id: RequestId, board_id: UUID) -> None:
        """Another physician will look: the notice of a medical board, with names and reasons behind the link."""
        request, to = await self._look(caller, request_id)
        if to is None:
            return
        values = {
            "protocol": request.protocol,
            "answer_by": day_text(request.due_at, ZoneInfo(request.zone)),
            "link": await self._link(caller, request),
        }
        await self._send(caller, f"board:{board_id}", request, to, "authorization_board", values)

    async def tell_reopened(self, caller: Caller, event_id: UUID, request_id: RequestId) -> None:
        """A person looks again, and until when the answer comes."""
        await self._tell_term(caller, request_id, f"reopened:{event_id}")

    async def _tell_term(self, caller: Caller, request_id: RequestId, key: str) -> None:
        request, to = await self._look(caller, request_id)
        if to is None:
            return
        values = {"protocol": request.protocol, "answer_by": day_text(request.due_at, ZoneInfo(request.zone))}
        await self._send(caller, key, request, to, "authorization_in_review", values)

    async def _link(self, caller: Caller, request: Row) -> str:
        link = await self._identity.create_link(
            caller, MemberId(request.member_id), LINK_PURPOSE, request.id, self._clock.now() + LINK_LIFE
        )
        return f"{self._public_url}/m/{link.token.reveal()}"

    async def _send(
        self,
        caller: Caller,
        key: str,
        request: Row,
        to: MemberRecipient,
        template: TemplateCode,
        values: dict[str, str],
    ) -> None:
        await self._notifications.notify(
            caller,
            f"prior_auth:{key}",
            to,
            template,
            {name: Personal(text) for name, text in values.items()},
            requested_at=request.asked_at,
        )

    async def _look(self, caller: Caller, request_id: RequestId) -> tuple[Row, MemberRecipient | None]:
        """The request, and whom to write to. First of all: nothing more is read where nobody can be reached."""
        request = await self._prior_auth.look(caller, request_id)
        return request, await self._recipient(caller, MemberId(request.member_id))

    async def _recipient(self, caller: Caller, member_id: MemberId) -> MemberRecipient | None:
        """The member, or who answers for them: a child has no telephone. None where nobody can be reached."""
        member = await self._members.get(caller, member_id)
        people = [member]
        for other in (member.guardian_id, member.holder_id):
            if people[-1].phones or people[-1].emails:
                break
            if other is not None and other != member_id:
                people.append(await self._members.get(caller, other))
        person = people[-1]
        if not person.phones and not person.emails:
            return None
        return MemberRecipient(
            member_id=person.id,
            phone=person.phones[0] if person.phones else None,
            email=person.emails[0] if person.emails else None,
        )
