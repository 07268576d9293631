"""`austa serve` keeps its processes alive, stops them in order, and takes over what a killed one left."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import EmbeddedPostgres, find_running
from austa.infra.processes import PidFile, living, start_mark
from austa.kernel.errors import AustaError, Conflict, Invalid, Unavailable
from austa.runtime.supervisor import EXIT_WRONG_SETTINGS, ChildSpec, Supervisor, restart_delay

SOURCES = Path(__file__).parents[2] / "src"

# Writes what happens to it into $LOG; leaves $LEAVES seconds after SIGTERM.
CHILD = """
echo "$NAME up" >> "$LOG"
trap 'sleep $LEAVES; echo "$NAME left" >> "$LOG"; exit 0' TERM
while :; do sleep 0.02; done
"""
DEAF = 'trap \'\' TERM; echo "$NAME up" >> "$LOG"; while :; do sleep 0.05; done'
# What `austa serve` is, with children of the test's choice: data folder, shell script. Under nohup, which the tests may
# run under, a hang-up is ignored; here it is not.
SERVE = """
import asyncio, pathlib, signal, sys
from austa.infra.postgres.server import EmbeddedPostgres
from austa.runtime.supervisor import ChildSpec, Supervisor
signal.signal(signal.SIGHUP, signal.SIG_DFL)
data, script = pathlib.Path(sys.argv[1]), sys.argv[2]
async def prepare(address):
    return {"LOG": str(data / "log"), "LEAVES": "0", "DSN": address.dsn if address else ""}
