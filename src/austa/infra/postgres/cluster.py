"""The folder of one PostgreSQL cluster: made whole or not at all, and checked before each start."""

import asyncio
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psutil
import structlog

from austa.infra.postgres.binaries import PostgresBinaries
from austa.infra.processes import Account, end, spawn, write_private
from austa.kernel.errors import Conflict, Invalid, Unavailable

SUPERUSER = "austa"
DATABASE = "austa"
# sockaddr_un.sun_path holds 108 bytes with its zero; PostgreSQL appends "/.s.PGSQL.5432.lock".
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")

_log = structlog.get_logger(__name__)

# What an operator may tune afterwards in postgresql.conf. Sizes are for a machine of 2 cores and 4 GB.
_SETTINGS = """
# --- AUSTA: written once, when this folder was made; yours to tune.
shared_buffers = 64MB
effective_cache_size = 512MB
maintenance_work_mem = 64MB
max_connections = 100
max_wal_size = 512MB
random_page_cost = 1.1
jit = off
autovacuum = on
autovacuum_naptime = 5s  # tables that grow quickly are counted soon, so that plans made while they were small go
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
# Personal data stays out of the log: an error's message, detail and statement may quote
# values, and the client gets them anyway. 'log' keeps operational lines, FATAL and PANIC,
# and leaves out ERROR and WARNING.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True)
class PostmasterState:
    """What a postmaster says of itself in `postmaster.pid`."""

    pid: int
    socket_folder: Path
    is_ready: bool


class Cluster:
    """One cluster in a folder of ours.

    `folder/cluster` is PostgreSQL's data directory, with the superuser's password in a file inside it, so
    both are made, moved and backed up as one. `folder/made` says that a cluster was here once: a folder
    that lost it (a disk not mounted) is an error, never a reason to begin with an empty database.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "cluster"
        self._made = folder / "made"
        self._password_file = self.data / "austa.password"

    def password(self) -> str:
        """The superuser's password; Unavailable (`postgres.folder_damaged`) when its file is missing."""
        try:
            return self._password_file.read_text().strip()
        except FileNotFoundError as error:
            raise self._damaged(f"{self._password_file.name} is missing") from error

    def account(self) -> Account | None:
        """Whom PostgreSQL runs as: None for ourselves; when we are root, a user without rights.

        That is the owner the cluster has already, else `postgres` where the system has that user, else
        `nobody` (PostgreSQL refuses to run as root, and initdb refuses a uid without a name).
        """
        owner = self.data.stat().st_uid if self.data.is_dir() else None
        if os.geteuid() != 0:
            if owner not in (None, os.geteuid()):
                raise Invalid(
                    "postgres.folder_of_another_user",
                    f"{self.data} belongs to uid {owner}, and we are uid {os.geteuid()}. "
                    "Start AUSTA as the user who made this folder (root if root did), or with another --data.",
                )
            return None
        if owner:
            return Account(owner, self.data.stat().st_gid)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return Account(entry.pw_uid, entry.pw_gid)
        raise Invalid(
            "postgres.no_unprivileged_user",
            "PostgreSQL does not run as root, and this system has neither a user `postgres` nor `nobody`.",
        )

    async def make_ready(self, binaries: PostgresBinaries, account: Account | None, *, durable: bool) -> None:
        """Make the cluster if there is none yet, then check that these programs can run it."""
        self._prepare_folder(account)
        if account is not None:
            _check_way(binaries.folder, account)
        for leftover in self.folder.glob("cluster.new-*"):
            shutil.rmtree(leftover)
        if not self.data.exists():
            if self._made.exists():
                raise self._damaged(
                    "it is gone, although a database was here before (a disk that is not mounted?). "
                    f"To begin with an empty database on purpose, remove {self._made}"
                )
            await self._make(binaries, account, durable=durable)
        self._check(binaries)
        if account is not None and self.data.stat().st_uid != account.uid:
            # Root copied it here, from a backup for example.
            _give_all(self.data, account)
        if not self._made.exists():
            write_private(self._made, f"PostgreSQL {binaries.version}\n".encode())

    def processes(self) -> list[psutil.Process]:
        """Every PostgreSQL process at work in this folder, whoever started it.

        PostgreSQL's processes stand in their data directory. That is surer than the pid in
        `postmaster.pid`, which after a reboot may be anyone's, and it also finds backends that outlived
        their postmaster.
        """
        places = {
            str(self.data.resolve()),
            *(str(path.resolve()) for path in self.folder.glob("cluster.new-*")),
        }
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.cwd() in places and process.name().startswith("postgres"):
                    found.append(process)
        return found

    def heads(self) -> list[psutil.Process]:
        """Whom to tell to leave: the postmaster, or the backends that outlived theirs.

        Never the others: SIGINT, a fast shutdown to the postmaster, means other things to its children.
        """
        found = self.processes()
        pids = {process.pid for process in found}
        heads = []
        for process in found:
            with contextlib.suppress(psutil.Error):
                if process.ppid() not in pids:
                    heads.append(process)
        return heads

    def remove_stale_lock(self) -> None:
        """Remove `postmaster.pid`. Only for one who has made sure that `processes` is empty.

        PostgreSQL itself believes that pid alive when any process has it now, as in containers, where pids
        repeat.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def state(self) -> PostmasterState | None:
        """What the postmaster last wrote; the pid may be a dead one's. None when there is nothing to read."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        # Line 1 is the pid, 5 the socket's folder, 8 the state (src/include/utils/pidfile.h).
        if len(lines) < 8:
            return None
        return PostmasterState(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")

    def make_socket_folder(self, account: Account | None) -> Path:
        """A short folder of mode 0700 for the Unix socket, empty, and the same at every start."""
        path = self._socket_folder()
        if len(os.fsencode(path)) > _LONGEST_SOCKET_FOLDER:
            raise Invalid("postgres.socket_path_too_long", f"{path}: too long for a Unix socket; set TMPDIR")
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        found = path.lstat()
        ours = {os.geteuid(), account.uid if account else os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise Conflict(
                "postgres.socket_folder_taken",
                f"{path} exists and belongs to uid {found.st_uid}; PostgreSQL's socket needs it. Remove it.",
            )
        # A lock beside the socket names a pid too, and may be as stale as postmaster.pid.
        for leftover in path.glob(".s.PGSQL.*"):
            leftover.unlink()
        path.chmod(0o700)
        _give(path, account)
        return path

    def remove_socket_folder(self) -> None:
        """Tidy up after a clean stop; a folder that still holds a socket stays."""
        with contextlib.suppress(OSError):
            self._socket_folder().rmdir()

    def _socket_folder(self) -> Path:
        name = f"austa-{os.geteuid()}-{sha256(os.fsencode(self.folder.resolve())).hexdigest()[:8]}"
        # Not XDG_RUNTIME_DIR: it is removed when the user signs out, and the server may outlive that.
        home = "/run" if os.geteuid() == 0 and os.access("/run", os.W_OK) else tempfile.gettempdir()
        return Path(home, name)

    def _prepare_folder(self, account: Account | None) -> None:
        if account is None:
            self.folder.chmod(0o700)
        else:
            # The other user must pass through our folder to reach its own; it cannot list it.
            self.folder.chmod(0o711)
            _check_way(self.folder, account)

    async def _make(self, binaries: PostgresBinaries, account: Account | None, *, durable: bool) -> None:
        new = self.folder / f"cluster.new-{secrets.token_hex(4)}"
        new.mkdir(mode=0o700)
        _give(new, account)
        password = secrets.token_urlsafe(32)
        password_file = self.folder / f"{new.name}.password"
        write_private(password_file, password.encode())
        _give(password_file, account)
        try:
            await self._initdb(binaries, account, new, password_file)
        finally:
            password_file.unlink(missing_ok=True)
        with (new / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        await _run(
            [str(binaries.program("postgres")), "--single", "-D", str(new), "postgres"],
            account,
            stdin=f"CREATE DATABASE {DATABASE};\n",
            what="the first database could not be made",
        )
        kept = new / self._password_file.name
        write_private(kept, password.encode())
        _give(kept, account)
        if durable:
            await _run([str(binaries.program("initdb")), "--sync-only", str(new)], account, what="fsync failed")
        new.rename(self.data)
        _log.info("postgres.cluster_made", folder=str(self.data), version=binaries.version)

    async def _initdb(
        self, binaries: PostgresBinaries, account: Account | None, new: Path, password_file: Path
    ) -> None:
        command = [
            str(binaries.program("initdb")),
            f"--pgdata={new}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            f"--locale={'C.UTF-8' if sys.platform == 'linux' else 'C'}",
            "--data-checksums",
            "--no-sync",
        ]
        if binaries.major >= 17:
            # The server's own Unicode tables: the same order and case whatever the machine's C library.
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        await _run(command, account, what="initdb failed")

    def _check(self, binaries: PostgresBinaries) -> None:
        try:
            major = (self.data / "PG_VERSION").read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged("PG_VERSION is missing or cannot be read") from error
        if not major.isdecimal():
            raise self._damaged("PG_VERSION does not hold a version")
        if int(major) != binaries.major:
            raise Invalid(
                "postgres.wrong_version",
                f"{self.data} was made by PostgreSQL {major}, and {binaries.folder} is PostgreSQL "
                f"{binaries.version}. Nothing was changed. The way out: with the AUSTA that came with "
                f"PostgreSQL {major} (or AUSTA_PG_BIN set to that version's programs) run "
                "`austa backup DIR`; move this folder aside; run `austa restore DIR` with this version.",
                folder=int(major),
                programs=binaries.major,
            )
        for part in ("global/pg_control", "base", "pg_wal", "postgresql.conf", "pg_hba.conf"):
            if not (self.data / part).exists():
                raise self._damaged(f"{part} is missing")

    def _damaged(self, what: str) -> Unavailable:
        return damaged(self.data, what)


def damaged(data: Path, what: str) -> Unavailable:
    """The error of a data folder that PostgreSQL cannot run: what is wrong, what is kept, what to do."""
    return Unavailable(
        "postgres.folder_damaged",
        f"The database folder {data} is damaged: {what}. Nothing was changed or deleted, and nothing "
        "will be. The way out: keep a copy of this folder, move it aside, and run `austa restore DIR` "
        "with your last backup.",
    )


async def _run(command: list[str], account: Account | None, *, what: str, stdin: str = "") -> None:
    process = await spawn(
        command,
        account=account,
        # The data folder may lie where the other user cannot stand.
        cwd=Path("/"),
        env=server_environment(),
        death_signal=signal.SIGKILL,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate(stdin.encode())
    finally:
        await end(process, ())
    if process.returncode != 0 or b"ERROR" in output:
        tail = output.decode(errors="replace").strip()[-600:]
        raise Unavailable("postgres.could_not_make_folder", f"{what} (status {process.returncode}): {tail}")


def server_environment() -> dict[str, str]:
    """A small environment: no PG* variable of the caller, no secret of ours reaches the server."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _give_all(folder: Path, account: Account) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)


def _check_way(folder: Path, account: Account) -> None:
    for place in (folder, *folder.resolve().parents):
        if not _may_pass(place, account):
            raise Invalid(
                "postgres.folder_unreachable",
                f"As root, PostgreSQL runs as uid {account.uid}, and that user cannot pass through {place} "
                f"(mode {stat.S_IMODE(place.stat().st_mode):o}) to reach {folder}. Choose a --data folder that "
                "others may pass through, such as /var/lib/austa/data, or start AUSTA as an ordinary user.",
            )


def _may_pass(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
