"""The short form `POST /api/v1/auth/approve`: the same act on the same case, by the request's id."""

import pytest

from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import ProviderId, RequestId, new_id
from austa.modules.medical_audit.api.cases import ApprovalAsked
from tests.conftest import clerk
from tests.modules.medical_audit.conftest import Desk


class TestApprovingByTheRequest:
    async def test_it_is_the_release_of_a_person_with_the_power(self, desk: Desk) -> None:
        line = await desk.route()
        request_id = (await desk.case(line.id)).request.request_id
        asked = ApprovalAsked(request_id=request_id, version=line.version)
        release = await desk.audit.approve(desk.director, "key-0001", asked)
        assert (release.outcome, release.state) == ("approve", "releasing")
        assert (await desk.case(line.id)).release == release
        for nobody in (
            Caller.system(desk.operator_id, "prior_auth"),
            Caller.member(desk.operator_id, line.member.id),
            clerk(desk.operator_id, ProviderId(new_id())),
            desk.person("Alguém", "administrator"),
        ):
            with pytest.raises(Forbidden):
                await desk.audit.approve(nobody, "key-0002", asked)

    async def test_a_request_that_is_no_case_is_not_approved_by_anybody(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            await desk.audit.approve(
                desk.director, "key-0001", ApprovalAsked(request_id=RequestId(new_id()), version=1)
            )
