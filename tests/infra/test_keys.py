"""Sealed values open only in their place and while their key lives; blind indexes find without telling."""

import asyncio
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.db import Database
from austa.infra.keys import KeyFile, KeyOwner, Keys, Retention
from austa.infra.platform import Platform
from austa.kernel.clock import SetClock
from austa.kernel.errors import NotFound, Unavailable, Unexpected
from austa.kernel.ids import OperatorId, SubjectId, new_id
from tests.conftest import TODAY

PLACE = "members.person.name:1"


@pytest.fixture
def owner() -> KeyOwner:
    return KeyOwner(SubjectId(new_id()), "contract")


@pytest.fixture
def keys(platform: Platform) -> Keys:
    return platform.keys


@pytest.fixture
def restarted(platform: Platform) -> Keys:
    """The keys of another process: nothing in memory yet."""
    return Keys(KeyFile(platform.settings.data / "keys", create=False), platform.key_database)


async def test_what_was_sealed_opens_in_any_process(
    keys: Keys, restarted: Keys, operator_id: OperatorId, owner: KeyOwner
) -> None:
    sealed = await keys.seal(operator_id, owner, PLACE, "João Ávila")
    assert await keys.open_text(operator_id, owner, PLACE, sealed) == "João Ávila"
    assert await restarted.open_text(operator_id, owner, PLACE, sealed) == "João Ávila"


async def test_a_sealed_value_shows_nothing_of_the_text(keys: Keys, operator_id: OperatorId, owner: KeyOwner) -> None:
    once = await keys.seal(operator_id, owner, PLACE, "João Ávila")
    again = await keys.seal(operator_id, owner, PLACE, "João Ávila")
    assert "João Ávila".encode() not in once
    assert once != again


async def test_a_value_opens_nowhere_else(keys: Keys, operator_id: OperatorId, owner: KeyOwner) -> None:
    """Moved to another row, subject, retention class or operator, even where a key exists, it stays closed."""
    other_operator = OperatorId(new_id())
    sealed = await keys.seal(operator_id, owner, PLACE, "it")
    stranger = KeyOwner(SubjectId(new_id()), owner.retention)
    care = KeyOwner(owner.subject_id, "care")
    for operator, wrong, place in (
        (operator_id, owner, "members.person.name:2"),
        (operator_id, stranger, PLACE),
        (operator_id, care, PLACE),
        (other_operator, owner, PLACE),
    ):
        await keys.seal(operator, wrong, place, "makes a key")
        with pytest.raises(Unexpected, match=r"keys\.tampered"):
            await keys.open(operator, wrong, place, sealed)


async def test_any_changed_byte_is_noticed(keys: Keys, operator_id: OperatorId, owner: KeyOwner) -> None:
    sealed = await keys.seal(operator_id, owner, PLACE, "10 mg")
    for position in (0, *range(5, len(sealed))):
        forged = bytearray(sealed)
        forged[position] ^= 1
        with pytest.raises(Unexpected, match=r"keys\.tampered"):
            await keys.open(operator_id, owner, PLACE, bytes(forged))


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01\x00\x00\x00\x01", b"\x01\x00\x00\x00\x01" + b"0" * 12])
async def test_a_cut_value_is_noticed(keys: Keys, operator_id: OperatorId, owner: KeyOwner, broken: bytes) -> None:
    await keys.seal(operator_id, owner, PLACE, "makes a key")
    with pytest.raises(Unexpected, match=r"keys\.tampered"):
        await keys.open(operator_id, owner, PLACE, broken)


async def test_a_destroyed_key_takes_its_values_with_it(
    keys: Keys, restarted: Keys, operator_id: OperatorId, owner: KeyOwner
) -> None:
    kept = KeyOwner(owner.subject_id, "care")
    sealed = await keys.seal(operator_id, owner, PLACE, "gone")
    care = await keys.seal(operator_id, kept, PLACE, "stays")
    assert await keys.destroy(operator_id, owner) == 1
    assert await keys.destroy(operator_id, owner) == 0
    for process in (keys, restarted):
        with pytest.raises(NotFound, match=r"keys\.destroyed"):
            await process.open(operator_id, owner, PLACE, sealed)
        assert await process.open_text(operator_id, kept, PLACE, care) == "stays"


