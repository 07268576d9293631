"""People of hospitals and clinics: one provider, one role, and a sign-in like everybody's."""

import pytest

from austa.kernel.actors import CLERK, Caller, Role
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import ProviderId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import NewStaff
from austa.modules.identity.service.identity import IdentityService
from tests.conftest import staff
from tests.modules.identity.conftest import PASSWORD


def a_clerk(provider_id: ProviderId | None, *roles: Role) -> NewStaff:
    return NewStaff(
        email=Personal(f"{new_id().hex}@hospital.example"),
        name=Personal("Ivone Reis"),
        roles=frozenset(roles or {CLERK}),
        provider_id=provider_id,
    )


async def test_invited_clerk_signs_in_as_a_person_of_that_provider(identity: IdentityService, house: Caller) -> None:
    hospital = ProviderId(new_id())
    invitation = await identity.invite(house, a_clerk(hospital))
    await identity.accept_invitation(invitation.token, PASSWORD)
    signed_in = await identity.sign_in(invitation.principal.email, PASSWORD, "api")
    caller = await identity.authenticate(signed_in.access_token.reveal())
    assert (caller.kind, caller.provider_id, caller.roles) == ("clerk", hospital, {CLERK})
    assert caller.actor == f"clerk:{caller.id}"
    assert signed_in.session.principal.provider_id == hospital


@pytest.mark.parametrize(
    "wrong",
    [
        a_clerk(None),
        a_clerk(ProviderId(new_id()), "administrator"),
        a_clerk(ProviderId(new_id()), CLERK, "administrator"),
    ],
)
async def test_clerk_has_one_provider_and_no_other_role(
    identity: IdentityService, house: Caller, wrong: NewStaff
) -> None:
    with pytest.raises(Invalid) as refused:
        await identity.invite(house, wrong)
    assert refused.value.code == "identity.provider_wrong"


async def test_clerk_learns_nothing_of_staff(identity: IdentityService, house: Caller) -> None:
    person = await identity.ensure_staff(house, a_clerk(ProviderId(new_id())), PASSWORD)
    caller = Caller(
        operator_id=house.operator_id,
        kind="clerk",
        id=str(person.id),
        roles=person.roles,
        provider_id=person.provider_id,
    )
    with pytest.raises(Forbidden):
        await identity.list_staff(caller)
    with pytest.raises(Forbidden):
        await identity.get_staff(caller, person.id)
    with pytest.raises(Forbidden):
        await identity.invite(caller, a_clerk(caller.provider_id))


async def test_the_clerks_of_one_provider_are_listed_apart(identity: IdentityService, house: Caller) -> None:
    ours, theirs = ProviderId(new_id()), ProviderId(new_id())
    for provider in (ours, theirs):
        await identity.invite(house, a_clerk(provider))
    found = (await identity.list_staff(staff(house.operator_id, "administrator"), provider_id=ours)).items
    assert [person.provider_id for person in found] == [ours]
