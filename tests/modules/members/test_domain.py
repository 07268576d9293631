"""Rules of members: numbers, contacts, names, and what holds on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from austa.modules.members.api import ContractStatus
from austa.modules.members.domain.contacts import (
    choose_contact,
    is_email,
    is_mobile,
    mask_email,
    mask_phone,
    normal_phone,
    phone_key,
)
from austa.modules.members.domain.coverage import (
    StatusSince,
    coverage_start,
    latest_restriction_end,
    latest_waiting_end,
    status_on,
)
from austa.modules.members.domain.names import name_parts
from austa.modules.members.domain.numbers import is_card, is_cns, is_cpf, normal_card

AREAS = st.sampled_from(["11", "21", "31", "55", "68", "99"])
MOBILES = st.tuples(AREAS, st.integers(0, 99_999_999)).map(lambda each: f"+55{each[0]}9{each[1]:08d}")
LANDLINES = st.tuples(AREAS, st.integers(2_000_0000, 5_999_9999)).map(lambda each: f"+55{each[0]}{each[1]}")
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
STATUSES: st.SearchStrategy[ContractStatus] = st.sampled_from(["active", "suspended", "cancelled"])
HISTORIES = st.lists(st.builds(StatusSince, DAYS, STATUSES), unique_by=lambda each: each.since)


class TestNumbers:
    @pytest.mark.parametrize("cpf", ["11144477735", "12345678909"])
    def test_a_right_cpf(self, cpf: str) -> None:
        assert is_cpf(cpf)

    @pytest.mark.parametrize(
        "cpf", ["11111111111", "11144477736", "1114447773", "111.444.777-35", "", "\uff11" * 9 + "09"]
    )
    def test_a_wrong_cpf(self, cpf: str) -> None:
        assert not is_cpf(cpf)

    @given(st.integers(0, 999_999_999), st.integers(0, 99))
    def test_nine_digits_have_one_right_ending(self, serial: int, ending: int) -> None:
        cpf = _with_check_digits(f"{serial:09d}")
        assume(len(set(cpf)) > 1)
        other = f"{serial:09d}{ending:02d}"
        assert is_cpf(cpf)
        assert is_cpf(other) == (other == cpf)

    @pytest.mark.parametrize(
        "cns",
        ["100000000010002", "200000000000003", "123456789010000", "700000000000005", "701234567890109"],
    )
    def test_a_right_cns(self, cns: str) -> None:
        assert is_cns(cns)
        assert not is_cns(cns[:-1] + str((int(cns[-1]) + 1) % 10))

    @given(st.from_regex(r"[0-9A-Z]{5,20}", fullmatch=True))
    def test_a_card_is_the_same_with_dots_and_spaces(self, card: str) -> None:
        assert is_card(card)
        assert normal_card(f" {card[:3]}.{card[3:4].lower()}-{card[4:]} ") == card


class TestContacts:
    @given(MOBILES)
    def test_a_mobile_is_found_with_and_without_the_ninth_digit(self, phone: str) -> None:
        assert normal_phone(phone) == phone
        assert is_mobile(phone)
        assert phone_key(phone) == phone_key(phone[:5] + phone[6:]) == phone_key(phone[3:])

    @given(LANDLINES)
    def test_a_landline_never_gets_a_ninth_digit(self, phone: str) -> None:
        assert normal_phone(phone) == phone
        assert not is_mobile(phone)

    @pytest.mark.parametrize(
        ("written", "phone"),
        [
            ("(11) 8765-4321", "+5511987654321"),
            ("011 98765-4321", "+5511987654321"),
            ("5598765432", "+5555998765432"),
            ("55 55 99876-5432", "+5555998765432"),
            ("0055 11 3333 4444", "+551133334444"),
            ("123", None),
            ("(20) 98765-4321", None),
            ("+1 415 555 2671", None),
            ("", None),
        ],
    )
    def test_as_operators_write_it(self, written: str, phone: str | None) -> None:
        assert normal_phone(written) == phone

    @given(MOBILES | LANDLINES)
    def test_a_mask_shows_area_and_last_four_only(self, phone: str) -> None:
        masked = mask_phone(phone)
        assert "".join(sign for sign in masked if sign.isdigit()) == phone[3:5] + phone[-4:]
        assert masked.startswith(f"({phone[3:5]}) •")

    @given(st.emails())
    def test_a_mask_shows_one_letter_and_the_domain(self, address: str) -> None:
        name, _, domain = address.rpartition("@")
        masked = mask_email(address)
        assert masked.endswith(f"•••@{domain}")
        assert masked.removesuffix(f"•••@{domain}") in {"", name[0]}
        assert len(name) > 1 or name not in masked.removesuffix(f"@{domain}")

    @pytest.mark.parametrize("text", ["a", "a@b", "a b@c.com", "a@b@c.com", "a@.com", "a,b@c.com", "x" * 250 + "@c.co"])
    def test_no_address(self, text: str) -> None:
        assert not is_email(text)

    def test_a_mobile_before_an_e_mail_and_never_a_landline(self) -> None:
        both = choose_contact(["+551133334444", "+5511987654321"], ["a@b.example"])
        assert both is not None
        assert (both.channel, both.address) == ("sms", "+5511987654321")
        mail = choose_contact(["+551133334444"], ["a@b.example"])
        assert mail is not None
        assert mail.channel == "email"
        assert choose_contact(["+551133334444"], []) is None


class TestNames:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("João d'Ávila dos Santos", {"joao", "d", "avila", "santos"}),
            ("ANNA  KARÊNINA-Söderström", {"anna", "karenina", "soderstrom"}),
            ("Conceic\u0327a\u0303o", {"conceicao"}),
            ("de da", set()),
        ],
    )
    def test_parts(self, name: str, parts: set[str]) -> None:
        assert name_parts(name) == parts

    @given(st.text())
    def test_case_and_order_do_not_matter(self, name: str) -> None:
        assert name_parts(name) == name_parts(" ".join(reversed(name.split())))


class TestStatus:
    @given(DAYS, HISTORIES)
    def test_from_its_end_a_contract_is_cancelled_whatever_was_told(
        self, ended_on: date, told: list[StatusSince]
    ) -> None:
        assert status_on(ended_on, ended_on, told) == "cancelled"
        assert status_on(ended_on - timedelta(days=1), ended_on, told) != "cancelled"

    @given(DAYS, HISTORIES)
    def test_what_is_told_later_changes_no_earlier_day(self, day: date, told: list[StatusSince]) -> None:
        assume(any(each.since <= day for each in told))
        until = [each for each in told if each.since <= day]
        assert status_on(day, None, told) == status_on(day, None, until) == max(until, key=lambda e: e.since).status

    @given(DAYS, DAYS)
    def test_nobody_is_covered_before_joining_or_before_the_contract(self, started: date, joined: date) -> None:
        assert coverage_start(started, joined) >= max(started, joined)

    @given(DAYS)
    def test_the_maxima_of_the_law(self, start: date) -> None:
        assert (latest_waiting_end("urgency", start) - start).days == 1
        assert (latest_waiting_end("other", start) - start).days == 180
        assert (latest_waiting_end("birth", start) - start).days == 300
        end = latest_restriction_end(start)
        assert (end.year, end.month) == (start.year + 2, start.month)
        assert end.day == start.day or (start.month, start.day, end.day) == (2, 29, 28)


def _with_check_digits(nine: str) -> str:
    """Weights 10..2 and 11..2, modulo 11, below 2 is 0, written independently of the library."""
    digits = nine
    for heaviest in (10, 11):
        rest = sum(int(digit) * weight for digit, weight in zip(digits, range(heaviest, 1, -1), strict=True)) % 11
        digits += "0" if rest < 2 else str(11 - rest)
    return digits
