"""Errors have a kind and a code. Edges translate the kind (HTTP status, OperationOutcome, a polite
sentence, retry or park); the code is stable and is what a person quotes to support.

`message` is English, for engineers, and never holds personal data. `details` holds only ids, counts
and names of fields.
"""

from collections.abc import Mapping
from typing import ClassVar


class AustaError(Exception):
    """Base of every expected failure. Raise one of the kinds below, never this class."""

    kind: ClassVar[str] = "unexpected"

    def __init__(self, code: str, message: str, **details: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details: Mapping[str, object] = details


class NotFound(AustaError):
    """The thing does not exist, or not for this operator (the two are not told apart)."""

    kind = "not_found"


class Conflict(AustaError):
    """The thing exists but its state does not allow this now."""

    kind = "conflict"


class Invalid(AustaError):
    """The caller sent something that cannot be right; sending it again will not help."""

    kind = "invalid"


class Forbidden(AustaError):
    """The caller is known, or claims to be, and may not do this."""

    kind = "forbidden"


class Unauthenticated(Forbidden):
    """Nobody is signed in, or the credential is wrong or expired."""

    kind = "unauthenticated"


class TooMany(Forbidden):
    """A limit on attempts or size was passed; details may hold `retry_after_s`."""

    kind = "too_many"


class Unavailable(AustaError):
    """Something we need does not answer now; the same call may work later."""

    kind = "unavailable"


class Unexpected(AustaError):
    """A fault of ours: an invariant did not hold."""

    kind = "unexpected"
