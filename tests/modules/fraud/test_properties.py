"""What holds of all thirty rules at once, whatever is asked."""

from datetime import timedelta
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.kernel.ids import MemberId
from austa.kernel.personal import Personal
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.api import Effect, Signal
from austa.modules.fraud.domain.picture import DeviceUse, Known, Picture, ProviderDay
from austa.modules.fraud.domain.rulebook import Rulebook
from austa.modules.fraud.domain.screening import RULES, read_rules, screen
from austa.modules.prior_auth.domain.assessment import assess
from austa.modules.prior_auth.domain.facts import Facts
from tests.modules.fraud.pictures import (
    BOOK,
    BREAST,
    CATARACT,
    HEMOGRAM,
    MRI,
    SESSION,
    a_material,
    a_place,
    a_refund,
    aged,
    an_item,
    at,
    done,
    earlier,
    facts,
)
from tests.modules.prior_auth.cases import DEMO, TABLES
from tests.modules.prior_auth.house import PACK

CODES = st.sampled_from([HEMOGRAM, MRI, SESSION, CATARACT, BREAST, "30715016"])
PLACES = st.sampled_from([a_place(), a_place("b", km_north=200), a_place("c", "AM", None), a_place("d", "PR", None)])
SIDES = st.sampled_from([None, "left", "right", "both"])
TIMES = st.integers(6, 20).map(at)

items = st.builds(
    an_item,
    CODES,
    quantity=st.integers(1, 9),
    laterality=SIDES,
    place=PLACES,
    scheduled_at=st.none() | TIMES,
    amount_centavos=st.none() | st.integers(0, 5_000_000),
)
refunds = st.lists(st.tuples(st.integers(1, 40), st.integers(40_000, 51_000)), min_size=1, max_size=6).map(
    lambda some: a_refund(*some)
)
services = st.builds(
    lambda hour, minutes, place: done(SESSION, at(hour), minutes, place=place),
    st.integers(0, 22),
    st.integers(1, 600),
    PLACES,
)
weeks = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 60)), max_size=12).map(
    lambda days: tuple(ProviderDay(facts().on - timedelta(days=ago), many, many // 3) for ago, many in days)
)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    refund = draw(st.none() | refunds)
    asked = facts(
        *draw(st.lists(items, min_size=1, max_size=4)),
        kind="reimbursement" if refund else "care",
        urgent=draw(st.booleans()),
        refund=refund,
        member=aged(draw(st.integers(0, 90))),
        cids=tuple(map(Personal, draw(st.lists(st.sampled_from(["C50.9", "M54.5", "Z34.0", "H25.1"]), max_size=2)))),
        materials=tuple(
            a_material(*each)
            for each in draw(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 10**6)), max_size=2))
        ),
        earlier=tuple(
            earlier(tuss, days, laterality=side)
            for tuss, days, side in draw(st.lists(st.tuples(CODES, st.integers(0, 120), SIDES), max_size=4))
        ),
    )
    issuers = tuple(b"issuer" for _ in refund.receipts) if refund else ()
    devices = tuple(
        DeviceUse(b"device", draw(st.booleans()), MemberId(a_family), at(9))
        for a_family in draw(st.lists(st.uuids(), max_size=5))
    )
    worked = tuple(draw(st.lists(services, max_size=6)))
    return Picture(asked, Known(issuers=issuers, worked=worked, provider_days=draw(weeks), devices=devices))


def with_limit(book: Rulebook, rule: str, name: str, value: int) -> Rulebook:
    settings = book.rules[rule]
    changed = settings.thresholds[name].model_copy(update={"value": value})
    other = settings.model_copy(update={"thresholds": {**settings.thresholds, name: changed}})
    return book.model_copy(update={"rules": {**book.rules, rule: other}})


def ids(picture: Picture, book: Rulebook = BOOK) -> set[str]:
    return {signal.id for signal in screen(picture, book).signals}


NUMBERS = [(rule.id, name, leads) for rule in RULES for name, leads in rule.limits if leads != "either"]


