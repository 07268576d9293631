"""Rules of identity: who may be invited, passwords, attempts, sessions, codes and links. Facts and time in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Literal
from zoneinfo import available_timezones

from austa.kernel.actors import CLERK, TIEBREAKER, Role
from austa.kernel.errors import Invalid
from austa.modules.identity.api import CouncilName, NewStaff, SessionKind

INVITATION_LIFE = timedelta(days=7)
REFRESH_LIFE = timedelta(days=30)
SIGN_IN_PAUSE = timedelta(minutes=15)
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_STARTS = 5
CODE_WINDOW = timedelta(hours=1)
LINK_TRIES = 5
PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
PASSWORD_FEWEST_KINDS = 6
"""Different characters a password needs at least; NIST SP 800-63B asks for length, not for classes of characters."""

COUNCIL_OF_ROLE: Mapping[Role, CouncilName] = MappingProxyType(
    {"medical_auditor": "CRM", "technical_director": "CRM", "nurse_auditor": "COREN", TIEBREAKER: "CRM"}
)
"""Who writes opinions must be registered (CFM 2.448/2025, Cofen)."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def comparable_email(text: str) -> str:
    """The form in which addresses are compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def normal_email(text: str) -> str:
    """The same of an address that may be one. Raises `Invalid` `identity.email_wrong`."""
    normal = comparable_email(text)
    if len(normal) > 254 or not _EMAIL.fullmatch(normal):
        raise Invalid("identity.email_wrong", "this is not an e-mail address")
    return normal


def check_operator(ans_registry: str, name: str, time_zone: str) -> None:
    """Raises `Invalid` `identity.operator_wrong`."""
    if not re.fullmatch(r"[0-9]{6}", ans_registry):
        raise Invalid("identity.operator_wrong", "the ANS registry has six digits", field="ans_registry")
    if not name.strip():
        raise Invalid("identity.operator_wrong", "an operator needs a name", field="name")
    if time_zone not in available_timezones():
        raise Invalid("identity.operator_wrong", "this is not an IANA time zone", field="time_zone")


def check_staff(staff: NewStaff) -> None:
    """Raises `Invalid` when roles, or the council or provider that they need, are missing."""
    if not staff.roles:
        raise Invalid("identity.roles_missing", "a staff person needs at least one role")
    if not staff.name.reveal().strip():
        raise Invalid("identity.name_missing", "a staff person needs a name")
    clerk = staff.roles == {CLERK}
    if clerk != (staff.provider_id is not None) or (CLERK in staff.roles and not clerk):
        raise Invalid("identity.provider_wrong", "a clerk works for one provider, in no other role; staff for none")
    if TIEBREAKER in staff.roles and len(staff.roles) > 1:
        raise Invalid("identity.roles_apart", "who breaks ties has no other role of the operator")
    given = staff.council.council if staff.council else None
    for role, needed in COUNCIL_OF_ROLE.items():
        if role in staff.roles and given != needed:
            raise Invalid(
                "identity.council_missing", "this role needs a council registration", role=role, council=needed
            )


def check_password(password: str, own_words: Sequence[str]) -> None:
    """Refuse what is guessed first. `own_words` are parts of the person's name and address.

    Raises `Invalid` `identity.password_short`, `identity.password_long` or `identity.password_simple`.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid("identity.password_short", "a password has at least 12 characters", shortest=PASSWORD_SHORTEST)
    if len(password) > PASSWORD_LONGEST:
        raise Invalid("identity.password_long", "a password has at most 128 characters", longest=PASSWORD_LONGEST)
    folded = password.casefold()
    own = {word.casefold() for word in own_words if len(word) >= 4}
    rest = re.sub("|".join(map(re.escape, sorted(own, key=len, reverse=True))), "", folded) if own else folded
    if len(set(rest)) < PASSWORD_FEWEST_KINDS or _is_row(rest):
        raise Invalid("identity.password_simple", "this password is too easy to guess")


