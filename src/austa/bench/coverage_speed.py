"""`austa bench coverage`: a pack as large as the whole Rol through the import, into force, and one answer by it."""

import json
import resource
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

import numpy as np

from austa.bench.authorizations.population import REGISTRY, bench_contract, bench_member
from austa.bench.installation import scratch_folder
from austa.infra import telemetry
from austa.infra.settings import load_settings
from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilRegistration, NewStaff
from austa.modules.language.adapters.tuss import load_procedures
from austa.modules.prior_auth.adapters.rules_files import seed_folder
from austa.modules.prior_auth.api.coverage import CoverageActivation
from austa.modules.prior_auth.api.eligibility import EligibilityAsked
from austa.modules.prior_auth.api.requests import AskedItem
from austa.runtime.compose import House
from austa.runtime.place import open_house

WITH_GUIDELINE = 6
"""One item of so many has criteria and examples: of some 3,400 items of the Rol, some 500 have a guideline."""
ANSWERS = 20
SEED = 20261122

Answer = TypeVar("Answer")


def make_pack(items: int, day: date) -> dict[str, Any]:
    """The demo pack with so many procedures of TUSS in place of its items; what it says of them is invented."""
    pack: dict[str, Any] = json.loads((seed_folder() / "coverage.json").read_bytes())
    models = list(pack["items"].values())
    plain = [model for model in models if not model.get("criteria")]
    guided = [model for model in models if model.get("criteria")]
    rows = [row for row in load_procedures() if row.valid_until is None or row.valid_until > day]
    pack["items"] = {}
    for number, row in enumerate(rows[:: max(1, len(rows) // items)][:items]):
        some = plain if number % WITH_GUIDELINE else guided
        pack["items"][row.code] = some[number % len(some)] | {"table": "22", "description": row.description}
    pack["unbundled_pairs"] = []
    pack["version"] = f"bench-{items}"
    return pack


def spoil(pack: dict[str, Any], faults: int) -> None:
    """Make so many items wrong, in the ways in which a spreadsheet goes wrong."""
    draw = np.random.default_rng(SEED)
    for number, code in enumerate(map(str, draw.choice(list(pack["items"]), faults, replace=False))):
        item = dict(pack["items"][code])
        match number % 5:
            case 0:
                item["service_class"] = "exame"
            case 1:
                item["ceiling_centavos"] = "1.200,00"
            case 2:
                del item["description"]
            case 3:
                item["max_quantity"] = 0
            case _:
                item["source"] = item["source"] | {"verified_on": "22/11/2026"}
        pack["items"][code] = item


async def measure_coverage(items: int, faults: int) -> dict[str, Any]:
    """Seconds, peak memory and what the report says, in an installation of its own."""
    with scratch_folder() as folder:
        settings = load_settings(data=folder / "data", log_level="error")
        telemetry.configure(settings, "bench")
        async with open_house(settings) as house:
            return await _measured(house, items, faults)


async def _measured(house: House, items: int, faults: int) -> dict[str, Any]:
    day = house.platform.clock.now().date()
    operator = await house.identity.ensure_operator(REGISTRY, "Operadora do Benchmark")
    caller = Caller.system(operator.id, "bench")
    contract, member = bench_contract(day), bench_member("BENCH-1", 1, day)
    await house.members.save(caller, (contract,), (member,))
    director = await _director(house, operator.id)
    pack = make_pack(items, day)
    good = json.dumps(pack, ensure_ascii=False, indent=1).encode()
    spoil(pack, faults)
    bad = json.dumps(pack, ensure_ascii=False, indent=1).encode()
    asked = EligibilityAsked(card=member.card_number, items=(AskedItem(tuss=next(iter(pack["items"]))),))
    before = _most_memory_mb()
    wrong_s, wrong = await _timed(lambda: house.coverage.import_pack(caller, bad, dry_run=True))
    dry_s, dry = await _timed(lambda: house.coverage.import_pack(caller, good, dry_run=True))
    write_s, written = await _timed(lambda: house.coverage.import_pack(caller, good, dry_run=False))
    assert written.version is not None
    version_id = written.version.version_id
    activate_s, _ = await _timed(lambda: house.coverage.activate(director, version_id, CoverageActivation()))
    first_s, first = await _timed(lambda: house.eligibility.check(caller, asked))
    assert first.pack_version == f"bench-{items}"
    next_s, _ = await _timed(lambda: _several(lambda: house.eligibility.check(caller, asked)))
    return {
        "items": dry.items,
        "examples": dry.examples,
        "pack_mb": round(len(good) / 1e6, 2),
        "faults": faults,
        "problems": len(wrong.problems),
        "lines_named": len({each.line for each in wrong.problems}),
        "wrong_dry_run_s": wrong_s,
        "dry_run_s": dry_s,
        "write_s": write_s,
        "activate_s": activate_s,
        "first_answer_ms": round(first_s * 1000, 1),
        "next_answer_ms": round(next_s * 1000 / ANSWERS, 1),
        "peak_mb_more": round(_most_memory_mb() - before, 1),
    }


async def _director(house: House, operator_id: OperatorId) -> Caller:
    """The second person, who puts the pack in force."""
    director = NewStaff(
        email=Personal("direcao@bench.test"),
        name=Personal("Direção do Benchmark"),
        roles=frozenset({"technical_director"}),
        council=CouncilRegistration(council="CRM", uf="SP", number=Personal("900001")),
    )
    system, word = Caller.system(operator_id, "bench"), Personal("palavra-do-benchmark-1")
    kept = await house.identity.ensure_staff(system, director, word)
    return Caller(operator_id=operator_id, kind="staff", id=str(kept.id), roles=director.roles)


async def _several(ask: Callable[[], Awaitable[Answer]]) -> None:
    for _ in range(ANSWERS):
        await ask()


async def _timed(act: Callable[[], Awaitable[Answer]]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = await act()
    return round(time.perf_counter() - start, 3), answer


def _most_memory_mb() -> float:
    """The most this process ever had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
