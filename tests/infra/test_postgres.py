"""The embedded PostgreSQL: private, durable, taken over after any death, honest about a damaged folder."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.binaries import PostgresBinaries, find_binaries
from austa.infra.postgres.server import EmbeddedPostgres, find_running
from austa.infra.processes import make_folder, spawn, start_mark
from austa.kernel.errors import AustaError, Conflict, Invalid, Unavailable

SOURCES = Path(__file__).parents[2] / "src"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
NOBODY = 65534


async def ask(address: PostgresAddress, query: str, *arguments: object) -> object:
    connection = await asyncpg.connect(address.dsn)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


async def refusal(server: EmbeddedPostgres) -> AustaError:
    with pytest.raises(AustaError) as caught:
        await server.start()
    return caught.value


@pytest.fixture
def folder(scratch: Path) -> Iterator[Path]:
    folder = scratch / uuid4().hex[:8] / "postgres"
    yield folder
    # At once: most of it was never written to the disk yet.
    shutil.rmtree(folder.parent, ignore_errors=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made(scratch: Path) -> Path:
    """A cluster with one row, shut down cleanly; tests copy it, which is faster than initdb."""
    server = EmbeddedPostgres(scratch / "made" / "postgres", durable=False)
    address = await server.start()
    await ask(address, "CREATE TABLE kept (word text)")
    await ask(address, "INSERT INTO kept VALUES ('before')")
    await server.stop()
    return scratch / "made" / "postgres"


@pytest.fixture
def copied(made: Path, folder: Path) -> Path:
    copy(made, folder)
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def server(copied: Path) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(copied, durable=False)
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(scratch: Path, made: Path) -> AsyncIterator[EmbeddedPostgres]:
    copy(made, scratch / "running" / "postgres")
    server = EmbeddedPostgres(scratch / "running" / "postgres")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def address(running: EmbeddedPostgres, scratch: Path) -> PostgresAddress:
    found = find_running(scratch / "running" / "postgres")
    assert found is not None
    return found


class TestWhatRuns:
    async def test_it_speaks_utf8_and_orders_and_folds_the_same_everywhere(self, address: PostgresAddress) -> None:
        assert await ask(address, "SELECT lower('AUTORIZAÇÃO')") == "autorização"
        assert await ask(address, "SHOW server_encoding") == "UTF8"
        assert await ask(address, "SELECT to_tsvector('portuguese', 'autorizações')::text") == "'autoriz':1"

    async def test_sqlalchemy_reaches_it_by_its_url(self, address: PostgresAddress) -> None:
        engine = create_async_engine(address.sqlalchemy_url)
        async with engine.connect() as connection:
            assert await connection.scalar(sa.text("SELECT word FROM kept")) == "before"
        await engine.dispose()

    async def test_its_own_programs_reach_it_without_a_password_on_the_command_line(
        self, running: EmbeddedPostgres, address: PostgresAddress
    ) -> None:
        command = [str(running.binaries.program("psql")), "-Atc", "SELECT word FROM kept"]
        done = subprocess.run(command, env={**os.environ, **address.environment}, capture_output=True, check=True)
        assert done.stdout == b"before\n"

    async def test_it_syncs_to_disk_and_keeps_checksums(self, address: PostgresAddress) -> None:
        assert [await ask(address, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "data_checksums")] == [
            "on"
        ] * 3

    async def test_its_pids_are_the_postmaster_and_its_children(self, running: EmbeddedPostgres) -> None:
        assert running.pid is not None
        postmaster = psutil.Process(running.pid)
        # A backend may be leaving while we count.
        await eventually(
            lambda: set(running.pids()) == {postmaster.pid, *(child.pid for child in postmaster.children())}
        )

    async def test_it_is_our_direct_child(self, running: EmbeddedPostgres) -> None:
        assert running.pid is not None
        assert psutil.Process(running.pid).ppid() == os.getpid()


class TestWhoMayEnter:
    async def test_only_with_the_password(self, address: PostgresAddress) -> None:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(replace(address, password="guessed"), "SELECT 1")

    async def test_no_network_port_is_open(self, address: PostgresAddress) -> None:
        assert await ask(address, "SHOW listen_addresses") == ""

    async def test_socket_folder_data_folder_and_password_are_closed_to_others(
        self, address: PostgresAddress, scratch: Path
    ) -> None:
        cluster = scratch / "running" / "postgres" / "cluster"
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (Path(address.host), cluster)]
        assert modes == [0o700, 0o700]
        assert stat.S_IMODE((cluster / "austa.password").stat().st_mode) == 0o600

    async def test_the_socket_path_is_short_enough_for_the_kernel(self, address: PostgresAddress) -> None:
        assert len(f"{address.host}/.s.PGSQL.5432.lock") < 107

    async def test_the_password_is_not_printed(self, address: PostgresAddress) -> None:
        assert address.password not in repr(address)

    async def test_values_of_failing_statements_stay_out_of_the_log(
        self, address: PostgresAddress, scratch: Path
    ) -> None:
        await ask(address, "CREATE TABLE people (cpf text PRIMARY KEY)")
        await ask(address, "INSERT INTO people VALUES ($1)", "52998224725")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(address, "INSERT INTO people VALUES ('52998224725')")
        with pytest.raises(asyncpg.DataError):
            await ask(address, "SELECT '52998224725x'::int")
        assert "52998224725" not in (scratch / "running" / "postgres" / "postgres.log").read_text()

    @as_root
    async def test_root_runs_it_as_a_user_without_rights(self, running: EmbeddedPostgres) -> None:
        assert {psutil.Process(pid).uids().effective for pid in running.pids()}.isdisjoint({0})
        assert {psutil.Process(pid).gids().effective for pid in running.pids()}.isdisjoint({0})

    async def test_a_second_start_on_the_same_folder_is_refused(self, running: EmbeddedPostgres, scratch: Path) -> None:
        error = await refusal(EmbeddedPostgres(scratch / "running" / "postgres"))
        assert isinstance(error, Conflict)
        assert error.code == "postgres.already_running"
        assert running.pid is not None


class TestDeathAndReturn:
    async def test_a_clean_stop_and_start_keeps_the_data(self, server: EmbeddedPostgres) -> None:
        address = await server.start()
        assert await ask(address, "SELECT word FROM kept") == "before"
        await server.stop()
        assert server.pid is None
        assert not Path(address.host).exists()
        assert await ask(await server.start(), "SELECT word FROM kept") == "before"

    async def test_a_killed_server_starts_again_with_what_was_committed(self, copied: Path) -> None:
        server = EmbeddedPostgres(copied, durable=False)
        address = await server.start()
        await ask(address, "INSERT INTO kept VALUES ('committed')")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert await server.wait() == -signal.SIGKILL
        await server.stop()
        assert await ask(await server.start(), "SELECT count(*) FROM kept") == 2
        await server.stop()

    async def test_after_kill_9_of_its_parent_a_new_start_answers_within_ten_seconds(self, copied: Path) -> None:
        parent = await start_in_another_process(copied)
        address = find_running(copied)
        assert address is not None
        await ask(address, "INSERT INTO kept VALUES ('committed')")
        began = time.monotonic()
        parent.kill()
        await parent.wait()
        server = EmbeddedPostgres(copied)
        assert await ask(await server.start(), "SELECT count(*) FROM kept") == 2
        assert time.monotonic() - began < 10
        await server.stop()

    async def test_it_dies_with_its_parent(self, copied: Path) -> None:
        parent = await start_in_another_process(copied)
        pids = EmbeddedPostgres(copied).pids()
        assert pids
        parent.kill()
        await parent.wait()
        await eventually(lambda: not any(start_mark(pid) for pid in pids))
        await EmbeddedPostgres(copied).stop()

    async def test_an_orphan_of_this_folder_is_stopped_first(self, server: EmbeddedPostgres, copied: Path) -> None:
        await server.start()
        orphan = server.pid
        assert orphan is not None
        heir = EmbeddedPostgres(copied, durable=False)
        # What a start finds when the lock is free and a postmaster still runs.
        server._lock.release()
        assert await ask(await heir.start(), "SELECT word FROM kept") == "before"
        assert await server.wait() == 0
        assert heir.pid not in (None, orphan)
        await heir.stop()

    async def test_backends_that_outlived_their_postmaster_are_stopped_first(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        address = await server.start()
        command = [str(server.binaries.program("psql")), "-c", "SELECT count(*) FROM generate_series(1, 1e10::bigint)"]
        client = subprocess.Popen(command, env={**os.environ, **address.environment}, stderr=subprocess.DEVNULL)
        await eventually(lambda: len(working(server)) == 1)
        backend = working(server)[0].pid
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        await server.stop()
        assert await ask(await server.start(), "SELECT word FROM kept") == "before"
        assert start_mark(backend) is None
        assert client.wait(5) != 0

    async def test_a_server_of_another_folder_is_left_alone(
        self, server: EmbeddedPostgres, running: EmbeddedPostgres
    ) -> None:
        other = running.pid
        await server.start()
        await server.stop()
        assert running.pid == other

    async def test_stale_locks_that_name_a_living_process_are_taken_over(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        address = await server.start()
        await server.stop()
        living = f"{os.getppid()}\n{copied / 'cluster'}\n1\n5432\n{address.host}\n\n1 1\nready   \n"
        (copied / "cluster" / "postmaster.pid").write_text(living)
        Path(address.host).mkdir(mode=0o700)
        (Path(address.host) / ".s.PGSQL.5432.lock").write_text(living)
        assert await ask(await server.start(), "SELECT word FROM kept") == "before"

    async def test_an_interrupted_initdb_is_begun_again(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, durable=False)
        starting = asyncio.create_task(server.start())
        await eventually(lambda: any(folder.glob("cluster.new-*/base")))
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        assert not (folder / "cluster").exists()
        assert await ask(await server.start(), "SELECT current_database()") == "austa"
        await server.stop()
        assert sorted(path.name for path in folder.iterdir()) == ["cluster", "lock", "made", "postgres.log"]

    async def test_a_log_that_grew_large_is_kept_once_and_begun_again(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        (copied / "postgres.log").write_bytes(b"old line\n" * 1_300_000)
        await server.start()
        assert (copied / "postgres.log.1").stat().st_size == 9 * 1_300_000
        assert b"old line" not in (copied / "postgres.log").read_bytes()

    async def test_nothing_is_found_running_on_a_stopped_folder(self, copied: Path) -> None:
        assert find_running(copied) is None


class TestAFolderThatCannotRun:
    async def test_another_major_version_is_refused_with_the_way_out(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        (copied / "cluster" / "PG_VERSION").write_text("15\n")
        error = await refusal(server)
        assert isinstance(error, Invalid)
        assert error.code == "postgres.wrong_version"
        assert "made by PostgreSQL 15" in error.message
        assert "austa backup" in error.message
        assert "austa restore" in error.message

    @pytest.mark.parametrize("part", ["PG_VERSION", "global/pg_control", "austa.password", "base"])
    async def test_a_missing_part_is_named_and_nothing_else_is_touched(
        self, server: EmbeddedPostgres, copied: Path, part: str
    ) -> None:
        aside = copied.parent / "aside"
        (copied / "cluster" / part).rename(aside)
        error = await refusal(server)
        assert isinstance(error, Unavailable)
        assert error.code == "postgres.folder_damaged"
        assert f"{part} is missing" in error.message
        assert "austa restore" in error.message
        aside.rename(copied / "cluster" / part)
        assert await ask(await server.start(), "SELECT word FROM kept") == "before"

    @pytest.mark.parametrize("damage", ["zeroed control file", "no write-ahead log"])
    async def test_files_that_postgres_cannot_use_are_damage_in_its_own_words(
        self, server: EmbeddedPostgres, copied: Path, damage: str
    ) -> None:
        cluster = copied / "cluster"
        if damage == "zeroed control file":
            (cluster / "global" / "pg_control").write_bytes(bytes(8192))
        else:
            for segment in (cluster / "pg_wal").glob("0*"):
                segment.unlink()
        error = await refusal(server)
        assert error.code == "postgres.folder_damaged"
        assert "PostgreSQL says" in error.message
        assert "austa restore" in error.message
        assert server.pid is None

    async def test_a_lost_folder_is_never_replaced_by_an_empty_one(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        (copied / "cluster").rename(copied.parent / "aside")
        error = await refusal(server)
        assert error.code == "postgres.folder_damaged"
        assert "it is gone" in error.message
        assert not (copied / "cluster").exists()

    async def test_a_wrong_line_in_postgresql_conf_is_named(self, server: EmbeddedPostgres, copied: Path) -> None:
        with (copied / "cluster" / "postgresql.conf").open("a") as settings:
            settings.write("shared_bufers = 1GB\n")
        error = await refusal(server)
        assert error.code == "postgres.did_not_start"
        assert "shared_bufers" in error.message

    @as_root
    async def test_root_is_told_when_the_folder_lies_under_a_closed_home(self, scratch: Path) -> None:
        home = scratch / "home"
        home.mkdir(mode=0o700)
        error = await refusal(EmbeddedPostgres(home / "data" / "postgres"))
        assert isinstance(error, Invalid)
        assert error.code == "postgres.folder_unreachable"
        assert str(home) in error.message
        assert stat.S_IMODE(home.stat().st_mode) == 0o700

    @as_root
    async def test_a_folder_that_root_copied_back_is_given_to_its_user(
        self, server: EmbeddedPostgres, copied: Path
    ) -> None:
        for path in (copied, *copied.rglob("*")):
            os.chown(path, 0, 0)
        assert await ask(await server.start(), "SELECT word FROM kept") == "before"


class TestPrograms:
    async def test_the_environment_chooses_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chosen = (await find_binaries()).folder
        monkeypatch.setenv("AUSTA_PG_BIN", str(chosen))
        assert await find_binaries(Path("/nowhere")) == PostgresBinaries(chosen, "18.6")

    async def test_a_folder_without_postgres_is_named(self, monkeypatch: pytest.MonkeyPatch, scratch: Path) -> None:
        monkeypatch.setenv("AUSTA_PG_BIN", str(scratch))
        with pytest.raises(Unavailable, match=str(scratch)):
            await find_binaries()

    async def test_every_program_that_backups_need_is_there(self) -> None:
        binaries = await find_binaries()
        for name in ("psql", "pg_dump", "pg_restore", "pg_basebackup", "pg_verifybackup"):
            assert os.access(binaries.program(name), os.X_OK)

    @as_root
    async def test_roots_copy_is_made_again_when_it_was_interrupted_or_damaged(self, scratch: Path) -> None:
        home = scratch / "programs"
        (home / ".postgres-bin-new-killed").mkdir(parents=True)
        binaries = await find_binaries(home)
        postgres = binaries.program("postgres")
        before = postgres.stat().st_ino
        assert await find_binaries(home) == binaries
        assert postgres.stat().st_ino == before
        (postgres.parents[1] / "share" / "postgres.bki").unlink()
        assert await find_binaries(home) == binaries
        assert (postgres.parents[1] / "share" / "postgres.bki").is_file()
        assert sorted(path.name for path in home.iterdir()) == [".postgres-bin.lock", "postgres-bin-18.6"]

    @as_root
    async def test_an_ordinary_user_under_a_closed_home_needs_nothing_from_root(self, scratch: Path) -> None:
        home = scratch / "someone"
        home.mkdir(mode=0o700)
        os.chown(home, NOBODY, NOBODY)
        python = python_for_everyone()
        if python is None:
            pytest.skip("this Python cannot be run by another user")
        script = (
            "import asyncio, pathlib\n"
            "from austa.infra.postgres.server import EmbeddedPostgres\n"
            "async def main():\n"
            "    server = EmbeddedPostgres(pathlib.Path('.austa/postgres'))\n"
            "    await server.start()\n"
            "    await server.stop()\n"
            "asyncio.run(main())\n"
        )
        done = run_as_nobody(python, script, home)
        assert done.returncode == 0, done.stderr
        assert (home / ".austa" / "postgres" / "cluster").stat().st_uid == NOBODY


def python_for_everyone() -> str | None:
    """A Python of our version that another user can run; ours may lie in root's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not shutil.which("setpriv"):
        return None
    check = "import os, sys; assert os.access(sys.executable, os.X_OK); import asyncpg"
    for python in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        if run_as_nobody(python, check, Path("/")).returncode == 0:
            return python
    return None


def run_as_nobody(python: str, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    sources = os.pathsep.join([str(SOURCES), str(Path(asyncpg.__file__).parents[1])])
    return subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", python, "-c", script],
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "PYTHONPATH": sources},
        capture_output=True,
        text=True,
        check=False,
    )


async def start_in_another_process(folder: Path) -> asyncio.subprocess.Process:
    script = (
        "import asyncio, pathlib\n"
        "from austa.infra.postgres.server import EmbeddedPostgres\n"
        "async def main():\n"
        f"    await EmbeddedPostgres(pathlib.Path({str(folder)!r}), durable=False).start()\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await spawn(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        async for line in process.stdout:
            if line == b"ready\n":
                return process
    raise AssertionError("the other process did not start PostgreSQL")


def working(server: EmbeddedPostgres) -> list[psutil.Process]:
    processes = [psutil.Process(pid) for pid in server.pids()]
    return [process for process in processes if "SELECT" in " ".join(process.cmdline())]


def copy(cluster: Path, folder: Path) -> None:
    make_folder(folder.parent)
    subprocess.run(["cp", "-a", str(cluster), str(folder)], check=True)


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)
