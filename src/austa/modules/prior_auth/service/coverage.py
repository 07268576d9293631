"""Coverage packs at the door: checked, kept by digest for ever, put in force by a second person."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import local_date
from austa.kernel.ids import new_id
from austa.kernel.imports import ImportProblem
from austa.modules.language.api.language import Terminology
from austa.modules.prior_auth.api.coverage import (
    CoverageActivation,
    CoverageInForce,
    CoverageReport,
    CoverageVersion,
)
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack
from austa.modules.prior_auth.domain.coverage_check import check_pack
from austa.modules.prior_auth.domain.refusals import no_such_rules, no_such_version
from austa.modules.prior_auth.domain.rule_versions import Done, is_own, may_activate, sheets, status_of
from austa.modules.prior_auth.service.rule_views import step_of
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.store import requests as store

Row = sa.Row[Any]


class CoverageService:
    """`Coverage`."""

    def __init__(
        self, database: ModuleDatabase, *, access: Access, rulebook: Rulebook, terminology: Terminology
    ) -> None:
        self._database = database
        self._access = access
        self._rulebook = rulebook
        self._terminology = terminology

    async def import_pack(self, caller: Caller, raw: bytes, *, dry_run: bool) -> CoverageReport:
        """See `Coverage.import_pack`."""
        self._access.check(caller, "rules:propose")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            now = tx.now()
            current = await self._rulebook.pack_at(tx, now)
        pack, problems = await asyncio.to_thread(check_pack, raw, self._is_known, local_date(now))
        if pack is None:
            return _report(dry_run, None, current, problems)
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "rules")
            versions = await store.list_coverage_versions(tx)
            known = any(row.digest == pack.digest for row in versions)
            report = _report(dry_run, pack, current, (), known=known)
            if known or dry_run:
                return report
            version_id = await self._keep(tx, pack, raw, len(versions) + 1)
            found = await self._version(tx, version_id)
        return report.model_copy(update={"version": found})

    async def list_versions(self, caller: Caller) -> tuple[CoverageVersion, ...]:
        """See `Coverage.list_versions`."""
        self._access.check(caller, "rules:read")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            versions, steps, now = await store.list_coverage_versions(tx), await _steps(tx), tx.now()
            return tuple([await self._view(tx, row, steps, now) for row in versions])

    async def in_force(self, caller: Caller) -> CoverageInForce:
        """See `Coverage.in_force`."""
        self._access.check(caller, "rules:read")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            pack = await self._rulebook.pack_at(tx, tx.now())
        return CoverageInForce(
            name=pack.version,
            digest=pack.digest,
            items=len(pack.items),
            own=pack.digest != self._rulebook.pack.digest,
            about=pack.about,
        )

    async def source(self, caller: Caller, digest: str) -> bytes:
        """See `Coverage.source`."""
        self._access.check(caller, "rules:read")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            known = {self._rulebook.pack.digest, *(row.digest for row in await store.list_coverage_versions(tx))}
            found = await store.find_rule_source(tx, digest) if digest in known else None
        if found is None:
            raise no_such_rules(digest)
        return found

    async def activate(self, caller: Caller, version_id: UUID, activation: CoverageActivation) -> CoverageVersion:
        """See `Coverage.activate`."""
        self._access.check(caller, "rules:activate")
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "rules")
            row = await _find(tx, version_id)
            steps, now = await _steps(tx), tx.now()
            begins = activation.effective_at or now
            may_activate(version_id, row.author, steps, caller.actor, now, begins, None)
            own = is_own(version_id, row.author, steps, caller.actor)
            self._access.check(caller, "rules:activate", own_request=own)
            await store.append_rule_step(
                tx,
                {
                    "version_id": version_id,
                    "step": "activate",
                    "at": now,
                    "by": caller.actor,
                    "effective_at": begins,
                    "until": None,
                    "note": activation.note,
                },
            )
            return await self._version(tx, version_id)

    def _is_known(self, tuss: str) -> bool:
        return self._terminology.get_procedure(tuss) is not None

    async def _keep(self, tx: Transaction, pack: CoveragePack, raw: bytes, number: int) -> UUID:
        version_id = new_id()
        await store.keep_rule_source(
            tx,
            {
                "digest": pack.digest,
                "kind": store.COVERAGE,
                "version": pack.version,
                "content": raw,
                "first_used_at": tx.now(),
            },
        )
        await store.insert_rule_version(
            tx,
            {
                "id": version_id,
                "rule_set": store.COVERAGE,
                "number": number,
                "digest": pack.digest,
                "examples": None,
                "author": tx.caller.actor,
                "created_at": tx.now(),
                "note": pack.version,
            },
        )
        await store.append_rule_step(
            tx,
            {
                "version_id": version_id,
                "step": "propose",
                "at": tx.now(),
                "by": tx.caller.actor,
                "effective_at": tx.now(),
                "until": None,
                "note": "",
            },
        )
        return version_id

    async def _version(self, tx: Transaction, version_id: UUID) -> CoverageVersion:
        return await self._view(tx, await _find(tx, version_id), await _steps(tx), tx.now())

    async def _view(self, tx: Transaction, row: Row, steps: Sequence[Done], now: datetime) -> CoverageVersion:
        raw = await store.find_rule_source(tx, row.digest)
        pack = read_pack(raw or b"")
        own = [sheet for sheet in sheets(steps) if sheet.version_id == row.id and not sheet.is_empty]
        return CoverageVersion(
            version_id=row.id,
            number=row.number,
            name=pack.version,
            digest=row.digest,
            items=len(pack.items),
            status=status_of(row.id, steps, now),
            author=row.author,
            created_at=row.created_at,
            in_force_from=own[-1].begins if own else None,
            in_force_until=own[-1].ends if own else None,
        )


async def _find(tx: Transaction, version_id: UUID) -> Row:
    for row in await store.list_coverage_versions(tx):
        if row.id == version_id:
            return row
    raise no_such_version()


async def _steps(tx: Transaction) -> list[Done]:
    return [step_of(row) for row in await store.list_coverage_steps(tx)]


def _report(
    dry_run: bool,
    pack: CoveragePack | None,
    current: CoveragePack,
    problems: tuple[ImportProblem, ...],
    *,
    known: bool = False,
) -> CoverageReport:
    items = pack.items if pack else {}
    both = items.keys() & current.items.keys()
    return CoverageReport(
        dry_run=dry_run,
        items=len(items),
        examples=sum(len(item.examples) for item in items.values()),
        added=tuple(sorted(items.keys() - both)),
        removed=tuple(sorted(current.items.keys() - both)) if pack else (),
        changed=tuple(sorted(code for code in both if items[code] != current.items[code])),
        known=known,
        problems=problems,
        version=None,
    )
