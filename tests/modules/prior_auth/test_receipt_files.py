"""A receipt in a file: whole or found out, and each person can be taken out of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.kernel.signing import VerifierKey
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.disclosure import cut, cuts_in, restore
from austa.modules.prior_auth.domain.receipt import FORMAT_1, read_receipt, state
from tests.modules.prior_auth.signed import KEY, PEOPLE, approved_by_rule, signed_with, stated

GOLDEN = Path(__file__).parents[2] / "golden" / "receipt.json"
DOCUMENT = approved_by_rule()
STATEMENT = stated(DOCUMENT)
WHOLE = signed_with(STATEMENT, STATEMENT.disclosures)
PERSONS = sorted(STATEMENT.disclosures)


def test_a_whole_receipt_verifies_and_shows_everything() -> None:
    receipt = read_receipt(WHOLE, KEY)
    assert receipt.faults == ()
    assert receipt.document == DOCUMENT
    assert receipt.digest == STATEMENT.digest
    assert receipt.disclosed == ("guardian", "holder", "member", "requester")
    assert receipt.withheld == ()


def test_the_receipt_that_the_web_app_verifies_is_whole_here_too() -> None:
    assert read_receipt(GOLDEN.read_bytes()).faults == ()


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
@settings(max_examples=600)
def test_any_changed_byte_is_found(at: int, byte: int) -> None:
    if WHOLE[at] == byte:
        return
    assert _is_refused(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])


@given(at=st.integers(0, len(WHOLE)), byte=st.integers(0, 255))
def test_any_byte_put_in_or_left_out_is_found(at: int, byte: int) -> None:
    assert _is_refused(WHOLE[:at] + bytes([byte]) + WHOLE[at:])
    assert _is_refused(WHOLE[: at - 1] + WHOLE[at:]) if at else True


@given(erased=st.sets(st.sampled_from(PERSONS)))
def test_whoever_is_erased_the_signature_holds_and_the_others_stay_readable(erased: set[str]) -> None:
    left = {person: shown for person, shown in STATEMENT.disclosures.items() if person not in erased}
    receipt = read_receipt(signed_with(STATEMENT, left), KEY)
    assert receipt.faults == ()
    assert receipt.digest == STATEMENT.digest
    assert set(receipt.withheld) == erased
    for person, fields in PEOPLE.items():
        assert (receipt.document["persons"][person] == fields) == (person not in erased)
    assert receipt.document["decision"]["outcome"] == "approve"
    assert receipt.document["rules"] == DOCUMENT["rules"]


@pytest.mark.parametrize("person", PERSONS)
def test_nothing_about_an_erased_person_is_left(person: str) -> None:
    left = {name: shown for name, shown in STATEMENT.disclosures.items() if name != person}
    text = signed_with(STATEMENT, left).decode()
    assert PEOPLE[person]["name"] not in text
    if person == "member":
        assert "Z00.0" not in text
        assert DOCUMENT["facts"]["member"]["birth_date"] not in text
        assert DOCUMENT["guide"]["senha"] not in text


def test_a_new_fact_is_the_members_until_somebody_says_otherwise() -> None:
    document = approved_by_rule()
    document["facts"]["blood_group"] = "AB"
    assert "AB" not in canonical(stated(document).value).decode()


def test_the_same_values_have_other_digests_in_another_receipt() -> None:
    """Nobody can tell from two statements that they are about the same person."""
    marks = [{digest for digest, _ in cuts_in(stated(DOCUMENT).value)} for _ in range(2)]
    assert not marks[0] & marks[1]


def test_a_value_of_another_receipt_is_refused() -> None:
    other = stated(approved_by_rule())
    mixed = {**STATEMENT.disclosures, "requester": other.disclosures["requester"]}
    faults = read_receipt(signed_with(STATEMENT, mixed), KEY).faults
    assert set(faults) == {"a disclosure of requester is not what was signed"}


def test_a_value_under_another_persons_name_is_refused() -> None:
    swapped = {**STATEMENT.disclosures, "holder": STATEMENT.disclosures["guardian"], "guardian": []}
    assert read_receipt(signed_with(STATEMENT, swapped), KEY).faults


def test_another_operators_key_is_refused() -> None:
    stranger = Ed25519PrivateKey.generate()
    other = VerifierKey(KEY.name, stranger.public_key().public_bytes_raw())
    assert read_receipt(WHOLE, other).faults == ("the file was signed with another key than the trusted one",)
    forged = {**json.loads(WHOLE), "key": str(VerifierKey("austa.else/receipts", KEY.public_key))}
    assert read_receipt(canonical(forged) + b"\n").faults


def test_another_form_of_the_same_json_is_refused() -> None:
    assert read_receipt(json.dumps(json.loads(WHOLE)).encode(), KEY).faults == ("the file is not in canonical form",)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b'{"format":"austa-decision-receipt/3"}', b"[" * 100_000])
def test_what_is_no_receipt_is_told(text: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_receipt(text)


def test_a_receipt_of_format_1_stays_readable_and_says_that_it_is_not_signed() -> None:
    old = {"format": FORMAT_1, "nonce": "00", "decision": {"outcome": "approve"}}
    receipt = read_receipt(canonical(old) + b"\n")
    assert receipt.document == old
    assert receipt.faults == ("format 1 is not signed: compare its digest with the ledger's entry",)


names = st.text("abcdef", min_size=1, max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
)


@given(document=st.dictionaries(names, values), places=st.lists(st.tuples(names.map(lambda n: (n,)), names)))
def test_what_is_cut_out_can_be_put_back(document: dict[str, Any], places: list[tuple[tuple[str], str]]) -> None:
    statement, disclosures = cut(document, places, iter(map(str, range(10**6))).__next__)
    assert restore(statement, disclosures) == document


def test_every_place_that_speaks_of_somebody_is_cut() -> None:
    """In the open lie ids, codes, dates and numbers; no name, birth date, diagnosis, senha or evidence."""
    text = canonical(state(DOCUMENT, lambda: "salt").value).decode()
    for fields in PEOPLE.values():
        assert fields["name"] not in text
    for told in ("0037", "0036", "0035", "900010", "Z00.0", "waiting_periods", "birth_date", "ABCD2345", "aprovado"):
        assert told not in text


def _is_refused(raw: bytes) -> bool:
    try:
        return bool(read_receipt(raw).faults)
    except ValueError:
        return True
