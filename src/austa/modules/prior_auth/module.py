"""Wiring of `prior_auth`; imported only by the composition root."""

from austa.infra.in_place import InPlace
from austa.infra.platform import Platform, Wired
from austa.modules.documents.api import Documents
from austa.modules.fraud.api import Fraud
from austa.modules.identity.api import Identity
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.notifications.api import Notifications
from austa.modules.prior_auth.adapters.coverage_file import pack_source
from austa.modules.prior_auth.adapters.letter_pdf import render_pdf
from austa.modules.prior_auth.adapters.rule_code import rule_code_digest
from austa.modules.prior_auth.adapters.rules_files import load_seeds
from austa.modules.prior_auth.domain.rule_sets import SETS
from austa.modules.prior_auth.routes.access import access_router
from austa.modules.prior_auth.routes.clocks import clocks_router
from austa.modules.prior_auth.routes.coverage import coverage_router
from austa.modules.prior_auth.routes.desk import desk_router
from austa.modules.prior_auth.routes.eligibility import eligibility_router
from austa.modules.prior_auth.routes.lifecycle import lifecycle_router
from austa.modules.prior_auth.routes.receipts import receipts_router
from austa.modules.prior_auth.routes.requests import letter_router, router
from austa.modules.prior_auth.routes.reviews import reviews_router
from austa.modules.prior_auth.routes.rules import rules_router
from austa.modules.prior_auth.service.access import AccessService
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.assessing import Assessor
from austa.modules.prior_auth.service.board import BoardService
from austa.modules.prior_auth.service.board_book import BoardBook
from austa.modules.prior_auth.service.clocks import ClocksService
from austa.modules.prior_auth.service.coverage import CoverageService
from austa.modules.prior_auth.service.deciding import Decider
from austa.modules.prior_auth.service.desk import DeskService
from austa.modules.prior_auth.service.eligibility import EligibilityService
from austa.modules.prior_auth.service.gathering import Sources
from austa.modules.prior_auth.service.letters import LetterService
from austa.modules.prior_auth.service.lifecycles import LifecycleService
from austa.modules.prior_auth.service.notices import Notices
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.receipts import ReceiptService
from austa.modules.prior_auth.service.registrar import Registrar
from austa.modules.prior_auth.service.reviews import ReviewService
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.rules import RulesService
from austa.modules.prior_auth.service.simulating import Simulator
from austa.modules.prior_auth.service.standings import Standings
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.watch import Watch
from austa.modules.prior_auth.subscribers import assessing, board_handlers, handlers
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Providers


def build_receipts(platform: Platform, *, members: Members, privacy: Privacy) -> tuple[ReceiptService, Wired]:
    """Receipts of one process."""
    book = ReceiptBook(Vault(platform.keys), platform.keys, members, platform.clock)
    receipts = ReceiptService(
        platform.database.for_module("prior_auth"),
        access=platform.access,
        book=book,
        privacy=privacy,
        code=rule_code_digest(),
        seeds={name: seed.xml for name, seed in load_seeds(SETS).items()},
    )
    return receipts, Wired(routes=lambda: [receipts_router(receipts)])


def build_rulebook(platform: Platform) -> Rulebook:
    """The rules that one process decides by, on the seed."""
    seeds = load_seeds(SETS)
    return Rulebook(platform.database.for_module("prior_auth"), pack_source(), rule_code_digest(), seeds)


def build_rules(platform: Platform, *, identity: Identity) -> tuple[RulesService, Wired]:
    """Decision tables of one process."""
    database, rulebook = platform.database.for_module("prior_auth"), build_rulebook(platform)
    rules = RulesService(
        database,
        access=platform.access,
        identity=identity,
        rulebook=rulebook,
        simulator=Simulator(database, Vault(platform.keys), rulebook),
    )
    return rules, Wired(routes=lambda: [rules_router(rules, platform.idempotency)])


def build_eligibility(
    platform: Platform,
    *,
    members: Members,
    providers: Providers,
    terminology: Terminology,
    identity: Identity,
    privacy: Privacy,
) -> tuple[EligibilityService, Wired]:
    """Eligibility of one process."""
    eligibility = EligibilityService(
        platform.database.for_module("prior_auth"),
        access=platform.access,
        clock=platform.clock,
        rulebook=build_rulebook(platform),
        standings=Standings(providers, terminology),
        members=members,
        identity=identity,
        privacy=privacy,
    )
    return eligibility, Wired(routes=lambda: [eligibility_router(eligibility)])


