"""Rules about the items of a request, beside what the same member asked or had before."""

from collections.abc import Iterator

from austa.modules.fraud.domain.finding import Finding, Settings
from austa.modules.fraud.domain.picture import Picture
from austa.modules.fraud.domain.rulebook import Adults, Ages, Diagnoses, PhysicalMaximum, group_of


def repeated_today(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R01. A newborn is cared for on the mother's card for thirty days (Lei 9.656/98, art. 12, III, a): two of them,
    or mother and child, may need the same on one day."""
    if picture.is_given("newborn"):
        return
    for _, past in picture.repeated():
        if past.asked_on == picture.asked.on:
            yield Finding("O mesmo item já foi pedido hoje.", (f"Protocolo {past.protocol}",))


def repeated_lately(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R02. Sessions, cycles and routine panels come again by nature; what was elective may become urgent."""
    if picture.is_given("newborn") or picture.asked.urgent:
        return
    for item, past in picture.repeated():
        days = (picture.asked.on - past.asked_on).days
        again = item.traits is not None and (item.traits.recurring or item.traits.routine)
        if not again and 0 < days <= settings.limit("days"):
            yield Finding(
                f"O mesmo item foi pedido há {days} dias.", (f"Protocolo {past.protocol}", f"{past.asked_on:%d/%m/%Y}")
            )


def sex_conflict(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R03. The registry may differ from the anatomy: the rule asks, once, politely, and refuses nothing."""
    sex = picture.asked.member.sex
    if sex == "unknown" or picture.is_given("beneficiary_confirmed") or picture.is_given("newborn"):
        return
    wrong = {i.tuss for i in picture.asked.items if i.traits and i.traits.sex and i.traits.sex != sex}
    if wrong:
        yield Finding(
            "O cadastro e o item não combinam. Confirme, com respeito, para quem é o pedido.", tuple(sorted(wrong))
        )


def age_conflict(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R04."""
    if picture.is_given("newborn"):
        return
    for item in picture.asked.items:
        found = group_of(settings.tables.ages, item.tuss)
        if not isinstance(found, Ages):
            continue
        too_young = found.least is not None and picture.age < found.least
        if too_young or (found.most is not None and picture.age > found.most):
            yield Finding(f"Idade de {picture.age} anos fora do usual para {found.text}.", (item.tuss,))


def diagnosis_conflict(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R05. One code that goes with the item is enough; without any code there is nothing to compare."""
    for item in picture.asked.items:
        found = group_of(settings.tables.diagnoses, item.tuss)
        if (
            isinstance(found, Diagnoses)
            and picture.cids
            and not any(cid.startswith(found.cids) for cid in picture.cids)
        ):
            yield Finding(f"O CID informado não é usual para {found.text}.", (item.tuss, *sorted(picture.cids)))


def organ_gone(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R06. A surgery that was authorised and never done is let expire or given up, and then does not count."""
    if picture.is_given("newborn"):
        return
    for item in picture.asked.items:
        organ = group_of(settings.tables.single_organs, item.tuss)
        for day, _, known_from in picture.on_file(organ.items) if organ else ():
            if day < picture.day_of(item):
                text = f"Há registro anterior de retirada: {organ.text if organ else ''}. Confirme se foi feita."
                yield Finding(text, (item.tuss, f"{day:%d/%m/%Y}", known_from))


def after_the_end(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R09. What counts is the day of care, or that of the receipt: heirs may ask a refund for what came before."""
    member = picture.asked.member
    receipts = picture.asked.refund.receipts if picture.asked.refund else ()
    days = [r.issued_on for r in receipts] or [picture.day_of(item) for item in picture.asked.items]
    for end, what in ((member.deceased_on, "óbito"), (member.excluded_on, "exclusão do plano")):
        late = sorted({day for day in days if end and day >= end and not (what == "óbito" and day == end)})
        if end and late:
            yield Finding(
                f"Atendimento em {late[0]:%d/%m/%Y}, depois do registro de {what}. Confira o cadastro.",
                (f"{end:%d/%m/%Y}",),
            )


def beyond_the_body(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R21. Only what anatomy bounds: sessions, cycles and days have no cap (RN ANS 541/2022)."""
    for group in settings.tables.physical_maximum:
        asked = sum(item.quantity for item in picture.asked.items if item.tuss in group.items)
        if isinstance(group, PhysicalMaximum) and asked > group.most:
            yield Finding(f"{asked} pedidos em um só ato ({group.text}): o corpo permite até {group.most}.")


def imaging_again(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R22. Cancer and pregnancy are followed by imaging: there repetition is care. Urgency is an indication."""
    followed = any(cid.startswith(settings.tables.follow_up.cids) for cid in picture.cids)
    if followed or picture.asked.urgent or picture.is_given("new_indication"):
        return
    for item, past in picture.repeated():
        days = (picture.asked.on - past.asked_on).days
        if item.traits and item.traits.imaging and days < settings.limit("days"):
            yield Finding(
                f"Exame de imagem repetido em {days} dias, sem indicação nova.", (f"Protocolo {past.protocol}",)
            )


def adults_only(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R24."""
    if picture.is_given("newborn"):
        return
    for item in picture.asked.items:
        found = group_of(settings.tables.adults, item.tuss)
        if isinstance(found, Adults) and picture.age < found.age:
            yield Finding(f"Item de adulto ({found.text}) para pessoa de {picture.age} anos.", (item.tuss,))


def side_done(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R25. The other eye, alone, is what is usual and finds nothing."""
    for item in picture.asked.items:
        pair = group_of(settings.tables.once_a_side, item.tuss)
        if pair is None or item.laterality is None:
            continue
        for day, side, known_from in picture.on_file(pair.items):
            again = side is not None and (item.laterality in {side, "both"} or side == "both")
            if again and day < picture.day_of(item):
                text = f"Um lado já tem registro de cirurgia ({pair.text}) em {day:%d/%m/%Y}. Confirme o lado."
                yield Finding(text, (item.tuss, known_from))


def dear_after_waiting(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R27. Who waited has a right to care (Lei 9.656/98, art. 12, V): so this informs, unless an operator says more.
    Health data never select risks (LGPD, art. 11 §5)."""
    waited = picture.asked.member.waited_until
    followed = any(cid.startswith(settings.tables.follow_up.cids) for cid in picture.cids)
    if waited is None or picture.asked.urgent or followed or picture.asked.kind != "care":
        return
    days = (picture.asked.on - waited).days
    total = sum(item.amount_centavos or 0 for item in picture.asked.items)
    recurring = any(item.traits and item.traits.recurring for item in picture.asked.items)
    if not recurring and 0 <= days < settings.limit("days") and total >= settings.limit("centavos"):
        yield Finding(f"Procedimento de valor alto {days} dias depois do fim da carência.", (f"{waited:%d/%m/%Y}",))
