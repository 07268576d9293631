"""What messages cost: what statuses tell of one message, and what a day's messages come to.

Meta charges a message when it is delivered (per-message pricing, since 1 July 2025), and says with the status
`delivered` or `read`, or both, in which class (status webhook reference, May 2026). A message that was read was
delivered, also where that was never told. Statuses come more than once and in any order; whatever the order, the same
message is counted once, on the same day.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from austa.modules.chat.api.costs import Amount, CostGroup, CostLine, Price

CHARGING = ("read", "delivered")
"""Statuses that tell of a delivery; of two that tell a class, the later in this list is believed."""
FREE = ("free_customer_service", "free_entry_point")
LONGEST_NAME = 60

NOTHING = CostLine(day=None, number_id=None, category=None, messages=0, free=0, unpriced=0, amounts=())

COLUMNS = (
    "dia",
    "numero",
    "categoria",
    "tipo",
    "cobrada",
    "modelo",
    "mensagens",
    "preco",
    "moeda",
    "fonte_do_preco",
    "custo",
)


@dataclass(frozen=True)
class PriceClass:
    """How Meta charges a message: `model` is `PMP` (per message) today, `type` says why it is free where it is."""

    category: str
    type: str
    billable: bool
    model: str


@dataclass(frozen=True)
class Charge:
    """Where a message is counted: in that hour (UTC), for that number of ours."""

    hour: datetime
    number_id: str
    price_class: PriceClass


@dataclass(frozen=True)
class Told:
    """What the statuses of one message told so far. `by` is the status that told the class."""

    number_id: str
    delivered_at: datetime
    by: str | None = None
    price_class: PriceClass | None = None

    def with_also(self, other: "Told") -> "Told":
        """What both told, in whatever order they came."""
        later, earlier = sorted((self, other), key=_weight, reverse=True)
        return replace(
            later,
            number_id=min(self.number_id, other.number_id),
            delivered_at=min(later.delivered_at, earlier.delivered_at),
        )

    @property
    def charge(self) -> Charge | None:
        """None until its class is told; where Meta never tells one, it does not charge."""
        if self.price_class is None:
            return None
        hour = self.delivered_at.replace(minute=0, second=0, microsecond=0)
        return Charge(hour, self.number_id, self.price_class)


def _weight(told: Told) -> tuple[Any, ...]:
    if told.by is None or told.price_class is None:
        return ()
    return (CHARGING.index(told.by), *astuple(told.price_class))


def read_told(number_id: str, status: str, at: datetime, raw: Mapping[str, Any]) -> Told | None:
    """What a status tells of the charge; None for one that tells of no delivery."""
    if status not in CHARGING:
        return None
    found = _read_class(raw.get("pricing"))
    return Told(number_id, at, status if found else None, found)


def _read_class(pricing: Any) -> PriceClass | None:
    """Meta names `billable` deprecated: where it is not told, the type says it."""
    category = _name(pricing.get("category")) if isinstance(pricing, dict) else None
    if category is None:
        return None
    kind, billable = _name(pricing.get("type")) or "", pricing.get("billable")
    is_charged = billable if isinstance(billable, bool) else kind not in FREE
    return PriceClass(category.lower(), kind, is_charged, _name(pricing.get("pricing_model")) or "")


def _name(value: Any) -> str | None:
    return value[:LONGEST_NAME] or None if isinstance(value, str) else None


def moves(changes: Iterable[tuple[Told | None, Told]]) -> dict[Charge, int]:
    """By how much each count grows or shrinks when what was told of messages changes so."""
    counts: Counter[Charge] = Counter()
    for before, now in changes:
        if before is not None and before.charge is not None:
            counts[before.charge] -= 1
        if now.charge is not None:
            counts[now.charge] += 1
    return {charge: count for charge, count in counts.items() if count}


@dataclass(frozen=True)
class Counted:
    """So many messages of one class on one day of the operator's."""

    day: date
    number_id: str
    price_class: PriceClass
    messages: int


def by_day(counts: Iterable[tuple[Charge, int]], zone: ZoneInfo) -> list[Counted]:
    """Hours put together to days, newest first. Hours are whole in every zone of Brazil."""
    days: Counter[tuple[date, str, PriceClass]] = Counter()
    for charge, messages in counts:
        days[charge.hour.astimezone(zone).date(), charge.number_id, charge.price_class] += messages
    found = [Counted(*key, messages) for key, messages in days.items() if messages]
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.number_id, astuple(one.price_class)))


def price_of(category: str, day: date, prices: Sequence[Price]) -> Price | None:
    """What a message of that category cost on that day; None where nobody entered it."""
    holding = [
        price
        for price in prices
        if price.category == category
        and price.valid_from <= day
        and (price.valid_until is None or day <= price.valid_until)
    ]
    return max(holding, key=lambda price: (price.valid_from, price.verified_on, str(price.id)), default=None)


def together(counted: Iterable[Counted], prices: Sequence[Price], by: Sequence[CostGroup]) -> list[CostLine]:
    """Lines parted by day, number or category, in the order of what was counted."""
    groups: dict[tuple[date | None, str | None, str | None], list[Counted]] = {}
    for one in counted:
        key = (
            one.day if "day" in by else None,
            one.number_id if "number" in by else None,
            one.price_class.category if "category" in by else None,
        )
        groups.setdefault(key, []).append(one)
    lines = [_line(*key, some, prices) for key, some in groups.items()]
    return sorted(lines, key=lambda line: (-(line.day or date.min).toordinal(), line.number_id or "", -line.messages))


def _line(
    day: date | None, number_id: str | None, category: str | None, some: Sequence[Counted], prices: Sequence[Price]
) -> CostLine:
    free = unpriced = 0
    amounts: Counter[str] = Counter()
    for one in some:
        price = price_of(one.price_class.category, one.day, prices)
        if not one.price_class.billable:
            free += one.messages
        elif price is None:
            unpriced += one.messages
        else:
            amounts[price.currency] += price.micros * one.messages
    return CostLine(
        day=day,
        number_id=number_id,
        category=category,
        messages=sum(one.messages for one in some),
        free=free,
        unpriced=unpriced,
        amounts=tuple(Amount(currency=currency, micros=micros) for currency, micros in sorted(amounts.items())),
    )


def as_csv(counted: Iterable[Counted], prices: Sequence[Price]) -> str:
    """The ledger as an accountant opens it. Where there is no price, that is said; it is never nought."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\n")
    table.writerow(COLUMNS)
    for one in counted:
        shown = one.price_class
        price = price_of(shown.category, one.day, prices) if shown.billable else None
        missing = "sem preço" if shown.billable else "0"
        table.writerow(
            (
                one.day,
                one.number_id,
                shown.category,
                shown.type,
                "sim" if shown.billable else "não",
                shown.model,
                one.messages,
                _decimals(price.micros) if price else missing,
                price.currency if price else "",
                _as_text(price.source) if price else "",
                _decimals(price.micros * one.messages) if price else missing,
            )
        )
    return written.getvalue()


def _as_text(words: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@")) else words


def _decimals(micros: int) -> str:
    """Six decimals with a comma, as spreadsheets in Brazil read them."""
    return f"{micros // 1_000_000},{micros % 1_000_000:06d}"
