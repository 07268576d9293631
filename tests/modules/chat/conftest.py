"""One operator's WhatsApp number on the real database, with the doors below chat faked and Meta in process."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest
import pytest_asyncio
import sqlalchemy as sa
from pydantic import SecretStr

from austa.bench.graph.webhooks import sign
from austa.infra.keys import KeyFile, Keys
from austa.infra.outbox import Dispatcher, Handler, Work
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.ids import ConversationId, NotificationId, OperatorId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Accepted, TriageTask
from austa.modules.chat.module import build
from austa.modules.chat.service.consumer import Consumer
from austa.modules.chat.service.requests import RECEIPT_WAIT
from austa.modules.documents.api import Documents
from austa.modules.documents.events import DocumentRead, DocumentRefused
from austa.modules.identity.api import Identity
from austa.modules.identity.module import build_member_sessions
from austa.modules.language.service import LanguageService
from austa.modules.members.api import Member, Members
from austa.modules.notifications.api import Notifications, WhatsAppMessage
from austa.modules.notifications.events import WhatsAppRequested
from austa.modules.prior_auth.api.requests import PriorAuth
from austa.modules.privacy.api import Privacy
from tests.conftest import TODAY, deliver, drain, staff
from tests.fakes.documents import FakeDocuments, Paper
from tests.fakes.graph import FakeGraph, wamid_of
from tests.fakes.identity import FakeIdentity
from tests.fakes.members import CODE, FakeMembers, a_member
from tests.fakes.notifications import FakeNotifications
from tests.fakes.prior_auth import FakePriorAuth
from tests.fakes.privacy import FakePrivacy

SECRET, VERIFY, TOKEN = "app-secret", "verify-me", "bearer"
ME = "5511900000001"


@pytest.fixture(scope="session")
def language() -> LanguageService:
    """The real one, shared: its tables load once."""
    return LanguageService(SetClock(TODAY))


@dataclass
class Line:
    """One WhatsApp number, everything behind it, and the telephone of one member."""

    platform: Platform
    clock: SetClock
    operator_id: OperatorId
    language: LanguageService
    graph: FakeGraph = field(default_factory=FakeGraph)
    documents: FakeDocuments = field(default_factory=FakeDocuments)
    members: FakeMembers = field(default_factory=FakeMembers)
    prior_auth: FakePriorAuth = field(default_factory=FakePriorAuth)
    privacy: FakePrivacy = field(default_factory=FakePrivacy)
    notifications: FakeNotifications = field(default_factory=FakeNotifications)
    identity: FakeIdentity = field(default_factory=FakeIdentity)
    number_id: str = field(default_factory=lambda: str(new_id().int))
    member: Member = field(default_factory=a_member)
    heard: int = 0
    receipts: int = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Wire chat as a process does that knows nothing yet."""
        self.chat, wired = build(
            self.platform,
            language=self.language,
            terminology=self.language,
            documents=cast(Documents, self.documents),
            members=cast(Members, self.members),
            prior_auth=cast(PriorAuth, self.prior_auth),
            privacy=cast(Privacy, self.privacy),
            notifications=cast(Notifications, self.notifications),
            identity=cast(Identity, self.identity),
            sessions=build_member_sessions(self.platform),
            graph=self.graph.transport(),
        )
        self.consumer = cast(Consumer, wired.runners[0])
        self.handlers = deliver(self.platform, list(wired.handlers))

    async def restart(self) -> None:
        """The process ends, and another takes its place: what is not in the database is forgotten."""
        await self.chat.close()
        keys = Keys(KeyFile(self.platform.settings.data / "keys", create=False), self.platform.key_database)
        self.platform = replace(self.platform, keys=keys)
        self.start()

    @property
    def system(self) -> Caller:
        return Caller.system(self.operator_id, "test")

    @property
    def nurse(self) -> Caller:
        return staff(self.operator_id, "nurse_auditor")

    async def says(self, text: str, **message: Any) -> list[str]:
        """The member writes; returns what AUSTA wrote back."""
        return await self.sends("text", {"body": text}, **message)

    async def taps(self, title: str) -> list[str]:
        """The member taps a button of the newest message."""
        button_id = self.graph.buttons()[title]
        return await self.taps_id(button_id, title)

    async def chooses(self, title: str) -> list[str]:
        """The member chooses a row of the newest message's list."""
        reply = {"type": "list_reply", "list_reply": {"id": self.graph.buttons()[title], "title": title}}
        return await self.sends("interactive", reply)

    async def taps_id(self, button_id: str, title: str = "") -> list[str]:
        reply = {"type": "button_reply", "button_reply": {"id": button_id, "title": title}}
        return await self.sends("interactive", reply)

    async def sends_photo(self, content: bytes, paper: Paper | None = None, caption: str | None = None) -> list[str]:
        """The member sends a photo; it is fetched and read before the answer is looked at."""
        self.announce(content, paper)
        body = {"id": f"media-{content.hex()}", "mime_type": "image/jpeg"} | ({"caption": caption} if caption else {})
        return await self.sends("image", body)

    def announce(self, content: bytes, paper: Paper | None) -> None:
        self.graph.media[f"media-{content.hex()}"] = content
        if paper is not None:
            self.documents.papers[content] = paper

    async def sends(self, kind: str, body: Any, **message: Any) -> list[str]:
        """Any message; work goes on until everything is at rest, files read."""
        before = len(self.graph.sent)
        await self.post(self.message(kind, body, **message))
        await self.work()
        await self.wait_for_receipts()
        return self.graph.texts()[before:]

    def message(self, kind: str, body: Any, *, sender: str = ME, **fields: Any) -> dict[str, Any]:
        """The webhook of one message, sent now."""
        self.clock.advance(timedelta(seconds=7))
        self.heard += 1
        entry = {
            "from": sender,
            "id": f"wamid.IN.{new_id()}",
            "timestamp": str(int(self.clock.now().timestamp())),
            "type": kind,
            kind: body,
        }
        contact = {"profile": {"name": "Beatriz"}, "wa_id": sender}
        return self.webhook({"contacts": [contact], "messages": [entry | fields]})

    def webhook(self, value: dict[str, Any], name: str = "messages") -> dict[str, Any]:
        metadata = {"display_phone_number": "5511900000099", "phone_number_id": self.number_id}
        change = {"field": name, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}

    async def post(self, payload: dict[str, Any], number_id: str | None = "") -> Accepted:
        """Meta posts it, for the line's number unless another is named."""
        raw = json.dumps(payload).encode()
        posted_for = self.number_id if number_id == "" else number_id
        return await self.chat.receive_webhook(posted_for, raw, sign(raw, SECRET))

    async def echo(self, position: int, status: str, **fields: Any) -> Accepted:
        """Meta tells how far the message sent at that position got."""
        body = self.graph.sent[position]
        entry = {
            "id": wamid_of(body),
            "status": status,
            "timestamp": str(int(self.clock.now().timestamp())),
            "recipient_id": ME,
            "biz_opaque_callback_data": body["biz_opaque_callback_data"],
        }
        accepted = await self.post(self.webhook({"statuses": [entry | fields]}))
        await self.consumer.drain()
        return accepted

    async def work(self) -> None:
        """Workers handle what is due; the reader reads what was stored."""
        await self.drain()
        while await self._read():
            await self.drain()

    async def drain(self, handlers: list[Handler] | None = None) -> None:
        """Workers handle what is due: the inbox, the outbox, what is to be sent, until all are at rest."""
        while (
            await self.consumer.drain()
            + await drain(self.platform, handlers or self.handlers)
            + await self.chat.sender.drain(self.number_id)
        ):
            pass

    async def wait_for_receipts(self) -> None:
        """Time goes on until receipts that waited for a quicker answer are told."""
        if len(await self.events("chat.receipt_due.v1")) > self.receipts:
            self.receipts = len(await self.events("chat.receipt_due.v1"))
            self.clock.advance(RECEIPT_WAIT)
            await self.work()

    async def _read(self) -> int:
        waiting = [d for d in self.documents.kept.values() if d.status == "stored"]
        for document in waiting:
            read = self.documents.read(document.id)
            database = self.platform.database.for_module("documents")
            async with database.transaction(self.system) as tx:
                key = document.requested_by
                if read.refusal:
                    await tx.publish(DocumentRefused(document_id=read.id, requested_by=key, reason=read.refusal))
                else:
                    await tx.publish(DocumentRead(document_id=read.id, requested_by=key, outcome="complete"))
        return len(waiting)

    async def agrees(self) -> None:
        """The first contact, answered with yes."""
        await self.says("oi")
        await self.taps("Aceito")

    async def is_linked(self) -> None:
        """The member agreed and was verified."""
        await self.agrees()
        await self.says("quero pedir uma autorização")
        await self.says(self.member.cpf.reveal() if self.member.cpf else "")
        await self.says(CODE)

    async def notify(self, **fields: Any) -> NotificationId:
        """`notifications` asks chat to send something."""
        notification_id = NotificationId(new_id())
        self.notifications.messages[notification_id] = WhatsAppMessage(
            notification_id=notification_id,
            member_id=self.member.id,
            phone=Personal("+" + ME),
            text=Personal(fields.get("text", "Há uma atualização no seu pedido.")),
            template_name=fields.get("template_name", "pedido_atualizado"),
            template_language="pt_BR",
            template_category="utility",
            template_parameters=tuple(Personal(one) for one in fields.get("template_parameters", ("1",))),
        )
        async with self.platform.database.for_module("notifications").transaction(self.system) as tx:
            await tx.publish(WhatsAppRequested(notification_id=notification_id, member_id=self.member.id))
        return notification_id

    async def tasks(self) -> list[TriageTask]:
        return list((await self.chat.triage_tasks(self.nurse, "open", None, 50)).items)

    async def conversation_id(self, at: int = 0) -> ConversationId:
        ids = await self.query("select id from chat.conversation order by created_at, id")
        return ConversationId(ids[at])

    async def query(self, statement: str, **values: Any) -> list[Any]:
        """The first column of a query of chat's own tables."""
        async with self.platform.database.for_module("chat").transaction(self.system) as tx:
            return [row[0] for row in await tx.all(sa.text(statement), values)]

    async def events(self, event_type: str) -> list[dict[str, Any]]:
        """The data of all events of that type."""
        statement = "select envelope->'data' from outbox.event where type = :type order by id"
        return await self.query(statement, type=event_type)

    @contextlib.contextmanager
    def no_turns(self, error: Exception) -> Iterator[None]:
        """Every turn fails."""

        def fail(*_: Any) -> Any:
            raise error

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.chat.turns, "play_alone", fail)
            patch.setattr(self.chat.turns, "play", fail)
            yield

    def broken(self, name: str, error: Exception) -> list[Handler]:
        """The handlers, one of them failing."""

        async def fail(caller: Caller, envelope: Any) -> Any:
            raise error

        return [replace(h, perform=fail) if isinstance(h, Work) and h.name == name else h for h in self.handlers]

    def dispatcher(self, handlers: list[Handler] | None = None) -> Dispatcher:
        return Dispatcher(self.platform.database, handlers or self.handlers)

    async def statuses(self) -> list[str]:
        """Of everything we wrote, in order."""
        return await self.query("select status from chat.message where direction = 'out' order by recorded_at, id")


