"""Numbers with the right check digits whose bearers do not exist: CPF, CNS, CNPJ (letters too), plan cards."""

from itertools import cycle

from numpy.random import Generator


def cpf(rng: Generator) -> str:
    """Eleven digits; the weights are 10..2 and 11..2, modulo 11."""
    told = digits(rng, 9)
    for heaviest in (10, 11):
        told += modulo_11(told, list(range(heaviest, 1, -1)))
    return told


def cns(rng: Generator) -> str:
    """Fifteen digits of a provisional number (7 or 8): the sum weighted 15..1 is divisible by 11."""
    while True:
        told = f"{rng.choice(('7', '8'))}{digits(rng, 14)}"
        if sum(int(digit) * (15 - place) for place, digit in enumerate(told)) % 11 == 0:
            return told


def cnpj(rng: Generator, *, letters: bool = False) -> str:
    """Fourteen characters. With `letters` as issued since July 2026 (IN RFB 2.229/2024): a character counts as its
    code less 48."""
    root = digits(rng, 8) if not letters else "".join(rng.choice(list("0123456789ABCDEFGHJKLMNPRSTVWXYZ"), 8))
    told = f"{root}0001"
    for _ in range(2):
        told += modulo_11(told, from_the_right(len(told)))
    return told


def card(rng: Generator) -> str:
    """A plan card of 9 to 17 digits, the last of which is a check digit of modulo 11."""
    told = f"0{digits(rng, int(rng.choice((8, 11, 14, 15, 16))))}"
    return told + modulo_11(told, from_the_right(len(told)))


def digits(rng: Generator, count: int) -> str:
    """Any digits."""
    return "".join(str(digit) for digit in rng.integers(0, 10, count))


def grouped(number: str, groups: tuple[int, ...], separators: str) -> str:
    """`39053344705` in groups (3, 3, 3, 2) with `..-` is `390.533.447-05`."""
    parts, at = "", 0
    for size, separator in zip(groups, (*separators, ""), strict=True):
        parts += number[at : at + size] + separator
        at += size
    return parts + number[at:]


def from_the_right(count: int) -> list[int]:
    """The weights 2..9, again and again, the last character having 2."""
    return [weight for weight, _ in zip(cycle(range(2, 10)), range(count), strict=False)][::-1]


def modulo_11(told: str, weights: list[int]) -> str:
    """A check digit of modulo 11; a letter counts as its code less 48."""
    rest = sum((ord(each) - 48) * weight for each, weight in zip(told, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)
