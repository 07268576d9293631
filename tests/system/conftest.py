"""One running demo for all tests of this folder that only use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.installation import Installation, wait_for

ASSESSED_WITHIN_S = 420.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need every paper of the demo read come last: the others run while AUSTA reads them."""
    items.sort(key=lambda item: "assessed" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def running(scratch: Path) -> Iterator[Installation]:
    """AUSTA with the demo's people; its papers may still be on their way."""
    installation = Installation(scratch / "demo")
    try:
        print(f"\nfirst start: ready after {installation.start():.1f} s")
        wait_for(
            lambda: installation.query("select from chat.conversation having count(*) > 20"),
            120,
            "the demo's people never came",
            installation.output,
        )
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def austa(running: Installation) -> Installation:
    """AUSTA with the demo loaded; its papers may still be being read."""
    running.wait_loaded()
    return running


@pytest.fixture(scope="session")
def assessed(austa: Installation) -> Installation:
    """AUSTA with every demo request at its first end: nothing waits to be handled."""
    wait_for(lambda: not due(austa), ASSESSED_WITHIN_S, "the demo's requests never came to rest", austa.output)
    return austa


def due(austa: Installation) -> bool:
    """Whether something is waiting to be handled now."""
    (found,) = austa.query(
        "select count(*) from dispatch.delivery where state = 'waiting' and not_before <= now()"
    ) or [{"count": 1}]
    return bool(found["count"])
