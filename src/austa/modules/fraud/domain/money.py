"""Rules about receipts, prices, quantities of materials and what one item includes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from austa.kernel.money import Money
from austa.modules.fraud.api import ScreenedReceipt
from austa.modules.fraud.domain.finding import Finding, Settings
from austa.modules.fraud.domain.picture import Picture


def receipts_in_sequence(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R12. Two children seen one after the other get receipts one after the other: so it takes more than two."""
    numbers: dict[tuple[bytes, date], set[int]] = defaultdict(set)
    asked = _receipts(picture)
    for issuer, receipt in zip(picture.known.issuers, asked, strict=True):
        numbers[issuer, receipt.issued_on].add(receipt.number)
    for seen in picture.known.receipts:
        if (seen.issuer, seen.issued_on) in numbers:
            numbers[seen.issuer, seen.issued_on].add(seen.number)
    own = {receipt.number for receipt in asked}
    for (_, day), some in sorted(numbers.items(), key=lambda each: (each[0][1], sorted(each[1]))):
        for run in _runs(sorted(some), settings.limit("gap")):
            if len(run) >= settings.limit("receipts") and own & set(run):
                yield Finding(
                    f"Recibos em sequência no mesmo dia: {', '.join(map(str, run))}.",
                    (*map(str, run), f"{day:%d/%m/%Y}"),
                )


def receipts_below_ceiling(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R13. A weekly session has one price and a date of its own each time: that is care, not slicing."""
    refund = picture.asked.refund
    if refund is None or refund.ceiling_centavos is None:
        return
    ceiling, percent = refund.ceiling_centavos, settings.limit("percent")
    sessions = any(item.traits and item.traits.recurring for item in picture.asked.items)
    asked = [
        (issuer, r.issued_on, r.amount_centavos)
        for issuer, r in zip(picture.known.issuers, refund.receipts, strict=True)
    ]
    seen = [(r.issuer, r.issued_on, r.amount_centavos) for r in picture.known.receipts if r.by_member]
    near = [each for each in (*asked, *seen) if ceiling * percent <= each[2] * 100 <= ceiling * 100]
    for year, month in sorted({(r.issued_on.year, r.issued_on.month) for r in refund.receipts}):
        some = [each for each in near if (each[1].year, each[1].month) == (year, month)]
        if sessions and _regular(some, settings.limit("apart_days")):
            continue
        if len(some) >= settings.limit("receipts"):
            yield Finding(
                f"{len(some)} recibos no mês logo abaixo do limite de {Money(centavos=ceiling)}.",
                (f"{month:02d}/{year}",),
            )


def supplier_of_ones_own(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R17. To ask and to perform in an office of one's own is how medicine works; what is looked at is who sells the
    special material."""
    makers = sorted(
        {m.maker.strip() for m in picture.asked.materials if m.maker and folded(m.maker) in picture.known.supplies}
    )
    if makers:
        yield Finding(
            "Quem solicita consta como dono de quem fornece o material. Peça outros orçamentos.", tuple(makers)
        )


def dear_material(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R18."""
    for material in picture.asked.materials:
        known, price = material.reference, material.unit_price_centavos
        if known and price is not None and price * 100 > known.reference_centavos * settings.limit("percent"):
            times = f"{price / known.reference_centavos:.1f}".replace(".", ",")
            text = f"{known.description}: preço de {Money(centavos=price)}, {times} vezes a referência."
            yield Finding(text, (known.clause,))


def too_many_pieces(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R19. What a segment holds, and some beside for what does not fit at once."""
    segments = max((i.quantity for i in picture.asked.items if i.traits and i.traits.special_materials), default=1)
    for material in picture.asked.materials:
        known = material.reference
        if known is None:
            continue
        plausible = known.per_segment * segments + known.extra
        if material.quantity > plausible:
            text = f"{known.description}: {material.quantity} peças para {segments} segmentos (até {plausible})."
            yield Finding(text, (known.clause,))


def included(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R20."""
    for pair in picture.asked.included:
        yield Finding(pair.text, pair.items)


def account_of_another(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R28. The patient's own account, or the guardian's, is the family's."""
    refund = picture.asked.refund
    if refund and refund.account_of == "someone_else":
        yield Finding("A conta indicada para o reembolso não é do titular.")


def folded(name: str) -> str:
    """A company's name as it is compared: letters and digits, lower case."""
    return "".join(character for character in name.casefold() if character.isalnum())


def _receipts(picture: Picture) -> tuple[ScreenedReceipt, ...]:
    return picture.asked.refund.receipts if picture.asked.refund else ()


def _runs(numbers: Sequence[int], gap: int) -> list[list[int]]:
    """Numbers in order, cut where the next is more than `gap` away."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number - runs[-1][-1] <= gap:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _regular(some: Sequence[tuple[bytes, date, int]], apart_days: int) -> bool:
    """One issuer, one price, each at least so many days after the one before."""
    days = sorted(day for _, day, _ in some)
    return len({(issuer, amount) for issuer, _, amount in some}) == 1 and all(
        (later - earlier).days >= apart_days for earlier, later in pairwise(days)
    )
