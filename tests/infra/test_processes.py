"""Process life: children die with their parent, locks are never stale, pid files name the right process."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.processes import (
    LIFELINE_VARIABLE,
    Account,
    FileLock,
    Lifeline,
    PidFile,
    RecordedProcess,
    end,
    end_orphans,
    free_space,
    living,
    make_folder,
    spawn,
    start_mark,
    watch_lifeline,
    write_private,
)

SOURCES = Path(__file__).parents[2] / "src"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
linux = pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
SLEEP = [sys.executable, "-S", "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


async def started(
    argv: list[str], env: Mapping[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> asyncio.subprocess.Process:
    process = await spawn(argv, stdout=asyncio.subprocess.PIPE, env=env, pass_fds=pass_fds)
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 10) == b"up\n"
    return process


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


class TestSpawn:
    async def test_the_pid_is_the_commands_own_and_it_leads_a_session(self) -> None:
        process = await started(SLEEP)
        assert psutil.Process(process.pid).cmdline() == SLEEP
        assert os.getsid(process.pid) == process.pid
        await end(process, ((signal.SIGTERM, 5),))

    @linux
    async def test_a_child_dies_when_its_parent_is_killed(self) -> None:
        script = (
            "import asyncio, sys\n"
            "from austa.infra.processes import spawn\n"
            "async def main():\n"
            f"    child = await spawn({SLEEP!r})\n"
            "    print(child.pid, flush=True)\n"
            "    await asyncio.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCES)}
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == b"up\n"
        parent.kill()
        parent.wait()
        parent.stdout.close()
        await eventually(lambda: start_mark(child) is None)

    @as_root
    async def test_another_account_keeps_no_group_and_no_right_of_ours(self) -> None:
        process = await spawn(
            ["/bin/sh", "-c", "id -u; id -g; id -G; grep CapEff /proc/self/status"],
            account=Account(65534, 65534),
            stdout=asyncio.subprocess.PIPE,
            cwd=Path("/"),
        )
        output, _ = await process.communicate()
        assert output.split() == [b"65534", b"65534", b"65534", b"CapEff:", b"0000000000000000"]

    @as_root
    @linux
    async def test_the_death_signal_outlives_the_change_of_account(self) -> None:
        script = (
            "import asyncio\n"
            "from austa.infra.processes import Account, spawn\n"
            "async def main():\n"
            "    child = await spawn(['/bin/sleep', '60'], account=Account(65534, 65534))\n"
            "    print(child.pid, flush=True)\n"
            "    await asyncio.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCES)}
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        await eventually(lambda: psutil.Process(child).name() == "sleep")
        parent.kill()
        parent.wait()
        parent.stdout.close()
        await eventually(lambda: start_mark(child) is None)

    async def test_a_command_that_does_not_exist_says_so(self) -> None:
        process = await spawn(["/no/such/program"], stderr=asyncio.subprocess.PIPE)
        _, said = await process.communicate()
        assert process.returncode == 1
        assert b"cannot start /no/such/program" in said


class TestEnd:
    async def test_a_polite_child_leaves_at_the_first_signal(self) -> None:
        assert await end(await started(SLEEP), ((signal.SIGTERM, 5),)) == -signal.SIGTERM

    async def test_a_stubborn_child_is_killed_when_its_time_is_over(self) -> None:
        assert await end(await started(STUBBORN), ((signal.SIGTERM, 0.1),)) == -signal.SIGKILL

    async def test_a_child_that_left_already_keeps_its_status(self) -> None:
        process = await spawn([sys.executable, "-S", "-c", "raise SystemExit(3)"])
        await process.wait()
        assert await end(process, ((signal.SIGTERM, 5),)) == 3

    async def test_orphans_are_asked_then_killed_and_named(self) -> None:
        polite, stubborn = await started(SLEEP), await started(STUBBORN)
        recorded = [RecordedProcess("x", one.pid, start_mark(one.pid) or "") for one in (polite, stubborn)]
        told = await end_orphans(lambda: living(recorded), ((signal.SIGTERM, 0.2),))
        assert sorted(told) == sorted([polite.pid, stubborn.pid])
        assert (await polite.wait(), await stubborn.wait()) == (-signal.SIGTERM, -signal.SIGKILL)

    async def test_without_orphans_nothing_is_told(self) -> None:
        assert await end_orphans(list, ((signal.SIGTERM, 1),)) == []


class TestFileLock:
    def test_only_one_holds_it(self, tmp_path: Path) -> None:
        first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
        assert first.acquire()
        assert not second.acquire()
        assert second.holder() == os.getpid()
        first.release()
        assert second.acquire()
        second.release()

    async def test_it_is_free_when_its_holder_was_killed_even_while_a_child_of_his_lives(self, tmp_path: Path) -> None:
        script = (
            "import asyncio, pathlib, subprocess, sys\n"
            "from austa.infra.processes import FileLock\n"
            f"assert FileLock(pathlib.Path({str(tmp_path / 'lock')!r})).acquire()\n"
            "child = subprocess.Popen(['/bin/sleep', '60'], start_new_session=True)\n"
            "print(child.pid, flush=True)\n"
            "sys.stdin.read()\n"
        )
        holder = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )
        assert holder.stdin is not None
        assert holder.stdout is not None
        child = int(holder.stdout.readline())
        assert not FileLock(tmp_path / "lock").acquire()
        holder.kill()
        holder.wait()
        lock = FileLock(tmp_path / "lock")
        assert lock.acquire()
        lock.release()
        os.kill(child, signal.SIGKILL)
        holder.stdin.close()
        holder.stdout.close()


class TestPidFile:
    def test_it_lists_name_pid_and_start_and_is_private(self, tmp_path: Path) -> None:
        file = PidFile(tmp_path / "serve.pid")
        file.write({"supervisor": os.getpid()})
        assert file.path.read_text() == f"supervisor {os.getpid()} {start_mark(os.getpid())}\n"
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600

    def test_what_has_died_is_left_out(self, tmp_path: Path) -> None:
        gone = subprocess.Popen(["/bin/true"])
        gone.wait()
        file = PidFile(tmp_path / "serve.pid")
        file.write({"supervisor": os.getpid(), "api": gone.pid})
        assert [record.name for record in file.read()] == ["supervisor"]

    def test_a_missing_file_lists_nothing(self, tmp_path: Path) -> None:
        assert PidFile(tmp_path / "serve.pid").read() == []

    @given(st.binary(max_size=200))
    def test_a_damaged_file_never_stops_a_start(self, scratch: Path, content: bytes) -> None:
        path = scratch / "damaged.pid"
        path.write_bytes(content)
        assert living(PidFile(path).read()) == []

    async def test_a_reused_pid_is_not_taken_for_the_recorded_process(self) -> None:
        process = await started(SLEEP)
        mark = start_mark(process.pid)
        assert mark is not None
        assert [one.pid for one in living([RecordedProcess("api", process.pid, mark)])] == [process.pid]
        assert living([RecordedProcess("api", process.pid, mark + "0")]) == []
        await end(process, ())
        assert living([RecordedProcess("api", process.pid, mark)]) == []

    def test_we_are_never_our_own_orphan(self) -> None:
        assert living([RecordedProcess("supervisor", os.getpid(), start_mark(os.getpid()) or "")]) == []


class TestLifeline:
    async def test_a_child_hears_that_the_supervisor_is_gone(self) -> None:
        lifeline = Lifeline()
        script = (
            "import os, signal, time\n"
            "from austa.infra.processes import watch_lifeline\n"
            "assert watch_lifeline(lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
            "print('up', flush=True)\n"
            "time.sleep(60)\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), LIFELINE_VARIABLE: str(lifeline.reading_end)}
        process = await started([sys.executable, "-c", script], env=environment, pass_fds=(lifeline.reading_end,))
        lifeline.close()
        assert await asyncio.wait_for(process.wait(), 10) == -signal.SIGTERM

    def test_a_process_that_nobody_supervises_watches_nothing(self) -> None:
        assert not watch_lifeline(lambda: None, environment={})


class TestFiles:
    def test_a_private_file_replaces_the_old_one_and_leaves_nothing_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "key"
        path.write_text("old, open to all")
        write_private(path, b"new")
        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [path]

    def test_data_folders_are_closed_and_existing_parents_untouched(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        make_folder(tmp_path / "a" / "b")
        expected = 0o711 if os.geteuid() == 0 else 0o700
        assert [stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("a", "a/b", ".")] == [
            expected,
            expected,
            0o755,
        ]

    def test_free_space_is_counted_in_bytes(self, tmp_path: Path) -> None:
        assert free_space(tmp_path) > 1024 * 1024
