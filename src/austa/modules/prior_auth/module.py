"""Wiring of `prior_auth`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.documents.api import Documents
from austa.modules.identity.api import Identity
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.notifications.api import Notifications
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.routes import router
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.assessing import Assessor
from austa.modules.prior_auth.service.clocks import ClocksService
from austa.modules.prior_auth.service.deciding import Decider
from austa.modules.prior_auth.service.gathering import Sources
from austa.modules.prior_auth.service.notices import Notices
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from austa.modules.prior_auth.service.registrar import Registrar
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.watch import Watch
from austa.modules.prior_auth.subscribers import handlers
from austa.modules.providers.api import Providers


def build_clocks(platform: Platform) -> ClocksService:
    """Legal time of one process."""
    return ClocksService(platform.database.for_module("prior_auth"), platform.access)


def build(
    platform: Platform,
    *,
    members: Members,
    providers: Providers,
    documents: Documents,
    terminology: Terminology,
    identity: Identity,
    notifications: Notifications,
) -> tuple[PriorAuthService, Wired]:
    """Prior authorization of one process, on the seed coverage pack."""
    database, vault, pack = platform.database.for_module("prior_auth"), Vault(platform.keys), load_pack()
    asks, registrar = Asks(vault), Registrar(vault, pack)
    decider = Decider(database, vault=vault, access=platform.access, identity=identity, registrar=registrar, asks=asks)
    prior_auth = PriorAuthService(
        database,
        vault=vault,
        access=platform.access,
        clock=platform.clock,
        pack=pack,
        members=members,
        identity=identity,
        asks=asks,
        decider=decider,
    )
    assessor = Assessor(
        database,
        vault=vault,
        clock=platform.clock,
        pack=pack,
        sources=Sources(members, providers, documents, terminology, pack),
        registrar=registrar,
        asks=asks,
    )
    notices = Notices(
        prior_auth,
        members=members,
        identity=identity,
        notifications=notifications,
        clock=platform.clock,
        public_url=platform.settings.public_url,
    )
    return prior_auth, Wired(
        handlers=handlers(assessor, Watch(assessor), notices), routers=[router(prior_auth, platform.idempotency)]
    )
