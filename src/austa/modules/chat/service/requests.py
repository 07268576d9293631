"""From a draft to a request: what was read and confirmed becomes the question to `prior_auth`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Invalid, NotFound
from austa.kernel.ids import ConversationId, MemberId, RequestId
from austa.kernel.personal import Personal
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.channels import Channel, channel_of
from austa.modules.chat.domain.order import asked_lines, newest_order
from austa.modules.chat.domain.turn import Draft
from austa.modules.chat.events import AuthorizationRequested, HandOverRequested, ReceiptDue
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.sending import Outgoing
from austa.modules.chat.store import addresses, intentions, messages
from austa.modules.documents.api import Document, DocumentClass, Documents, Procedure
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.requests import (
    AskedItem,
    AttachedDocument,
    AuthorizationAsked,
    DocumentKind,
    Laterality,
    PriorAuth,
    Requester,
)

RECEIPT_WAIT = timedelta(seconds=6)
"""Most requests are approved, or given to a person, within two seconds: then one message tells both. Each costs."""


@dataclass(frozen=True)
class Asked:
    """What came of asking: the request with its protocol, or None where a person must take it from here."""

    request_id: RequestId | None
    protocol: str = ""
    was_added: bool = False
    """The papers went to a request that waited for them."""


class Requests:
    """Asks `prior_auth` for what members drafted."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        outgoing: Outgoing,
        *,
        documents: Documents,
        members: Members,
        terminology: Terminology,
        prior_auth: PriorAuth,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._outgoing = outgoing
        self._documents = documents
        self._members = members
        self._terminology = terminology
        self._prior_auth = prior_auth

    async def ask(self, caller: Caller, conversation_id: ConversationId, intention_id: UUID) -> Asked:
        """Ask once per intention. What `prior_auth` cannot take goes to a person, never to the member as an error."""
        async with self._database.transaction(caller) as tx:
            row = await intentions.get_intention(tx, intention_id)
            conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        draft = await self._bodies.draft(caller.operator_id, conversation.identity_id, intention_id, row.draft)
        documents = await self._documents.get_many(caller, draft.documents)
        try:
            if draft.adds_to is not None:
                status = await self._prior_auth.add_documents(caller, draft.adds_to, _papers(documents))
                return Asked(status.request_id, status.protocol, was_added=True)
            channel = channel_of(conversation.number_id)
            asked = self._asked(MemberId(row.member_id), draft, documents, channel)
            subject = await self._members.subject(caller, MemberId(row.member_id))
            if any(paper.subject != subject for paper in documents):
                # They came before it was clear for whom they are.
                await self._documents.relink(caller, draft.documents, subject)
            receipt = await self._prior_auth.request(caller, f"chat:{intention_id}", asked)
        except (Invalid, Conflict, NotFound, ValueError):
            return Asked(None)
        return Asked(receipt.request_id, receipt.protocol)

    async def record(self, tx: Transaction, conversation_id: ConversationId, intention_id: UUID, asked: Asked) -> None:
        """Keep the request's id and see that its protocol is told, or hand the conversation over."""
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        if asked.request_id is None:
            await addresses.update_conversation(tx, conversation_id, handed_over=True)
            await self._outgoing.queue(tx, conversation, texts.CANNOT_REGISTER, key=f"intention:{intention_id}")
            await tx.publish(HandOverRequested(conversation_id=conversation_id, reason="not_understood"))
            return
        await intentions.settle_intention(tx, intention_id, asked.request_id)
        receipt = ReceiptDue(
            conversation_id=conversation_id, intention_id=intention_id, protocol=asked.protocol, added=asked.was_added
        )
        await tx.publish(receipt, not_before=tx.now() + RECEIPT_WAIT)
        await tx.publish(AuthorizationRequested(conversation_id=conversation_id, request_id=asked.request_id))

    async def tell_receipt(
        self, tx: Transaction, conversation_id: ConversationId, intention_id: UUID, protocol: str, *, added: bool
    ) -> None:
        """Tell the protocol, unless the member has it: an answer, or the word that a person looks, was quicker."""
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        intention = await intentions.get_intention(tx, intention_id)
        for row in await messages.list_said_since(tx, conversation_id, intention.created_at):
            body = await self._bodies.outbound(tx.operator_id, conversation.identity_id, row.id, row.body)
            if protocol in body.text:
                return
        say = texts.ADDED if added else texts.registered(protocol)
        await self._outgoing.queue(tx, conversation, say, key=f"intention:{intention_id}")

    def _asked(
        self, member_id: MemberId, draft: Draft, documents: Sequence[Document], channel: Channel
    ) -> AuthorizationAsked:
        order = newest_order(documents)
        return AuthorizationAsked(
            member_id=member_id,
            channel=channel,
            asked_at=draft.asked_at,
            items=tuple(self._item(code, line) for code, line in asked_lines(draft, documents)),
            cids=_accepted_cids(order),
            indication=_accepted(order, "indication"),
            requester=_requester(draft, order),
            documents=_papers(documents),
        )

    def _item(self, code: str, line: Procedure | None) -> AskedItem:
        found = self._terminology.get_procedure(code)
        return AskedItem(
            tuss=code,
            description=found.description[:300] if found else "",
            quantity=_quantity(line),
            laterality=_side(line),
        )


