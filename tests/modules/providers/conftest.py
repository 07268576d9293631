"""A network on the real database."""

from typing import cast

import pytest

from austa.infra.platform import Platform
from austa.kernel.errors import AustaError
from austa.modules.identity.api import Identity
from austa.modules.providers.module import build
from austa.modules.providers.service.providers import ProviderService
from tests.fakes.identity import FakeIdentity


@pytest.fixture
def providers(platform: Platform) -> ProviderService:
    return build(platform, identity=cast(Identity, FakeIdentity()))[0]


def code_of(error: pytest.ExceptionInfo[AustaError]) -> str:
    return error.value.code
