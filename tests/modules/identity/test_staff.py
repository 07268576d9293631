"""Operators and staff at the door."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from austa.kernel.ids import OperatorId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Operator, Principal
from austa.modules.identity.service.identity import IdentityService
from austa.modules.identity.tables import dispatch, metadata
from tests.conftest import staff as caller_with
from tests.modules.identity.conftest import PASSWORD, physician


async def test_an_operator_is_created_once_and_ensured_often(identity: IdentityService, operator: Operator) -> None:
    with pytest.raises(Conflict, match="registry_taken"):
        await identity.create_operator(operator.ans_registry, "Outra")
    assert await identity.ensure_operator(operator.ans_registry, "Outra") == operator
    assert await identity.find_operator(operator.ans_registry) == operator.id
    assert operator.id in await identity.operator_ids()


@pytest.mark.parametrize(
    ("registry", "name", "zone"), [("12345", "X", "UTC"), ("123456", " ", "UTC"), ("123456", "X", "Mars")]
)
async def test_a_wrong_operator_is_refused(identity: IdentityService, registry: str, name: str, zone: str) -> None:
    with pytest.raises(Invalid, match="operator_wrong"):
        await identity.create_operator(registry, name, zone)


async def test_an_invited_person_sets_a_password_and_signs_in(identity: IdentityService, house: Caller) -> None:
    invited = await identity.invite(house, physician(email=f"Dra.{new_id().hex}@austa.example"))
    assert not invited.principal.active
    assert (await identity.get_invitation(house, invited.id)).token == invited.token
    joined = await identity.accept_invitation(invited.token, PASSWORD)
    assert joined.active
    assert (await identity.sign_in(joined.email, PASSWORD, "api")).session.principal == joined


async def test_an_invitation_works_once(identity: IdentityService, house: Caller) -> None:
    invited = await identity.invite(house, physician())
    await identity.accept_invitation(invited.token, PASSWORD)
    with pytest.raises(NotFound, match="no_such_invitation"):
        await identity.accept_invitation(invited.token, Personal("outra frase comprida"))
    with pytest.raises(Conflict, match="email_taken"):
        await identity.invite(house, physician(email=invited.principal.email.reveal()))


async def test_an_invitation_ends_after_seven_days(identity: IdentityService, house: Caller, clock: SetClock) -> None:
    invited = await identity.invite(house, physician())
    clock.advance(timedelta(days=7))
    with pytest.raises(NotFound, match="no_such_invitation"):
        await identity.accept_invitation(invited.token, PASSWORD)


async def test_inviting_again_replaces_the_first_link_and_corrects_the_person(
    identity: IdentityService, house: Caller
) -> None:
    first = await identity.invite(house, physician("Helena Prdo"))
    second = await identity.invite(house, physician("Helena Prado", email=first.principal.email.reveal().upper()))
    assert second.principal.id == first.principal.id
    with pytest.raises(NotFound, match="no_such_invitation"):
        await identity.accept_invitation(first.token, PASSWORD)
    assert (await identity.accept_invitation(second.token, PASSWORD)).name == Personal("Helena Prado")


async def test_a_weak_password_leaves_the_invitation_open(identity: IdentityService, house: Caller) -> None:
    invited = await identity.invite(house, physician())
    with pytest.raises(Invalid, match="password_simple"):
        await identity.accept_invitation(invited.token, Personal("helena prado prado"))
    assert (await identity.accept_invitation(invited.token, PASSWORD)).active


async def test_one_address_has_one_account_in_the_installation(identity: IdentityService, helena: Principal) -> None:
    elsewhere = Caller.system(OperatorId(new_id()), "test")
    with pytest.raises(Conflict, match="email_taken"):
        await identity.invite(elsewhere, physician(email=helena.email.reveal()))
    with pytest.raises(Conflict, match="email_taken"):
        await identity.ensure_staff(elsewhere, physician(email=helena.email.reveal()), PASSWORD)


async def test_only_administrators_invite_and_list(
    identity: IdentityService, operator: Operator, helena: Principal, clock: SetClock
) -> None:
    physician_caller = caller_with(operator.id, "medical_auditor")
    administrator = caller_with(operator.id, "administrator")
    for refused in (identity.invite(physician_caller, physician()), identity.list_staff(physician_caller)):
        with pytest.raises(Forbidden, match=r"access\.denied"):
            await refused
    clock.advance(timedelta(minutes=1))
    await identity.invite(administrator, physician())
    first = await identity.list_staff(administrator, limit=1)
    assert first.items == (helena,)
    assert first.next_cursor is not None
    rest = await identity.list_staff(administrator, cursor=first.next_cursor)
    assert len(rest.items) == 1
    assert rest.next_cursor is None
    with pytest.raises(Invalid, match=r"pages\.cursor"):
        await identity.list_staff(administrator, cursor="WyJhIiwiYiJd")


async def test_staff_of_another_operator_is_not_found(identity: IdentityService, helena: Principal) -> None:
    elsewhere = caller_with(OperatorId(new_id()), "administrator")
    with pytest.raises(NotFound, match="no_such_staff"):
        await identity.get_staff(elsewhere, helena.id)
    assert await identity.get_staff_many(elsewhere, frozenset({helena.id})) == ()


async def test_deactivating_ends_sessions_and_sign_in(
    identity: IdentityService, operator: Operator, helena: Principal
) -> None:
    signed_in = await identity.sign_in(helena.email, PASSWORD, "web")
    administrator = caller_with(operator.id, "administrator")
    await identity.deactivate(administrator, helena.id)
    await identity.deactivate(administrator, helena.id)
    with pytest.raises(Unauthenticated, match="token_unknown"):
        await identity.authenticate(signed_in.access_token.reveal())
    with pytest.raises(Unauthenticated, match="sign_in_refused"):
        await identity.sign_in(helena.email, PASSWORD, "web")
    with pytest.raises(Conflict, match="own_account"):
        await identity.deactivate(administrator, administrator.principal_id)


async def test_somebody_who_left_may_be_invited_back(
    identity: IdentityService, house: Caller, operator: Operator, helena: Principal
) -> None:
    await identity.deactivate(caller_with(operator.id, "administrator"), helena.id)
    invited = await identity.invite(house, physician(email=helena.email.reveal()))
    with pytest.raises(Unauthenticated, match="sign_in_refused"):
        await identity.sign_in(helena.email, PASSWORD, "web")
    await identity.accept_invitation(invited.token, Personal("cinco barcos azuis"))
    assert (await identity.sign_in(helena.email, Personal("cinco barcos azuis"), "web")).session.principal == helena


async def test_ensuring_staff_twice_changes_nothing(
    identity: IdentityService, house: Caller, helena: Principal
) -> None:
    again = await identity.ensure_staff(
        house, physician("Outro Nome", helena.email.reveal()), Personal("outra senha ?")
    )
    assert again == helena
    assert (await identity.sign_in(helena.email, PASSWORD, "api")).session.principal == helena


async def test_no_table_holds_a_name_an_address_or_a_token_in_clear(
    identity: IdentityService, platform: Platform, house: Caller, helena: Principal
) -> None:
    signed_in = await identity.sign_in(helena.email, PASSWORD, "api")
    invited = await identity.invite(house, physician("Bento Ramalho"))
    dump = ""
    async with platform.database.begin("austa_identity", house.operator_id) as connection:
        for table in [*metadata.tables.values(), *dispatch.tables.values()]:
            dump += str((await connection.execute(sa.text(f"select t::text from {table.fullname} t"))).all())
    hidden = [helena.email.reveal(), signed_in.access_token.reveal(), invited.token.reveal(), "Ramalho", "argon2id"]
    assert helena.id.hex in dump.replace("-", "")
    for text in hidden:
        assert text not in dump
        assert text.encode().hex() not in dump
