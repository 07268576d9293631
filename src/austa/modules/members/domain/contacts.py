"""Telephones and e-mail addresses: how they are kept, compared, chosen for a code, and shown masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from austa.modules.members.domain.numbers import digits_of

AREA_CODE = re.compile("1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9]")
"""DDD codes in use (Anatel)."""

_DOTS = "•"


@dataclass(frozen=True)
class Contact:
    """Where a one-time code goes. `masked` is all that the sender of the request may see."""

    channel: Literal["sms", "email"]
    address: str
    masked: str


def normal_phone(text: str) -> str | None:
    """A Brazilian number in E.164, or None where it cannot be one.

    A mobile written in the old way gets its ninth digit, which all have had since 2016 (Anatel, Res. 553/2010);
    this is for registers, never for what WhatsApp reports (domain-br 4).
    """
    national = _national(text)
    if national is None:
        return None
    area, local = national[:2], national[2:]
    if local[0] in "01":
        return None
    return f"+55{area}9{local}" if len(local) == 8 and local[0] in "6789" else f"+55{area}{local}"


def phone_key(text: str) -> str | None:
    """What two writings of one number have in common: DDD and last eight digits, with or without the ninth."""
    national = _national(text)
    return national[:2] + national[-8:] if national else None


def is_mobile(phone: str) -> bool:
    """Whether a number in E.164 can get an SMS."""
    return len(phone) == len("+5511900000000") and phone[5] == "9"


def is_email(text: str) -> bool:
    """Whether it has the shape of an address; whether it exists only a message can tell."""
    return len(text) <= 254 and re.fullmatch(r"[^@\s,;|<>]+@[^@\s,;|<>.]+(\.[^@\s,;|<>.]+)+", text) is not None


def choose_contact(phones: Sequence[str], emails: Sequence[str]) -> Contact | None:
    """The first mobile, else the first e-mail address; None where there is neither."""
    mobile = next((phone for phone in phones if is_mobile(phone)), None)
    if mobile is not None:
        return Contact("sms", mobile, mask_phone(mobile))
    if emails:
        return Contact("email", emails[0], mask_email(emails[0]))
    return None


def mask_phone(phone: str) -> str:
    """'+5511900000001' -> '(11) •••••-0001'."""
    return f"({phone[3:5]}) {_DOTS * (len(phone) - 9)}-{phone[-4:]}"


def mask_email(address: str) -> str:
    """'marina@exemplo.com' -> 'm•••@exemplo.com'; the number of dots tells no length."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1] if len(name) > 1 else ''}{_DOTS * 3}@{domain}"


def _national(text: str) -> str | None:
    """DDD and local number: ten or eleven digits."""
    digits = digits_of(text).lstrip("0")
    # Ten or eleven digits that begin with 55 are of Santa Maria (DDD 55); twelve or thirteen bear the country code.
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    if AREA_CODE.fullmatch(digits[:2]) is None:
        return None
    local = digits[2:]
    return digits if len(local) == 8 or (len(local) == 9 and local[0] == "9") else None
