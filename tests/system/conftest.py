"""One running demo for all tests of this folder that only use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.installation import Installation


@pytest.fixture(scope="session")
def austa(scratch: Path) -> Iterator[Installation]:
    """AUSTA with the demo loaded."""
    installation = Installation(scratch / "demo")
    installation.start()
    installation.wait_loaded()
    yield installation
    installation.stop()
