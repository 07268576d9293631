"""A backup made beside a running AUSTA is a whole AUSTA again; without its keys it is nothing."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from austa.demo.people import OPERATOR
from tests.system.installation import Ended, Installation, austa, free_port


@dataclass(frozen=True)
class Kept:
    """A backup and what was in the installation when it was made."""

    folder: Path
    keys: Path
    member: str
    name: str


@pytest.fixture(scope="module")
def kept(assessed: Installation, scratch: Path) -> Kept:
    """A backup of the running demo."""
    folder, keys = scratch / "backup", scratch / "backup-keys"
    made = assessed.austa("backup", str(folder), "--keys", str(keys), "--json")
    assert made.status == 0, made
    assert made.json()["notes"], "the newest checkpoint is kept beside"
    analyst = assessed.sign_in("analista@demo.example")
    member = analyst.get("/api/v1/members", params={"q": "Tadeu"}).json()["items"][0]["id"]
    return Kept(folder, keys, member, analyst.get(f"/api/v1/members/{member}").json()["name"])


@pytest.fixture
def empty(scratch: Path) -> Iterator[Path]:
    folder = scratch / "restored"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _restore(kept: Kept, target: Path, keys: Path | None = None) -> Ended:
    return austa("restore", str(kept.folder), "--keys", str(keys or kept.keys), "--data", str(target), "--json")


def test_it_is_restored_verified_and_readable(kept: Kept, empty: Path) -> None:
    restored = _restore(kept, empty)
    assert restored.status == 0, restored
    assert restored.json()["ledger_ok"] is True
    verified = austa("ledger", "verify", "--operator", OPERATOR.ans_registration, "--data", str(empty), "--json")
    assert verified.json()["ok"] is True
    second = Installation(empty, free_port())
    try:
        second.start()
        analyst = second.sign_in("analista@demo.example")
        member = analyst.get(f"/api/v1/members/{kept.member}")
        assert member.json()["name"] == kept.name, "sealed fields open with the keys that came back"
        (document,) = second.query("select id from documents.document where status = 'read' limit 1")
        page = analyst.get(f"/api/v1/documents/{document['id']}/pages/1")
        assert page.status_code == 200, page.text
        assert page.headers["content-type"].startswith("image/")
    finally:
        second.stop()


def test_the_backup_holds_no_key_and_the_keys_no_data(kept: Kept) -> None:
    names = {path.name for path in kept.folder.rglob("*")}
    assert not names & {path.name for path in kept.keys.rglob("*") if path.is_file()}
    assert {path.stat().st_mode & 0o077 for path in kept.keys.rglob("*") if path.is_file()} == {0}


def test_wrong_keys_are_told(kept: Kept, empty: Path, tmp_path: Path) -> None:
    refused = _restore(kept, empty, tmp_path)
    assert refused.status == 1
    assert "Traceback" not in refused.complaint
    assert "[restore." in refused.complaint
    assert not empty.exists() or not any(empty.iterdir()), "nothing is half restored"


def test_a_folder_that_is_no_backup_is_told(kept: Kept, empty: Path, tmp_path: Path) -> None:
    refused = austa("restore", str(tmp_path), "--keys", str(kept.keys), "--data", str(empty))
    assert refused.status == 1
    assert "[restore.not_a_backup]" in refused.complaint


def test_a_folder_with_something_in_it_is_left_alone(kept: Kept, empty: Path) -> None:
    empty.mkdir()
    (empty / "mine").write_text("mine")
    refused = _restore(kept, empty)
    assert refused.status == 1
    assert "[restore.not_empty]" in refused.complaint
    assert [path.name for path in empty.iterdir()] == ["mine"]


@pytest.mark.parametrize("mistake", ["the same folder", "keys inside the backup", "a folder with something in it"])
def test_mistakes_with_folders_are_refused(assessed: Installation, tmp_path: Path, mistake: str) -> None:
    folder, keys = tmp_path / "backup", tmp_path / "keys"
    if mistake == "the same folder":
        keys = folder
    elif mistake == "keys inside the backup":
        keys = folder / "keys"
    else:
        folder.mkdir()
        (folder / "old").write_text("old")
    refused = assessed.austa("backup", str(folder), "--keys", str(keys))
    assert refused.status == 1, refused
    assert "[backup." in refused.complaint


def test_a_log_that_does_not_match_the_kept_checkpoint_is_told(kept: Kept, empty: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(kept.folder, copy, symlinks=True)
    manifest = json.loads((copy / "austa-backup.json").read_text())
    note = next(iter(manifest["notes"].values()))
    size = int(note.splitlines()[1])
    assert size >= 1
    longer = note.replace(f"\n{size}\n", f"\n{size + 5}\n", 1)
    manifest["notes"] = dict.fromkeys(manifest["notes"], longer)
    (copy / "austa-backup.json").write_text(json.dumps(manifest))
    found = austa("restore", str(copy), "--keys", str(kept.keys), "--data", str(empty), "--json")
    assert found.status == 1
    assert found.json()["ledger_ok"] is False
