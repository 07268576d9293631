"""`austa serve` on a folder and a port of its own, as an operator runs it: supervisor, PostgreSQL, api and worker."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx2
import psutil

from austa.infra.postgres.server import find_running
from austa.infra.processes import LIFELINE_VARIABLE
from austa.kernel.errors import Unavailable
from austa.runtime.place import postgres_folder

READY_WITHIN_S = 90.0
STOPS_WITHIN_S = 60.0


class Installation:
    """One data folder that is served. Durable: PostgreSQL keeps its defaults (fsync, synchronous commits)."""

    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        """`settings`: variables of AUSTA (`AUSTA_…`); without them what is measured is what ships."""
        self.data = data
        self._settings = settings or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._serving: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start and wait until it is ready. Raises `Unavailable` `bench.never_ready`."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "serve.log").open("ab") as log:
            self._serving = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "austa.cli", "serve", "--data", str(self.data), "--port", str(self.port),
                stdout=log, stderr=log, env=_environment(self._settings),
            )  # fmt: skip
        await self.wait_ready()

    async def stop(self) -> None:
        """Ask for an orderly stop; kill what does not."""
        if self._serving is None or self._serving.returncode is not None:
            return
        self._serving.terminate()
        try:
            await asyncio.wait_for(self._serving.wait(), STOPS_WITHIN_S)
        except TimeoutError:
            self._serving.kill()

    async def wait_ready(self) -> None:
        """Raises `Unavailable` `bench.never_ready`."""
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=2) as client:
            for _ in range(int(READY_WITHIN_S / 0.2)):
                try:
                    if (await client.get("/ready")).status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.2)
        raise Unavailable("bench.never_ready", f"AUSTA never got ready: see {self.data}/serve.log")

    async def restart(self) -> None:
        """After the supervisor was killed: wait for its end, then serve the folder again."""
        assert self._serving is not None
        await self._serving.wait()
        await self.start()

    def kill(self, *names: str) -> None:
        """`kill -9` of processes by their names in the pid file; one that is not there any more is passed over."""
        found = self.processes()
        for name in names:
            with contextlib.suppress(KeyError, ProcessLookupError):
                os.kill(found[name], signal.SIGKILL)

    def processes(self) -> dict[str, int]:
        """Numbers of the processes by name, as the pid file lists them."""
        lines = (self.data / "serve.pid").read_text().splitlines()
        return {line.split()[0]: int(line.split()[1]) for line in lines if line.strip()}

    def memory_mb(self) -> dict[str, float]:
        """Resident memory: of AUSTA's processes together, and of PostgreSQL with shared pages counted once."""
        found = self.processes()
        own = [psutil.Process(number) for name, number in found.items() if name != "postgres"]
        server = psutil.Process(found["postgres"])
        shares = [each.memory_full_info().pss for each in (server, *server.children(recursive=True))]
        return {
            "rss_mb": round(sum(each.memory_info().rss for each in own) / 1e6, 1),
            "postgres_pss_mb": round(sum(shares) / 1e6, 1),
        }

    def processor_s(self) -> dict[str, float]:
        """Processor time taken so far by each process; PostgreSQL's are taken together."""
        taken = {}
        for name, number in self.processes().items():
            process = psutil.Process(number)
            each = [process, *process.children(recursive=True)] if name == "postgres" else [process]
            times = [one.cpu_times() for one in each]
            taken[name] = (
                sum(one.user + one.system for one in times) + times[0].children_user + times[0].children_system
            )
        return taken

    async def connect(self, database: str | None = None) -> asyncpg.Connection:
        """A look past every door, at what a measurement must see and no door shows. Raises `Unavailable`."""
        address = find_running(postgres_folder(self.data))
        if address is None:
            raise Unavailable("bench.no_database", "the database of the benchmark does not run")
        return await asyncpg.connect((replace(address, database=database) if database else address).dsn)


@contextlib.asynccontextmanager
async def serving(data: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[Installation]:
    """An installation that runs while the block does."""
    installation = Installation(data, settings)
    try:
        await installation.start()
        yield installation
    finally:
        await installation.stop()


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the length of the benchmark, which a PostgreSQL that is not root may pass through."""
    with tempfile.TemporaryDirectory(prefix="austa-bench-") as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUSTA_")}
    for name in ("DATABASE_URL", LIFELINE_VARIABLE):
        kept.pop(name, None)
    return kept | dict(settings)
