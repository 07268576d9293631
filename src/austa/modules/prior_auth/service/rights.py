"""Who may do what with one request: the gate, and how it refuses those who do not work for the operator."""

from typing import Any

import sqlalchemy as sa

from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.modules.prior_auth.domain.refusals import no_such_request

OUTSIDE = frozenset({"member", "clerk"})
"""Who does not work for the operator."""


def may(access: Access, caller: Caller, action: str, row: sa.Row[Any]) -> bool:
    """Whether `caller` may do `action` on that request."""
    return access.allows(caller, action, owner=str(row.member_id), provider=_provider(row))


def check(access: Access, caller: Caller, action: str, row: sa.Row[Any]) -> None:
    """Raises `Forbidden`; to members and clerks `NotFound`: they are told nothing about what is not theirs, not even
    that it exists."""
    if caller.kind in OUTSIDE and not may(access, caller, action, row):
        raise no_such_request()
    access.check(caller, action, owner=str(row.member_id), provider=_provider(row))


def _provider(row: sa.Row[Any]) -> str | None:
    return str(row.provider_id) if row.provider_id else None
