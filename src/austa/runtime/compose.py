"""The composition root: the only place where modules are built and told of each other. Bottom-up, by hand."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.routing import Route

from austa.infra.outbox import Handler, routes_of
from austa.infra.platform import Platform, Runner
from austa.infra.settings import Settings
from austa.kernel.clock import Clock, SystemClock
from austa.modules.chat import module as chat_module
from austa.modules.chat.api.canned_answers import CannedAnswers
from austa.modules.chat.api.conversations import Chat
from austa.modules.chat.api.duty import Duty
from austa.modules.documents import module as documents_module
from austa.modules.documents.api import Documents
from austa.modules.fraud import module as fraud_module
from austa.modules.fraud.api import Fraud
from austa.modules.identity import module as identity_module
from austa.modules.identity.api import Identity, MemberSessions
from austa.modules.language import module as language_module
from austa.modules.language.api.language import Language, Terminology
from austa.modules.ledger import module as ledger_module
from austa.modules.ledger.api import Ledger
from austa.modules.medical_audit import module as medical_audit_module
from austa.modules.medical_audit.api.cases import MedicalAudit
from austa.modules.medical_audit.api.tiebreakers import Tiebreakers
from austa.modules.members import module as members_module
from austa.modules.members.api import Members
from austa.modules.notifications import module as notifications_module
from austa.modules.notifications.api import Notifications
from austa.modules.prior_auth import module as prior_auth_module
from austa.modules.prior_auth.api.clocks import LegalClocks
from austa.modules.prior_auth.api.coverage import Coverage
from austa.modules.prior_auth.api.desk import Desk
from austa.modules.prior_auth.api.eligibility import Eligibility
from austa.modules.prior_auth.api.letters import Letters
from austa.modules.prior_auth.api.receipts import Receipts
from austa.modules.prior_auth.api.requests import PriorAuth
from austa.modules.prior_auth.api.rules import Rules
from austa.modules.privacy import module as privacy_module
from austa.modules.privacy.api import Privacy
from austa.modules.providers import module as providers_module
from austa.modules.providers.api import Providers


@dataclass(frozen=True)
class House:
    """Every door of one process, its reactions and its routes."""

    platform: Platform
    identity: Identity
    ledger: Ledger
    privacy: Privacy
    providers: Providers
    members: Members
    sessions: MemberSessions
    notifications: Notifications
    language: Language
    terminology: Terminology
    documents: Documents
    fraud: Fraud
    prior_auth: PriorAuth
    clocks: LegalClocks
    receipts: Receipts
    letters: Letters
    desk: Desk
    eligibility: Eligibility
    coverage: Coverage
    rules: Rules
    medical_audit: MedicalAudit
    tiebreakers: Tiebreakers
    chat: Chat
    duty: Duty
    canned_answers: CannedAnswers
    handlers: Sequence[Handler]
    runners: Sequence[Runner]
    routes: Sequence[Callable[[], Sequence[APIRouter]]]
    stream: Sequence[Callable[[], Sequence[Route]]]
    webhooks: Sequence[Callable[[], Sequence[APIRouter]]]
    closers: Sequence[Callable[[], Awaitable[None]]]

    def routers(self) -> list[APIRouter]:
        """The routes of every module, made anew."""
        return [router for routes in self.routes for router in routes()]

    async def close(self) -> None:
        for close in self.closers:
            await close()
        await self.platform.close()


def compose(settings: Settings, url: sa.URL, clock: Clock | None = None, *, create_keys: bool = False) -> House:
    """Build the whole house on a migrated database."""
    platform = Platform.open(settings, url, clock or SystemClock(), create_keys=create_keys)
    return compose_on(platform)


def compose_on(platform: Platform) -> House:
    """Build every module on a platform that is open, bottom-up, and subscribe its reactions."""
    identity, of_identity = identity_module.build(platform)
    ledger, of_ledger = ledger_module.build(platform)
    privacy, of_privacy = privacy_module.build(platform)
    providers, of_providers = providers_module.build(platform, identity=identity)
    members, of_members = members_module.build(platform, identity=identity, privacy=privacy)
    sessions = identity_module.build_member_sessions(platform)
    _, of_sign_in = members_module.build_sign_in(platform, members=members, identity=identity, sessions=sessions)
    notifications, of_notifications = notifications_module.build(platform, identity=identity, members=members)
    language, of_language = language_module.build(platform)
    documents, of_documents = documents_module.build(platform, terminology=language, privacy=privacy)
    fraud, of_fraud = fraud_module.build(
        platform,
        documents=documents,
        identity=identity,
        members=members,
        privacy=privacy,
        providers=providers,
    )
    prior_auth, of_prior_auth = prior_auth_module.build(
        platform,
        identity=identity,
        members=members,
        providers=providers,
        documents=documents,
        fraud=fraud,
        terminology=language,
        notifications=notifications,
        privacy=privacy,
    )
    clocks, of_clocks = prior_auth_module.build_clocks(platform, identity=identity)
    receipts, of_receipts = prior_auth_module.build_receipts(platform, members=members, privacy=privacy)
    _, of_reviews = prior_auth_module.build_reviews(platform, prior_auth, privacy=privacy)
    letters, of_letters = prior_auth_module.build_letters(
        platform, prior_auth, members=members, identity=identity, privacy=privacy
    )
    desk, of_desk = prior_auth_module.build_desk(platform, prior_auth, members=members, terminology=language)
    eligibility, of_eligibility = prior_auth_module.build_eligibility(
        platform,
        members=members,
        providers=providers,
        terminology=language,
        identity=identity,
        privacy=privacy,
    )
    coverage, of_coverage = prior_auth_module.build_coverage(platform, terminology=language)
    rules, of_rules = prior_auth_module.build_rules(platform, identity=identity)
    medical_audit, of_medical_audit = medical_audit_module.build(
        platform,
        clocks=clocks,
        prior_auth=prior_auth,
        members=members,
        providers=providers,
        privacy=privacy,
        ledger=ledger,
        identity=identity,
    )
    boards, of_boards = prior_auth_module.build_boards(platform, identity=identity)
    _, tiebreakers, _, of_case_boards = medical_audit_module.build_boards(
        platform,
        boards=boards,
        prior_auth=prior_auth,
        documents=documents,
        members=members,
        providers=providers,
        privacy=privacy,
        identity=identity,
    )
    chat, of_chat = chat_module.build(
        platform,
        language=language,
        terminology=language,
        documents=documents,
        members=members,
        prior_auth=prior_auth,
        privacy=privacy,
        notifications=notifications,
        identity=identity,
        sessions=sessions,
    )
    wired = (
        of_identity,
        of_ledger,
        of_privacy,
        of_providers,
        of_members,
        of_sign_in,
        of_notifications,
        of_language,
        of_documents,
        of_fraud,
        of_prior_auth,
        of_letters,
        of_reviews,
        of_desk,
        of_rules,
        of_receipts,
        of_eligibility,
        of_coverage,
        of_clocks,
        of_medical_audit,
        of_boards,
        of_case_boards,
        of_chat,
    )
    handlers = [handler for part in wired for handler in part.handlers]
    platform.database.deliver(routes_of(handlers))
    return House(
        platform=platform,
        identity=identity,
        ledger=ledger,
        privacy=privacy,
        providers=providers,
        members=members,
        sessions=sessions,
        notifications=notifications,
        language=language,
        terminology=language,
        documents=documents,
        fraud=fraud,
        prior_auth=prior_auth,
        clocks=clocks,
        letters=letters,
        desk=desk,
        rules=rules,
        receipts=receipts,
        eligibility=eligibility,
        coverage=coverage,
        medical_audit=medical_audit,
        tiebreakers=tiebreakers,
        chat=chat,
        duty=chat.duty,
        canned_answers=chat.canned_answers,
        handlers=handlers,
        runners=[runner for part in wired for runner in part.runners],
        routes=[part.routes for part in wired],
        stream=[part.stream for part in wired],
        webhooks=[part.webhooks for part in wired],
        closers=[close for part in wired for close in part.closers],
    )
