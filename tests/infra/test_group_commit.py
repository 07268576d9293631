"""What comes while a commit is under way shares the next one; what fails is alone with it."""

import asyncio
from collections.abc import Sequence

import pytest

from austa.infra.group_commit import GroupCommit


class Disk:
    """Writes when it is let."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.free = asyncio.Event()
        self.away = False

    async def commit(self, some: Sequence[int]) -> list[str]:
        await self.free.wait()
        if self.away:
            raise ConnectionRefusedError
        if any(each < 0 for each in some):
            raise ValueError("not a number of ours")
        self.written.append([*some])
        return [f"kept {each}" for each in some]


async def write_all(disk: Disk, numbers: Sequence[int], most: int = 10) -> list[str | BaseException]:
    door = GroupCommit(disk.commit, most)
    tasks = []
    for number in numbers:
        tasks.append(asyncio.create_task(door.write(number)))
        await asyncio.sleep(0)
    disk.free.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_those_who_come_meanwhile_go_together_and_each_gets_its_own_answer() -> None:
    disk = Disk()
    assert await write_all(disk, range(5)) == [f"kept {number}" for number in range(5)]
    assert disk.written == [[0], [1, 2, 3, 4]]


async def test_no_group_is_larger_than_may_be() -> None:
    disk = Disk()
    await write_all(disk, range(6), most=2)
    assert disk.written == [[0], [1, 2], [3, 4], [5]]


async def test_one_that_cannot_be_written_fails_alone() -> None:
    disk = Disk()
    answers = await write_all(disk, [0, 1, -1, 2])
    assert isinstance(answers[2], ValueError)
    assert [each for each in answers if isinstance(each, str)] == ["kept 0", "kept 1", "kept 2"]


async def test_while_the_database_is_away_everybody_is_told_at_once() -> None:
    disk = Disk()
    disk.away = True
    answers = await write_all(disk, [0, 1, 2])
    assert all(isinstance(each, ConnectionRefusedError) for each in answers)


@pytest.mark.parametrize("most", [1, 3])
async def test_nobody_is_left_waiting(most: int) -> None:
    disk = Disk()
    answers = await asyncio.wait_for(write_all(disk, range(20), most), 5)
    assert len(answers) == 20
