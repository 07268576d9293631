"""Explainable signals about a request (domain-br 5.2). They say where a person should look, and can do nothing else:
a signal only ever routes, or asks; a score is never an accusation and never reaches a denial (I4)."""

from itertools import combinations

from austa.kernel.money import Money
from austa.modules.prior_auth.api.requests import Laterality, Receipt, RuleFired
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import Facts, ItemFacts, PastItem
from austa.modules.prior_auth.domain.places import km_between

OVER: frozenset[str] = frozenset({"DENIED", "CANCELLED", "EXPIRED"})


def raise_signals(facts: Facts, pack: CoveragePack) -> tuple[RuleFired, ...]:
    """All signals of the request, in the order of their ids."""
    found = (
        *_repeated(facts, pack),
        *_sex_conflict(facts, pack),
        *_two_places_at_once(facts, pack),
        *_receipts_in_sequence(facts, pack),
        *_receipts_below_ceiling(facts, pack),
        *_materials(facts, pack),
        *_unbundled(facts, pack),
        *_imaging_again(facts, pack),
        *_account_of_another(facts, pack),
    )
    return tuple(sorted(found, key=lambda signal: signal.id))


def _repeated(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R01 the same item on the same day; R02 within 30 days."""
    found = []
    for line, past in _living_pairs(facts):
        item = pack.find_item(line.tuss)
        if item and (item.recurring or item.routine) and past.asked_on != facts.on:
            continue
        days = (facts.on - past.asked_on).days
        evidence = (f"Protocolo {past.protocol}", f"{past.asked_on:%d/%m/%Y}")
        if days == 0:
            found.append(_route(pack, "R01", "O mesmo item já foi pedido hoje.", *evidence))
        elif days <= pack.limits.near_duplicate_days.value:
            found.append(_route(pack, "R02", f"O mesmo item foi pedido há {days} dias.", *evidence))
    return found


def _imaging_again(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R22 the same imaging within 90 days without a new indication."""
    if facts.given.get("new_indication") is True:
        return []
    return [
        _route(
            pack,
            "R22",
            f"Exame de imagem repetido em {(facts.on - past.asked_on).days} dias, sem indicação nova.",
            f"Protocolo {past.protocol}",
        )
        for line, past in _living_pairs(facts)
        if (item := pack.find_item(line.tuss))
        and item.imaging
        and (facts.on - past.asked_on).days < pack.limits.repeat_imaging_days.value
    ]


def _sex_conflict(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R03: the registry may differ from the anatomy, so the rule asks, politely, and refuses nothing."""
    wrong = [
        line.tuss
        for line in facts.items
        if (item := pack.find_item(line.tuss)) and item.sex and facts.member.sex not in {item.sex, "unknown"}
    ]
    if not wrong:
        return []
    text = "O cadastro e o item não combinam. Confirme, com respeito, para quem é o pedido."
    return [RuleFired(id="R03", version=pack.version, effect="ask", text=text, evidence=tuple(wrong))]


def _two_places_at_once(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R07 two providers more than 150 km apart within two hours."""
    found = []
    for one, other in combinations(facts.items, 2):
        distance = km_between(one.provider, other.provider)
        if one.scheduled_at is None or other.scheduled_at is None or distance is None:
            continue
        minutes = abs((one.scheduled_at - other.scheduled_at).total_seconds()) / 60
        if distance > pack.limits.far_km.value and minutes <= pack.limits.far_minutes.value:
            text = (
                f"Dois atendimentos a cerca de {distance:.0f} km em {minutes:.0f} minutos. Ligue para o beneficiário."
            )
            found.append(_route(pack, "R07", text, one.tuss, other.tuss))
    return found


def _receipts_in_sequence(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R12 receipts of one issuer and day with numbers close to each other."""
    gap = pack.limits.receipt_gap.value
    close = [
        (one, other)
        for one, other in combinations(_receipts(facts), 2)
        if one.issuer == other.issuer and one.issued_on == other.issued_on and 0 < abs(one.number - other.number) <= gap
    ]
    if not close:
        return []
    numbers = sorted({receipt.number for pair in close for receipt in pair})
    text = f"Recibos em sequência no mesmo dia: {', '.join(map(str, numbers))}."
    return [_route(pack, "R12", text, *map(str, numbers))]


def _receipts_below_ceiling(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R13 three receipts or more in a month at 90 to 100% of the ceiling."""
    if facts.refund is None or facts.refund.ceiling is None:
        return []
    ceiling = facts.refund.ceiling.centavos
    least = ceiling * pack.limits.receipt_ceiling_percent.value / 100
    near = [r for r in facts.refund.receipts if least <= r.amount.centavos <= ceiling]
    months = {(r.issued_on.year, r.issued_on.month) for r in near}
    for month in sorted(months):
        count = sum((r.issued_on.year, r.issued_on.month) == month for r in near)
        if count >= pack.limits.receipts_below_ceiling.value:
            text = f"{count} recibos no mês logo abaixo do limite de {facts.refund.ceiling}."
            return [_route(pack, "R13", text, f"{month[1]:02d}/{month[0]}")]
    return []


def _materials(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R18 price above 1.5 times the reference; R19 more pieces than the operated segments hold."""
    segments = max((i.quantity for i in facts.items if _uses_materials(pack, i.tuss)), default=1)
    found = []
    for material in facts.materials:
        reference = pack.find_material(material.description)
        if reference is None:
            continue
        price = material.unit_price.centavos if material.unit_price else 0
        if price * 100 > reference.reference_centavos * pack.limits.price_ratio_percent.value:
            times = f"{price / reference.reference_centavos:.1f}".replace(".", ",")
            text = f"{reference.description}: preço de {Money(centavos=price)}, {times} vezes a referência."
            found.append(_route(pack, "R18", text, reference.source.clause))
        plausible = reference.per_segment * segments + reference.extra
        if material.quantity > plausible:
            text = f"{reference.description}: {material.quantity} peças para {segments} segmentos (até {plausible})."
            found.append(_route(pack, "R19", text, reference.source.clause))
    return found


def _unbundled(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R20 two items of which one includes the other."""
    asked = {line.tuss for line in facts.items}
    return [
        _route(pack, "R20", pair.text, *pair.items) for pair in pack.unbundled_pairs if asked.issuperset(pair.items)
    ]


def _account_of_another(facts: Facts, pack: CoveragePack) -> list[RuleFired]:
    """R28 the refund shall go to an account that is not the holder's."""
    if facts.refund is None or facts.refund.account_of != "someone_else":
        return []
    return [_route(pack, "R28", "A conta indicada para o reembolso não é do titular.")]


def _living_pairs(facts: Facts) -> list[tuple[ItemFacts, PastItem]]:
    """Lines of the request with earlier ones for the same item and side that were not given up."""
    return [
        (line, past)
        for line in facts.items
        for past in facts.history
        if line.tuss == past.tuss and past.state not in OVER and _same_side(line.laterality, past.laterality)
    ]


def _same_side(one: Laterality | None, other: Laterality | None) -> bool:
    return one is None or other is None or one == other or "both" in {one, other}


def _receipts(facts: Facts) -> tuple[Receipt, ...]:
    return facts.refund.receipts if facts.refund else ()


def _uses_materials(pack: CoveragePack, tuss: str) -> bool:
    item = pack.find_item(tuss)
    return item is not None and item.special_materials


def _route(pack: CoveragePack, rule: str, text: str, *evidence: str) -> RuleFired:
    return RuleFired(id=rule, version=pack.version, effect="route", text=text, evidence=evidence)
