"""A network on the real database."""

import pytest

from austa.infra.platform import Platform
from austa.kernel.errors import AustaError
from austa.modules.providers.module import build
from austa.modules.providers.service.providers import ProviderService


@pytest.fixture
def providers(platform: Platform) -> ProviderService:
    return build(platform)[0]


def code_of(error: pytest.ExceptionInfo[AustaError]) -> str:
    return error.value.code