def build_coverage(platform: Platform, *, terminology: Terminology) -> tuple[CoverageService, Wired]:
    """Coverage packs of one process."""
    coverage = CoverageService(
        platform.database.for_module("prior_auth"),
        access=platform.access,
        rulebook=build_rulebook(platform),
        terminology=terminology,
    )
    return coverage, Wired(routes=lambda: [coverage_router(coverage, platform.idempotency)])


def build_letters(
    platform: Platform, prior_auth: PriorAuthService, *, members: Members, identity: Identity, privacy: Privacy
) -> tuple[LetterService, Wired]:
    """Letters of one process."""
    letters = LetterService(
        prior_auth,
        members=members,
        identity=identity,
        privacy=privacy,
        clock=platform.clock,
        render=render_pdf,
        boards=build_boards(platform, identity=identity)[0],
    )
    return letters, Wired(routes=lambda: [letter_router(letters)])


def build_desk(
    platform: Platform,
    prior_auth: PriorAuthService,
    *,
    members: Members,
    terminology: Terminology,
) -> tuple[DeskService, Wired]:
    """The desk of providers, of one process."""
    desk = DeskService(
        prior_auth,
        access=platform.access,
        members=members,
        terminology=terminology,
    )
    return desk, Wired(routes=lambda: [desk_router(desk)])


def build_reviews(platform: Platform, prior_auth: PriorAuthService, *, privacy: Privacy) -> tuple[ReviewService, Wired]:
    """What comes after an answer, in one process."""
    database = platform.database.for_module("prior_auth")
    reviews = ReviewService(
        database,
        platform.access,
        platform.clock,
        Vault(platform.keys),
        build_rulebook(platform),
        prior_auth.decider,
        prior_auth,
        privacy,
    )
    return reviews, Wired(routes=lambda: [reviews_router(reviews, platform.idempotency)])


def build_boards(platform: Platform, *, identity: Identity) -> tuple[BoardService, Wired]:
    """Medical boards of one process: states and terms."""
    boards = BoardService(
        platform.database.for_module("prior_auth"),
        access=platform.access,
        vault=Vault(platform.keys),
        identity=identity,
        rulebook=build_rulebook(platform),
    )
    return boards, Wired(handlers=board_handlers(boards))


def build_clocks(platform: Platform, *, identity: Identity) -> tuple[ClocksService, Wired]:
    """Legal time of one process."""
    clocks = ClocksService(platform.database.for_module("prior_auth"), platform.access, identity)
    return clocks, Wired(routes=lambda: [clocks_router(clocks, platform.idempotency)])


def build(
    platform: Platform,
    *,
    members: Members,
    providers: Providers,
    documents: Documents,
    fraud: Fraud,
    terminology: Terminology,
    identity: Identity,
    notifications: Notifications,
    privacy: Privacy,
) -> tuple[PriorAuthService, Wired]:
    """Prior authorization of one process, on the seed coverage pack."""
    database, vault = platform.database.for_module("prior_auth"), Vault(platform.keys)
    rulebook = build_rulebook(platform)
    book = ReceiptBook(vault, platform.keys, members, platform.clock)
    asks, registrar = Asks(vault), Registrar(book, rulebook)
    decider = Decider(
        database,
        vault=vault,
        access=platform.access,
        identity=identity,
        registrar=registrar,
        asks=asks,
        members=members,
        book=book,
        rulebook=rulebook,
        boards=BoardBook(vault),
    )
    assessor = Assessor(
        database,
        vault=vault,
        clock=platform.clock,
        rulebook=rulebook,
        sources=Sources(members, Standings(providers, terminology), documents, book, fraud),
        registrar=registrar,
        asks=asks,
    )
    assess, _ = assessing(assessor)
    prior_auth = PriorAuthService(
        database,
        vault=vault,
        access=platform.access,
        clock=platform.clock,
        rulebook=rulebook,
        members=members,
        documents=documents,
        identity=identity,
        asks=asks,
        decider=decider,
        book=book,
        assess_now=InPlace(platform.database, assess, apart=lambda told: told.data["member_id"]),
        privacy=privacy,
    )
    notices = Notices(
        prior_auth,
        members=members,
        identity=identity,
        notifications=notifications,
        clock=platform.clock,
        public_url=platform.settings.public_url,
    )
    guarantee = AccessService(database, access=platform.access, vault=vault, members=members, privacy=privacy)
    return prior_auth, Wired(
        handlers=handlers(assessor, Watch(assessor), notices, guarantee),
        routes=lambda: [
            access_router(guarantee, platform.idempotency),
            router(prior_auth, platform.idempotency),
            lifecycle_router(LifecycleService(prior_auth)),
        ],
    )
