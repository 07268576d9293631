"""Files are kept encrypted, never overwritten, and gone when their key is."""

from pathlib import Path

import pytest

from austa.infra.keys import KeyOwner
from austa.infra.platform import Platform
from austa.kernel.errors import NotFound, Unexpected
from austa.kernel.ids import OperatorId, SubjectId, new_id

PAPER = b"%PDF-1.7 pedido de ressonancia"


@pytest.fixture
def owner() -> KeyOwner:
    return KeyOwner(SubjectId(new_id()), "care")


def stored(platform: Platform, operator_id: OperatorId) -> list[Path]:
    return [file for file in (platform.settings.data / "files" / str(operator_id)).rglob("*") if file.is_file()]


async def test_a_file_comes_back_as_it_was(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    assert await platform.blobs.get(operator_id, owner, "documents/1") == PAPER


async def test_nothing_of_it_is_on_the_disk(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    (file,) = stored(platform, operator_id)
    assert PAPER[:8] not in file.read_bytes()


async def test_the_original_is_never_overwritten(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.blobs.put(operator_id, owner, "documents/1", b"another paper")
    assert await platform.blobs.get(operator_id, owner, "documents/1") == PAPER


async def test_a_file_that_was_changed_on_the_disk_does_not_open(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    (file,) = stored(platform, operator_id)
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    with pytest.raises(Unexpected, match=r"keys\.tampered"):
        await platform.blobs.get(operator_id, owner, "documents/1")


async def test_a_file_that_was_put_in_anothers_place_does_not_open(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.blobs.put(operator_id, owner, "documents/2", b"another paper")
    one, two = sorted(stored(platform, operator_id))
    two.write_bytes(one.read_bytes())
    with pytest.raises(Unexpected, match=r"keys\.tampered"):
        await platform.blobs.get(operator_id, owner, "documents/2")


async def test_what_is_not_there_is_not_found(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    with pytest.raises(NotFound):
        await platform.blobs.get(operator_id, owner, "documents/none")


async def test_another_operator_does_not_find_it(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    with pytest.raises(NotFound):
        await platform.blobs.get(OperatorId(new_id()), owner, "documents/1")


async def test_it_is_gone_with_its_key_and_with_its_name(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.keys.destroy(operator_id, owner)
    with pytest.raises(NotFound):
        await platform.blobs.get(operator_id, owner, "documents/1")
    await platform.blobs.delete(operator_id, "documents/1")
    assert stored(platform, operator_id) == []
