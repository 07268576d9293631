"""`austa serve`: the embedded PostgreSQL, migrations, then the api and the workers, kept alive until told to stop.

Order of life: take the folder's lock, stop what an earlier supervisor left, start PostgreSQL, prepare (migrate),
start the children. Order of death: children by stage, highest first (workers before the api), then PostgreSQL.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import EmbeddedPostgres
from austa.infra.processes import (
    LIFELINE_VARIABLE,
    FileLock,
    Lifeline,
    PidFile,
    end,
    end_orphans,
    free_space,
    living,
    make_folder,
    spawn,
)
from austa.kernel.errors import Conflict, Invalid, Unavailable

# A child that ends with this status (sysexits.h) refuses its settings: starting it again cannot help.
EXIT_WRONG_SETTINGS = os.EX_CONFIG

_MEGABYTE = 1024 * 1024
_ORPHAN_STEPS = ((signal.SIGTERM, 3.0),)
_POSTGRES = "postgres"
_POSTGRES_GRACE_S = 30.0
_LONGEST_DELAY_S = 4.0
# A process that lived this long was well; its next death counts as the first again.
_WELL_AFTER_S = 10.0

_log = structlog.get_logger(__name__)

Prepare = Callable[[PostgresAddress | None], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True)
class ChildSpec:
    """One process to keep alive: `argv[0]` is an absolute path, `env` is added to ours.

    Children of a higher `stage` are stopped first, those of one stage together; each gets SIGTERM and `grace_s`
    seconds, then SIGKILL. `name` is its word in the pid file.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    stage: int = 0
    grace_s: float = 20.0


