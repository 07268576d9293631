"""Who writes: phones with and without the ninth digit, and business-scoped user ids (domain-br 4 and 7.2)."""

from datetime import datetime

MOBILE_WITH_NINTH = 13


def canonical_wa_id(wa_id: str) -> str:
    """One form for both variants of a Brazilian mobile: without the ninth digit. Others stay as they are.

    Meta may report a mobile of DDD 31 and above either way, per account; matching needs one form, while
    replies always go to the exact id that was received. A landline (local part begins with 2 to 5) has no ninth.
    What holds no digit at all stands for itself.
    """
    digits = "".join(character for character in wa_id if character.isdigit())
    if len(digits) == MOBILE_WITH_NINTH and digits.startswith("55") and digits[4] == "9":
        return digits[:4] + digits[5:]
    return digits or wa_id


def phone_of(wa_id: str) -> str:
    """E.164 of a wa_id."""
    return "+" + "".join(character for character in wa_id if character.isdigit())


def months_before(now: datetime, months: int) -> datetime:
    """The same day that many months ago; the 28th where the month is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))
