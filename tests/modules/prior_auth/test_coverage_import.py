"""An operator's coverage pack: everything that is wrong is listed with its line, a second person puts it in force, and
what was in force at a moment can always be told."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import MemberId
from austa.modules.prior_auth.adapters.coverage_file import pack_source
from austa.modules.prior_auth.api.coverage import CoverageActivation
from austa.modules.prior_auth.domain.coverage_check import check_pack
from austa.modules.prior_auth.domain.json_lines import find_lines
from austa.modules.prior_auth.module import build_coverage
from austa.modules.prior_auth.service.coverage import CoverageService
from tests.conftest import staff
from tests.modules.prior_auth.house import House

SEED = json.loads(pack_source())
TODAY = date(2026, 11, 21)


def pack(change: Callable[[Any], object] | None = None) -> bytes:
    """The seed, changed."""
    document = json.loads(pack_source())
    document["version"] = "operadora-1"
    if change:
        change(document)
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def problems(raw: bytes) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in check_pack(raw, lambda code: code != "40304362", TODAY)[1]]


def item(code: str, **changes: Any) -> Callable[[Any], object]:
    return lambda document: document["items"][code].update(changes)


class TestCheck:
    def test_the_seed_is_sound(self) -> None:
        assert problems(pack()) == []

    @pytest.mark.parametrize(
        ("change", "column", "code"),
        [
            (item("50000470", max_quantity=12), "items.50000470.max_quantity", "sessions_capped"),
            (item("40304361", ceiling_centavos=-1), "items.40304361.ceiling_centavos", "number_too_small"),
            (item("40304361", ceiling_centavos=10**15), "items.40304361.ceiling_centavos", "number_too_large"),
            (item("40304361", max_quantity=0), "items.40304361.max_quantity", "number_too_small"),
            (item("40304361", max_quantity="2"), "items.40304361.max_quantity", "number_wrong"),
            (item("40304361", service_class="labs"), "items.40304361.service_class", "choice_wrong"),
            (item("40304361", listing="not_listed"), "items.40304361.low_risk", "unlisted_low_risk"),
            (item("40304361", waiting="birth"), "items.40304361.waiting", "birth_elsewhere"),
            (item("41101316", examples=[]), "items.41101316.criteria", "examples_missing"),
            (
                item("30306027", examples=[{"facts": {"biometry": True}, "outcome": "not_met"}]),
                "items.30306027.examples.0",
                "example_wrong",
            ),
            (lambda d: d["items"].update({"40304362": d["items"]["40304361"]}), "items.40304362", "code_unknown"),
            (lambda d: d["items"].update({"4030436": d["items"]["40304361"]}), "items.4030436", "code_wrong"),
            (lambda d: d["items"].clear(), "items", "empty"),
            (lambda d: d.pop("limits"), "limits", "field_missing"),
            (lambda d: d["guide_validity_days"].pop("lab"), "guide_validity_days", "class_missing"),
            (lambda d: d["terminology"].update(clause=" "), "terminology.clause", "source_missing"),
            (
                lambda d: d["limits"]["term_weeks"]["source"].update(verified_on="2027-01-01"),
                "limits.term_weeks.source.verified_on",
                "verified_in_future",
            ),
            (
                lambda d: d["unbundled_pairs"].append({**d["unbundled_pairs"][0], "items": ["30715016", "11111111"]}),
                "unbundled_pairs.1",
                "pair_unknown",
            ),
        ],
    )
    def test_each_thing_that_is_wrong_is_named(self, change: Callable[[Any], object], column: str, code: str) -> None:
        assert (column, code) in problems(pack(change))

    def test_everything_wrong_is_listed_at_once_with_its_line(self) -> None:
        raw = pack(lambda d: (item("40304361", ceiling_centavos=-1)(d), item("50000470", max_quantity=-5)(d)))
        found = check_pack(raw, lambda code: True, TODAY)[1]
        lines = raw.decode().splitlines()
        assert [lines[each.line - 1].strip() for each in found] == ['"ceiling_centavos": -1,', '"max_quantity": -5']

    def test_a_field_that_cannot_be_read_hides_no_other_problem(self) -> None:
        raw = pack(lambda d: (item("40304361", sex="X")(d), item("50000470", max_quantity=12)(d)))
        assert problems(raw) == [
            ("items.40304361.sex", "choice_wrong"),
            ("items.50000470.max_quantity", "sessions_capped"),
        ]

    @pytest.mark.parametrize(
        ("raw", "code"),
        [(b"", "not_json"), (b"{", "not_json"), (b"\xff\xfe", "not_text"), (b"[" * 100_000, "not_json")],
    )
    def test_what_is_no_pack(self, raw: bytes, code: str) -> None:
        found_pack, found = check_pack(raw, lambda code: True, TODAY)
        assert (found_pack, [each.code for each in found]) == (None, [code])

    @pytest.mark.parametrize("raw", [b"{}", b"[]", b"null", b"7", b'"x"'])
    def test_another_json_is_refused_field_by_field(self, raw: bytes) -> None:
        assert {code for _, code in problems(raw)} <= {"field_wrong", "field_missing"}

    def test_a_name_given_twice_is_no_silent_choice(self) -> None:
        raw = pack().replace(b'"version": "operadora-1"', b'"version": "a",\n "version": "operadora-1"')
        assert problems(raw) == [("version", "repeated")]

    def test_a_problem_repeats_no_value(self) -> None:
        found = check_pack(pack(item("40304361", description=123456789)), lambda code: True, TODAY)[1]
        assert "123456789" not in str(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
def test_the_line_of_every_value_is_where_it_stands(document: Any) -> None:
    """Against a naive way: put a sentinel in its place, and look for its line."""
    text = json.dumps(document, indent=1)
    lines = find_lines(text)
    assert not lines.repeated
    for path, line in lines.at.items():
        if path:
            assert line == _line_by_sentinel(document, path)


def _line_by_sentinel(document: Any, path: tuple[str | int, ...]) -> int:
    changed = json.loads(json.dumps(document))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "sentinel-7f3a"
    before = json.dumps(changed, indent=1).split('"sentinel-7f3a"')[0]
    return before.count("\n") + 1


class TestDoor:
    @pytest.fixture
    def coverage(self, house: House) -> CoverageService:
        return build_coverage(house.platform, terminology=house.world.terminology)[0]

    @pytest.fixture
    def director(self, house: House) -> Caller:
        return staff(house.system.operator_id, "technical_director")

    async def test_a_dry_run_tells_and_writes_nothing(self, house: House, coverage: CoverageService) -> None:
        raw = pack(lambda d: (d["items"].pop("40304361"), item("40901122", ceiling_centavos=1)(d)))
        report = await coverage.import_pack(house.system, raw, dry_run=True)
        assert (report.removed, report.changed, report.problems) == (("40304361",), ("40901122",), ())
        assert report.examples > 0
        assert await coverage.list_versions(house.system) == ()

    async def test_with_one_problem_nothing_is_written(self, house: House, coverage: CoverageService) -> None:
        report = await coverage.import_pack(house.system, pack(item("50000470", max_quantity=1)), dry_run=False)
        assert (len(report.problems), report.version) == (1, None)
        assert await coverage.list_versions(house.system) == ()

    async def test_a_second_person_puts_it_in_force(
        self, house: House, coverage: CoverageService, director: Caller, clock: SetClock
    ) -> None:
        """Until then the seed decides; after that, what was asked for follows the operator's own pack."""
        raw = pack(item("40304361", low_risk=False))
        version = (await coverage.import_pack(house.system, raw, dry_run=False)).version
        assert version is not None
        assert (version.status, version.items) == ("proposed", len(SEED["items"]))
        assert (await house.see(await house.ask("before"))).path == "AUTO"
        held = await coverage.in_force(director)
        assert (held.own, held.items) == (False, len(SEED["items"]))
        assert json.loads(await coverage.source(director, held.digest)) == SEED
        assert (await coverage.activate(director, version.version_id, CoverageActivation())).status == "active"
        assert (await coverage.in_force(director)).model_dump(include={"own", "digest"}) == {
            "own": True,
            "digest": version.digest,
        }
        clock.advance(timedelta(days=40))
        after = await house.see(await house.ask("after"))
        assert (after.path, [rule.id for rule in after.rules if rule.effect == "route"]) == ("AUDIT", ["BAI01"])
        checks = {check.check: check for check in after.checks}
        assert checks["coverage_list"].values == {"pack_version": "operadora-1", "pack_digest": version.digest}

    async def test_it_holds_from_its_moment_on(
        self, house: House, coverage: CoverageService, director: Caller, clock: SetClock
    ) -> None:
        version = (
            await coverage.import_pack(house.system, pack(item("40304361", low_risk=False)), dry_run=False)
        ).version
        assert version is not None
        begins = clock.now() + timedelta(days=1)
        scheduled = await coverage.activate(director, version.version_id, CoverageActivation(effective_at=begins))
        assert (scheduled.status, scheduled.in_force_from) == ("scheduled", begins)
        assert (await house.see(await house.ask("today"))).path == "AUTO"

    async def test_who_imported_does_not_put_in_force(self, coverage: CoverageService, director: Caller) -> None:
        version = (await coverage.import_pack(director, pack(), dry_run=False)).version
        assert version is not None
        with pytest.raises(Forbidden, match="second person"):
            await coverage.activate(director, version.version_id, CoverageActivation())

    async def test_the_system_puts_nothing_in_force(self, house: House, coverage: CoverageService) -> None:
        version = (await coverage.import_pack(house.system, pack(), dry_run=False)).version
        assert version is not None
        with pytest.raises(Forbidden):
            await coverage.activate(house.system, version.version_id, CoverageActivation())

    async def test_the_same_pack_is_taken_in_once(self, house: House, coverage: CoverageService) -> None:
        await coverage.import_pack(house.system, pack(), dry_run=False)
        again = await coverage.import_pack(house.system, pack(), dry_run=False)
        assert (again.known, again.version) == (True, None)
        assert len(await coverage.list_versions(house.system)) == 1

    async def test_the_text_is_kept_byte_for_byte_and_by_operator(
        self, house: House, coverage: CoverageService
    ) -> None:
        version = (await coverage.import_pack(house.system, pack(), dry_run=False)).version
        assert version is not None
        assert await coverage.source(house.system, version.digest) == pack()
        stranger = house.system.model_copy(update={"operator_id": MemberId(version.version_id)})
        with pytest.raises(NotFound):
            await coverage.source(stranger, version.digest)

    async def test_impossible_moments_and_versions(
        self, house: House, coverage: CoverageService, director: Caller, clock: SetClock
    ) -> None:
        version = (await coverage.import_pack(house.system, pack(), dry_run=False)).version
        assert version is not None
        yesterday = clock.now() - timedelta(days=1)
        with pytest.raises(Invalid):
            await coverage.activate(director, version.version_id, CoverageActivation(effective_at=yesterday))
        with pytest.raises(NotFound):
            await coverage.activate(director, house.member, CoverageActivation())
        await coverage.activate(director, version.version_id, CoverageActivation())
        with pytest.raises(Conflict):
            await coverage.activate(director, version.version_id, CoverageActivation())

    async def test_only_for_who_may(self, house: House, coverage: CoverageService) -> None:
        analyst = staff(house.system.operator_id, "authorization_analyst")
        with pytest.raises(Forbidden):
            await coverage.import_pack(analyst, pack(), dry_run=True)
