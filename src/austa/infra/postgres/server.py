"""Starts, watches and stops the embedded PostgreSQL: a direct child, on a private Unix socket."""

import asyncio
import os
import signal
from pathlib import Path
from typing import IO

import structlog

from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.binaries import PostgresBinaries, find_binaries
from austa.infra.postgres.cluster import DATABASE, SUPERUSER, Cluster, damaged, server_environment
from austa.infra.processes import Account, FileLock, end, end_orphans, make_folder, spawn, write_private
from austa.kernel.errors import AustaError, Conflict, Unavailable

_PORT = 5432
_STILL_STARTING_EVERY_S = 10.0
_LARGEST_LOG = 10 * 1024 * 1024
_LOOK_AT_LOG_EVERY_S = 60.0
# PostgreSQL's own words: SIGINT is a fast shutdown (clients are cut off, data is flushed), SIGQUIT an
# immediate one (the next start recovers from the log).
_ORPHAN_STEPS = ((signal.SIGINT, 4.0), (signal.SIGQUIT, 2.0))
# What PostgreSQL says when files are not what it left there.
_SIGNS_OF_DAMAGE = (
    "could not locate a valid checkpoint",
    "could not locate required checkpoint",
    "could not find redo location",
    "could not open file",
    "could not open directory",
    "could not read",
    "could not access status of transaction",
    "incorrect checksum in control file",
    "invalid checkpoint",
    "invalid primary checkpoint",
    "invalid page",
    "database files are incompatible",
    "is not a valid data directory",
)
_WORTH_TELLING = ("FATAL:", "PANIC:", "syntax error", "configuration parameter", "for parameter", "cannot start")

_log = structlog.get_logger(__name__)


