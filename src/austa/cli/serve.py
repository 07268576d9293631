"""`austa serve`, `austa work`, `austa migrate`, `austa openapi`.

The supervisor stays small and starts fast: what only the api or a worker needs is imported in their functions.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
import structlog
import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, say_error, settings_for
from austa.demo import places as demo_places
from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import EmbeddedPostgres
from austa.infra.processes import spawn, watch_lifeline
from austa.infra.settings import Settings
from austa.kernel.errors import AustaError, Conflict, Invalid
from austa.runtime.place import open_database, postgres_folder, prepare_database
from austa.runtime.supervisor import EXIT_WRONG_SETTINGS, ChildSpec, Supervisor

if TYPE_CHECKING:
    from austa.runtime.compose import House

READY_WITHIN_S = 120.0

log = structlog.get_logger()

Role = Annotated[str | None, typer.Argument(help="`api` for the api process alone; nothing for the whole AUSTA.")]
Port = Annotated[int | None, typer.Option(help="Port (default: AUSTA_PORT, 8000).", show_default=False)]
Demo = Annotated[bool, typer.Option("--demo", help="Demo mode: synthetic people, the phone page, no real sending.")]
PidPath = Annotated[Path | None, typer.Option("--pid-file", help="Also list all processes in this file.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command(epilog="Example: austa serve --demo --port 8080")(serve)
    app.command(epilog="Example: austa work chat")(work)
    app.command(epilog="Example: austa migrate --json")(migrate)
    app.command(epilog="Example: austa openapi > openapi.json")(openapi)


def serve(
    role: Role = None, data: DataFolder = None, port: Port = None, demo: Demo = False, pid_file: PidPath = None
) -> None:
    """Run AUSTA: PostgreSQL, the api and a worker, kept alive by a small supervisor."""
    settings = settings_for(role or "serve", data, port=port, demo=demo or None)
    if role not in {None, "api"}:
        raise typer.BadParameter("only `api`; workers start with `austa work`")
    if role == "api":
        _serve_api(settings)
        return
    settings = _on_free_port(settings, data, asked=port is not None)
    run(_supervise(settings, pid_file))


def work(
    role: Annotated[str, typer.Argument(help="`all`, or a module: chat, documents, …")], data: DataFolder = None
) -> None:
    """Run a worker process until it is told to stop."""
    import uvloop

    from austa.runtime.worker import work as run_worker

    settings = settings_for(f"work-{role}", data)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            house = _house(settings)
            _keep_what_is_built()
            loop.run(run_worker(house, role))
    except AustaError as error:
        say_error(error)
        raise typer.Exit(EXIT_WRONG_SETTINGS if isinstance(error, Invalid) else 1) from None


def migrate(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Bring the database up to this version. Safe to repeat, and beside a running server."""
    settings = settings_for("migrate", data)

    async def go() -> None:
        async with open_database(settings) as embedded:
            await prepare_database(settings, embedded)

    run(go())
    print_json({"migrated": True}) if as_json else print("The database is up to date.")


def openapi() -> None:
    """Print the OpenAPI 3.1 document of the HTTP API."""
    from austa.runtime.api import create_app
    from austa.runtime.compose import compose

    settings = settings_for("openapi", log_level="error")
    with tempfile.TemporaryDirectory() as folder:
        nowhere = sa.make_url("postgresql+asyncpg://nobody@/nothing?host=/nowhere")
        house = compose(settings.model_copy(update={"data": Path(folder)}), nowhere, create_keys=True)
        print(json.dumps(create_app(house).openapi(), ensure_ascii=False, indent=1))


def _house(settings: Settings) -> "House":
    from austa.runtime.compose import compose

    if settings.app_database_url is None:
        raise Invalid(
            "settings.app_database_url",
            "AUSTA_APP_DATABASE_URL is not set: `austa serve` sets it for its children; alone, name the database",
        )
    url = sa.make_url(settings.app_database_url.get_secret_value()).set(drivername="postgresql+asyncpg")
    return compose(settings, url)


