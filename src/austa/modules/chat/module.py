"""Wiring of `chat`; imported only by the composition root."""

from httpx2 import AsyncBaseTransport

from austa.infra.platform import Platform, Wired
from austa.modules.chat.adapters.whatsapp import WhatsAppClient
from austa.modules.chat.routes.canned_answers import router as canned_answer_router
from austa.modules.chat.routes.chat import router, stream, webhooks
from austa.modules.chat.routes.costs import router as cost_router
from austa.modules.chat.routes.duty import router as duty_router
from austa.modules.chat.routes.hand_overs import router as hand_over_router
from austa.modules.chat.routes.satisfaction import router as satisfaction_router
from austa.modules.chat.routes.templates import router as template_router
from austa.modules.chat.routes.web import router as web_router
from austa.modules.chat.service.acts import Acts
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.canned_answers import CannedAnswerService
from austa.modules.chat.service.chat import ChatService
from austa.modules.chat.service.consumer import Consumer
from austa.modules.chat.service.contacts import Contacts
from austa.modules.chat.service.conversing import Conversing
from austa.modules.chat.service.costs import CostService
from austa.modules.chat.service.duty import DutyService
from austa.modules.chat.service.exporting import Exporting
from austa.modules.chat.service.hand_overs import HandOverService
from austa.modules.chat.service.inbox import Inbox
from austa.modules.chat.service.keeping import Keeping
from austa.modules.chat.service.lookout import Lookout
from austa.modules.chat.service.requests import Requests
from austa.modules.chat.service.satisfaction import SatisfactionService
from austa.modules.chat.service.sender import Sender
from austa.modules.chat.service.sending import Outgoing
from austa.modules.chat.service.starting import Starting
from austa.modules.chat.service.statuses import Statuses
from austa.modules.chat.service.templates import TemplateService
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.service.turns import Turns
from austa.modules.chat.service.voice import Voice
from austa.modules.chat.service.web import WebChatService
from austa.modules.chat.subscribers import handlers
from austa.modules.documents.api import Documents
from austa.modules.identity.api import Identity, MemberSessions
from austa.modules.language.api.language import Language, Terminology
from austa.modules.members.api import Members
from austa.modules.notifications.api import Notifications
from austa.modules.prior_auth.api.requests import PriorAuth
from austa.modules.privacy.api import Privacy


def build(
    platform: Platform,
    *,
    language: Language,
    terminology: Terminology,
    documents: Documents,
    members: Members,
    prior_auth: PriorAuth,
    privacy: Privacy,
    notifications: Notifications,
    identity: Identity,
    sessions: MemberSessions,
    graph: AsyncBaseTransport | None = None,
) -> tuple[ChatService, Wired]:
    """Conversations of one process, above all they speak about. `graph`: another way to Meta than the network."""
    database = platform.database.for_module("chat")
    bodies = Bodies(platform.keys)
    outgoing = Outgoing(bodies)
    client = WhatsAppClient(platform.settings, graph)
    hand_overs = HandOverService(
        database,
        bodies,
        platform.access,
        identity=identity,
        members=members,
        prior_auth=prior_auth,
        privacy=privacy,
    )
    templates = TemplateService(
        database,
        platform.access,
        client,
        platform.settings,
        language=language,
        identity=identity,
        notifications=notifications,
    )
    duty = DutyService(database, bodies, platform.access, identity=identity, notifications=notifications)
    triage = Triage(database, bodies, platform.access, language, outgoing, duty)
    addressbook = Addressbook(bodies)
    starting = Starting(bodies, addressbook, outgoing, templates)
    sender = Sender(platform.database, bodies, client, platform.settings, triage, starting)
    keeping = Keeping(bodies, addressbook, triage, language)
    statuses = Statuses(bodies)
    acts = Acts(
        platform.clock,
        documents=documents,
        members=members,
        prior_auth=prior_auth,
        privacy=privacy,
        notifications=notifications,
        language=language,
    )
    satisfaction = SatisfactionService(database, platform.access, identity=identity, prior_auth=prior_auth)
    turns = Turns(
        database,
        bodies,
        platform.clock,
        outgoing,
        triage,
        Contacts(database, platform.clock, identity),
        platform.settings.whatsapp_link_months,
        acts=acts,
        hand_overs=hand_overs,
        language=language,
        privacy=privacy,
        satisfaction=satisfaction,
    )
    consumer = Consumer(
        platform.database,
        bodies,
        keeping=keeping,
        conversing=Conversing(database, platform.clock, language, turns),
        turns=turns,
        statuses=statuses,
        lookout=Lookout(database, bodies, language),
    )
    web_chat = WebChatService(
        database,
        bodies,
        addressbook,
        members=members,
        max_upload_mb=platform.settings.max_upload_mb,
    )
    chat = ChatService(
        database,
        bodies,
        platform.access,
        client,
        inbox=Inbox(database, bodies, platform.settings, addressbook, templates),
        addressbook=addressbook,
        keeping=keeping,
        exporting=Exporting(database, bodies, addressbook, members=members, privacy=privacy),
        statuses=statuses,
        triage=triage,
        turns=turns,
        requests=Requests(
            database,
            bodies,
            outgoing,
            documents=documents,
            members=members,
            terminology=terminology,
            prior_auth=prior_auth,
        ),
        voice=Voice(
            database,
            bodies,
            platform.access,
            client,
            triage,
            language=language,
            members=members,
            privacy=privacy,
        ),
        sender=sender,
        hand_overs=hand_overs,
        duty=duty,
        canned_answers=CannedAnswerService(database, platform.access),
        outgoing=outgoing,
        web=web_chat,
        templates=templates,
        starting=starting,
        documents=documents,
        members=members,
        notifications=notifications,
        privacy=privacy,
        clock=platform.clock,
    )
    return chat, Wired(
        handlers=handlers(chat),
        runners=[consumer, sender],
        stream=lambda: stream(chat),
        webhooks=lambda: [webhooks()],
        routes=lambda: [
            router(chat, platform.idempotency),
            web_router(web_chat, sessions, platform.feed),
            hand_over_router(hand_overs, platform.idempotency),
            duty_router(duty),
            satisfaction_router(satisfaction),
            canned_answer_router(chat.canned_answers),
            template_router(templates),
            cost_router(CostService(database, platform.access, identity)),
        ],
        closers=[client.close],
    )
