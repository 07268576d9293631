"""Valid-looking numbers for people and companies that do not exist: check digits are right, bearers are not."""

from austa.bench.documents.numbers import from_the_right, modulo_11


def synthetic_cpf(serial: int) -> str:
    """CPF number `9000000NN` plus its two check digits (weights 10..2 and 11..2, modulo 11)."""
    digits = f"{900_000_000 + serial:09d}"
    for heaviest in (10, 11):
        digits += modulo_11(digits, list(range(heaviest, 1, -1)))
    return digits


def synthetic_cnpj(serial: int) -> str:
    """CNPJ of an invented company: root `9900NNNN`, branch 0001, two check digits (weights 2..9 from the right)."""
    digits = f"{99_000_000 + serial:08d}0001"
    for _ in range(2):
        digits += modulo_11(digits, from_the_right(len(digits)))
    return digits


def synthetic_cns(serial: int) -> str:
    """National health card number of the provisional series 8: the weighted sum is divisible by 11."""
    for filler in range(100):
        digits = f"8{serial:010d}00{filler:02d}"
        if sum(int(digit) * (15 - place) for place, digit in enumerate(digits)) % 11 == 0:
            return digits
    raise ValueError("no filler makes the sum divisible by 11")


def card_number(ans_registration: str, family: int, person: int) -> str:
    """18 digits: ANS registration, family, person in the family, and a modulo-11 digit."""
    digits = f"{ans_registration}{family:09d}{person:02d}"
    return digits + modulo_11(digits, from_the_right(len(digits)))


def demo_phone(serial: int) -> str:
    """`+55 11 90000-00NN` in E.164."""
    return f"+5511900000{serial:03d}"
