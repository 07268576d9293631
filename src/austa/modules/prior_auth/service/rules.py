"""Decision tables through the hands of people: kept, checked, compared, proposed, put in force, ended."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.ids import new_id
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.rules import (
    Activation,
    Ending,
    Proposal,
    RuleAnswer,
    RuleContent,
    RuleDifference,
    RuleDraft,
    RuleQuestion,
    RuleReport,
    RuleSet,
    RuleSetName,
    RuleVersion,
    Simulation,
    SimulationOf,
    SimulationResult,
    Step,
)
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.dmn.explain import explain
from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.inputs import from_json
from austa.modules.prior_auth.domain.dmn.reader import read_definitions
from austa.modules.prior_auth.domain.dmn.writer import as_dmn_1_3
from austa.modules.prior_auth.domain.refusals import no_such_version, rules_unsound
from austa.modules.prior_auth.domain.rule_sets import SETS
from austa.modules.prior_auth.domain.rule_versions import (
    Done,
    in_force,
    is_own,
    may_activate,
    may_expire,
    may_propose,
    status_of,
)
from austa.modules.prior_auth.service.names import names_of
from austa.modules.prior_auth.service.rule_views import Row, difference_of, report_on, step_of, version_of
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.simulating import Simulator
from austa.modules.prior_auth.store import requests as store

NO_EXAMPLES = b'{"examples": []}\n'


@dataclass(frozen=True)
class Shelf:
    """Every version of an operator with everything done with them."""

    versions: Sequence[Row]
    steps: Sequence[Row]

    def actors(self) -> set[str]:
        """Who wrote or did anything."""
        return {row.author for row in self.versions} | {row.by for row in self.steps}

    def get(self, version_id: UUID) -> Row:
        """Raises `prior_auth.no_such_version`."""
        found = next((row for row in self.versions if row.id == version_id), None)
        if found is None:
            raise no_such_version()
        return found

    def of(self, rule_set: str) -> list[Row]:
        return [row for row in self.versions if row.rule_set == rule_set]

    def done(self, rule_set: str) -> list[Done]:
        """What was done with versions of that set."""
        ids = {row.id for row in self.of(rule_set)}
        return [step_of(row) for row in self.steps if row.version_id in ids]


class RulesService:
    """`Rules`."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        access: Access,
        identity: Identity,
        rulebook: Rulebook,
        simulator: Simulator,
    ) -> None:
        self._database = database
        self._simulator = simulator
        self._access = access
        self._identity = identity
        self._rulebook = rulebook

    # Reading

    async def list_sets(self, caller: Caller) -> tuple[RuleSet, ...]:
        """See `Rules.list_sets`."""
        shelf, now = await self._read(caller)
        names = await names_of(self._identity, caller, shelf.actors())
        sets = []
        for wanted in SETS.values():
            done, own = shelf.done(wanted.name), shelf.of(wanted.name)
            holding = in_force(done, now)
            views = [version_of(row, shelf.steps, done, now, names) for row in own]
            sets.append(
                RuleSet(
                    name=wanted.name,
                    title=wanted.title,
                    about=wanted.about,
                    decisions=tuple(decision.name for decision in wanted.decisions),
                    in_force=next((view for view in views if view.id == holding), None),
                    versions=len(own),
                    waiting=sum(view.status == "proposed" for view in views),
                )
            )
        return tuple(sets)

    async def list_versions(self, caller: Caller, rule_set: RuleSetName) -> tuple[RuleVersion, ...]:
        """See `Rules.list_versions`."""
        shelf, now = await self._read(caller)
        names, done = await names_of(self._identity, caller, shelf.actors()), shelf.done(rule_set)
        return tuple(version_of(row, shelf.steps, done, now, names) for row in shelf.of(rule_set))

    async def get_version(self, caller: Caller, version_id: UUID) -> RuleVersion:
        """See `Rules.get_version`."""
        shelf, now = await self._read(caller)
        return await self._view(caller, shelf, shelf.get(version_id), now)

    async def in_force(self, caller: Caller, rule_set: RuleSetName, moment: datetime) -> RuleVersion | None:
        """See `Rules.in_force`."""
        shelf, now = await self._read(caller)
        found = in_force(shelf.done(rule_set), moment)
        return None if found is None else await self._view(caller, shelf, shelf.get(found), now)

    async def xml(self, caller: Caller, version_id: UUID) -> bytes:
        """See `Rules.xml`."""
        return (await self._kept(caller, version_id))[1]

    async def examples(self, caller: Caller, version_id: UUID) -> bytes:
        """See `Rules.examples`."""
        row, _ = await self._kept(caller, version_id)
        return bytes(row.examples) if row.examples is not None else NO_EXAMPLES

    async def check(self, caller: Caller, rule_set: RuleSetName, content: RuleContent) -> RuleReport:
        """See `Rules.check`."""
        self._access.check(caller, "rules:read")
        return await self._report(rule_set, content.xml.encode(), _encoded(content.examples))

    async def report(self, caller: Caller, version_id: UUID) -> RuleReport:
        """See `Rules.report`."""
        row, xml = await self._kept(caller, version_id)
        return await self._report(row.rule_set, xml, row.examples)

    async def ask(self, caller: Caller, question: RuleQuestion) -> RuleAnswer:
        """See `Rules.ask`."""
        self._access.check(caller, "rules:read")
        return await asyncio.to_thread(_answer, question)

    async def difference(self, caller: Caller, version_id: UUID, before_id: UUID | None = None) -> RuleDifference:
        """See `Rules.difference`."""
        shelf, now = await self._read(caller)
        after = shelf.get(version_id)
        chosen = before_id or in_force(shelf.done(after.rule_set), now)
        before = None if chosen is None else shelf.get(chosen)
        async with self._database.transaction(caller) as tx:
            old = None if before is None else await _source(tx, before)
            new = await _source(tx, after)
        return difference_of(
            None if before is None else await self._view(caller, shelf, before, now),
            await self._view(caller, shelf, after, now),
            None if old is None else read_definitions(old),
            read_definitions(new),
        )

    async def simulate(self, caller: Caller, rule_set: RuleSetName, asked: SimulationOf) -> SimulationResult:
        """See `Rules.simulate`."""
        self._access.check(caller, "rules:read")
        self._access.check(caller, "authorization:read")
        await self._rulebook.keep(caller)
        return await self._simulator.run(caller, rule_set, asked)

    async def simulate_version(self, caller: Caller, version_id: UUID, asked: Simulation) -> SimulationResult:
        """See `Rules.simulate_version`."""
        row, xml = await self._kept(caller, version_id)
        rule_set = next(name for name in SETS if name == row.rule_set)
        return await self.simulate(caller, rule_set, SimulationOf(xml=xml.decode(), **asked.model_dump()))

    # Changing

    async def draft(self, caller: Caller, rule_set: RuleSetName, draft: RuleDraft) -> RuleVersion:
        """See `Rules.draft`."""
        self._access.check(caller, "rules:propose")
        await self._rulebook.keep(caller)
        xml = await asyncio.to_thread(as_dmn_1_3, draft.xml.encode())
        digest, examples = hashlib.sha256(xml).hexdigest(), _encoded(draft.examples)
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "rules")
            shelf = await _shelf(tx)
            newest = next(iter(shelf.of(rule_set)), None)
            done = shelf.done(rule_set)
            again = (
                newest is not None
                and (newest.digest, newest.author, newest.note) == (digest, caller.actor, draft.note)
                and newest.examples == examples
                and status_of(newest.id, done, tx.now()) in {"draft", "proposed"}
            )
            if newest is None or not again:
                number = (newest.number if newest else 0) + 1
                await store.keep_rule_source(
                    tx,
                    {
                        "digest": digest,
                        "kind": rule_set,
                        "version": str(number),
                        "content": xml,
                        "first_used_at": tx.now(),
                    },
                )
                await store.insert_rule_version(
                    tx,
                    {
                        "id": new_id(),
                        "rule_set": rule_set,
                        "number": number,
                        "digest": digest,
                        "examples": examples,
                        "author": caller.actor,
                        "created_at": tx.now(),
                        "note": draft.note,
                    },
                )
                shelf = await _shelf(tx)
            now = tx.now()
        return await self._view(caller, shelf, shelf.of(rule_set)[0], now)

    async def propose(self, caller: Caller, version_id: UUID, proposal: Proposal) -> RuleVersion:
        """See `Rules.propose`."""
        self._access.check(caller, "rules:propose")
        await self._insist_on_sound(caller, version_id)

        def allow(row: Row, done: Sequence[Done], now: datetime) -> tuple[datetime, datetime | None]:
            may_propose(row.id, done, now)
            return now, None

        return await self._step(caller, version_id, "propose", proposal.note, allow)

    async def activate(self, caller: Caller, version_id: UUID, activation: Activation) -> RuleVersion:
        """See `Rules.activate`."""
        self._access.check(caller, "rules:activate")
        await self._insist_on_sound(caller, version_id)

        def allow(row: Row, done: Sequence[Done], now: datetime) -> tuple[datetime, datetime | None]:
            begins = activation.effective_at or now
            may_activate(row.id, row.author, done, caller.actor, now, begins, activation.until)
            own = is_own(row.id, row.author, done, caller.actor)
            self._access.check(caller, "rules:activate", own_request=own)
            return begins, activation.until

        return await self._step(caller, version_id, "activate", activation.note, allow)

    async def expire(self, caller: Caller, version_id: UUID, ending: Ending) -> RuleVersion:
        """See `Rules.expire`."""
        self._access.check(caller, "rules:activate")

        def allow(row: Row, done: Sequence[Done], now: datetime) -> tuple[datetime, datetime | None]:
            ends = ending.effective_at or now
            may_expire(row.id, done, now, ends)
            return ends, None

        return await self._step(caller, version_id, "expire", ending.note, allow)

    async def _step(
        self,
        caller: Caller,
        version_id: UUID,
        step: Step,
        note: str,
        allow: Callable[[Row, Sequence[Done], datetime], tuple[datetime, datetime | None]],
    ) -> RuleVersion:
        """Do one thing with a version; two people who do at once wait for each other, and the second is asked anew."""
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "rules")
            shelf, now = await _shelf(tx), tx.now()
            row = shelf.get(version_id)
            effective_at, until = allow(row, shelf.done(row.rule_set), now)
            await store.append_rule_step(
                tx,
                {
                    "version_id": version_id,
                    "step": step,
                    "at": now,
                    "by": caller.actor,
                    "effective_at": effective_at,
                    "until": until,
                    "note": note,
                },
            )
            shelf = await _shelf(tx)
        return await self._view(caller, shelf, row, now)

    async def _insist_on_sound(self, caller: Caller, version_id: UUID) -> None:
        row, xml = await self._kept(caller, version_id)
        report = await self._report(row.rule_set, xml, row.examples)
        if not report.sound:
            raise rules_unsound(len(report.faults), len(report.misfits), len(report.failed_examples))

    async def _report(self, rule_set: str, xml: bytes, examples: bytes | None) -> RuleReport:
        """Off the event loop: a large table takes a while."""
        wanted = next(each for each in SETS.values() if each.name == rule_set)
        return await asyncio.to_thread(report_on, wanted, xml, examples, self._rulebook.seed(wanted.name))

    async def _read(self, caller: Caller) -> tuple[Shelf, datetime]:
        self._access.check(caller, "rules:read")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            return await _shelf(tx), tx.now()

    async def _kept(self, caller: Caller, version_id: UUID) -> tuple[Row, bytes]:
        self._access.check(caller, "rules:read")
        async with self._database.transaction(caller) as tx:
            row = (await _shelf(tx)).get(version_id)
            return row, await _source(tx, row)

    async def _view(self, caller: Caller, shelf: Shelf, row: Row, now: datetime) -> RuleVersion:
        names = await names_of(self._identity, caller, shelf.actors())
        return version_of(row, shelf.steps, shelf.done(row.rule_set), now, names)


async def _shelf(tx: Transaction) -> Shelf:
    versions = [row for row in await store.list_rule_versions(tx) if row.rule_set in SETS]
    ids = {row.id for row in versions}
    return Shelf(versions, [row for row in await store.list_rule_steps(tx) if row.version_id in ids])


async def _source(tx: Transaction, row: Row) -> bytes:
    found = await store.find_rule_source(tx, row.digest)
    if found is None:
        raise no_such_version()
    return found


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _answer(question: RuleQuestion) -> RuleAnswer:
    rules = load_rules(question.xml.encode())
    explanation = explain(rules, question.decision, _inputs(rules.input_types, question.inputs))
    return RuleAnswer(
        decided=explanation.decided,
        result=explanation.result,
        applied=explanation.applied,
        sentences=explanation.sentences,
    )


def _inputs(types: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - set(types))
    if unknown:
        raise Invalid("prior_auth.inputs_wrong", f"the tables have no input {', '.join(unknown)}")
    exact = json.loads(json.dumps(given), parse_float=Decimal)
    try:
        return {name: from_json(value, types[name], name) for name, value in exact.items()}
    except Undefined as undefined:
        raise Invalid("prior_auth.inputs_wrong", undefined.reason) from None