def _papers(documents: Sequence[Document]) -> tuple[AttachedDocument, ...]:
    return tuple(
        AttachedDocument(kind=_KIND.get(d.document_class or "other", "order"), document_id=d.id)
        for d in documents
        if d.status != "refused"
    )


def _quantity(line: Procedure | None) -> int:
    quantity = line.quantity if line else None
    if quantity is None or quantity.status != "accepted" or quantity.normal is None:
        return 1
    return int(quantity.normal.reveal())


def _side(line: Procedure | None) -> Laterality | None:
    side = line.laterality if line else None
    if side is None or side.status != "accepted" or side.normal is None:
        return None
    return _SIDES.get(side.normal.reveal())


def _accepted(order: Document | None, name: str) -> Personal | None:
    if order is None:
        return None
    return next((f.normal for f in order.fields if f.name == name and f.status == "accepted"), None)


def _accepted_cids(order: Document | None) -> tuple[Personal, ...]:
    fields = order.fields if order else ()
    return tuple(f.normal for f in fields if f.name == "cid" and f.status == "accepted" and f.normal)


def _requester(draft: Draft, order: Document | None) -> Requester | None:
    """Who ordered, where the registration is sure or the member confirmed it; otherwise a person looks."""
    if order is None or draft.requester_confirmed is False:
        return None
    fields = {name: order.find_field(name) for name in ("requester_name", "council", "council_uf", "council_number")}
    number, uf = fields["council_number"], fields["council_uf"]
    if number is None or number.normal is None or uf is None or uf.normal is None:
        return None
    sure = number.status == "accepted" and uf.status == "accepted"
    if not sure and not draft.requester_confirmed:
        return None
    name, council = fields["requester_name"], fields["council"]
    return Requester(
        name=name.normal if name and name.normal else Personal("—"),
        council=council.normal.reveal() if council and council.normal else "CRM",
        uf=uf.normal.reveal(),
        number=number.normal.reveal(),
    )


_SIDES: dict[str, Laterality] = {
    "direito": "right",
    "esquerdo": "left",
    "bilateral": "both",
}
_KIND: dict[DocumentClass, DocumentKind] = {
    "medical_order": "order",
    "tiss_guide": "order",
    "prescription": "order",
    "medical_report": "report",
    "discharge_summary": "report",
    "imaging_report": "finding",
    "lab_report": "exam",
    "opme_quote": "quote",
    "receipt": "receipt",
    "other": "order",
}
