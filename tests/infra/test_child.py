"""A child answers one question at a time; whatever becomes of it, the next question is answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import psutil
import pytest
import pytest_asyncio

from austa.infra.child import Child, ChildFailed, Frame
from tests.architecture.tree import ROOT

ECHO = "tests.infra.echo_child"


@pytest.fixture(autouse=True)
def _child_finds_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'src'}:{ROOT}")


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Callable[..., Child]]:
    made: list[Child] = []

    def start(**limits: Any) -> Child:
        made.append(Child(ECHO, **limits))
        return made[-1]

    yield start
    for child in made:
        await child.close()


async def test_it_starts_with_the_first_question_and_answers_the_next_too(make: Callable[..., Child]) -> None:
    child = make()
    assert child.pid is None
    first = await child.ask(Frame({}, "não".encode()))
    second = await child.ask(Frame({"do": "twice"}, b"\x00\xff"))
    assert [frame.body for frame in first + second] == ["não".encode(), b"\x00\xff", b"\x00\xff"]
    assert first[0].head["pid"] == second[0].head["pid"] == child.pid


async def test_questions_asked_at_once_are_answered_each_with_its_own(make: Callable[..., Child]) -> None:
    child = make()
    answers = await asyncio.gather(*(child.ask(Frame({}, str(n).encode())) for n in range(10)))
    assert [frames[0].body for frames in answers] == [str(n).encode() for n in range(10)]


async def test_what_a_library_prints_does_not_disturb_the_answer(make: Callable[..., Child]) -> None:
    (frame,) = await make().ask(Frame({"do": "print"}, b"words"))
    assert frame.body == b"words"


@pytest.mark.parametrize("wrong", ["die", "fail"])
async def test_a_child_that_dies_is_followed_by_another(make: Callable[..., Child], wrong: str) -> None:
    child = make()
    with pytest.raises(ChildFailed, match="died"):
        await child.ask(Frame({"do": wrong}, b"private words"))
    assert (await child.ask(Frame({}, b"again")))[0].body == b"again"


async def test_a_failure_is_told_without_the_words(
    make: Callable[..., Child], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ChildFailed):
        await make().ask(Frame({"do": "fail"}, b"private words"))
    told = capfd.readouterr().err
    assert "ValueError" in told
    assert "private" not in told


async def test_a_slow_child_is_ended(make: Callable[..., Child]) -> None:
    child = make(frame_s=1.5)
    await child.ask(Frame({}))
    slow = child.pid
    with pytest.raises(ChildFailed, match="too_slow"):
        await child.ask(Frame({"do": "sleep"}))
    assert slow is not None
    assert not psutil.pid_exists(slow)


async def test_too_many_are_turned_away_at_once(make: Callable[..., Child]) -> None:
    child = make(most_waiting=1)
    first = asyncio.create_task(child.ask(Frame({}, b"first")))
    await asyncio.sleep(0)
    with pytest.raises(ChildFailed, match="busy"):
        await child.ask(Frame({}))
    assert (await first)[0].body == b"first"


async def test_an_idle_child_leaves(make: Callable[..., Child]) -> None:
    child = make(idle_s=0.1)
    await child.ask(Frame({}))
    left = child.pid
    assert left is not None
    async with asyncio.timeout(5):
        while psutil.pid_exists(left):
            await asyncio.sleep(0.05)
    assert child.pid is None


async def test_a_closed_child_is_gone(make: Callable[..., Child]) -> None:
    child = make()
    await child.ask(Frame({}))
    left = child.pid
    await child.close()
    assert left is not None
    assert not psutil.pid_exists(left)


async def test_a_caller_who_goes_away_leaves_no_half_answer_to_the_next(make: Callable[..., Child]) -> None:
    child = make()
    await child.ask(Frame({}))
    impatient = asyncio.create_task(child.ask(Frame({"do": "sleep"}, b"old")))
    await asyncio.sleep(0.2)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert (await child.ask(Frame({}, b"new")))[0].body == b"new"
