"""Each of the thirty rules finds what it is for, and leaves in peace whoever only looks like it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from austa.kernel.ids import MemberId, RequestId, derived_id
from austa.kernel.personal import Personal
from austa.modules.fraud.api import IncludedPair, Registration, ScreenedPaper, ScreenedRequester
from austa.modules.fraud.domain.picture import (
    Admission,
    DeviceUse,
    FileLook,
    Known,
    Opening,
    Picture,
    SeenFile,
    SeenReceipt,
)
from austa.modules.fraud.domain.screening import RULES
from tests.modules.fraud.pictures import (
    BIRTH,
    BREAST,
    CATARACT,
    CHEMO,
    CRM,
    DAY,
    DIALYSIS,
    GALLBLADDER,
    HEMOGRAM,
    MRI,
    PSA,
    SESSION,
    UTERUS,
    a_document,
    a_material,
    a_member,
    a_place,
    a_refund,
    aged,
    an_item,
    at,
    done,
    earlier,
    facts,
    found,
    refunded,
    weeks,
)

NEWBORN = {"newborn": True}
FAR = a_place("far", km_north=400)
NO_MAP_SP, NO_MAP_AM = a_place("south", "SP", None), a_place("north", "AM", None)
SPINE = an_item("30715016", quantity=3)
STAY = Admission(FAR.provider_id, DAY - timedelta(days=3), DAY + timedelta(days=3))
WEEKDAYS = tuple(Opening(day, 7 * 60, 19 * 60) for day in range(5))


def asked(*items: Any, known: Known | None = None, **changes: Any) -> Picture:
    return Picture(facts(*items, **changes), known or Known())


def two_places(one: Any, other: Any, minutes: int = 80, **changes: Any) -> Picture:
    first, second = at(9), at(9) + timedelta(minutes=minutes)
    items = (an_item(place=one, scheduled_at=first), an_item(MRI, place=other, scheduled_at=second))
    return asked(*items, **changes)


def worked(*services: Any) -> Picture:
    return asked(known=Known(imported=frozenset({"services"}), worked=services))


def devices(count: int, *, address: bool = False, family: MemberId | None = None) -> Picture:
    uses = tuple(
        DeviceUse(b"device", address, family or MemberId(derived_id("family", at)), at=at_noon)
        for at, at_noon in enumerate([at(12)] * count)
    )
    return asked(known=Known(imported=frozenset({"devices"}), devices=uses))


def opened(hour: int, days: int = 0, *, hours: Any = WEEKDAYS, **changes: Any) -> Picture:
    known = Known(openings={a_place().provider_id: hours} if hours else {})
    return asked(an_item(MRI, scheduled_at=at(hour, days=days)), known=known, **changes)


def material(known: Known | None = None, **changes: Any) -> Picture:
    return asked(SPINE, materials=(a_material(**changes),), known=known)


def seen_file(saved_anew: bool = False) -> SeenFile:
    return SeenFile(1, saved_anew, RequestId(derived_id("another")), DAY - timedelta(days=8))


def paper(name: str = "order", **changes: Any) -> tuple[ScreenedPaper, ...]:
    return (ScreenedPaper(document_id=a_document(name), **changes),)


def requester(*, known: bool = True, good: bool = True) -> ScreenedRequester:
    return ScreenedRequester(registration=CRM, known=known, good_standing=good)


FIRES: dict[str, Picture] = {
    "R01": asked(earlier=(earlier(HEMOGRAM, 0),)),
    "R02": asked(an_item(MRI), earlier=(earlier(MRI, 30),), given={"new_indication": True}),
    "R03": asked(an_item(PSA)),
    "R04": asked(an_item(BIRTH), member=aged(70)),
    "R05": asked(an_item(CATARACT), cids=(Personal("M54.5"),)),
    "R06": asked(an_item(GALLBLADDER), known=Known(operations=(done("31005101", at(8, days=-900)),))),
    "R07": two_places(a_place(), FAR),
    "R08": asked(an_item(scheduled_at=at(9)), known=Known(admissions=(STAY,))),
    "R09": asked(an_item(scheduled_at=at(9)), member=a_member(deceased_on=DAY - timedelta(days=1))),
    "R10": worked(*(done(SESSION, at(hour), 101) for hour in range(8, 23))),
    "R11": worked(done(SESSION, at(9), 60), done(SESSION, at(9, 30), 60, place=FAR)),
    "R12": refunded(a_refund((10, 9000), (15, 9000), (20, 9000))),
    "R13": refunded(a_refund((10, 45_000), (30, 48_000), (50, 50_000), days=2)),
    "R14": asked(papers=paper(), known=Known(seen_files=(seen_file(),))),
    "R15": asked(papers=paper(), known=Known(files=(FileLook(changed_after_signature=True),))),
    "R16": asked(requester=requester(good=False)),
    "R17": material(Known(supplies=frozenset({"alfa"}))),
    "R18": material(centavos=600_001),
    "R19": material(quantity=9),
    "R20": asked(included=(IncludedPair(items=("30715016", "30715024"), text="Um inclui o outro."),)),
    "R21": asked(an_item(UTERUS, quantity=2)),
    "R22": asked(an_item(MRI), earlier=(earlier(MRI, 89),)),
    "R23": opened(9, days=1),
    "R24": asked(an_item("31304010"), member=aged(17)),
    "R25": asked(an_item(CATARACT, laterality="both"), earlier=(earlier(CATARACT, 100, laterality="left"),)),
    "R26": asked(known=Known(provider_days=weeks(40, *[10] * 8))),
    "R27": asked(an_item(BREAST, amount_centavos=2_000_000), member=a_member(waited_until=DAY - timedelta(days=29))),
    "R28": refunded(a_refund((1, 1000), account="someone_else")),
    "R29": devices(2),
    "R30": asked(an_item(BREAST), urgent=True, known=Known(provider_days=weeks(9, urgent=2))),
}

INNOCENT: list[tuple[str, str, Picture]] = [
    ("R01", "newborn twins on the mother's card", asked(earlier=(earlier(HEMOGRAM, 0),), given=NEWBORN)),
    ("R01", "what was given up before", asked(earlier=(earlier(HEMOGRAM, 0, living=False),))),
    ("R01", "the other knee", asked(an_item(MRI, laterality="left"), earlier=(earlier(MRI, 0, laterality="right"),))),
    ("R02", "a cycle of chemotherapy", asked(an_item(CHEMO), earlier=(earlier(CHEMO, 21),))),
    (
        "R02",
        "a colic before the elective surgery",
        asked(an_item(GALLBLADDER), earlier=(earlier(GALLBLADDER, 2),), urgent=True),
    ),
    ("R22", "an emergency", asked(an_item(MRI), earlier=(earlier(MRI, 20),), urgent=True)),
    ("R02", "dialysis three times a week", asked(an_item(DIALYSIS), earlier=(earlier(DIALYSIS, 2),))),
    ("R02", "routine laboratory", asked(earlier=(earlier(HEMOGRAM, 15),))),
    ("R03", "a trans woman who confirmed", asked(an_item(PSA), given={"beneficiary_confirmed": True})),
    ("R03", "a registry that does not say", asked(an_item(PSA), member=a_member(sex="unknown"))),
    ("R03", "a boy newborn on his mother's card", asked(an_item(PSA), given=NEWBORN)),
    ("R04", "pregnancy by assisted reproduction", asked(an_item(BIRTH), member=aged(52))),
    ("R04", "a newborn on the mother's card", asked(an_item("40808033"), member=aged(12), given=NEWBORN)),
    ("R05", "one of several codes goes with it", asked(an_item(CATARACT), cids=(Personal("M54.5"), Personal("H25.1")))),
    ("R05", "diabetic cataract", asked(an_item(CATARACT), cids=(Personal("E11.3"),))),
    ("R05", "no code at all", asked(an_item(CATARACT))),
    (
        "R06",
        "a surgery put off: the guide expired",
        asked(an_item(UTERUS), earlier=(earlier(UTERUS, 60, issued=False),)),
    ),
    (
        "R06",
        "the neck of the womb after a subtotal",
        asked(an_item(UTERUS), known=Known(operations=(done("31303080", at(8, days=-900)),))),
    ),
    ("R07", "two towns of one river, in two states", two_places(a_place("a", "PE", None), a_place("b", "BA", None))),
    ("R07", "a border town within reach", two_places(a_place(), a_place("near", "MG", 140))),
    ("R07", "one state, nobody knows where", two_places(NO_MAP_SP, a_place("west", "SP", None))),
    ("R07", "care at a distance", two_places(NO_MAP_SP, NO_MAP_AM, given={"telehealth": True})),
    ("R07", "time enough to fly", two_places(NO_MAP_SP, NO_MAP_AM, minutes=360)),
    ("R08", "the day of discharge", asked(an_item(scheduled_at=at(9, days=3)), known=Known(admissions=(STAY,)))),
    (
        "R08",
        "an exam in the same hospital",
        asked(an_item(scheduled_at=at(9), place=FAR), known=Known(admissions=(STAY,))),
    ),
    ("R09", "the day of death itself", asked(an_item(scheduled_at=at(9)), member=a_member(deceased_on=DAY))),
    ("R09", "heirs ask a refund", refunded(a_refund((1, 1000)), member=a_member(deceased_on=date(2026, 11, 10)))),
    ("R10", "a long day", worked(*(done(SESSION, at(hour), 60) for hour in range(24)))),
    ("R11", "two rooms of one house", worked(done(SESSION, at(9), 60), done(SESSION, at(9, 30), 60))),
    (
        "R11",
        "the building across the street",
        worked(done(SESSION, at(9), 60), done(SESSION, at(9, 30), 60, place=a_place("x", km_north=31))),
    ),
    ("R11", "one after the other", worked(done(SESSION, at(9), 60), done(SESSION, at(10), 60, place=FAR))),
    ("R12", "two children seen one after the other", refunded(a_refund((10, 9000), (11, 9000)))),
    ("R12", "the same receipt twice", refunded(a_refund((10, 9000), (10, 9000), (10, 9000)))),
    ("R12", "one a week", refunded(a_refund((10, 9000), (11, 9000), (12, 9000), days=7))),
    (
        "R13",
        "weekly sessions at one price",
        refunded(a_refund(*((n, 48_000) for n in range(4)), days=7), an_item(SESSION)),
    ),
    ("R13", "well below the ceiling", refunded(a_refund(*((n * 9, 30_000) for n in range(4)), days=2))),
    ("R14", "the family's own file again", asked(papers=paper(copies_of=(a_document("mine"),)))),
    ("R14", "the family's own photo, saved anew", asked(papers=paper(same_photo_as=(a_document("mine"),)))),
    ("R15", "a scanner wrote the PDF", asked(papers=paper(), known=Known(files=(FileLook(made_by="HP Scan 2.1"),)))),
    ("R16", "a physician whom the operator does not know", asked(requester=requester(known=False, good=False))),
    (
        "R16",
        "zeros before the number",
        asked(papers=paper(written_by=Registration(council="crm", uf="sp", number="0900010"))),
    ),
    (
        "R16",
        "orders of two physicians sent as one request",
        asked(
            papers=paper(written_by=CRM)
            + paper("other", written_by=Registration(council="CRM", uf="RJ", number="900010"))
        ),
    ),
    (
        "R16",
        "another physician's order beside one that could not be read",
        asked(
            papers=paper(is_order=True)
            + paper("other", is_order=True, written_by=Registration(council="CRM", uf="RJ", number="900010"))
        ),
    ),
    ("R17", "an office of one's own", material(Known(supplies=frozenset({"consultoriodoutor"})))),
    ("R18", "half as much again, to the centavo", material(centavos=600_000)),
    ("R19", "two a segment and two beside", material(quantity=8)),
    ("R20", "two items that go together", asked(an_item(HEMOGRAM), an_item(PSA, traits=None))),
    ("R21", "thirty sessions", asked(an_item(SESSION, quantity=30))),
    ("R21", "both eyes", asked(an_item(CATARACT, quantity=2))),
    (
        "R22",
        "cancer is followed by imaging",
        asked(an_item(MRI), earlier=(earlier(MRI, 60),), cids=(Personal("C50.9"),)),
    ),
    ("R22", "so is pregnancy", asked(an_item(MRI), earlier=(earlier(MRI, 20),), cids=(Personal("Z34.0"),))),
    ("R22", "a new indication", asked(an_item(MRI), earlier=(earlier(MRI, 20),), given={"new_indication": True})),
    ("R23", "urgency on a Saturday", opened(9, days=1, urgent=True)),
    ("R23", "hours that nobody told", opened(9, days=1, hours=())),
    ("R23", "a Saturday campaign that was told", opened(9, days=1, hours=(Opening(5, 480, 720),))),
    ("R24", "the birthday", asked(an_item("31304010"), member=a_member(birth_date=date(2008, 11, 20)))),
    ("R24", "breast reduction of a girl", asked(an_item(BREAST), member=aged(16))),
    (
        "R25",
        "the other eye",
        asked(an_item(CATARACT, laterality="right"), earlier=(earlier(CATARACT, 40, laterality="left"),)),
    ),
    ("R26", "a provider of three weeks", asked(known=Known(provider_days=weeks(40, 20, 10)))),
    ("R26", "a small clinic's good week", asked(known=Known(provider_days=weeks(12, *[3] * 8)))),
    ("R26", "a group practice that is always busy", asked(known=Known(provider_days=weeks(420, *[400] * 8)))),
    (
        "R27",
        "cancer found after the waiting",
        asked(an_item(BREAST, amount_centavos=9_000_000), member=a_member(waited_until=DAY), cids=(Personal("C50.9"),)),
    ),
    ("R27", "chemotherapy", asked(an_item(CHEMO, amount_centavos=9_000_000), member=a_member(waited_until=DAY))),
    ("R28", "the patient's own account", refunded(a_refund((1, 1000), account="patient"))),
    ("R28", "the guardian's account", refunded(a_refund((1, 1000), account="guardian"))),
    ("R29", "brothers on one telephone", devices(5, family=a_member().family_id)),
    ("R29", "a caregiver of two families", devices(1)),
    ("R29", "one building, one address", devices(8, address=True)),
    (
        "R30",
        "a large emergency hospital",
        asked(an_item(BREAST), urgent=True, known=Known(provider_days=weeks(400, urgent=5))),
    ),
    (
        "R30",
        "the second in a quarter",
        asked(an_item(BREAST), urgent=True, known=Known(provider_days=weeks(2, urgent=1))),
    ),
]


@pytest.mark.parametrize("rule", FIRES)
def test_the_rule_finds_what_it_is_for(rule: str) -> None:
    assert found(FIRES[rule]) == [rule]


@pytest.mark.parametrize(
    ("rule", "who", "picture"), INNOCENT, ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_only_looks_like_it_is_left_in_peace(rule: str, who: str, picture: Picture) -> None:
    assert rule not in found(picture)


def test_each_rule_has_somebody_it_must_leave_in_peace() -> None:
    every = {rule.id for rule in RULES}
    assert every == set(FIRES) == {rule for rule, _, _ in INNOCENT}
    assert len(every) == 30


def test_an_ordinary_request_finds_nothing() -> None:
    assert found(asked()) == []


def test_far_apart_states_are_far_without_a_map() -> None:
    assert found(two_places(NO_MAP_SP, NO_MAP_AM)) == ["R07"]


def test_where_another_request_of_the_member_is_counts() -> None:
    elsewhere = done(MRI, at(10), 0, place=FAR, source="request")
    assert found(asked(an_item(scheduled_at=at(9)), known=Known(attendances=(elsewhere,)))) == ["R07"]


def test_receipts_of_a_relative_continue_a_sequence() -> None:
    picture = refunded(a_refund((10, 9000), (11, 9000)))
    relative = SeenReceipt(b"issuer", 12, date(2026, 11, 1), 9000, by_member=False)
    assert found(replace(picture, known=replace(picture.known, receipts=(relative,)))) == ["R12"]


def test_a_relatives_sequence_is_not_this_requests() -> None:
    picture = refunded(a_refund((90, 9000)))
    relatives = tuple(SeenReceipt(b"issuer", n, date(2026, 11, 1), 9000, by_member=False) for n in (10, 11, 12))
    assert found(replace(picture, known=replace(picture.known, receipts=relatives))) == []


@pytest.mark.parametrize("states", [("AM", "PA"), ("PB", "AL")], ids=["a long border", "two small states"])
def test_without_a_map_neighbours_are_near(states: tuple[str, str]) -> None:
    one, other = (a_place(state, state, None) for state in states)
    assert found(two_places(one, other)) == []


def test_a_relative_and_one_other_family_are_two_families() -> None:
    uses = (devices(1).known.devices[0], devices(1, family=a_member().family_id).known.devices[0])
    assert found(asked(known=Known(imported=frozenset({"devices"}), devices=uses))) == []


def test_another_registration_on_the_paper_is_told() -> None:
    other = Registration(council="CRM", uf="RJ", number="900010")
    assert found(asked(papers=paper(written_by=other))) == ["R16"]


def test_an_editor_is_named() -> None:
    assert found(asked(papers=paper(), known=Known(files=(FileLook(made_by="Adobe Photoshop 25"),)))) == ["R15"]


def test_a_holiday_is_not_its_weekday() -> None:
    assert DAY.weekday() == 4  # 20 November, a Friday and a national holiday
    assert found(opened(9)) == ["R23"]
    assert found(opened(9, hours=(Opening(7, 480, 720),))) == []
