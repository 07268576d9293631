"""The inbox: a webhook is verified on its raw bytes and kept before it is answered.

This is the hot path: whatever webhooks come while a commit is under way share the next one, and nothing is looked up
for them. Who wrote, what it means and what is answered is found by workers (`service.consumer`).
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from austa.infra import telemetry
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.group_commit import GroupCommit
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden
from austa.kernel.ids import OperatorId, new_id
from austa.modules.chat.api.conversations import Accepted, bad_signature, foreign_number, unknown_number
from austa.modules.chat.domain.templates import read_notice
from austa.modules.chat.domain.webhook import AddressChange, Batch, Inbound, Item, Other, Status, read_webhook
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.templates import TemplateService
from austa.modules.chat.store import addresses, inbox, messages
from austa.modules.chat.store.inbox import NewItem

WAITS = "chat.inbox"
"""Under this name workers wait for new items."""

MOST_TOGETHER = 100
"""Webhooks that share a commit."""

KEPT_FOR = timedelta(days=31)
"""Meta delivers again for 7 days; so long an item is known again, and its bytes kept."""

log = structlog.get_logger()


@dataclass
class Share:
    """What of a webhook is one operator's."""

    messages: list[Inbound] = field(default_factory=list)
    changes: list[AddressChange] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)


class Inbox:
    """Takes webhooks in."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        settings: Settings,
        addressbook: Addressbook,
        templates: TemplateService,
    ) -> None:
        self._templates = templates
        self._database = database
        self._bodies = bodies
        self._settings = settings
        self._addressbook = addressbook
        self._operators: dict[str, OperatorId] = {}
        """Whose number it is. A number never changes hands, so what was found once holds."""
        self._doors: dict[OperatorId, GroupCommit[Share, Accepted]] = {}

    async def operator_of(self, number_id: str) -> OperatorId:
        """Raises `NotFound` `chat.unknown_number`."""
        operator_id = await self._find_operator(number_id)
        if operator_id is None:
            raise unknown_number()
        return operator_id

    async def verify(self, number_id: str | None, token: str) -> None:
        """Meta's subscription check. Raises `Forbidden` `chat.verify_token`, `NotFound` `chat.unknown_number`."""
        if number_id is not None:
            await self.operator_of(number_id)
        expected = self._settings.whatsapp_verify_token
        if expected is None or not hmac.compare_digest(expected.get_secret_value().encode(), token.encode()):
            telemetry.WEBHOOKS_REFUSED.labels("verify_token").inc()
            raise Forbidden("chat.verify_token", "the verify token is not ours")

    async def receive(self, raw: bytes, signature: str | None, number_id: str | None = None) -> Accepted:
        """Keep everything that a webhook brings; returns after the commit. See `Chat.receive_webhook`."""
        self._check_signature(raw, signature)
        posted_for = await self.operator_of(number_id) if number_id is not None else None
        batch = read_webhook(raw, number_id or "")
        shares, is_whole = await self._shares(batch, posted_for)
        kept = [await self._door(operator_id).write(share) for operator_id, share in shares.items()]
        if not is_whole:
            # What is ours is kept; Meta comes again for the rest, for which the number may be attached meanwhile.
            telemetry.WEBHOOKS_REFUSED.labels("unknown_number").inc()
            raise unknown_number()
        return Accepted(
            messages=sum(each.messages for each in kept),
            statuses=sum(each.statuses for each in kept),
            others=sum(each.others for each in kept),
            repeated=sum(each.repeated for each in kept),
        )

    def _check_signature(self, raw: bytes, signature: str | None) -> None:
        """HMAC-SHA256 of the raw bytes; re-serialised JSON would break on every accent."""
        secret = self._settings.whatsapp_app_secret
        key = secret.get_secret_value().encode() if secret else b""
        expected = hmac.digest(key, raw, hashlib.sha256).hex()
        given = (signature or "").removeprefix("sha256=")
        if secret is None or not hmac.compare_digest(expected.encode(), given.encode()):
            telemetry.WEBHOOKS_REFUSED.labels("signature").inc()
            raise bad_signature()

    async def _find_operator(self, number_id: str) -> OperatorId | None:
        if number_id not in self._operators:
            async with self._database.lookup() as connection:
                found = await addresses.operator_of_number(connection, number_id)
            if found is None:
                return None
            self._operators[number_id] = found
        return self._operators[number_id]

    async def _shares(self, batch: Batch, posted_for: OperatorId | None) -> tuple[dict[OperatorId, Share], bool]:
        """What is whose, and whether every number is known. A webhook for one number names no other operator's."""
        owners: dict[str | None, OperatorId | None] = {}
        for number_id in batch.number_ids:
            owners[number_id] = await self._find_operator(number_id)
        if posted_for is not None and set(owners.values()) - {posted_for}:
            telemetry.WEBHOOKS_REFUSED.labels("foreign_number").inc()
            raise foreign_number()
        nameless = [each for each in batch.others if each.number_id is None]
        if nameless and posted_for is None:
            posted_for = await self._only_operator()
        owners[None] = posted_for
        shares: dict[OperatorId, Share] = {}
        is_whole = True
        items: tuple[Item, ...] = (*batch.messages, *batch.changes, *batch.statuses, *batch.others)
        for item in items:
            owner = owners.get(item.number_id)
            if owner is None:
                is_whole = False
                continue
            share = shares.setdefault(owner, Share())
            match item:
                case Inbound():
                    share.messages.append(item)
                case AddressChange():
                    share.changes.append(item)
                case Status():
                    share.statuses.append(item)
                case Other():
                    share.others.append(item)
        return shares, is_whole

    async def _only_operator(self) -> OperatorId | None:
        """Whose are notices about an account that name no number: the only operator's there is."""
        async with self._database.lookup() as connection:
            operators = await addresses.operators(connection)
        return operators[0] if len(operators) == 1 else None

    def _door(self, operator_id: OperatorId) -> GroupCommit[Share, Accepted]:
        if operator_id not in self._doors:
            self._doors[operator_id] = GroupCommit(partial(self._commit, operator_id), MOST_TOGETHER)
        return self._doors[operator_id]

    async def _commit(self, operator_id: OperatorId, shares: Sequence[Share]) -> list[Accepted]:
        async with self._database.transaction(Caller.system(operator_id, "chat")) as tx:
            items = [await self._items(tx, share) for share in shares]
            every = [item for some in items for item in some]
            # Ids follow one another as the items came.
            ids = sorted(new_id() for _ in every)
            new = await inbox.append(tx, dict(zip(ids, every, strict=True)))
            accepted = []
            for share, some in zip(shares, items, strict=True):
                for change in share.changes:
                    await self._addressbook.unlink(tx, change)
                others = [await self._keep_notice(tx, other) for other in share.others]
                own, ids = ids[: len(some)], ids[len(some) :]
                fresh = [each for each, item_id in zip(some, own, strict=True) if item_id in new]
                accepted.append(
                    Accepted(
                        messages=sum(each.kind == "message" for each in fresh),
                        statuses=sum(each.kind == "status" for each in fresh),
                        others=sum(others),
                        repeated=len(some) + len(others) - len(fresh) - sum(others),
                    )
                )
            if new:
                tx.wake(WAITS)
        return accepted

    async def _keep_notice(self, tx: Transaction, other: Other) -> bool:
        is_new = await keep_notice(tx, self._bodies, other)
        heard = read_notice(other.kind, other.raw, tx.now()) if is_new else None
        if heard is not None:
            await self._templates.hear(tx, heard)
        return is_new

    async def _items(self, tx: Transaction, share: Share) -> list[NewItem]:
        operator_id, now, items = tx.operator_id, tx.now(), []
        for message in share.messages:
            day = message.sent_at.date()
            index = self._bodies.index(operator_id, "inbox", f"message|{message.number_id}|{message.wamid}")
            key = self._addressbook.key(operator_id, message.number_id, message.sender)
            body = await self._bodies.seal_item(operator_id, day, index, message)
            # Meta's clock may be ahead of ours; nothing was sent in the future.
            items.append(NewItem("message", day, index, key, min(message.sent_at, now), body))
        for status in share.statuses:
            day = status.at.date()
            index = self._bodies.index(operator_id, "inbox", f"status|{status.wamid}|{status.status}")
            body = await self._bodies.seal_item(operator_id, day, index, status)
            items.append(NewItem("status", day, index, operator_id, min(status.at, now), body))
        return items


async def keep_notice(tx: Transaction, bodies: Bodies, other: Other) -> bool:
    """Keep what is neither message nor status of ours, whole and counted. False when it is kept already."""
    notice_id = new_id()
    fingerprint = hashlib.sha256(repr(sorted(other.raw.items(), key=repr)).encode()).digest()
    log.info("chat.notice_kept", kind=other.kind)
    telemetry.NOTICES_KEPT.labels(other.kind if other.kind in {"message", "status"} else "other").inc()
    return await messages.insert_notice(
        tx,
        {
            "id": notice_id,
            "number_id": other.number_id,
            "kind": other.kind,
            "body": await bodies.notice(tx.operator_id, notice_id, other.raw),
            "fingerprint": fingerprint,
            "recorded_at": tx.now(),
        },
    )
