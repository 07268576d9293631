"""What messages cost: how many Meta charges, and the operator's own prices for them."""

from datetime import date
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid

CostGroup = Literal["day", "number", "category"]

LONGEST_PERIOD = 400
"""Days."""


class Amount(Contract):
    """Millionths of a currency: prices of one message have more than two decimals."""

    currency: str
    micros: int


class CostLine(Contract):
    """Delivered messages, together by what the report was asked for; what it does not part by is None.

    `category` is Meta's (`utility`, `authentication`, `service`, `marketing`, ...), also one that is new.
    """

    day: date | None
    """Of the delivery, in the operator's time zone."""
    number_id: str | None
    category: str | None
    messages: int
    free: int
    """Of them those that Meta does not charge."""
    unpriced: int
    """Of them those that Meta charges and for which no price of their day is known. They are not in `amounts`."""
    amounts: tuple[Amount, ...]


class CostReport(Contract):
    """What the messages of some days cost, newest day first. `total` is of all lines."""

    first_day: date
    last_day: date
    time_zone: str
    items: tuple[CostLine, ...]
    total: CostLine


class Price(Contract):
    """What a message of a category costs from a day on. Where more than one holds, the one that began last does."""

    id: UUID
    category: Annotated[str, Field(pattern=r"^[a-z_]{3,60}$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    micros: Annotated[int, Field(ge=0, le=10**9)]
    source: Annotated[str, Field(min_length=3, max_length=300)]
    """Where the figure stands: Meta's rate card of a date, a contract."""
    verified_on: date
    valid_from: date
    valid_until: date | None = None
    """The last day."""


class Costs(Protocol):
    """What the messages of the caller's operator cost (`message_cost:read`). Nothing about a person."""

    async def report(self, caller: Caller, first_day: date, last_day: date, by: tuple[CostGroup, ...]) -> CostReport:
        """Days of delivery, both included. Raises `Invalid` `chat.period_wrong`."""
        ...

    async def export(self, caller: Caller, first_day: date, last_day: date) -> str:
        """The ledger of those days as CSV: all that Meta tells of each price class, with the price used and its
        source. Raises `Invalid` `chat.period_wrong`."""
        ...

    async def prices(self, caller: Caller) -> tuple[Price, ...]:
        """Those that count, by category, newest first."""
        ...

    async def save_price(self, caller: Caller, price: Price) -> Price:
        """Enter or correct one (`message_price:change`). Idempotent by its id. Raises `Invalid` `chat.price_wrong`."""
        ...

    async def end_price(self, caller: Caller, price_id: UUID) -> None:
        """Count it no more (`message_price:change`), for past days neither. Idempotent."""
        ...


def period_wrong() -> Invalid:
    return Invalid("chat.period_wrong", f"the last day lies before the first, or over {LONGEST_PERIOD} days after it")


def price_wrong() -> Invalid:
    return Invalid("chat.price_wrong", "the price ends before it begins, or its source is empty")
