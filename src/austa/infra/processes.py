"""Life and death of processes: children that die with their parent, locks, pid files, orphans.

Design rule 14: children get a parent-death signal after dropping their uid; at start an orphan of our own
data folder is stopped first; workers leave when the supervisor's pipe closes.

The parent-death signal is Linux's, and belongs to the *thread* that started the child: start children from
the main thread's event loop. Elsewhere the lifeline and the take-over at the next start do the work.
"""

import asyncio
import contextlib
import fcntl
import functools
import itertools
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

LIFELINE_VARIABLE = "AUSTA_LIFELINE_FD"
_CHILD_START = Path(__file__).with_name("child_start.py")


@dataclass(frozen=True)
class Account:
    """The operating system's user that a child becomes."""

    uid: int
    gid: int


async def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    stdin: int | IO[bytes] = asyncio.subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
    pass_fds: Iterable[int] = (),
) -> asyncio.subprocess.Process:
    """Start a direct child that gets `death_signal` when we die, however we die.

    `argv[0]` is an absolute path. The child leads a session of its own, so a Ctrl-C at the terminal reaches
    only us and we stop children in order. Its pid is the command's own (the start-up code execs).
    """
    identity = f"{account.uid}:{account.gid}" if account else "-"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        str(_CHILD_START),
        str(os.getpid()),
        str(int(death_signal)),
        identity,
        *argv,
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )


async def end(process: asyncio.subprocess.Process, steps: Sequence[tuple[signal.Signals, float]]) -> int:
    """Ask a child to leave with each (signal, seconds) in turn, then kill it; returns its exit status."""
    for number, seconds in steps:
        if process.returncode is not None:
            return process.returncode
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(process.wait(), seconds)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    return await process.wait()


async def end_orphans(
    find: Callable[[], list[psutil.Process]], steps: Sequence[tuple[signal.Signals, float]]
) -> list[int]:
    """Stop processes that are not our children: each (signal, seconds) in turn while `find` finds any, then
    kill.

    `find` is asked again before each signal, so a pid that was reused meanwhile is never signalled. Returns
    the pids that were told to leave.
    """
    told: list[int] = []
    for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
        found = find()
        if not found:
            break
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
                told.append(process.pid)
        await _wait_until_none(find, seconds)
    return list(dict.fromkeys(told))


async def _wait_until_none(find: Callable[[], list[psutil.Process]], seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            # There is no event to wait for: they are not our children.
            for pause in itertools.chain((0.02, 0.05), itertools.repeat(0.1)):
                if not find():
                    return
                await asyncio.sleep(pause)


class FileLock:
    """An exclusive lock that the kernel frees when its holder dies, so it is never stale.

    It also works between containers of one machine that share the folder, where pids mean nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self) -> bool:
        """Take the lock and write our pid into it; False when another process, or another lock, holds it."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self._fd = fd
        return True

    def release(self) -> None:
        """Free the lock. The file stays: removing it would let two processes lock two files of one name."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> int | None:
        """The pid that its last holder wrote, for messages only."""
        with contextlib.suppress(OSError, ValueError):
            return int(self._path.read_text())
        return None


@dataclass(frozen=True)
class RecordedProcess:
    """One line of a pid file. `started` tells this process from a later one with the same pid."""

    name: str
    pid: int
    started: str


class PidFile:
    """A text file that lists processes, one `name pid started` a line, 0600, replaced atomically.

    `started` is the start mark of `start_mark`. The first line is the writer itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, pids: Mapping[str, int]) -> None:
        """Replace the whole list; processes that have died meanwhile are left out."""
        marks = {name: start_mark(pid) for name, pid in pids.items()}
        text = "".join(f"{name} {pids[name]} {mark}\n" for name, mark in marks.items() if mark)
        write_private(self.path, text.encode())

    def read(self) -> list[RecordedProcess]:
        """What the file lists; nothing when it is missing. A line that cannot be read is passed over."""
        try:
            lines = self.path.read_text().splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        parts = [line.split() for line in lines]
        return [
            RecordedProcess(name=part[0], pid=int(part[1]), started=part[2])
            for part in parts
            if len(part) == 3 and part[1].isdecimal()
        ]

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a data folder and its missing parents, closed to others.

    When we are root they may be passed through, not listed: PostgreSQL runs as another user and has a folder in there.
    """
    for place in (*reversed(folder.parents), folder):
        if not place.exists():
            place.mkdir()
            place.chmod(0o711 if os.geteuid() == 0 else 0o700)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all, also across a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def start_mark(pid: int) -> str | None:
    """When that process started, in a form to compare and no more; None when it is not running."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        # The command's name may hold spaces and brackets; the fields are counted from its last bracket
        # (proc(5)).
        fields = stat.rpartition(")")[2].split()
        # Ticks count from the start of the machine: with the boot's id the mark is the only one ever.
        return None if fields[0] == "Z" else f"{_boot_id()}-{fields[19]}"
    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.NoSuchProcess:
        return None


@functools.cache
def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]


def living(recorded: Iterable[RecordedProcess]) -> list[psutil.Process]:
    """The recorded processes that still run: same pid and same start. Zombies do not count."""
    found = []
    for record in recorded:
        if record.pid != os.getpid() and start_mark(record.pid) == record.started:
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(record.pid))
    return found


def free_space(path: Path) -> int:
    """Bytes that this process may still write on the file system of `path`."""
    return shutil.disk_usage(path).free


class Lifeline:
    """A pipe from a supervisor to its children: when the supervisor is gone, for any reason, it closes."""

    def __init__(self) -> None:
        # The writing end is close-on-exec: no child may keep it open for another.
        self.reading_end, self._writing_end = os.pipe()

    def close(self) -> None:
        os.close(self._writing_end)
        os.close(self.reading_end)


def watch_lifeline(on_close: Callable[[], None], environment: MutableMapping[str, str] = os.environ) -> bool:
    """In a child: call `on_close` once, in a thread, when the supervisor is gone; False when there is none.

    `on_close` usually is `lambda: os.kill(os.getpid(), signal.SIGTERM)`. The descriptor comes by AUSTA_LIFELINE_FD,
    which is taken out of the environment: it is this process's, not its children's.
    """
    number = environment.pop(LIFELINE_VARIABLE, None)
    if number is None:
        return False
    fd = int(number)
    os.set_inheritable(fd, False)

    def wait() -> None:
        while os.read(fd, 1):
            pass
        on_close()

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
    return True