class Supervisor:
    """Runs one data folder. `run` is called once, in the main thread of the process.

    `postgres` is None where DATABASE_URL names a server that runs elsewhere. `prepare` gets the superuser's address
    (or None), migrates, and returns variables for every child's environment. `data/serve.pid` and, when given,
    `pid_file` list all processes, PostgreSQL included (`infra.processes.PidFile` tells the format).
    """

    def __init__(
        self,
        data: Path,
        *,
        postgres: EmbeddedPostgres | None,
        prepare: Prepare,
        children: Sequence[ChildSpec],
        pid_file: Path | None = None,
        min_free_mb: int = 200,
        free_space: Callable[[Path], int] = free_space,
        look_at_disk_every_s: float = 5.0,
    ) -> None:
        self._data = data
        self._postgres = postgres
        self._prepare = prepare
        self._children = children
        self._own_record = PidFile(data / "serve.pid")
        self._pid_files = [self._own_record, *([PidFile(pid_file)] if pid_file else [])]
        self._lock = FileLock(data / "serve.lock")
        self._free_space = free_space
        self._look_at_disk_every_s = look_at_disk_every_s
        self._least_free = min_free_mb * _MEGABYTE
        self._lifeline = Lifeline()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stop_asked = asyncio.Event()
        self._hurry_asked = asyncio.Event()
        self.started = asyncio.Event()
        """Set when every child was started once (they may not answer yet)."""

    async def run(self) -> None:
        """Serve until SIGTERM, SIGINT or SIGHUP, then stop in order; a second signal stops at once.

        Raises Conflict (`serve.already_running`), Unavailable (`serve.disk_almost_full`: at start, or after an orderly
        stop), Invalid (`serve.child_refused_settings`), and what PostgreSQL's start and `prepare` raise. Whatever it
        raises, everything it started has been stopped.
        """
        make_folder(self._data)
        if not self._lock.acquire():
            raise Conflict(
                "serve.already_running",
                f"austa serve already runs on {self._data} (process {self._lock.holder()}). "
                "Stop it first, or choose another --data folder and --port.",
            )
        try:
            with self._signals_stop_us():
                self._check_disk()
                await self._stop_orphans()
                await self._serve_until_asked()
        finally:
            self._lifeline.close()
            self._lock.release()

    def stop(self) -> None:
        """Ask for an orderly stop; asked a second time, for a fast one."""
        if self._stop_asked.is_set():
            self._hurry_asked.set()
        self._stop_asked.set()

    async def _serve_until_asked(self) -> None:
        serving = asyncio.create_task(self._serve())
        asked = asyncio.create_task(self._stop_asked.wait())
        try:
            await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                serving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await serving
                return
            await serving
        finally:
            asked.cancel()
            await self._shut_down()

    async def _serve(self) -> None:
        address = await self._start_postgres(self._postgres) if self._postgres else None
        environment = await self._prepare(address)
        keepers = [asyncio.create_task(self._watch_disk())]
        if self._postgres:
            keepers.append(asyncio.create_task(self._keep_postgres(self._postgres)))
        try:
            for spec in self._children:
                await self._start_child(spec, environment)
                keepers.append(asyncio.create_task(self._keep_child(spec, environment)))
            self.started.set()
            await asyncio.gather(*keepers)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def _start_postgres(self, postgres: EmbeddedPostgres) -> PostgresAddress:
        address = await postgres.start()
        self._record()
        return address

    async def _keep_postgres(self, postgres: EmbeddedPostgres) -> None:
        deaths = 0
        while True:
            began = time.monotonic()
            status = await postgres.wait()
            deaths = _deaths_in_a_row(deaths, time.monotonic() - began)
            delay = restart_delay(deaths)
            _log.error("serve.postgres_died", status=status, starting_again_in_s=delay)
            await postgres.stop()
            await asyncio.sleep(delay)
            await self._start_postgres(postgres)

    async def _start_child(self, spec: ChildSpec, environment: Mapping[str, str]) -> None:
        lifeline = self._lifeline.reading_end
        process = await spawn(
            spec.argv,
            env={**os.environ, **environment, **spec.env, LIFELINE_VARIABLE: str(lifeline)},
            pass_fds=(lifeline,),
        )
        self._running[spec.name] = process
        self._record()
        _log.info("serve.child_started", name=spec.name, pid=process.pid)

    async def _keep_child(self, spec: ChildSpec, environment: Mapping[str, str]) -> None:
        deaths = 0
        while True:
            began = time.monotonic()
            status = await self._running[spec.name].wait()
            if status == EXIT_WRONG_SETTINGS:
                raise Invalid("serve.child_refused_settings", f"{spec.name} refuses its settings; see its words above.")
            deaths = _deaths_in_a_row(deaths, time.monotonic() - began)
            delay = restart_delay(deaths)
            _log.error("serve.child_died", name=spec.name, status=status, starting_again_in_s=delay)
            await asyncio.sleep(delay)
            await self._start_child(spec, environment)

    async def _shut_down(self) -> None:
        """Children by stage, highest first, then PostgreSQL, each with its time limit."""
        for stage in sorted({spec.stage for spec in self._children}, reverse=True):
            ending = [self._end_child(spec) for spec in self._children if spec.stage == stage]
            await asyncio.gather(*ending)
        if self._postgres and not await self._unless_hurried(self._postgres.stop(_POSTGRES_GRACE_S)):
            await self._postgres.stop(grace_s=0)
        for pid_file in self._pid_files:
            pid_file.remove()
        _log.info("serve.stopped")

    async def _end_child(self, spec: ChildSpec) -> None:
        process = self._running.pop(spec.name, None)
        if process is None or process.returncode is not None:
            return
        if not await self._unless_hurried(end(process, ((signal.SIGTERM, spec.grace_s),))):
            await end(process, ())
        _log.info("serve.child_stopped", name=spec.name, status=process.returncode)

    async def _unless_hurried(self, work: Awaitable[object]) -> bool:
        """Do that work; False when a second signal came before it was done, and it was dropped."""
        doing = asyncio.ensure_future(work)
        hurried = asyncio.create_task(self._hurry_asked.wait())
        await asyncio.wait({doing, hurried}, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if doing.done():
            await doing
            return True
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return False

    async def _stop_orphans(self) -> None:
        recorded = [record for record in self._own_record.read() if record.name != _POSTGRES]
        stopped = await end_orphans(lambda: living(recorded), _ORPHAN_STEPS)
        if stopped:
            _log.warning("serve.orphans_stopped", pids=stopped)
        self._record()

    def _record(self) -> None:
        pids = {"supervisor": os.getpid()}
        if self._postgres and self._postgres.pid:
            pids[_POSTGRES] = self._postgres.pid
        pids |= {name: process.pid for name, process in self._running.items() if process.returncode is None}
        for pid_file in self._pid_files:
            pid_file.write(pids)

    async def _watch_disk(self) -> None:
        warned = False
        while True:
            await asyncio.sleep(self._look_at_disk_every_s)
            free = self._check_disk()
            scarce = free < 2 * self._least_free
            if scarce and not warned:
                _log.warning("serve.disk_getting_full", free_mb=free // _MEGABYTE)
            warned = scarce

    def _check_disk(self) -> int:
        free = self._free_space(self._data)
        if free < self._least_free:
            raise Unavailable(
                "serve.disk_almost_full",
                f"Only {free // _MEGABYTE} MB are free on the disk of {self._data}; AUSTA needs "
                f"{self._least_free // _MEGABYTE} MB and stops before the disk is full, so that nothing is lost. "
                "Make room and start again (AUSTA_MIN_FREE_MB sets the limit).",
            )
        return free

    @contextlib.contextmanager
    def _signals_stop_us(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        asked = [signal.SIGTERM, signal.SIGINT]
        # The terminal was closed, unless we were started to outlive it (nohup).
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            asked.append(signal.SIGHUP)
        for number in asked:
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in asked:
                loop.remove_signal_handler(number)


def restart_delay(deaths: int) -> float:
    """Seconds to wait after so many deaths in a row: none after the first, then longer and longer."""
    return 0.0 if deaths <= 1 else min(0.25 * 2.0 ** (deaths - 2), _LONGEST_DELAY_S)


def _deaths_in_a_row(before: int, lived_s: float) -> int:
    return 1 if lived_s > _WELL_AFTER_S else before + 1
