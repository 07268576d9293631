"""The number of a contact."""

from datetime import date

FIRST = 500_000
"""Requests count from 1 each day, contacts from here: no two protocols of an operator are the same."""
LARGEST = 999_999


def protocol_of(ans_registry: str, day: date, number: int) -> str:
    """20 digits: registry at ANS (6), AAAAMMDD (8), sequence of the day (6). RN ANS 623/2024. `number` counts from 1.

    Beyond half a million contacts a day it begins anew: a person must get an answer, and the hour tells them apart.
    """
    return f"{ans_registry}{day:%Y%m%d}{FIRST + (number - 1) % (LARGEST - FIRST + 1):06d}"
