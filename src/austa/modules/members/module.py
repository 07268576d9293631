"""Wiring of `members`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.identity.api import Identity
from austa.modules.members.routes import routers
from austa.modules.members.service.members import MemberService
from austa.modules.privacy.api import Privacy


def build(platform: Platform, *, identity: Identity, privacy: Privacy) -> tuple[MemberService, Wired]:
    """Members of one process. They react to no event."""
    members = MemberService(
        platform.database.for_module("members"),
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        identity=identity,
        privacy=privacy,
    )
    return members, Wired(routes=lambda: routers(members, platform.idempotency))
