"""Logs tell what failed and where, and never a value."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from austa.infra import telemetry

NAME = "Marina Teles"
SOURCES = Path(__file__).parents[2] / "src"
CONFIGURED = """
import asyncio, logging, structlog
from austa.infra import telemetry
from austa.infra.settings import Settings
from austa.kernel.personal import Personal
telemetry.configure(Settings(_env_file=None, log_format=%r), "test")
def fail():
    raise ValueError("cannot find Marina Teles")
"""


@pytest.fixture(params=["json", "text"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def printed(program: str, log_format: str = "json") -> str:
    """What a process that set its logs up and ran this program wrote."""
    ended = subprocess.run(
        [sys.executable, "-c", CONFIGURED % log_format + program],
        env={"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.stdout == ""
    return ended.stderr


def test_an_exception_is_logged_by_class_and_place(log_format: str) -> None:
    program = """
try:
    fail()
except ValueError:
    structlog.get_logger().exception("test.failed", case="7")
"""
    output = printed(program, log_format)
    assert "test.failed" in output
    assert "ValueError" in output
    assert NAME not in output


def test_personal_data_prints_as_a_mask(log_format: str) -> None:
    program = """
name = Personal("Marina Teles")
structlog.get_logger().info("test.met", who=name, people=[name], text=f"{name}")
"""
    output = printed(program, log_format)
    assert "test.met" in output
    assert NAME not in output


def test_a_library_is_heard_without_its_words() -> None:
    program = """
try:
    fail()
except ValueError:
    logging.getLogger("library").exception("row of %s", "Marina Teles")
logging.getLogger("library").warning("row of %s", "Marina Teles")
"""
    assert printed(program).splitlines() == ["ERROR library ValueError", "WARNING library"]


def test_a_task_that_nobody_awaited_tells_no_value() -> None:
    program = """
async def forget():
    async def broken():
        fail()
    asyncio.get_running_loop().create_task(broken())
    await asyncio.sleep(0)
asyncio.run(forget())
"""
    assert printed(program).splitlines() == ["ERROR asyncio ValueError"]


def test_a_process_that_crashes_tells_where_and_no_value() -> None:
    output = printed("fail()")
    assert json.loads(output)["event"] == "process.crashed"
    assert NAME not in output


def test_a_broken_stream_prints_no_record() -> None:
    program = """
class Closed:
    def write(self, text):
        raise OSError("closed")
logging.getLogger().handlers[0].stream = Closed()
logging.getLogger("library").warning("row of %s", "Marina Teles")
"""
    assert printed(program) == ""


def test_where_names_our_own_places_only() -> None:
    with pytest.raises(ZeroDivisionError) as foreign:
        _ = 1 / 0
    with pytest.raises(AttributeError) as ours:
        telemetry.where(None)  # type: ignore[arg-type]
    assert telemetry.where(foreign.value) == "ZeroDivisionError"
    assert telemetry.where(ours.value).startswith("AttributeError at infra/telemetry.py:")
