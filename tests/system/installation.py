"""A whole AUSTA as people run it: `austa serve --demo` on a folder and a port of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import httpx2

from austa.demo.staff import SIGN_IN_WORD
from austa.infra.postgres.server import find_running

AUSTA = (sys.executable, "-m", "austa.cli")
READY_WITHIN_S = 60.0
LOADED_WITHIN_S = 240.0

Found = TypeVar("Found")

# AUSTA answers without TLS here, and reading the machine's certificates takes a tenth of a second each time.
get, post, put = (partial(method, verify=False) for method in (httpx2.get, httpx2.post, httpx2.put))


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    output: str
    complaint: str

    def json(self) -> Any:
        assert self.status in {0, 1}, self.complaint
        return json.loads(self.output)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """One data folder. `start` and `stop` may be called again and again."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def start(self, *words: str, demo: bool = True) -> float:
        """Start and wait until it is ready; returns the seconds that took."""
        began = time.monotonic()
        with self.output.open("ab") as log:
            self.process = subprocess.Popen(
                [*AUSTA, "serve", "--data", str(self.data), "--port", str(self.port), *_demo(demo), *words],
                stdout=log,
                stderr=log,
                env=environment(),
                start_new_session=True,
            )
        self.wait_ready()
        return time.monotonic() - began

    def stop(self) -> None:
        """Ask for an orderly stop and wait for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def kill(self, name: str) -> None:
        """`kill -9` one of the processes in the pid file."""
        os.kill(self.pids()[name], signal.SIGKILL)

    def pids(self) -> dict[str, int]:
        """The processes by name, as the pid file lists them."""
        lines = (self.data / "serve.pid").read_text().splitlines()
        return {line.split()[0]: int(line.split()[1]) for line in lines if line.strip()}

    def wait_ready(self) -> None:
        wait_for(self._is_ready, READY_WITHIN_S, "AUSTA never got ready", self.output)

    def wait_loaded(self) -> None:
        """Wait until the demo is loaded: its end is printed."""
        wait_for(
            lambda: b"The demo is loaded." in self.output.read_bytes(),
            LOADED_WITHIN_S,
            "the demo never loaded",
            self.output,
        )

    def austa(self, *words: str, given: str | None = None, **settings: str) -> Ended:
        """Run a command of `austa` on this data folder; `settings` go into its environment."""
        return austa(*words, "--data", str(self.data), given=given, **settings)

    def query(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What the database says, past every door: for what a test must see and no door shows."""
        address = find_running(self.data / "postgres")
        if address is None:
            return []

        async def ask() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(address.dsn)
            try:
                return [dict(row) for row in await connection.fetch(sql, *values)]
            finally:
                await connection.close()

        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return asyncio.run(ask())
        return []

    def sign_in(self, email: str, password: str = SIGN_IN_WORD) -> httpx2.Client:
        """A client that is signed in as that person."""
        client = httpx2.Client(base_url=self.url, timeout=20, verify=False)
        answer = client.post("/api/v1/auth/login", json={"email": email, "password": password, "kind": "api"})
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"AUSTA ended\n{self.output.read_text(errors='replace')[-3000:]}")
        try:
            return get(f"{self.url}/ready", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False


@dataclass
class Phone:
    """A demo member's phone, through the phone page's API. What cannot be reached is asked again, as the page does."""

    installation: Installation
    number: str

    def write(self, text: str) -> None:
        self._post("text", json={"text": text})

    def send_photo(self, name: str) -> None:
        """Send one of the sample papers as the page does: fetch it, then attach it."""
        photo = get(f"{self.installation.url}/demo/api/photos/{name}", timeout=30)
        assert photo.status_code == 200, photo.text
        self.send_file(name, photo.content, photo.headers["content-type"])

    def send_file(self, name: str, content: bytes, media_type: str) -> None:
        self._post("image", files={"file": (name, content, media_type)})

    def tap(self, title: str) -> None:
        """Tap the newest button with that title."""
        for message in reversed(self.transcript()):
            for button in message["buttons"]:
                if button["title"] == title:
                    self._post("button", json={"message_id": message["id"], "button_id": button["id"]})
                    return
        raise AssertionError(f"no button {title!r} on the screen")

    def transcript(self) -> list[dict[str, Any]]:
        answer = get(f"{self.installation.url}/demo/api/phones/{self.number}/transcript", timeout=20)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def texts(self) -> list[str]:
        """What AUSTA has said, oldest first."""
        return [message["text"] for message in self.transcript() if message["from"] == "austa"]

    def wait_for_text(self, words: str, seconds: float = 40) -> str:
        """Wait until AUSTA has said something with these words; returns it."""
        heard: list[str] = []

        def said() -> str | None:
            with suppress(httpx2.HTTPError):
                heard[:] = self.texts()
            return next((text for text in reversed(heard) if words in text), None)

        try:
            return wait_for(said, seconds, f"AUSTA never said {words!r}", self.installation.output)
        except AssertionError as error:
            raise AssertionError(f"{error}\nIt said {heard}") from None

    def _post(self, act: str, **content: Any) -> None:
        url = f"{self.installation.url}/demo/api/phones/{self.number}/{act}"
        answer = post(url, timeout=20, headers={"x-austa-client": "test"}, **content)
        assert answer.status_code == 201, answer.text


def austa(*words: str, given: str | None = None, **settings: str) -> Ended:
    """Run a command of `austa` to its end."""
    run = subprocess.run(
        [*AUSTA, *words],
        input=given,
        capture_output=True,
        text=True,
        env=environment(**settings),
        timeout=240,
        check=False,
    )
    return Ended(run.returncode, run.stdout, run.stderr)


def environment(**settings: str) -> dict[str, str]:
    """Our environment without settings of AUSTA but these, and pages read by one thread."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUSTA_")}
    kept.pop("DATABASE_URL", None)
    # The tests of the modules run beside: no core is free for a second thread.
    return kept | {"AUSTA_READER_THREADS": "1"} | settings


def _demo(demo: bool) -> list[str]:
    return ["--demo"] if demo else []


def wait_for(look: Callable[[], Found | None], seconds: float, otherwise: str, log: Path | None = None) -> Found:
    """Look again and again until something is found, more seldom the longer it takes: looking takes time from AUSTA."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        found = look()
        if found:
            return found
        time.sleep(min(0.1 + waited / 20, 1.0))
    tail = log.read_text(errors="replace")[-3000:] if log and log.exists() else ""
    raise AssertionError(f"{otherwise}\n{tail}")


def new_key() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}