@given(picture=pictures(), number=st.sampled_from(NUMBERS), factor=st.sampled_from([0, 1, 2, 5, 30]))
def test_a_number_leads_one_way_only(picture: Picture, number: tuple[str, str, str], factor: int) -> None:
    rule, name, leads = number
    value = BOOK.rules[rule].limit(name)
    other = value * factor
    small, large = (rule in ids(picture, with_limit(BOOK, rule, name, each)) for each in sorted((value, other)))
    assert small <= large if leads == "more" else large <= small


@given(pictures())
def test_the_order_of_what_is_looked_at_says_nothing(picture: Picture) -> None:
    mixed = Random(1)

    def shuffled(some: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(mixed.sample(some, len(some)))

    asked, known = picture.asked, picture.known
    refund = asked.refund and asked.refund.model_copy(update={"receipts": shuffled(asked.refund.receipts)})
    other = asked.model_copy(
        update={
            "items": shuffled(asked.items),
            "earlier": shuffled(asked.earlier),
            "materials": shuffled(asked.materials),
            "cids": shuffled(asked.cids),
            "refund": refund,
        }
    )
    remembered = Known(
        issuers=known.issuers,
        worked=shuffled(known.worked),
        provider_days=shuffled(known.provider_days),
        devices=shuffled(known.devices),
    )
    assert screen(Picture(other, remembered), BOOK).signals == screen(picture, BOOK).signals


@given(pictures())
def test_signals_speak_of_nothing_but_what_to_look_at(picture: Picture) -> None:
    for signal in screen(picture, BOOK).signals:
        assert not {"fraude", "golpe", "suspeit", "crime"} & set(signal.text.lower().split())
        assert signal.text.endswith((".", "?"))
        assert Signal.read(signal.model_dump_json(context={"reveal_personal": True})) == signal


effects = st.sampled_from(get_args(Effect))
signals = st.lists(
    st.builds(
        lambda number, effect: Signal(
            id=f"R{number:02d}", version="1", severity="high", effect=effect, text="Confira."
        ),
        st.integers(1, 30),
        effects,
    ),
    max_size=4,
).map(tuple)


@given(case=st.sampled_from(DEMO), found=signals, asks=st.integers(0, 3))
def test_signals_change_a_path_only_towards_a_person(case: Any, found: tuple[Signal, ...], asks: int) -> None:
    asked: Facts = case.facts.model_copy(update={"asks_before": asks})
    without, beside = assess(asked, PACK, TABLES), assess(asked, PACK, TABLES, found)
    assert (beside.checks, beside.proposal) == (without.checks, without.proposal)
    told = {signal.effect for signal in found}
    if without.path in {"ADMIN", "URG"} or told <= {"inform"}:
        assert (beside.path, beside.queue, beside.missing) == (without.path, without.queue, without.missing)
    elif "route" in told:
        assert beside.path == "AUDIT"
    else:
        # Who was asked enough, or must be looked at anyway, is looked at by a person.
        assert beside.path in {without.path, "PEND", "AUDIT"}


@given(case=st.sampled_from(DEMO), found=signals)
def test_signals_never_reach_what_a_member_reads(case: Any, found: tuple[Signal, ...]) -> None:
    without, beside = assess(case.facts, PACK, TABLES), assess(case.facts, PACK, TABLES, found)
    asked_for = {text for text in beside.missing if text not in without.missing}
    assert asked_for <= {"Confirme, por favor, se o pedido é para a pessoa deste cartão."} | set(without.missing)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"effect": "ask"', b'"effect": "route"'),
        (b'"effect": "route"', b'"effect": "deny"'),
        (b'"R30"', b'"R31"'),
        (b'"km"', b'"miles"'),
        (b'"value": 150', b'"value": -1'),
        (b'"version"', b'"surprise"'),
    ],
)
def test_rules_that_cannot_be_are_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_rules(rules_source().replace(old, new, 1))
    assert refused.value.code == "fraud.rules_wrong"


def test_every_number_has_a_source_and_what_nobody_checked_says_so() -> None:
    for settings in BOOK.rules.values():
        for source in (settings.source, *(each.source for each in settings.thresholds.values())):
            assert source.clause
            assert (source.confidence == "low") <= (source.verified_on is None)