def _serve_api(settings: Settings) -> None:
    import uvicorn

    from austa.demo.app import beside
    from austa.runtime.api import create_app

    try:
        house = _house(settings)
        app = create_app(house, beside(house) if settings.demo else None)
    except AustaError as error:
        say_error(error)
        raise typer.Exit(EXIT_WRONG_SETTINGS) from None
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            # Our own handlers: uvicorn's would print tracebacks with the values in them.
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
            # What pages say over sockets is a few words.
            ws_max_size=65_536,
        )
    )
    watch_lifeline(lambda: os.kill(os.getpid(), signal.SIGTERM))
    _keep_what_is_built()
    server.run()


def _keep_what_is_built() -> None:
    """The house stands as long as the process: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def _on_free_port(settings: Settings, data: Path | None, *, asked: bool) -> Settings:
    """The settings with a port that is free: an asked one must be, the default gives way and says so."""
    if _is_free(settings.host, settings.port):
        return settings
    if asked or "AUSTA_PORT" in os.environ:
        say_error(Conflict("serve.port_taken", f"port {settings.port} is taken; choose another with --port"))
        raise typer.Exit(1)
    with socket.socket() as probe:
        probe.bind((settings.host, 0))
        free = probe.getsockname()[1]
    print(f"Port {settings.port} is taken by another program; AUSTA uses {free}.", file=sys.stderr)
    return settings_for("serve", data or settings.data, port=free, demo=settings.demo or None)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


async def _supervise(settings: Settings, pid_file: Path | None) -> None:
    embedded = EmbeddedPostgres(postgres_folder(settings.data)) if settings.database_url is None else None

    async def prepare(address: PostgresAddress | None) -> dict[str, str]:
        return _environment(settings, await prepare_database(settings, address))

    supervisor = Supervisor(
        settings.data,
        postgres=embedded,
        prepare=prepare,
        children=[
            ChildSpec("api", _austa("serve", "api"), stage=0),
            ChildSpec("worker", _austa("work", "all"), stage=1),
        ],
        pid_file=pid_file,
        min_free_mb=settings.min_free_mb,
    )
    announcing = asyncio.create_task(_announce(settings, supervisor))
    try:
        await supervisor.run()
    finally:
        announcing.cancel()


def _environment(settings: Settings, url: sa.URL) -> dict[str, str]:
    """What children need to know; the demo brings its own WhatsApp number and its stand-in Graph API."""
    known = {
        "AUSTA_DATA": str(settings.data),
        "AUSTA_HOST": settings.host,
        "AUSTA_PORT": str(settings.port),
        "AUSTA_PUBLIC_URL": settings.public_url,
        "AUSTA_DEMO": "true" if settings.demo else "false",
        "AUSTA_APP_DATABASE_URL": url.render_as_string(hide_password=False),
    }
    return known | (demo_places.environment(settings) if settings.demo else {})


def _austa(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "austa.cli", *words)


async def _announce(settings: Settings, supervisor: Supervisor) -> None:
    """Say where AUSTA answers, once it does; in the demo, print the sign-ins too and load its people and papers."""
    await supervisor.started.wait()
    await _until_ready(settings)
    if not settings.demo:
        print(f"AUSTA answers on {settings.public_url}", flush=True)
        return
    print(demo_places.welcome(settings.public_url), flush=True)
    if await _load_demo(settings) == 0:
        print(demo_places.LOADED, flush=True)


async def _until_ready(settings: Settings) -> None:
    """Ask `/ready` over a plain connection: an HTTP client is a third of what the supervisor would weigh."""
    request = b"GET /ready HTTP/1.0\r\n\r\n"
    for _ in range(int(READY_WITHIN_S * 10)):
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection(_reachable(settings.host), settings.port)
                writer.write(request)
                status = await reader.readline()
                writer.close()
            if b" 200 " in status:
                return
        await asyncio.sleep(0.1)
    log.error("serve.not_ready", seconds=READY_WITHIN_S)


def _reachable(host: str) -> str:
    """Where this machine reaches a server that listens on `host`."""
    return "127.0.0.1" if host == "::" or set(host) <= {"0", "."} else host


async def _load_demo(settings: Settings) -> int:
    environment = {**os.environ, "AUSTA_DATA": str(settings.data), "AUSTA_PORT": str(settings.port)}
    environment |= {"AUSTA_DEMO": "true", **demo_places.environment(settings)}
    # It must not outlive us: with PostgreSQL gone it would start one of its own, and the next start would meet that.
    process = await spawn(_austa("demo", "load", "--quiet"), env=environment)
    return await process.wait()
