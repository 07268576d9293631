"""An operator with one physician who can sign in."""

from uuid import uuid4

import pytest
import pytest_asyncio

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilRegistration, NewStaff, Operator, Principal
from austa.modules.identity.module import build
from austa.modules.identity.service.identity import IdentityService

PASSWORD = Personal("quatro cavalos verdes")


def physician(name: str = "Helena Prado", email: str | None = None) -> NewStaff:
    return NewStaff(
        email=Personal(email or f"{uuid4().hex}@austa.example"),
        name=Personal(name),
        roles=frozenset({"medical_auditor"}),
        council=CouncilRegistration(council="CRM", uf="SP", number=Personal("123456")),
    )


@pytest.fixture
def identity(platform: Platform) -> IdentityService:
    return build(platform)[0]


@pytest_asyncio.fixture
async def operator(identity: IdentityService) -> Operator:
    while True:
        registry = f"{uuid4().int % 1_000_000:06d}"
        if await identity.find_operator(registry) is None:
            return await identity.create_operator(registry, "Operadora de Teste")


@pytest.fixture
def house(operator: Operator) -> Caller:
    """AUSTA itself, at that operator."""
    return Caller.system(operator.id, "test")


@pytest_asyncio.fixture
async def helena(identity: IdentityService, house: Caller) -> Principal:
    return await identity.ensure_staff(house, physician(), PASSWORD)