def _is_row(text: str) -> bool:
    """'abcdefghijkl', '0987654321098', 'qwertyuiopas': a walk along rows of keys or the alphabet."""
    steps = sum(any(a + b in row or b + a in row for row in _ROWS) for a, b in pairwise(text))
    return steps >= 0.75 * (len(text) - 1)


@dataclass(frozen=True)
class Attempts:
    """Passwords tried for one e-mail since the last right one."""

    count: int
    last_at: datetime


def pause_left(attempts: Attempts | None, now: datetime, allowed: int) -> timedelta | None:
    """How long this e-mail must wait before another password is looked at; None when it need not."""
    if attempts is None or attempts.count < allowed:
        return None
    left = attempts.last_at + SIGN_IN_PAUSE - now
    return left if left > timedelta(0) else None


def count_attempt(attempts: Attempts | None, now: datetime) -> Attempts:
    """One more try, counted before the password is looked at, so that parallel guesses count too."""
    forgotten = attempts is None or now - attempts.last_at >= SIGN_IN_PAUSE
    return Attempts(1 if attempts is None or forgotten else attempts.count + 1, now)


@dataclass(frozen=True)
class SessionFacts:
    """A session with the token that was shown."""

    expires_at: datetime
    revoked_at: datetime | None
    person_active: bool
    shown: Literal["access", "refresh"]
    token_expires_at: datetime
    token_replaced_at: datetime | None


def session_life(kind: SessionKind, hours: int) -> timedelta:
    """How long a session may last in all: a web session as one access token, an API session with refreshing."""
    return timedelta(hours=hours) if kind == "web" else REFRESH_LIFE


def judge_access(facts: SessionFacts, now: datetime) -> Literal["valid", "expired", "unknown"]:
    """Whether an access token speaks for its person now."""
    if facts.shown != "access" or _ended(facts) or facts.token_replaced_at is not None:
        return "unknown"
    return "valid" if now < min(facts.token_expires_at, facts.expires_at) else "expired"


def judge_refresh(facts: SessionFacts, now: datetime) -> Literal["rotate", "reused", "expired", "unknown"]:
    """What a refresh token gets. One that was replaced before was copied: RFC 9700, 4.14.2 ends the session."""
    if facts.shown != "refresh" or _ended(facts):
        return "unknown"
    if facts.token_replaced_at is not None:
        return "reused"
    return "rotate" if now < min(facts.token_expires_at, facts.expires_at) else "expired"


def _ended(facts: SessionFacts) -> bool:
    return facts.revoked_at is not None or not facts.person_active


@dataclass(frozen=True)
class Code:
    """A one-time code. Starting a newer one of its subject and purpose lets it expire."""

    expires_at: datetime
    tries: int
    used_at: datetime | None


def judge_code(code: Code, now: datetime) -> Literal["open", "expired", "used", "tries_used_up"]:
    """Whether a try may be made at all."""
    if code.used_at is not None:
        return "used"
    if now >= code.expires_at:
        return "expired"
    return "open" if code.tries < CODE_TRIES else "tries_used_up"


def start_pause(started: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long a subject must wait for another code, given when the latest ones were started; None for not."""
    recent = sorted(at for at in started if now - at < CODE_WINDOW)
    return recent[-CODE_STARTS] + CODE_WINDOW - now if len(recent) >= CODE_STARTS else None


def six_digits(mac: bytes) -> str:
    """The code that a 256-bit MAC stands for; the bias of the remainder is below 2^-40."""
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"


@dataclass(frozen=True)
class Link:
    """A member's link and the tries since its second factor was last right."""

    generation: int
    expires_at: datetime
    tries: int


def judge_link(link: Link, now: datetime) -> Literal["open", "expired", "locked"]:
    """Whether a link leads anywhere."""
    if now >= link.expires_at:
        return "expired"
    return "open" if link.tries < LINK_TRIES else "locked"


def renew_link(link: Link, expires_at: datetime, now: datetime) -> Link:
    """Prolong a link that works; one that expired or locked gets a new generation and so another token."""
    if judge_link(link, now) == "open":
        return replace(link, expires_at=max(link.expires_at, expires_at))
    return Link(link.generation + 1, expires_at, tries=0)
