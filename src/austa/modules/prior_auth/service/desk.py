"""The desk of a hospital or clinic."""

from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.kernel.clock import local_date
from austa.kernel.contracts import Page
from austa.kernel.ids import MemberId, RequestId
from austa.kernel.personal import Personal
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.desk import DeskAct, DeskLine, DeskPerson, DeskRequest, ItemNeeds, Question
from austa.modules.prior_auth.api.requests import RequestFilter, RequestView
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.lifecycle import OPEN, STATES, TRANSITIONS, WAITING
from austa.modules.prior_auth.service.prior_auth import MODULE, PriorAuthService


class DeskService:
    """`Desk`."""

    def __init__(
        self,
        prior_auth: PriorAuthService,
        *,
        access: Access,
        members: Members,
        terminology: Terminology,
    ) -> None:
        self._prior_auth = prior_auth
        self._access = access
        self._members = members
        self._terminology = terminology

    async def needs(self, caller: Caller, tuss: tuple[str, ...]) -> tuple[ItemNeeds, ...]:
        """See `Desk.needs`."""
        self._access.check(caller, "terminology:read")
        pack = await self._prior_auth.pack_in_force(caller)
        return tuple(_needs(code, pack) for code in tuss)

    async def list(self, caller: Caller, filters: RequestFilter, cursor: str | None = None) -> Page[DeskLine]:
        """See `Desk.list`."""
        page = await self._prior_auth.list(caller, filters, cursor)
        people = await self._people(caller, tuple({one.member_id for one in page.items}))
        pack = await self._prior_auth.pack_in_force(caller)
        return Page(
            items=tuple(
                DeskLine(
                    request_id=one.request_id,
                    protocol=one.protocol,
                    state=one.state,
                    character=one.character,
                    answered=STATES[one.state].answered,
                    person=people[one.member_id],
                    procedure=self._words(one.first_tuss, pack),
                    item_count=one.item_count,
                    received_at=one.received_at,
                    due_on=one.due_on,
                )
                for one in page.items
            ),
            next_cursor=page.next_cursor,
        )

    async def get(self, caller: Caller, request_id: RequestId) -> DeskRequest:
        """See `Desk.get`."""
        request = await self._prior_auth.show(caller, request_id)
        told = await self._prior_auth.status(caller, request_id)
        people = await self._people(caller, (request.member_id,))
        asked_here = caller.kind != "clerk" or request.asking_provider_id == caller.provider_id
        return DeskRequest(
            request=request,
            person=people[request.member_id],
            due_on=local_date(request.due_at, ZoneInfo(request.clock.zone)),
            text=told.text,
            may=_acts(request) if asked_here else (),
            letter=asked_here and (bool(request.decisions) or bool(request.missing)),
        )

    async def _people(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, DeskPerson]:
        """As the provider confirmed them, else initials; one whose data was erased has none."""
        below = _below(caller)
        known = await self._members.summaries(below, member_ids)
        confirmed = await self._members.confirmed(below, caller.provider_id, member_ids) if caller.provider_id else {}
        nobody = DeskPerson(shown_name=Personal("—"), card_end="")
        initials = {
            each: DeskPerson(shown_name=Personal(one.initials), card_end=one.card_end) for each, one in known.items()
        }
        seen = {each: DeskPerson(shown_name=one.shown_name, card_end=one.card_end) for each, one in confirmed.items()}
        return {each: seen.get(each) or initials.get(each) or nobody for each in member_ids}

    def _words(self, tuss: str, pack: CoveragePack) -> str:
        item = pack.find_item(tuss) or self._terminology.get_procedure(tuss)
        return item.description if item else tuss


def _acts(request: RequestView) -> tuple[DeskAct, ...]:
    acts: list[DeskAct] = []
    if request.state in WAITING:
        acts.append("answer")
    if request.state in OPEN:
        acts.append("add_papers")
    if request.state in TRANSITIONS["cancel"].sources:
        acts.append("cancel")
    return tuple(acts)


def _needs(tuss: str, pack: CoveragePack) -> ItemNeeds:
    item = pack.find_item(tuss)
    if item is None:
        return ItemNeeds(tuss=tuss, known=False, needs_side=False, documents=(), quotes=0, questions=())
    return ItemNeeds(
        tuss=tuss,
        known=True,
        needs_side=item.needs_laterality,
        documents=item.documents,
        quotes=item.quotes,
        questions=tuple(
            Question(fact=one.fact, kind="yes_no" if one.test == "is_true" else "number", label=one.label)
            for one in item.criteria
        ),
    )


def _below(caller: Caller) -> Caller:
    return Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
