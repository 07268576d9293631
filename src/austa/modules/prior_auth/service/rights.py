"""Who may do what with one request: the gate, and how it refuses those who do not work for the operator."""

from typing import Any

import sqlalchemy as sa

from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.modules.prior_auth.domain.refusals import no_such_request

OF_THE_PERFORMER = frozenset({"authorization:read", "authorization:attendance"})
"""What a provider may do with care that it is to perform. All else is for the provider whose clerk asked: another's
request is not its to answer, dispute or cancel."""
OUTSIDE = frozenset({"member", "clerk", "tiebreaker"})
"""Who does not work for the operator."""


def may(access: Access, caller: Caller, action: str, row: sa.Row[Any]) -> bool:
    """Whether `caller` may do `action` on that request."""
    return access.allows(caller, action, owner=str(row.member_id), provider=_provider(row, action))


def check(access: Access, caller: Caller, action: str, row: sa.Row[Any]) -> None:
    """Raises `Forbidden`; to members and clerks `NotFound`: they are told nothing about what is not theirs, not even
    that it exists."""
    if caller.kind in OUTSIDE and not may(access, caller, action, row):
        raise no_such_request()
    access.check(caller, action, owner=str(row.member_id), provider=_provider(row, action))


def _provider(row: sa.Row[Any], action: str) -> str | None:
    provider_id = row.provider_id if action in OF_THE_PERFORMER else row.asking_provider_id
    return str(provider_id) if provider_id else None
