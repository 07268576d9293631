"""Wiring of `medical_audit`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.documents.api import Documents
from austa.modules.identity.api import Identity
from austa.modules.ledger.api import Ledger
from austa.modules.medical_audit.routes import board_router, checklist_router, router, tiebreak_router
from austa.modules.medical_audit.service.board import CaseBoardService
from austa.modules.medical_audit.service.checklists import ChecklistService
from austa.modules.medical_audit.service.forwards import Forwards
from austa.modules.medical_audit.service.medical_audit import MedicalAuditService
from austa.modules.medical_audit.service.releases import Releases
from austa.modules.medical_audit.service.sealed import Vault
from austa.modules.medical_audit.service.tiebreakers import TiebreakerService
from austa.modules.medical_audit.service.tiebreaks import TiebreakService
from austa.modules.medical_audit.subscribers import board_handlers, handlers
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import Boards
from austa.modules.prior_auth.api.clocks import LegalClocks
from austa.modules.prior_auth.api.requests import PriorAuth
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Providers


def build(
    platform: Platform,
    *,
    prior_auth: PriorAuth,
    clocks: LegalClocks,
    members: Members,
    providers: Providers,
    privacy: Privacy,
    ledger: Ledger,
    identity: Identity,
) -> tuple[MedicalAuditService, Wired]:
    """The audit of one process, above `prior_auth`."""
    database, vault = platform.database.for_module("medical_audit"), Vault(platform.keys, members)
    releases = Releases(database, prior_auth, identity, vault)
    forwards = Forwards(database, prior_auth, vault)
    audit = MedicalAuditService(
        database,
        platform.access,
        platform.clock,
        vault=vault,
        releases=releases,
        forwards=forwards,
        clocks=clocks,
        prior_auth=prior_auth,
        members=members,
        providers=providers,
        privacy=privacy,
        ledger=ledger,
        identity=identity,
    )
    checklists = ChecklistService(
        database,
        platform.access,
        vault=vault,
        prior_auth=prior_auth,
        members=members,
        privacy=privacy,
        identity=identity,
    )
    return audit, Wired(
        handlers=handlers(audit, releases, forwards),
        routes=lambda: [router(audit, platform.idempotency), checklist_router(checklists, platform.idempotency)],
    )


def build_boards(
    platform: Platform,
    *,
    boards: Boards,
    prior_auth: PriorAuth,
    members: Members,
    providers: Providers,
    documents: Documents,
    privacy: Privacy,
    identity: Identity,
) -> tuple[CaseBoardService, TiebreakerService, TiebreakService, Wired]:
    """Medical boards of one process: people, notices and evidence."""
    database = platform.database.for_module("medical_audit")
    vault = Vault(platform.keys, members)
    tiebreakers = TiebreakerService(database, platform.access, platform.keys, identity)
    case_boards = CaseBoardService(
        database,
        platform.access,
        platform.clock,
        vault=vault,
        boards=boards,
        tiebreakers=tiebreakers,
        prior_auth=prior_auth,
        members=members,
        providers=providers,
        privacy=privacy,
        identity=identity,
    )
    tiebreaks = TiebreakService(
        database,
        platform.access,
        platform.clock,
        vault=vault,
        case_boards=case_boards,
        boards=boards,
        prior_auth=prior_auth,
        documents=documents,
        members=members,
        privacy=privacy,
        identity=identity,
    )
    return (
        case_boards,
        tiebreakers,
        tiebreaks,
        Wired(
            handlers=board_handlers(case_boards),
            routes=lambda: [
                board_router(case_boards, tiebreakers, platform.idempotency),
                tiebreak_router(tiebreaks, platform.idempotency),
            ],
        ),
    )
