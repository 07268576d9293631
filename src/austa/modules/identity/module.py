"""Wiring of `identity`."""

from austa.infra.platform import Platform, Wired
from austa.modules.identity.adapters.passwords import Passwords
from austa.modules.identity.routes import router
from austa.modules.identity.service.identity import IdentityService
from austa.modules.identity.service.member_sessions import MemberSessionService


def build(platform: Platform) -> tuple[IdentityService, Wired]:
    """Identity of one process; it calls no other module and reacts to no event."""
    identity = IdentityService(
        platform.database.for_module("identity"),
        platform.keys,
        platform.access,
        platform.clock,
        platform.settings,
        Passwords(),
    )
    return identity, Wired(routes=lambda: [router(identity, platform)])


def build_member_sessions(platform: Platform) -> MemberSessionService:
    """Sessions of members of one process."""
    return MemberSessionService(platform.database.for_module("identity"), platform.clock, platform.settings)
