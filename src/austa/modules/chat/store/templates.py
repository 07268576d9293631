"""Message templates, and who did what with them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.modules.chat.tables import message_template, template_step

_T = message_template.c


async def list_templates(tx: Transaction) -> Sequence[sa.Row[Any]]:
    """Those that have not ended, by purpose, newest version first."""
    chosen = sa.select(message_template).where(_T.state != "ended")
    return await tx.all(chosen.order_by(_T.purpose, _T.is_product.desc(), _T.version.desc(), _T.id))


async def find_template(tx: Transaction, template_id: UUID, *, lock: bool = False) -> sa.Row[Any] | None:
    chosen = sa.select(message_template).where(_T.id == template_id)
    return await tx.one_or_none(chosen.with_for_update() if lock else chosen)


async def named(tx: Transaction, name: str, language: str, *, lock: bool = False) -> sa.Row[Any] | None:
    """The template that Meta knows under this name."""
    chosen = sa.select(message_template).where(_T.name == name, _T.language == language)
    return await tx.one_or_none(chosen.with_for_update() if lock else chosen)


async def stand_ins(tx: Transaction, row: sa.Row[Any]) -> Sequence[sa.Row[Any]]:
    """What may be sent instead: what was named for it, then others of its purpose, newest first."""
    same = sa.and_(_T.purpose == row.purpose, _T.state == "released", _T.language == row.language)
    chosen = sa.select(message_template).where(_T.id != row.id, sa.or_(_T.id == row.fallback_id, same))
    chosen = chosen.where(sa.or_(_T.state == "released", sa.and_(_T.is_product, _T.state == "proposed")))
    return await tx.all(chosen.order_by((_T.id == row.fallback_id).desc(), _T.version.desc(), _T.id))


async def newest_version(tx: Transaction, purpose: str) -> int:
    """Of the operator's own wordings; 0 where there is none."""
    chosen = sa.select(sa.func.coalesce(sa.func.max(_T.version), 0))
    found = await tx.execute(chosen.where(_T.purpose == purpose, _T.is_product.is_(False)))
    return int(found.scalar_one())


async def add_template(tx: Transaction, values: dict[str, Any]) -> bool:
    """Whether it was new."""
    adding = insert(message_template).values(operator_id=tx.operator_id, changed_at=tx.now(), **values)
    return (await tx.execute(adding.on_conflict_do_nothing())).rowcount == 1


async def change_template(tx: Transaction, template_id: UUID, **values: Any) -> None:
    changing = sa.update(message_template).where(_T.id == template_id)
    await tx.execute(changing.values(changed_at=tx.now(), **values))


async def add_step(tx: Transaction, template_id: UUID, **values: Any) -> None:
    await tx.execute(
        insert(template_step).values(operator_id=tx.operator_id, template_id=template_id, at=tx.now(), **values)
    )


async def list_steps(tx: Transaction, template_ids: Collection[UUID]) -> Sequence[sa.Row[Any]]:
    """Oldest first."""
    chosen = sa.select(template_step).where(template_step.c.template_id.in_(template_ids))
    return await tx.all(chosen.order_by(template_step.c.place))
