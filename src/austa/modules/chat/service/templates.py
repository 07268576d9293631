"""Message templates: written, released by a second person, put before Meta, and chosen when something is sent."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId, PrincipalId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat.adapters.whatsapp import WhatsAppClient
from austa.modules.chat.api.duty import Colleague
from austa.modules.chat.api.templates import (
    MessageTemplate,
    TemplateContent,
    TemplateDraft,
    TemplateFault,
    TemplateStep,
    fallback_unfit,
    no_such_template,
    own_template,
    template_faulty,
    template_not_ready,
    template_released,
)
from austa.modules.chat.domain import templates as rules
from austa.modules.chat.domain.templates import Heard
from austa.modules.chat.events import TemplateReleased
from austa.modules.chat.service.bodies import Template
from austa.modules.chat.store import templates as store
from austa.modules.identity.api import Identity
from austa.modules.language.api.language import Language
from austa.modules.notifications.api import Notifications

Row = sa.Row[Any]

LANGUAGE = "pt_BR"
NEWS = TemplateDraft(
    purpose="request_update",
    category="utility",
    content=TemplateContent(
        body="Há uma novidade no seu pedido.\nVeja aqui: {{1}}\nProtocolo: {{2}}.",
        values=rules.values_of(("link", "protocol")),
    ),
)
"""Says nothing but that there is news: what is sent where a wording that says more cannot be."""
AFTER_REFUSAL = timedelta(hours=1)
"""What Meta refused at a sending is tried again then: somebody may have mended it without our hearing of it."""
PAUSED, DISABLED, MISSING = 132015, 132016, 132001

log = structlog.get_logger()


@dataclass(frozen=True)
class Submitted:
    """What came of putting a template before Meta: its status there, or why it was not taken in."""

    status: str | None
    meta_id: str | None = None
    refusal: str | None = None


class TemplateService:
    """`Templates`, and what sending asks of them."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        client: WhatsAppClient,
        settings: Settings,
        *,
        language: Language,
        identity: Identity,
        notifications: Notifications,
    ) -> None:
        self._database = database
        self._access = access
        self._client = client
        self._origin = settings.public_url
        self._account = settings.whatsapp_account
        self._language = language
        self._identity = identity
        self._notifications = notifications
        self._seeded: set[OperatorId] = set()

    # What people do

    async def list(self, caller: Caller) -> tuple[MessageTemplate, ...]:
        self._access.check(caller, "message_template:read")
        async with self._database.transaction(caller) as tx:
            await self.seed(tx)
            rows = await store.list_templates(tx)
            steps = await store.list_steps(tx, [row.id for row in rows])
            now = tx.now()
        people = await self._people(caller, [*(row.author for row in rows), *(step.by for step in steps)])
        faults = await asyncio.to_thread(lambda: [self._faults(_draft(row)) for row in rows])
        return tuple(
            _view(row, found, [step for step in steps if step.template_id == row.id], people, now)
            for row, found in zip(rows, faults, strict=True)
        )

    async def lint(self, caller: Caller, draft: TemplateDraft) -> tuple[TemplateFault, ...]:
        self._access.check(caller, "message_template:write")
        return await asyncio.to_thread(self._faults, draft)

    async def save(self, caller: Caller, template_id: UUID, draft: TemplateDraft) -> MessageTemplate:
        self._access.check(caller, "message_template:write")
        async with self._database.transaction(caller) as tx:
            await tx.lock("chat.message_template")
            row = await store.find_template(tx, template_id, lock=True)
            if row is not None and row.state != "draft":
                raise template_released()
            values: dict[str, Any] = {
                "purpose": draft.purpose,
                "category": draft.category,
                "content": draft.content.model_dump(mode="json"),
                "author": caller.principal_id,
            }
            if row is None or row.purpose != draft.purpose:
                version = await store.newest_version(tx, draft.purpose) + 1
                values |= {"version": version, "name": f"plano_{draft.purpose}_v{version}", "language": draft.language}
            if row is None:
                values |= {"id": template_id, "state": "draft", "is_product": False}
                await store.add_template(tx, values)
            else:
                await store.change_template(tx, template_id, **values)
            await self._note(tx, template_id, "written")
        return await self._get(caller, template_id)

    async def propose(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        self._access.check(caller, "message_template:write")
        async with self._database.transaction(caller) as tx:
            row = await _locked(tx, template_id, "draft")
            self._insist(row)
            await store.change_template(tx, template_id, state="proposed")
            await self._note(tx, template_id, "proposed")
        return await self._get(caller, template_id)

    async def give_back(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        self._access.check(caller, "message_template:release")
        async with self._database.transaction(caller) as tx:
            row = await _locked(tx, template_id, "proposed")
            if row.is_product:
                raise template_not_ready()
            await store.change_template(tx, template_id, state="draft")
            await self._note(tx, template_id, "returned")
        return await self._get(caller, template_id)

    async def release(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        self._access.check(caller, "message_template:release")
        async with self._database.transaction(caller) as tx:
            row = await _locked(tx, template_id, "proposed")
            steps = await store.list_steps(tx, [template_id])
            hands = {row.author} | {step.by for step in steps if step.step in {"written", "proposed"}}
            if caller.principal_id in hands:
                raise own_template()
            self._access.check(caller, "message_template:release", own_request=False)
            self._insist(row)
            await store.change_template(tx, template_id, state="released")
            await self._note(tx, template_id, "released")
            await tx.publish(TemplateReleased(template_id=template_id))
        return await self._get(caller, template_id)

    async def set_fallback(self, caller: Caller, template_id: UUID, fallback_id: UUID | None) -> MessageTemplate:
        self._access.check(caller, "message_template:release")
        async with self._database.transaction(caller) as tx:
            row = await _locked(tx, template_id, None)
            other = await store.find_template(tx, fallback_id) if fallback_id is not None else None
            if fallback_id is not None:
                if other is None or not (other.state == "released" or other.is_product):
                    raise no_such_template()
                kept, wanted = _content(row).values, _content(other).values
                examples = [value.example for value in kept]
                if other.id == row.id or rules.values_for(wanted, kept, examples) is None:
                    raise fallback_unfit()
            await store.change_template(tx, template_id, fallback_id=fallback_id)
            await self._note(tx, template_id, "fallback_set", other.name if other is not None else None)
        return await self._get(caller, template_id)

    async def end(self, caller: Caller, template_id: UUID) -> None:
        self._access.check(caller, "message_template:release")
        async with self._database.transaction(caller) as tx:
            row = await _locked(tx, template_id, None)
            if row.is_product:
                raise template_not_ready()
            if row.state != "ended":
                await store.change_template(tx, template_id, state="ended")
                await self._note(tx, template_id, "ended")

    # What goes to Meta, and what Meta says

    async def submit(self, caller: Caller, template_id: UUID) -> Submitted | None:
        """Put a released wording before Meta. None where no account is set: it is registered by hand then."""
        async with self._database.transaction(caller) as tx:
            row = await store.find_template(tx, template_id)
        if row is None or row.state != "released" or self._account is None:
            return None
        asked = rules.submission(row.name, row.language, row.category, _content(row))
        taken = await self._client.submit_template(self._account, asked)
        return Submitted(taken.status, taken.id, taken.refusal)

    async def record_submission(self, tx: Transaction, template_id: UUID, result: Submitted | None) -> None:
        """Keep what came of it. What Meta told meanwhile by webhook is newer."""
        row = await store.find_template(tx, template_id, lock=True)
        if result is None or row is None:
            return
        if result.refusal is not None:
            await store.change_template(tx, template_id, meta_status="refused", meta_reason=result.refusal)
            await self._note(tx, template_id, "refused", result.refusal)
            return
        if row.told_at is None and result.status is not None:
            await store.change_template(tx, template_id, meta_status=result.status, meta_reason=None)
        await self._note(tx, template_id, "submitted", result.status)

    async def hear(self, tx: Transaction, heard: Heard) -> None:
        """What Meta tells of a template; what it told later is not set back."""
        await self.seed(tx)
        row = await store.named(tx, heard.name, heard.language, lock=True)
        if row is None:
            log.info("chat.unknown_template_told")
            return
        if heard.quality is not None or heard.category is not None:
            changed = {"quality": heard.quality} if heard.quality else {"meta_category": heard.category}
            await store.change_template(tx, row.id, **changed)
            await self._note(tx, row.id, "told", heard.quality or heard.category)
            return
        if row.told_at is not None and heard.at < row.told_at:
            return
        await store.change_template(
            tx,
            row.id,
            meta_status=heard.status,
            meta_reason=heard.reason,
            stopped_until=heard.stopped_until,
            told_at=heard.at,
        )
        await self._note(tx, row.id, "told", heard.status)

    # What sending asks

    async def choose(self, tx: Transaction, template: Template) -> Template | None:
        """The template to send: this one, or what stands in for it where Meta does not take it now or a value must not
        travel in it. None where nothing may go. One that nobody registered here is sent as it is."""
        await self.seed(tx)
        row = await store.named(tx, template.name, template.language)
        if row is None:
            return template
        kept = _content(row).values
        for each in (row, *await store.stand_ins(tx, row)):
            wanted = _content(each).values
            is_itself = each.id == row.id
            values = list(template.parameters) if is_itself else rules.values_for(wanted, kept, template.parameters)
            if values is None or not rules.is_tried(each.meta_status, each.stopped_until, tx.now()):
                continue
            if rules.unfit_value(wanted, values, self._health, self._origin) is not None:
                log.warning("chat.template_value_refused", template=each.name)
                continue
            return Template(
                name=each.name, language=each.language, parameters=tuple(values), has_code=each.category == CODES
            )
        log.error("chat.no_template_works", template=template.name)
        return None

    async def refused(self, tx: Transaction, name: str, language: str, code: int) -> bool:
        """Meta refused a sending because of the template: it is not tried for a while. False for an unknown one."""
        row = await store.named(tx, name, language, lock=True)
        if row is None:
            return False
        told = {PAUSED: "PAUSED", DISABLED: "DISABLED"}.get(code, "MISSING")
        pause = {PAUSED: rules.LONGEST_PAUSE, DISABLED: None}.get(code, AFTER_REFUSAL)
        until = tx.now() + pause if pause is not None else None
        await store.change_template(tx, row.id, meta_status=told, meta_reason=str(code), stopped_until=until)
        await self._note(tx, row.id, "told", str(code))
        log.error("chat.template_refused", template=name, graph_code=code)
        return True

    async def seed(self, tx: Transaction) -> None:
        """Register what the product itself starts messages with; a person releases each to Meta."""
        if tx.operator_id in self._seeded:
            return
        wordings: list[tuple[str, int, str, TemplateDraft]] = [("austa_request_update_v1", 1, LANGUAGE, NEWS)]
        for one in self._notifications.whatsapp_wordings():
            content = TemplateContent(body=rules.numbered(one.text, one.values), values=rules.values_of(one.values))
            draft = TemplateDraft(purpose=one.code, category=one.category, content=content)
            wordings.append((one.name, one.version, one.language, draft))
        is_new = False
        news_id = derived_id("chat.template", tx.operator_id, wordings[0][0])
        for name, version, language, draft in wordings:
            kinds = {value.kind for value in draft.content.values}
            template_id = derived_id("chat.template", tx.operator_id, name)
            values = {
                "id": template_id,
                "purpose": draft.purpose,
                "version": version,
                "name": name,
                "language": language,
                "category": draft.category,
                "content": draft.content.model_dump(mode="json"),
                "state": "proposed",
                "is_product": True,
                "fallback_id": news_id if template_id != news_id and {"link", "protocol"} <= kinds else None,
            }
            if await store.add_template(tx, values):
                is_new = True
                await self._note(tx, template_id, "proposed")
        if not is_new:
            # Only what another transaction committed is surely there.
            self._seeded.add(tx.operator_id)

    def _faults(self, draft: TemplateDraft) -> tuple[TemplateFault, ...]:
        return rules.lint(draft, self._health, self._origin)

    def _health(self, text: str) -> Iterable[tuple[str, str]]:
        return [(each.kind, each.words) for each in self._language.lint(Personal(text))]

    def _insist(self, row: Row) -> None:
        faults = self._faults(_draft(row))
        if faults:
            raise template_faulty(tuple(dict.fromkeys(fault.code for fault in faults)))

    async def _note(self, tx: Transaction, template_id: UUID, step: str, what: str | None = None) -> None:
        row = await store.find_template(tx, template_id)
        assert row is not None
        digest = hashlib.sha256(_content(row).model_dump_json().encode()).digest()
        by = tx.caller.principal_id if tx.caller.kind == "staff" else None
        await store.add_step(tx, template_id, step=step, by=by, what=what, digest=digest)

    async def _people(self, caller: Caller, ids: Iterable[UUID | None]) -> Mapping[UUID, Colleague]:
        wanted = frozenset(PrincipalId(each) for each in ids if each is not None)
        ourselves = Caller.system(caller.operator_id, "chat", caller.causation, caller.correlation)
        found = await self._identity.get_staff_many(ourselves, wanted) if wanted else ()
        return {person.id: Colleague(id=person.id, name=person.name) for person in found}

    async def _get(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        async with self._database.transaction(caller) as tx:
            row = await store.find_template(tx, template_id)
            steps = await store.list_steps(tx, [template_id])
            now = tx.now()
        assert row is not None
        people = await self._people(caller, [row.author, *(step.by for step in steps)])
        return _view(row, await asyncio.to_thread(self._faults, _draft(row)), steps, people, now)


CODES = "authentication"


async def _locked(tx: Transaction, template_id: UUID, state: str | None) -> Row:
    row = await store.find_template(tx, template_id, lock=True)
    if row is None:
        raise no_such_template()
    if state is not None and row.state != state:
        raise template_not_ready()
    return row


def _content(row: Row) -> TemplateContent:
    return TemplateContent.model_validate(row.content, strict=False)


def _draft(row: Row) -> TemplateDraft:
    return TemplateDraft(purpose=row.purpose, category=row.category, content=_content(row), language=row.language)


def _view(
    row: Row,
    faults: tuple[TemplateFault, ...],
    steps: Sequence[Row],
    people: Mapping[UUID, Colleague],
    now: Any,
) -> MessageTemplate:
    return MessageTemplate(
        id=row.id,
        purpose=row.purpose,
        version=row.version,
        name=row.name,
        language=row.language,
        category=row.category,
        content=_content(row),
        state=row.state,
        is_product=row.is_product,
        author=people.get(row.author),
        faults=faults,
        meta_status=row.meta_status,
        meta_category=row.meta_category,
        meta_reason=row.meta_reason,
        quality=row.quality,
        is_sent=rules.is_tried(row.meta_status, row.stopped_until, now),
        fallback_id=row.fallback_id,
        steps=tuple(
            TemplateStep(step=cast(Any, one.step), by=people.get(one.by), what=one.what, at=one.at) for one in steps
        ),
    )