@pytest_asyncio.fixture
async def line(
    platform: Platform, clock: SetClock, operator_id: OperatorId, language: LanguageService
) -> AsyncIterator[Line]:
    async with open_line(platform, clock, operator_id, language) as line:
        yield line


@contextlib.asynccontextmanager
async def open_line(
    platform: Platform, clock: SetClock, operator_id: OperatorId, language: LanguageService
) -> AsyncIterator[Line]:
    """A line on that `language`."""
    settings = platform.settings.model_copy(
        update={
            "whatsapp_app_secret": SecretStr(SECRET),
            "whatsapp_verify_token": SecretStr(VERIFY),
            "whatsapp_token": SecretStr(TOKEN),
            "whatsapp_account": "900000000000001",
            "public_url": "https://plano.example",
        }
    )
    platform = replace(platform, settings=settings)
    async with platform.database.begin("austa_dispatcher", None) as connection:
        # What an earlier test left waiting on purpose must not be sent to this one's telephone.
        await connection.exec_driver_sql("delete from dispatch.delivery")
        await connection.exec_driver_sql("delete from dispatch.inbox_due")
        await connection.exec_driver_sql("delete from dispatch.inbox_lease")
    line = Line(platform, clock, operator_id, language)
    line.members.add(line.member)
    await line.chat.add_number(line.system, line.number_id)
    yield line
    await line.chat.close()
