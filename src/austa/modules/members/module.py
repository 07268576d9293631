"""Wiring of `members`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.identity.api import Identity, MemberSessions
from austa.modules.members.api import Members
from austa.modules.members.routes import routers, session_router
from austa.modules.members.service.members import MemberService
from austa.modules.members.service.signing_in import SigningIn
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


def build_sign_in(
    platform: Platform, *, members: Members, identity: Identity, sessions: MemberSessions
) -> tuple[SigningIn, Wired]:
    """The sign-in of members."""
    sign_in = SigningIn(
        platform.database.for_module("members"),
        platform.keys,
        platform.clock,
        members=members,
        identity=identity,
        sessions=sessions,
        starts_of_address=platform.settings.member_address_tries,
    )
    return sign_in, Wired(routes=lambda: [session_router(sign_in, platform.settings)])
