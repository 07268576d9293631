"""Whose the WhatsApp numbers of the settings are: a webhook for a number of nobody's would be refused."""

import structlog

from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.runtime.compose import House

REGISTRY, NAME = "000000", "Operadora"
"""The operator that is made where a number is set and no operator is there yet."""

log = structlog.get_logger()


async def attach_numbers(house: House) -> None:
    """Attach the numbers of the settings that have no operator: to the only one there is, or to a new one. Idempotent.

    Where there are several, an administrator says whose they are (`austa operator create --number`). A number never
    changes hands: whoever wants another operator than that of the settings creates it before the first start.
    """
    settings = house.platform.settings
    if settings.demo:
        # It brings its own operator and number.
        return
    new = [number for number in settings.whatsapp_numbers if await _is_new(house, number)]
    if not new:
        return
    operators = await house.identity.operator_ids()
    if len(operators) > 1:
        log.error("serve.numbers_of_nobody", count=len(new))
        return
    operator_id = operators[0] if operators else (await house.identity.ensure_operator(REGISTRY, NAME)).id
    for number in new:
        await house.chat.add_number(Caller.system(operator_id, "runtime"), number)
        log.info("serve.number_attached", number=number)


async def _is_new(house: House, number_id: str) -> bool:
    try:
        await house.chat.operator_of(number_id)
    except NotFound:
        return True
    return False
