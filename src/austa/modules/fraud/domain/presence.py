"""Rules about who was where and when: the member, the requester, the provider, the device."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from statistics import fmean, pstdev

from austa.kernel.holidays import NATIONAL
from austa.modules.fraud.domain.finding import Finding, Settings
from austa.modules.fraud.domain.picture import Attendance, Picture, ends
from austa.modules.fraud.domain.places import km_between

HOLIDAY = 7
"""The weekday under which opening hours on holidays are kept."""


def two_places_at_once(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R07. Care at a distance has no way to travel; two newborns may share a card."""
    if picture.is_given("telehealth") or picture.is_given("newborn"):
        return
    here = [
        (item.tuss, place, item.scheduled_at)
        for item in picture.asked.items
        if item.scheduled_at and (place := picture.place_of(item))
    ]
    elsewhere = [(each.tuss, each.place, each.starts_at) for each in picture.known.attendances]
    for one, other in (*combinations(here, 2), *((a, b) for a in here for b in elsewhere)):
        distance = km_between(one[1], other[1], settings.limit("rough_km"))
        minutes = abs((one[2] - other[2]).total_seconds()) / 60
        if distance is not None and distance > settings.limit("km") and minutes <= settings.limit("minutes"):
            yield Finding(
                f"Dois atendimentos a cerca de {distance:.0f} km em {minutes:.0f} minutos. Ligue para o beneficiário.",
                tuple(sorted((one[0], other[0]))),
            )


def admitted_elsewhere(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R08. On the days of admission and discharge people come and go."""
    margin = timedelta(days=settings.limit("margin_days"))
    for item in picture.asked.items:
        place = picture.place_of(item)
        if item.scheduled_at is None or place is None:
            continue
        day = picture.day_of(item)
        for stay in picture.known.admissions:
            inside = stay.since + margin <= day and (stay.until is None or day <= stay.until - margin)
            if inside and stay.provider_id != place.provider_id:
                yield Finding(
                    f"Internação em outro lugar desde {stay.since:%d/%m/%Y}. Confirme se o hospital pediu fora.",
                    (item.tuss,),
                )


def too_many_hours(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R10. Hours of the person named as performer: a clinic of ten works eighty hours a day."""
    since = picture.asked.on - timedelta(days=settings.limit("looked_back_days"))
    minutes: dict[date, int] = defaultdict(int)
    for done in picture.known.worked:
        minutes[picture.local_day(done.starts_at)] += done.minutes
    for day, total in sorted(minutes.items()):
        if day >= since and total > settings.limit("minutes_a_day"):
            hours = f"{total / 60:.1f}".replace(".", ",")
            yield Finding(f"Quem solicita tem {hours} horas de serviço em um dia.", (f"{day:%d/%m/%Y}",))


def in_two_places(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R11. Rooms of one building, or one clinic with two addresses in town, are near."""
    since = picture.asked.on - timedelta(days=settings.limit("looked_back_days"))
    done = sorted(
        (each for each in picture.known.worked if picture.local_day(each.starts_at) >= since),
        key=lambda each: (each.starts_at, each.tuss),
    )
    for at, one in enumerate(done):
        for other in done[at + 1 :]:
            if other.starts_at >= ends(one):
                break
            distance = km_between(one.place, other.place, rough_km=0)
            if distance is None or distance <= settings.limit("km"):
                continue
            if _overlap(one, other) >= settings.limit("overlap_minutes"):
                yield Finding(
                    f"Quem solicita consta em dois lugares a {distance:.0f} km ao mesmo tempo.",
                    (f"{picture.local_day(one.starts_at):%d/%m/%Y}",),
                )


def closed_that_day(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R23. Only for providers whose hours are known, and never for urgency."""
    if picture.asked.urgent:
        return
    for item in picture.asked.items:
        place = picture.place_of(item)
        hours = picture.known.openings.get(place.provider_id, ()) if place else ()
        if item.scheduled_at is None or not hours or not (item.traits and item.traits.imaging):
            continue
        local = item.scheduled_at.astimezone(picture.zone)
        holiday = any(each.day_in(local.year) == local.date() for each in NATIONAL)
        weekday, minute = HOLIDAY if holiday else local.weekday(), local.hour * 60 + local.minute
        if not any(each.weekday == weekday and each.opens <= minute < each.closes for each in hours):
            yield Finding(f"Exame em {local:%d/%m/%Y às %H:%M}, quando o prestador consta fechado.", (item.tuss,))


def burst(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R26. Against the provider's own weeks, with at least the chance spread of counts (Poisson): a new provider has
    no weeks to compare with, and a small one varies."""
    days, weeks = settings.limit("days"), settings.limit("weeks")
    today = picture.asked.on
    count = [0] * (weeks + 1)
    for each in picture.known.provider_days:
        period = (today - each.day).days // days
        if 0 <= period <= weeks:
            count[period] += each.requests
    lately, before = count[0] + 1, count[1:]
    if not before or not before[-1]:
        return
    usual = fmean(before)
    spread = max(pstdev(before), usual**0.5)
    if lately >= settings.limit("requests") and lately > usual + settings.limit("sigmas") * spread:
        yield Finding(f"{lately} pedidos do prestador em {days} dias; o usual é perto de {usual:.0f}.")


def urgent_again(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R30. A share, not only a count: a large emergency hospital has some of everything."""
    here = picture.asked.urgent and any(i.traits and i.traits.elective_only for i in picture.asked.items)
    if not here:
        return
    since = picture.asked.on - timedelta(days=settings.limit("days"))
    lately = [each for each in picture.known.provider_days if each.day > since]
    marked = sum(each.urgent_on_elective for each in lately) + 1
    whole = sum(each.requests for each in lately) + 1
    if marked >= settings.limit("requests") and marked * 100 >= whole * settings.limit("percent"):
        yield Finding(
            f"Urgência em item só eletivo pela {marked}ª vez em {settings.limit('days')} dias, de {whole} pedidos."
        )


def shared_device(picture: Picture, settings: Settings) -> Iterator[Finding]:
    """R29. Families, not people: brothers, a mother and her children share a telephone. A network address is shared by
    a whole building or a mobile carrier, so it takes more."""
    families: dict[tuple[bytes, bool], set[object]] = defaultdict(set)
    for use in picture.known.devices:
        if use.family_id != picture.asked.member.family_id:
            families[use.device, use.address].add(use.family_id)
    for (_, address), others in sorted(families.items()):
        least = settings.limit("address_families" if address else "families")
        if len(others) + 1 >= least:
            what = "endereço de rede" if address else "aparelho"
            hours = settings.limit("hours")
            yield Finding(f"{len(others) + 1} famílias no mesmo {what} do portal em {hours} horas.")


def _overlap(one: Attendance, other: Attendance) -> float:
    """Minutes that two attendances have in common."""
    begin: datetime = max(one.starts_at, other.starts_at)
    return (min(ends(one), ends(other)) - begin).total_seconds() / 60
