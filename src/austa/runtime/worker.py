"""A worker process: handles deliveries until it is told to stop or its supervisor is gone."""

import asyncio
import signal

import structlog

from austa.infra.outbox import Dispatcher
from austa.infra.platform import Runner
from austa.infra.processes import watch_lifeline
from austa.kernel.errors import Invalid
from austa.runtime.compose import House

log = structlog.get_logger()


async def work(house: House, role: str) -> None:
    """Run the handlers of that role: `all`, or a module's name.

    A module's role runs its own handlers only, so the same image can be scaled by module.
    """
    handlers = [h for h in house.handlers if role in {"all", h.module}]
    if not handlers:
        roles = ", ".join(sorted({"all", *(h.module for h in house.handlers)}))
        raise Invalid("worker.role", f"there is no such role; choose one of: {roles}")
    dispatcher = Dispatcher(house.platform.database, handlers, house.platform.settings.worker_tasks)
    everybody: list[Dispatcher | Runner] = [dispatcher]
    everybody += [runner for runner in house.runners if role in {"all", runner.module}]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for each in everybody:
            each.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)

    def lifeline_closed() -> None:
        loop.call_soon_threadsafe(stop)

    watch_lifeline(lifeline_closed)
    log.info("worker.ready", role=role, handlers=len(handlers))
    try:
        async with asyncio.TaskGroup() as group:
            for each in everybody:
                group.create_task(each.run())
    finally:
        await house.close()