asyncio.run(Supervisor(
    data,
    postgres=EmbeddedPostgres(data / "postgres", durable=False) if "with-postgres" in sys.argv else None,
    prepare=prepare,
    children=[ChildSpec("api", ("/bin/sh", "-c", script), {"NAME": "api"}),
              ChildSpec("work", ("/bin/sh", "-c", script), {"NAME": "work"}, stage=1)],
).run())
"""


@pytest.fixture
def data(scratch: Path) -> Iterator[Path]:
    data = scratch / uuid4().hex[:8]
    yield data
    shutil.rmtree(data, ignore_errors=True)


def child(data: Path, name: str, *, script: str = CHILD, stage: int = 0, leaves_s: float = 0) -> ChildSpec:
    environment = {"NAME": name, "LOG": str(data / "log"), "LEAVES": str(leaves_s)}
    return ChildSpec(name, ("/bin/sh", "-c", script), environment, stage, grace_s=5)


def log_of(data: Path) -> list[str]:
    return (data / "log").read_text().splitlines() if (data / "log").exists() else []


def pids_of(data: Path) -> dict[str, int]:
    return {record.name: record.pid for record in PidFile(data / "serve.pid").read()}


async def nothing_to_prepare(_address: PostgresAddress | None) -> Mapping[str, str]:
    return {}


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(
    data: Path, *children: ChildSpec, postgres: EmbeddedPostgres | None = None, min_free_mb: int = 20
) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(
        data, postgres=postgres, prepare=nothing_to_prepare, children=children, min_free_mb=min_free_mb
    )
    running = asyncio.create_task(supervisor.run())
    await asyncio.wait({running, asyncio.create_task(supervisor.started.wait())}, return_when="FIRST_COMPLETED")
    try:
        await eventually(lambda: running.done() or len(log_of(data)) >= len(children))
        yield supervisor
    finally:
        supervisor.stop()
        await running


@pytest_asyncio.fixture(loop_scope="session")
async def serve(data: Path) -> AsyncIterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `austa serve` as a process of its own and makes sure that nothing of it stays."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*flags: str, script: str = CHILD) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", SERVE, str(data), script, *flags]
        started.append(
            subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(SOURCES)}, stderr=subprocess.PIPE)
        )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.terminate()
        process.communicate()
    for orphan in living(PidFile(data / "serve.pid").read()):
        orphan.kill()


class TestChildren:
    async def test_they_get_what_was_prepared_and_die_when_asked(self, data: Path) -> None:
        async with serving(data, child(data, "api"), child(data, "work", stage=1)):
            assert sorted(log_of(data)) == ["api up", "work up"]
        assert {"api left", "work left"} <= set(log_of(data))

    async def test_workers_leave_before_the_api_however_long_they_take(self, data: Path) -> None:
        slow = child(data, "work", stage=1, leaves_s=0.3)
        async with serving(data, child(data, "api"), slow):
            pass
        assert log_of(data)[-2:] == ["work left", "api left"]

    async def test_one_that_dies_is_started_again_at_once(self, data: Path) -> None:
        async with serving(data, child(data, "api"), child(data, "work")):
            before = pids_of(data)
            os.kill(before["api"], signal.SIGKILL)
            await eventually(lambda: log_of(data).count("api up") == 2)
            after = pids_of(data)
            assert after["api"] != before["api"]
            assert after["work"] == before["work"]

    async def test_one_that_keeps_dying_is_started_less_and_less_often(self, data: Path) -> None:
        fragile = child(data, "work", script='echo "$NAME up" >> "$LOG"; exit 1')
        async with serving(data, fragile):
            await asyncio.sleep(1)
        assert 3 <= len(log_of(data)) <= 4

    async def test_one_that_refuses_its_settings_stops_the_whole(self, data: Path) -> None:
        script = f'until grep -q "api up" "$LOG"; do sleep 0.02; done; exit {EXIT_WRONG_SETTINGS}'
        with pytest.raises(Invalid, match="work refuses its settings"):
            async with serving(data, child(data, "api"), child(data, "work", script=script)):
                await eventually(lambda: "api left" in log_of(data))
        assert log_of(data) == ["api up", "api left"]

    async def test_a_deaf_one_is_killed_when_its_time_is_over(self, data: Path) -> None:
        deaf = ChildSpec("work", ("/bin/sh", "-c", DEAF), child(data, "work").env, grace_s=0.2)
        async with serving(data, deaf):
            pid = pids_of(data)["work"]
        assert start_mark(pid) is None

    @pytest.mark.parametrize(("deaths", "seconds"), [(1, 0), (2, 0.25), (3, 0.5), (6, 4), (40, 4)])
    def test_the_pause_before_a_restart_grows_and_stays_short(self, deaths: int, seconds: float) -> None:
        assert restart_delay(deaths) == seconds


class TestPidFileOfServe:
    async def test_it_lists_everyone_and_goes_with_them(self, data: Path) -> None:
        chosen = data.with_suffix(".pid")
        supervisor = Supervisor(
            data,
            postgres=EmbeddedPostgres(data / "postgres", durable=False),
            prepare=nothing_to_prepare,
            children=[child(data, "api")],
            pid_file=chosen,
            min_free_mb=20,
        )
        running = asyncio.create_task(supervisor.run())
        await eventually(supervisor.started.is_set)
        assert set(pids_of(data)) == {"supervisor", "postgres", "api"}
        assert chosen.read_text() == (data / "serve.pid").read_text()
        assert all(start_mark(pid) for pid in pids_of(data).values())
        supervisor.stop()
        await running
        assert not chosen.exists()
        assert not (data / "serve.pid").exists()


class TestOneServeAFolder:
    async def test_a_second_one_is_refused_and_disturbs_nothing(self, data: Path) -> None:
        async with serving(data, child(data, "api")):
            before = pids_of(data)
            second = Supervisor(data, postgres=None, prepare=nothing_to_prepare, children=[])
            with pytest.raises(Conflict, match=f"already runs on {data}"):
                await second.run()
            assert pids_of(data) == before


class TestDisk:
    async def test_with_too_little_room_it_does_not_start(self, data: Path) -> None:
        supervisor = Supervisor(
            data, postgres=None, prepare=nothing_to_prepare, children=[child(data, "api")], min_free_mb=10**9
        )
        with pytest.raises(Unavailable) as caught:
            await supervisor.run()
        assert caught.value.code == "serve.disk_almost_full"
        assert log_of(data) == []

    async def test_it_warns_then_stops_in_order_before_the_disk_is_full(self, data: Path) -> None:
        room = [1000, 1000, 300, 300, 100]

        def free(_path: Path) -> int:
            return (room.pop(0) if len(room) > 1 else room[0]) * 1024 * 1024

        supervisor = Supervisor(
            data,
            postgres=None,
            prepare=nothing_to_prepare,
            children=[child(data, "api"), child(data, "work", stage=1)],
            free_space=free,
            look_at_disk_every_s=0.1,
        )
        with pytest.raises(Unavailable, match="Only 100 MB are free"):
            await supervisor.run()
        assert log_of(data)[-2:] == ["work left", "api left"]


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    async def test_the_first_stops_in_order(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]], number: signal.Signals
    ) -> None:
        process = serve()
        await eventually(lambda: len(log_of(data)) == 2)
        process.send_signal(number)
        assert await asyncio.to_thread(process.wait, 10) == 0
        assert log_of(data)[-2:] == ["work left", "api left"]
        assert not (data / "serve.pid").exists()

    async def test_the_second_does_not_wait_for_anyone(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]]
    ) -> None:
        process = serve(script=DEAF)
        await eventually(lambda: len(log_of(data)) == 2)
        pids = pids_of(data)
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 5) == 0
        assert not any(start_mark(pid) for pid in pids.values())

    async def test_one_during_the_start_stops_what_was_started(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]]
    ) -> None:
        process = serve("with-postgres")
        await eventually(lambda: any((data / "postgres").glob("cluster.new-*")))
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 10) == 0
        assert EmbeddedPostgres(data / "postgres").pids() == []


class TestKill9:
    @pytest.mark.parametrize("victim", ["supervisor", "api", "work", "postgres"])
    async def test_after_any_kill_all_run_again_and_nothing_is_lost(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]], victim: str
    ) -> None:
        process = serve("with-postgres")
        await eventually(lambda: len(log_of(data)) == 2)
        before = pids_of(data)
        await write(data, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('committed')")
        began = time.monotonic()
        os.kill(before[victim], signal.SIGKILL)
        if victim == "supervisor":
            process.wait()
            serve("with-postgres")
        await eventually(
            lambda: (
                (now := pids_of(data)).keys() == before.keys()
                and now[victim] != before[victim]
                and find_running(data / "postgres") is not None
            )
        )
        assert await write(data, "INSERT INTO kept VALUES ('again')") == 2
        assert time.monotonic() - began < 10
        if victim == "supervisor":
            assert not any(start_mark(pid) for pid in before.values())

    async def test_orphans_that_no_signal_reached_are_stopped_first(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]]
    ) -> None:
        data.mkdir(mode=0o711)
        orphan = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
        bystander = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
        lines = [f"work {orphan.pid} {start_mark(orphan.pid)}", f"api {bystander.pid} another-start"]
        (data / "serve.pid").write_text("\n".join(lines))
        serve()
        await eventually(lambda: len(log_of(data)) == 2)
        assert orphan.wait(5) == -signal.SIGTERM
        assert bystander.poll() is None
        bystander.kill()
        bystander.wait()

    async def test_children_that_outlive_the_supervisors_signal_hear_its_lifeline_close(
        self, data: Path, serve: Callable[..., subprocess.Popen[bytes]]
    ) -> None:
        lifeline = "import os; from pathlib import Path; fd = int(os.environ['AUSTA_LIFELINE_FD']); "
        lifeline += "log = Path(os.environ['LOG']).open('a'); print('up', file=log, flush=True); "
        lifeline += "os.read(fd, 1); print('cut', file=log, flush=True)"
        process = serve(script=f"trap '' TERM; {sys.executable} -S -c \"{lifeline}\"")
        await eventually(lambda: log_of(data) == ["up", "up"])
        process.kill()
        await eventually(lambda: log_of(data).count("cut") == 2)


class TestFailuresAtTheStart:
    async def test_what_preparation_raises_stops_postgres_and_comes_out(self, data: Path) -> None:
        async def fails(_address: PostgresAddress | None) -> Mapping[str, str]:
            raise Conflict("migrations.changed", "a migration was changed")

        postgres = EmbeddedPostgres(data / "postgres", durable=False)
        supervisor = Supervisor(data, postgres=postgres, prepare=fails, children=[child(data, "api")], min_free_mb=20)
        with pytest.raises(AustaError, match="a migration was changed"):
            await supervisor.run()
        assert postgres.pids() == []
        assert log_of(data) == []


async def write(data: Path, statement: str) -> object:
    """Execute a statement; answers how many rows are kept."""
    address = find_running(data / "postgres")
    assert address is not None
    connection = await asyncpg.connect(address.dsn)
    try:
        await connection.execute(statement)
        return await connection.fetchval("SELECT count(*) FROM kept")
    finally:
        await connection.close()