class EmbeddedPostgres:
    """PostgreSQL as a direct child of this process, from `start` to `stop`.

    It dies with us: the kernel tells it to shut down when the thread that started it is gone, so call
    `start` from the main thread's event loop. `folder` is ours alone (`<data>/postgres`). `durable=False`
    turns fsync off, for tests: what was committed outlives every kill, but not a power cut. When the server
    has died by itself (`wait` returns), call `stop` and `start` again.
    """

    def __init__(self, folder: Path, *, durable: bool = True, binaries: PostgresBinaries | None = None) -> None:
        self._cluster = Cluster(folder.absolute())
        self._durable = durable
        self._binaries = binaries
        self._lock = FileLock(self._cluster.folder / "lock")
        self._log_file = self._cluster.folder / "postgres.log"
        self._process: asyncio.subprocess.Process | None = None
        self._rotation: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    @property
    def binaries(self) -> PostgresBinaries:
        """The programs in use, `psql` and `pg_basebackup` among them; after `start`."""
        if self._binaries is None:
            raise Conflict("postgres.not_started", "the programs are known after start()")
        return self._binaries

    def pids(self) -> list[int]:
        """The postmaster and all its processes."""
        return [process.pid for process in self._cluster.processes()]

    async def start(self) -> PostgresAddress:
        """Start and wait until it answers; returns the superuser's address.

        Crash recovery is waited for however long it takes: it ends, and killing it only begins it anew. An
        orphan of this folder is stopped first, stale locks are taken over, and an interrupted initdb is begun
        again. Raises Conflict (`postgres.already_running`) when another living process of ours runs it, Invalid
        (`postgres.wrong_version`, `postgres.folder_unreachable`, …) and Unavailable (`postgres.folder_damaged`,
        `postgres.disk_full`, `postgres.did_not_start`).
        """
        make_folder(self._cluster.folder)
        if not self._lock.acquire():
            raise Conflict(
                "postgres.already_running",
                f"{self._cluster.folder} is in use by process {self._lock.holder()}. Stop that one first.",
            )
        try:
            return await self._start()
        except BaseException:
            await self.stop(grace_s=5)
            raise

    async def wait(self) -> int:
        """Wait until PostgreSQL ends, for whatever reason; returns its exit status."""
        if self._process is None:
            raise Conflict("postgres.not_started", "wait() needs a started server")
        return await self._process.wait()

    async def stop(self, grace_s: float = 30.0) -> None:
        """Shut down fast and clean; after `grace_s` at once (the next start recovers). Safe to repeat."""
        if self._rotation is not None:
            self._rotation.cancel()
            self._rotation = None
        if self._process is not None:
            status = await end(self._process, ((signal.SIGINT, grace_s), (signal.SIGQUIT, 5.0)))
            _log.info("postgres.stopped", pid=self._process.pid, status=status)
            self._process = None
        self._cluster.remove_socket_folder()
        self._lock.release()

    async def _start(self) -> PostgresAddress:
        binaries = self._binaries = self._binaries or await find_binaries()
        account = self._cluster.account()
        await self._stop_orphans()
        await self._cluster.make_ready(binaries, account, durable=self._durable)
        self._cluster.remove_stale_lock()
        socket_folder = self._cluster.make_socket_folder(account)
        self._rotate_log()
        with self._log_file.open("ab") as log:
            self._log_file.chmod(0o600)
            begins = log.tell()
            self._process = await self._spawn(binaries, account, socket_folder, log)
        await self._wait_until_ready(self._process, begins)
        self._rotation = asyncio.create_task(self._keep_log_small())
        _log.info("postgres.ready", pid=self._process.pid, version=binaries.version, socket=str(socket_folder))
        return _address(self._cluster, socket_folder)

    async def _stop_orphans(self) -> None:
        stopped = await end_orphans(self._cluster.heads, _ORPHAN_STEPS)
        if stopped:
            _log.warning("postgres.orphan_stopped", pids=stopped, folder=str(self._cluster.folder))

    async def _spawn(
        self, binaries: PostgresBinaries, account: Account | None, socket_folder: Path, log: IO[bytes]
    ) -> asyncio.subprocess.Process:
        settings = {
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": str(socket_folder),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "log_destination": "stderr",
        }
        if not self._durable:
            # synchronous_commit stays on: what was committed outlives a kill -9 here too.
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = [str(binaries.program("postgres")), "-D", str(self._cluster.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return await spawn(
            command,
            account=account,
            cwd=Path("/"),
            env=server_environment(),
            death_signal=signal.SIGINT,
            stdout=log,
            stderr=log,
        )

    async def _wait_until_ready(self, process: asyncio.subprocess.Process, log_begins: int) -> None:
        loop = asyncio.get_running_loop()
        began = told = loop.time()
        while not self._says_ready(process.pid):
            if process.returncode is not None:
                raise self._explain(process.returncode, log_begins)
            if loop.time() - told > _STILL_STARTING_EVERY_S:
                told = loop.time()
                _log.info("postgres.still_starting", seconds=round(told - began), log=str(self._log_file))
            await asyncio.sleep(0.03)

    def _says_ready(self, pid: int) -> bool:
        state = self._cluster.state()
        return state is not None and state.pid == pid and state.is_ready

    def _explain(self, status: int, log_begins: int) -> AustaError:
        with self._log_file.open("rb") as log:
            log.seek(log_begins)
            lines = log.read(1_000_000).decode(errors="replace").splitlines()
        telling = [line for line in lines if any(sign in line for sign in _WORTH_TELLING)] or lines
        said = " | ".join(line.partition("] ")[2] or line for line in telling[-3:]) or "nothing"
        said = f"PostgreSQL says: {said} (log: {self._log_file})"
        if "No space left on device" in said:
            return Unavailable("postgres.disk_full", f"The disk is full. Nothing is lost; make room. {said}")
        if any(sign in said for sign in _SIGNS_OF_DAMAGE):
            return damaged(self._cluster.data, said)
        return Unavailable(
            "postgres.did_not_start", f"PostgreSQL ended with status {status} before it answered. {said}"
        )

    async def _keep_log_small(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AT_LOG_EVERY_S)
            try:
                self._rotate_log()
            except OSError as error:
                _log.warning("postgres.log_not_rotated", reason=error.strerror)

    def _rotate_log(self) -> None:
        """Keep one older log. PostgreSQL appends to the open file, so it is copied and emptied, not moved."""
        if self._log_file.exists() and self._log_file.stat().st_size > _LARGEST_LOG:
            write_private(self._log_file.with_suffix(".log.1"), self._log_file.read_bytes())
            os.truncate(self._log_file, 0)


def find_running(folder: Path) -> PostgresAddress | None:
    """The superuser's address of the server that runs on this folder (`<data>/postgres`) now, if any."""
    cluster = Cluster(folder.absolute())
    state = cluster.state()
    if state is None or not state.is_ready or state.pid not in {one.pid for one in cluster.processes()}:
        return None
    return _address(cluster, state.socket_folder)


def _address(cluster: Cluster, socket_folder: Path) -> PostgresAddress:
    return PostgresAddress(str(socket_folder), _PORT, SUPERUSER, cluster.password(), DATABASE)
