"""One service for all tests of the module: it holds only compiled data."""

from datetime import UTC, datetime

import pytest

from austa.kernel.clock import SetClock
from austa.modules.language.service import LanguageService

CLOCK = SetClock(datetime(2026, 11, 21, 15, tzinfo=UTC))


@pytest.fixture(scope="session")
def language() -> LanguageService:
    return LanguageService(CLOCK)
