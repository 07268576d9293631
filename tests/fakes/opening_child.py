"""The reader's child without its models: it opens and prepares pages as the real one does, and reads nothing.

Run as `python -m tests.fakes.opening_child MAX_PAGES`. Each page's head also says the most memory it ever held.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from austa.infra.child import Frame, serve
from austa.modules.documents.adapters.reader_process import answerer, confine


class Blind:
    """Sees no line on any page."""

    def quick(self, image: Any) -> list[Any]:
        return []

    careful = quick


def _most_kb() -> int:
    """The most memory this program held. `ru_maxrss` would also count what its parent held when it started it."""
    found = re.search(r"^VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def main(max_pages: int) -> None:
    confine()
    answer = answerer(Blind, max_pages)

    def measured(request: Frame) -> Iterator[Frame]:
        yield from answer(request)
        yield Frame({"most_mb": _most_kb() / 1024})

    serve(measured)


if __name__ == "__main__":
    main(int(sys.argv[1]))
