"""Letters at the door: who may read one, and the record that staff did."""

import asyncio
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import NotFound
from austa.kernel.ids import RequestId
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import Boards
from austa.modules.prior_auth.api.letters import Letter
from austa.modules.prior_auth.domain.board_letter import member_notice, requester_notice
from austa.modules.prior_auth.domain.letter import Sender, compose_letter
from austa.modules.prior_auth.domain.lifecycle import BOARD
from austa.modules.prior_auth.domain.refusals import no_such_request
from austa.modules.prior_auth.service.prior_auth import MODULE, PriorAuthService
from austa.modules.privacy.api import AccessReason, Privacy

WHY: AccessReason = "prior_authorization"


class LetterService:
    """`Letters`."""

    def __init__(
        self,
        prior_auth: PriorAuthService,
        *,
        members: Members,
        identity: Identity,
        privacy: Privacy,
        clock: Clock,
        render: Callable[[Letter], bytes],
        boards: Boards,
    ) -> None:
        self._prior_auth = prior_auth
        self._boards = boards
        self._members = members
        self._identity = identity
        self._privacy = privacy
        self._clock = clock
        self._render = render

    async def letter(self, caller: Caller, request_id: RequestId) -> Letter:
        """See `Letters.letter`."""
        request = await self._prior_auth.get(caller, request_id)
        if caller.kind == "clerk" and request.asking_provider_id != caller.provider_id:
            raise NotFound("prior_auth.no_letter", "the letter is for the member and who asked for them")
        ourselves = Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
        member = await self._members.get(ourselves, request.member_id)
        operator = await self._identity.get_operator(ourselves)
        today = local_date(self._clock.now(), ZoneInfo(request.clock.zone))
        sender = Sender(operator.name, operator.ans_registry)
        letter = compose_letter(request, member.name, sender, today)
        if request.state in BOARD and (board := await self._boards.find(ourselves, request_id)):
            letter = member_notice(request, board, member.name, sender)
        if letter is None:
            raise NotFound("prior_auth.no_letter", "there is no answer yet, and nothing is asked for")
        if caller.at_work:
            subject = await self._members.subject(ourselves, request.member_id)
            await self._privacy.record_access(caller, subject, "authorization", WHY, request_id)
        return letter

    async def pdf(self, caller: Caller, request_id: RequestId) -> bytes:
        """See `Letters.pdf`."""
        return await asyncio.to_thread(self._render, await self.letter(caller, request_id))

    async def board_notice(self, caller: Caller, request_id: RequestId) -> bytes:
        """See `Letters.board_notice`."""
        if caller.kind == "member":
            raise no_such_request()
        request = await self._prior_auth.get(caller, request_id)
        if caller.kind == "clerk" and request.asking_provider_id != caller.provider_id:
            raise NotFound("prior_auth.no_letter", "the notice is for who asked")
        ourselves = Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
        board = await self._boards.find(ourselves, request_id)
        if board is None:
            raise NotFound("prior_auth.no_letter", "there was no medical board about this request")
        operator = await self._identity.get_operator(ourselves)
        if caller.at_work:
            subject = await self._members.subject(ourselves, request.member_id)
            await self._privacy.record_access(caller, subject, "authorization", WHY, request_id)
        sender = Sender(operator.name, operator.ans_registry)
        return await asyncio.to_thread(self._render, requester_notice(request, board, sender))

    async def pdf_behind_link(self, token: str, birth_date: date) -> bytes:
        """See `Letters.pdf_behind_link`."""
        caller, request_id = await self._prior_auth.follow_link(token, birth_date)
        return await self.pdf(caller, request_id)