async def test_a_new_key_never_passes_for_a_destroyed_one(
    keys: Keys, restarted: Keys, operator_id: OperatorId, owner: KeyOwner
) -> None:
    before = await keys.seal(operator_id, owner, PLACE, "before")
    await keys.destroy(operator_id, owner)
    after = await keys.seal(operator_id, owner, PLACE, "after")
    for process in (keys, restarted):
        assert await process.open_text(operator_id, owner, PLACE, after) == "after"
        with pytest.raises(NotFound, match=r"keys\.destroyed"):
            await process.open(operator_id, owner, PLACE, before)


async def test_no_key_lies_in_the_database_in_clear(
    keys: Keys, platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await keys.seal(operator_id, owner, PLACE, "it")
    async with platform.database.begin("austa_keys", operator_id) as connection:
        wrapped = await connection.scalar(sa.text("select wrapped from keys.data_key"))
    assert not any(wrapped[12:44] == key for key in keys._data_keys.values())
    assert len(wrapped) == 12 + 32 + 16


async def test_a_signing_key_is_the_same_for_ever(keys: Keys, restarted: Keys, operator_id: OperatorId) -> None:
    first = (await keys.signing_key(operator_id, "ledger")).public_key()
    assert (await restarted.signing_key(operator_id, "ledger")).public_key() == first
    assert (await keys.signing_key(operator_id, "other")).public_key() != first


async def test_key_files_of_another_installation_are_refused(
    keys: Keys, platform: Platform, operator_id: OperatorId, owner: KeyOwner, tmp_path: Path
) -> None:
    sealed = await keys.seal(operator_id, owner, PLACE, "it")
    foreign = Keys(KeyFile(tmp_path / "keys", create=True), platform.key_database)
    with pytest.raises(Unavailable, match=r"keys\.wrong_files"):
        await foreign.open(operator_id, owner, PLACE, sealed)


def test_missing_key_files_are_never_made_up(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"keys\.files_missing"):
        KeyFile(tmp_path / "keys", create=False)


def test_key_files_are_private_and_stay(tmp_path: Path) -> None:
    made = KeyFile(tmp_path / "keys", create=True)
    for file in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_size == 32
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    again = KeyFile(tmp_path / "keys", create=True)
    assert (again.keks, again.index) == (made.keks, made.index)


class TestRotation:
    """The tests of this class rotate keys of their own folder, for one operator."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return tmp_path / "keys"

    @pytest.fixture
    def live(self, folder: Path, platform: Platform) -> Keys:
        """A process that was started before the rotation."""
        return Keys(KeyFile(folder, create=True), platform.key_database)

    @pytest.fixture
    def command(self, live: Keys, folder: Path, platform: Platform) -> Keys:
        """The process that rotates."""
        return Keys(KeyFile(folder, create=False), platform.key_database)

    async def test_all_opens_under_the_new_key_and_the_old_one_is_gone(
        self, live: Keys, command: Keys, folder: Path, platform: Platform, operator_id: OperatorId, owner: KeyOwner
    ) -> None:
        sealed = await live.seal(operator_id, owner, PLACE, "João Ávila")
        signing = (await live.signing_key(operator_id, "ledger")).public_key()
        done = await command.rotate([operator_id])
        assert (done.generation, done.keys, done.deleted) == (2, 2, (1,))
        assert sorted(path.name for path in folder.iterdir()) == ["index.key", "kek-2.key"]
        fresh = Keys(KeyFile(folder, create=False), platform.key_database)
        assert await fresh.open_text(operator_id, owner, PLACE, sealed) == "João Ávila"
        assert (await fresh.signing_key(operator_id, "ledger")).public_key() == signing

    async def test_a_live_process_goes_on_and_wraps_new_keys_under_the_new_one(
        self, live: Keys, command: Keys, folder: Path, platform: Platform, operator_id: OperatorId, owner: KeyOwner
    ) -> None:
        before = await command.seal(operator_id, owner, PLACE, "before")
        await command.rotate([operator_id])
        assert await live.open_text(operator_id, owner, PLACE, before) == "before"
        newcomer = KeyOwner(SubjectId(new_id()), "contract")
        after = await live.seal(operator_id, newcomer, PLACE, "after")
        many = [SubjectId(new_id()), SubjectId(new_id())]
        await live.prepare(operator_id, "care", many)
        in_bulk = await live.seal(operator_id, KeyOwner(many[0], "care"), PLACE, "in bulk")
        fresh = Keys(KeyFile(folder, create=False), platform.key_database)
        assert await fresh.open_text(operator_id, newcomer, PLACE, after) == "after"
        assert await fresh.open_text(operator_id, KeyOwner(many[0], "care"), PLACE, in_bulk) == "in bulk"

    async def test_one_that_was_cut_off_is_finished_by_the_next(
        self, live: Keys, folder: Path, platform: Platform, operator_id: OperatorId, owner: KeyOwner
    ) -> None:
        sealed = await live.seal(operator_id, owner, PLACE, "it")
        KeyFile(folder, create=False).add_generation()
        command = Keys(KeyFile(folder, create=False), platform.key_database)
        done = await command.rotate([operator_id])
        assert (done.generation, done.keys, done.deleted) == (2, 1, (1,))
        assert await command.open_text(operator_id, owner, PLACE, sealed) == "it"

    async def test_what_was_destroyed_stays_destroyed(
        self, live: Keys, command: Keys, operator_id: OperatorId, owner: KeyOwner
    ) -> None:
        sealed = await live.seal(operator_id, owner, PLACE, "it")
        await command.destroy(operator_id, owner)
        assert (await command.rotate([operator_id])).keys == 0
        with pytest.raises(NotFound):
            await command.open(operator_id, owner, PLACE, sealed)

    async def test_it_waits_for_a_key_that_is_being_wrapped(
        self, command: Keys, platform: Platform, operator_id: OperatorId
    ) -> None:
        async with platform.key_database.begin("austa_keys", operator_id) as connection:
            await connection.execute(sa.text("select pg_advisory_xact_lock_shared(hashtext('austa.kek'))"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(command.rotate([operator_id]), 0.3)
        assert (await command.rotate([operator_id])).generation == 2


RETENTIONS: tuple[Retention, ...] = ("care", "contract", "chat", "account", "network", "transient")


@pytest.mark.parametrize("retention", RETENTIONS)
async def test_each_retention_class_has_its_own_key(
    keys: Keys, operator_id: OperatorId, owner: KeyOwner, retention: Retention
) -> None:
    mine = KeyOwner(owner.subject_id, retention)
    sealed = await keys.seal(operator_id, mine, PLACE, retention)
    for other in RETENTIONS:
        if other != retention:
            await keys.destroy(operator_id, KeyOwner(owner.subject_id, other))
    assert await keys.open_text(operator_id, mine, PLACE, sealed) == retention


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys for what needs no database."""
    url = sa.make_url("postgresql+asyncpg://nobody@localhost/nothing")
    return Keys(KeyFile(tmp_path_factory.mktemp("keys"), create=True), Database(url, SetClock(TODAY)))


@given(value=st.text(), other=st.text())
def test_blind_indexes_are_equal_exactly_when_values_are(offline: Keys, value: str, other: str) -> None:
    operator = OperatorId(new_id())
    index = offline.blind(operator, "cpf", value)
    assert len(index) == 32
    assert (offline.blind(operator, "cpf", other) == index) == (value == other)


@given(value=st.text())
def test_blind_indexes_tell_nothing_across_operators_and_purposes(offline: Keys, value: str) -> None:
    one, two = OperatorId(new_id()), OperatorId(new_id())
    indexes = {offline.blind(one, "cpf", value), offline.blind(two, "cpf", value), offline.blind(one, "card", value)}
    assert len(indexes) == 3
