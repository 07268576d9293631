"""Backup and restore: a base backup of PostgreSQL, the sealed files, and, apart from both, the keys.

The order matters: the database first, then the files (create-only, so every file that the database names is
there), then the keys. The newest signed checkpoint of each ledger is kept beside, so that a log that was cut back
is found when it is restored.
"""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from austa import __version__
from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.binaries import find_binaries
from austa.infra.processes import make_folder
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from austa.runtime.compose import House
from austa.runtime.place import open_database, open_house, postgres_folder

MANIFEST = "austa-backup.json"
LOGIN_FILE = "database.password"
"""The password of the application's login; kept with the keys, never with the data."""


async def back_up(settings: Settings, folder: Path, keys: Path) -> dict[str, Any]:
    """Make a backup; returns its manifest.

    Raises `Conflict` when a folder is not new, `Invalid` with DATABASE_URL and where keys and data would lie together.
    """
    if settings.database_url is not None:
        raise Invalid(
            "backup.foreign_database",
            "AUSTA_DATABASE_URL names a server of yours: back it up with its own tools (pg_basebackup, snapshots), "
            "and copy the folders `files` and `keys` of the data folder",
        )
    if folder == keys or folder in keys.parents or keys in folder.parents:
        raise Invalid("backup.keys_with_data", "the keys must lie apart: name a folder that is not in the other one")
    for target in (folder, keys):
        if target.exists() and any(target.iterdir()):
            raise Conflict("backup.not_empty", f"{target} is not empty; name a new folder")
    async with open_house(settings) as house:
        notes = await _newest_notes(house)
    async with open_database(settings) as address:
        assert address is not None
        await _base_backup(address, folder / "database")
    if not settings.files_url:
        await asyncio.to_thread(_copy, settings.data / "files", folder / "files")
    await asyncio.to_thread(_copy, settings.data / "keys", keys)
    shutil.copy2(settings.data / LOGIN_FILE, keys / LOGIN_FILE)
    manifest = {"version": __version__, "notes": notes, "files": settings.files_url}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2))
    return {"folder": str(folder), "keys": str(keys), **manifest}


async def restore_backup(settings: Settings, folder: Path, keys: Path) -> dict[str, Any]:
    """Restore into the data folder of `settings`, which must be empty, and verify every ledger.

    What cannot be restored whole is taken away again. A ledger that is not whole stays, to be looked at.
    """
    if settings.data.exists() and any(settings.data.iterdir()):
        raise Conflict("restore.not_empty", f"{settings.data} is not empty; restore into a new folder with --data")
    manifest = _read_manifest(folder)
    bucket = manifest.get("files", "")
    if settings.files_url != bucket:
        place = bucket or "in the backup's folder"
        raise Invalid("restore.files_elsewhere", f"the files lie {place}: set AUSTA_FILES_URL as it was", files=place)
    if not (keys / LOGIN_FILE).is_file():
        raise Invalid("restore.no_keys", f"{keys} does not hold the keys of a backup (no {LOGIN_FILE})")
    try:
        await _restore(settings, folder, keys)
        async with open_house(settings) as house:
            faults = await _verify(house, manifest["notes"])
    except BaseException:
        await asyncio.to_thread(_empty, settings.data)
        raise
    return {"data": str(settings.data), "ledger_ok": not faults, "faults": faults}


async def _restore(settings: Settings, folder: Path, keys: Path) -> None:
    make_folder(settings.data)
    cluster = postgres_folder(settings.data) / "cluster"
    make_folder(cluster.parent)
    await asyncio.to_thread(shutil.copytree, folder / "database", cluster, symlinks=True)
    if not settings.files_url:
        await asyncio.to_thread(_copy, folder / "files", settings.data / "files")
    await asyncio.to_thread(_copy, keys, settings.data / "keys")
    (settings.data / "keys" / LOGIN_FILE).rename(settings.data / LOGIN_FILE)


async def _base_backup(address: PostgresAddress, target: Path) -> None:
    """PostgreSQL's own base backup: consistent beside a running server, WAL included."""
    program = (await find_binaries()).program("pg_basebackup")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        str(program),
        *("--pgdata", str(target), "--wal-method", "stream", "--checkpoint", "fast", "--no-password"),
        env=address.environment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    if process.returncode != 0:
        raise Unavailable(
            "backup.database", f"pg_basebackup failed: {complaint.decode(errors='replace').strip()[-300:]}"
        )


async def _newest_notes(house: House) -> dict[str, str]:
    """The newest signed checkpoint of each operator that has one."""
    notes = {}
    for operator_id in await house.identity.operator_ids():
        try:
            notes[str(operator_id)] = (await house.ledger.checkpoint(Caller.system(operator_id, "backup"))).note
        except NotFound:
            continue
    return notes


async def _verify(house: House, notes: dict[str, str]) -> list[str]:
    faults: list[str] = []
    for operator_id in await house.identity.operator_ids():
        known = notes.get(str(operator_id))
        report = await house.ledger.verify(Caller.system(operator_id, "restore"), (known,) if known else ())
        faults += [f"{report.origin} {fault.place}: {fault.what}" for fault in report.faults]
    return faults


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise Invalid("restore.not_a_backup", f"{folder} is not a backup of AUSTA (no {MANIFEST})") from None
    return dict(manifest)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _empty(folder: Path) -> None:
    for path in folder.iterdir() if folder.exists() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
