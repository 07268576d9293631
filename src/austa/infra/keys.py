"""Keys and sealed fields: AES-256-GCM under a data key per (subject, retention class).

Two files, outside the database and its backups (0600): the key-encryption keys (KEK, one a generation) that
wrap data keys, and the index key behind blind indexes. Destroying a subject's data keys makes all that lies
under them unreadable, in backups too once the KEK generation is rotated.

A sealed value is `version(1) | key version(4) | nonce(12) | ciphertext+tag`; its place (table.column:row) and
the key's coordinates are authenticated, so a sealed value moved to another row does not open.
"""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra import in_step
from austa.infra.db import Database
from austa.kernel.errors import NotFound, Unavailable, Unexpected
from austa.kernel.ids import OperatorId, SubjectId

Retention = Literal["care", "contract", "chat", "account", "network", "transient"]
"""Why and so how long a value is kept (domain-br 6.5): each class of a subject has its own key.

care: 20 years (Lei 13.787/2018); contract: contract and 10 years; chat: conversation outside care; account:
staff and sign-in; network: professionals and providers; transient: hours (idempotency, one-time codes), or a month
(what a channel delivered, by day)."""

ROLE = "austa_keys"
FORMAT = b"\x01"
SHORTEST = 1 + 4 + 12 + 16


@dataclass(frozen=True)
class KeyOwner:
    """Whose key, and of which retention class."""

    subject_id: SubjectId
    retention: Retention


class KeyFile:
    """The key files of an installation. Created on first use when `create` is set; only a rotation replaces one."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self._folder = folder
        if create:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in ("kek-1.key", "index.key"):
                if not (folder / name).exists():
                    _write_once(folder / name, secrets.token_bytes(32))
        self.keks: dict[int, bytes] = {}
        self.read_generations()
        if not self.keks or not (folder / "index.key").exists():
            raise Unavailable(
                "keys.files_missing",
                "the key files are missing; restore them before starting",
                folder=str(folder),
            )
        self.index = (folder / "index.key").read_bytes()

    @property
    def generation(self) -> int:
        """The newest generation: what new keys are wrapped under."""
        return max(self.keks)

    def read_generations(self) -> None:
        """Read the KEKs as they lie in the folder now: another process may have rotated them."""
        found = {}
        for path in self._folder.glob("kek-*.key"):
            with suppress(FileNotFoundError):
                found[int(path.stem.split("-")[1])] = path.read_bytes()
        self.keks = found

    def add_generation(self) -> None:
        """Write the KEK of the next generation."""
        _write_once(self._folder / f"kek-{self.generation + 1}.key", secrets.token_bytes(32))
        self.read_generations()

    def delete_older(self) -> tuple[int, ...]:
        """Delete the KEKs of all generations but the newest, and return which. What is wrapped under them is lost."""
        older = tuple(sorted(set(self.keks) - {self.generation}))
        for generation in older:
            (self._folder / f"kek-{generation}.key").unlink(missing_ok=True)
        self.read_generations()
        return older


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: the generation now in use, how many keys it wrapped anew, the generations it deleted."""

    generation: int
    keys: int
    deleted: tuple[int, ...]


class Keys:
    """Seals and opens fields, makes blind indexes and signatures. Unwrapped keys stay in this process's memory."""

    def __init__(self, files: KeyFile, database: Database) -> None:
        self._files = files
        self._database = database
        self._data_keys: dict[tuple[UUID, UUID, str, int], bytes] = {}
        self._latest: dict[tuple[UUID, UUID, str], int] = {}
        self._signing: dict[tuple[UUID, str], Ed25519PrivateKey] = {}
        self._blinding: dict[tuple[UUID, str], bytes] = {}

    async def seal(self, operator_id: OperatorId, owner: KeyOwner, place: str, value: str | bytes) -> bytes:
        """Encrypt for that owner and place (`schema.table.column:row id`), creating the owner's key when new."""
        version = await self._latest_version(operator_id, owner)
        key = self._data_keys[(operator_id, owner.subject_id, owner.retention, version)]
        nonce = os.urandom(12)
        plain = value.encode() if isinstance(value, str) else value
        sealed = AESGCM(key).encrypt(nonce, plain, _aad(operator_id, owner, place, version))
        return FORMAT + version.to_bytes(4, "big") + nonce + sealed

    async def open(self, operator_id: OperatorId, owner: KeyOwner, place: str, sealed: bytes) -> bytes:
        """Decrypt. Raises `NotFound` when the key was destroyed, `Unexpected` when the value was tampered with."""
        if len(sealed) < SHORTEST or not sealed.startswith(FORMAT):
            raise _tampered(place)
        version = int.from_bytes(sealed[1:5], "big")
        key = await self._data_key(operator_id, owner, version)
        try:
            return AESGCM(key).decrypt(sealed[5:17], sealed[17:], _aad(operator_id, owner, place, version))
        except InvalidTag:
            raise _tampered(place) from None

    async def open_text(self, operator_id: OperatorId, owner: KeyOwner, place: str, sealed: bytes) -> str:
        """Decrypt a text."""
        return (await self.open(operator_id, owner, place, sealed)).decode()

    async def prepare(self, operator_id: OperatorId, retention: Retention, subjects: Sequence[SubjectId]) -> None:
        """Get the keys of many subjects at once, creating those that are new: before sealing or opening in bulk."""
        await self._load(operator_id, retention, subjects, create=True)

    async def find(self, operator_id: OperatorId, retention: Retention, subjects: Sequence[SubjectId]) -> None:
        """Get those that exist: before opening in bulk."""
        await self._load(operator_id, retention, subjects, create=False)

    async def _load(
        self, operator_id: OperatorId, retention: Retention, subjects: Sequence[SubjectId], *, create: bool
    ) -> None:
        """Those that are not in memory, in one transaction; those who go in step share it."""

        async def load(many: Sequence[Sequence[SubjectId]]) -> Sequence[None]:
            wanted = sorted({subject for some in many for subject in some})
            await self._load_from_database(operator_id, retention, wanted, create=create)
            return [None] * len(many)

        missing = [each for each in subjects if (operator_id, each, retention) not in self._latest]
        if missing:
            await in_step.ask(("keys", operator_id, retention, create), missing, load)

    async def _load_from_database(
        self, operator_id: OperatorId, retention: Retention, subjects: Sequence[SubjectId], *, create: bool
    ) -> None:
        what = {"operator": operator_id, "retention": retention, "subjects": subjects}
        async with self._database.begin(ROLE, operator_id) as connection:
            rows = (await connection.execute(_DATA_KEYS, what)).all()
            new = set(subjects) - {row.subject_id for row in rows if row.wrapped} if create else ()
            if new:
                await self._read_newest_kek(connection)
                await connection.execute(
                    _NEW_DATA_KEY, [self._new_data_key(operator_id, subject, retention) for subject in sorted(new)]
                )
                rows = (await connection.execute(_DATA_KEYS, what)).all()
        for subject, version, generation, wrapped in rows:
            if not wrapped:
                continue
            plain = self._unwrap(generation, wrapped, _wrap_aad(operator_id, subject, retention))
            self._data_keys[(operator_id, subject, retention, version)] = plain
            self._latest[(operator_id, subject, retention)] = version

    def _new_data_key(self, operator_id: OperatorId, subject: SubjectId, retention: Retention) -> dict[str, object]:
        wrapped = self._wrap(secrets.token_bytes(32), _wrap_aad(operator_id, subject, retention))
        return {
            "operator": operator_id,
            "subject": subject,
            "retention": retention,
            "generation": self._files.generation,
            "wrapped": wrapped,
        }

    def blind(self, operator_id: OperatorId, purpose: str, value: str) -> bytes:
        """The blind index of a value, 32 bytes: equal values of one operator and purpose have equal indexes."""
        key = self._blinding.get((operator_id, purpose))
        if key is None:
            key = HKDF(hashes.SHA256(), 32, None, f"blind:{operator_id}:{purpose}".encode()).derive(self._files.index)
            self._blinding[(operator_id, purpose)] = key
        mac = hmac.HMAC(key, hashes.SHA256())
        mac.update(value.encode())
        return mac.finalize()

    async def signing_key(self, operator_id: OperatorId, purpose: str) -> Ed25519PrivateKey:
        """The operator's Ed25519 key for that purpose, made on first use."""
        cached = self._signing.get((operator_id, purpose))
        if cached is None:
            cached = await self._load_signing_key(operator_id, purpose)
            self._signing[(operator_id, purpose)] = cached
        return cached

    async def destroy(self, operator_id: OperatorId, owner: KeyOwner) -> int:
        """Destroy the data keys of that owner and return how many. Only `privacy` may order it for a person; keys
        of days, which are nobody's, go by the calendar.

        Their rows stay without the key, so that a new key of this owner never takes an old one's number and a
        value under a destroyed key is told from one that was tampered with.
        """
        async with self._database.begin(ROLE, operator_id) as connection:
            gone = await connection.execute(_DESTROY, {"subject": owner.subject_id, "retention": owner.retention})
        self._latest.pop((operator_id, owner.subject_id, owner.retention), None)
        for cached in [k for k in self._data_keys if k[:3] == (operator_id, owner.subject_id, owner.retention)]:
            del self._data_keys[cached]
        return gone.rowcount

    async def rotate(self, operators: Sequence[OperatorId]) -> "Rotation":
        """Wrap every living key of these operators, who MUST be all there are, under a new KEK; delete the older ones.

        Keys destroyed before are then unreadable in old backups of the database too. Live processes go on meanwhile;
        after a crash the next call finishes what was begun.
        """
        self._files.read_generations()
        if len(self._files.keks) == 1:
            async with self._database.begin(ROLE, None) as connection:
                # Whoever wraps a key now has committed it before; whoever comes later sees the new generation.
                await connection.execute(_WAIT_FOR_WRAPPING)
                self._files.add_generation()
        keys = sum([await self._wrap_anew(operator) for operator in operators])
        return Rotation(generation=self._files.generation, keys=keys, deleted=self._files.delete_older())

    async def _wrap_anew(self, operator_id: OperatorId) -> int:
        newest = self._files.generation
        done = 0
        async with self._database.begin(ROLE, operator_id) as connection:
            for row in (await connection.execute(_OLDER_DATA_KEYS, {"newest": newest})).all():
                aad = _wrap_aad(operator_id, row.subject_id, row.retention)
                wrapped = self._wrap(self._unwrap(row.kek_generation, row.wrapped, aad), aad)
                what = {"subject": row.subject_id, "retention": row.retention, "version": row.version}
                await connection.execute(_REWRAP_DATA_KEY, {**what, "newest": newest, "wrapped": wrapped})
                done += 1
            for row in (await connection.execute(_OLDER_SIGNING_KEYS, {"newest": newest})).all():
                aad = _wrap_aad(operator_id, row.purpose, "signing")
                wrapped = self._wrap(self._unwrap(row.kek_generation, row.wrapped, aad), aad)
                what = {"purpose": row.purpose, "version": row.version}
                await connection.execute(_REWRAP_SIGNING_KEY, {**what, "newest": newest, "wrapped": wrapped})
                done += 1
        return done

    async def _read_newest_kek(self, connection: AsyncConnection) -> None:
        """Before wrapping a new key: a rotation waits until it is committed, or it gets the new KEK."""
        await connection.execute(_WRAPPING)
        self._files.read_generations()

    async def _latest_version(self, operator_id: OperatorId, owner: KeyOwner) -> int:
        coordinates = (operator_id, owner.subject_id, owner.retention)
        if coordinates not in self._latest:
            await self._load(operator_id, owner.retention, [owner.subject_id], create=True)
        return self._latest[coordinates]

    async def _data_key(self, operator_id: OperatorId, owner: KeyOwner, version: int) -> bytes:
        coordinates = (operator_id, owner.subject_id, owner.retention, version)
        if coordinates not in self._data_keys:
            self._latest.pop(coordinates[:3], None)
            await self._load(operator_id, owner.retention, [owner.subject_id], create=False)
        key = self._data_keys.get(coordinates)
        if key is None:
            raise NotFound("keys.destroyed", "the key of this value was destroyed")
        return key

    async def _load_signing_key(self, operator_id: OperatorId, purpose: str) -> Ed25519PrivateKey:
        aad = _wrap_aad(operator_id, purpose, "signing")
        async with self._database.begin(ROLE, operator_id) as connection:
            row = (await connection.execute(_SIGNING_KEY, {"purpose": purpose})).one_or_none()
            if row is None:
                await self._read_newest_kek(connection)
                new = Ed25519PrivateKey.generate()
                await connection.execute(
                    _NEW_SIGNING_KEY,
                    {
                        "operator": operator_id,
                        "purpose": purpose,
                        "generation": self._files.generation,
                        "wrapped": self._wrap(new.private_bytes_raw(), aad),
                        "public": new.public_key().public_bytes(
                            serialization.Encoding.Raw, serialization.PublicFormat.Raw
                        ),
                    },
                )
                row = (await connection.execute(_SIGNING_KEY, {"purpose": purpose})).one()
        generation, wrapped = row
        return Ed25519PrivateKey.from_private_bytes(self._unwrap(generation, wrapped, aad))

    def _wrap(self, key: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self._files.keks[self._files.generation]).encrypt(nonce, key, aad)

    def _unwrap(self, generation: int, wrapped: bytes, aad: bytes) -> bytes:
        if generation not in self._files.keks:
            self._files.read_generations()
        kek = self._files.keks.get(generation)
        if kek is None:
            raise Unavailable(
                "keys.generation_missing",
                "a key file of an older generation is missing",
                generation=generation,
            )
        try:
            return AESGCM(kek).decrypt(wrapped[:12], wrapped[12:], aad)
        except InvalidTag:
            raise Unavailable("keys.wrong_files", "the key files do not belong to this database") from None


def _tampered(place: str) -> Unexpected:
    return Unexpected("keys.tampered", "a sealed value does not open in its place", place=place)


def _aad(operator_id: OperatorId, owner: KeyOwner, place: str, version: int) -> bytes:
    return f"{operator_id}|{owner.subject_id}|{owner.retention}|{place}|{version}".encode()


def _wrap_aad(*coordinates: object) -> bytes:
    return "|".join(map(str, coordinates)).encode()


def _write_once(path: Path, content: bytes) -> None:
    """Write a key whole or not at all: a crash in between leaves no half key behind."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)


_DATA_KEYS = sa.text(
    "select subject_id, version, kek_generation, wrapped from keys.data_key"
    " where operator_id = :operator and retention = :retention and subject_id = any(:subjects) order by version"
)
_NEW_DATA_KEY = sa.text(
    "insert into keys.data_key (operator_id, subject_id, retention, version, kek_generation, wrapped)"
    " select :operator, :subject, :retention, coalesce(max(version), 0) + 1, :generation, :wrapped from keys.data_key"
    " where operator_id = :operator and subject_id = :subject and retention = :retention on conflict do nothing"
)
_DESTROY = sa.text(
    "update keys.data_key set wrapped = '' where subject_id = :subject and retention = :retention and wrapped <> ''"
)
_SIGNING_KEY = sa.text(
    "select kek_generation, wrapped from keys.signing_key where purpose = :purpose order by version desc limit 1"
)
_NEW_SIGNING_KEY = sa.text(
    "insert into keys.signing_key (operator_id, purpose, version, kek_generation, wrapped, public_key)"
    " values (:operator, :purpose, 1, :generation, :wrapped, :public) on conflict do nothing"
)
_WRAPPING = sa.text("select pg_advisory_xact_lock_shared(hashtext('austa.kek'))")
_WAIT_FOR_WRAPPING = sa.text("select pg_advisory_xact_lock(hashtext('austa.kek'))")
_OLDER_DATA_KEYS = sa.text(
    "select subject_id, retention, version, kek_generation, wrapped from keys.data_key"
    " where kek_generation < :newest and wrapped <> '' for update"
)
_REWRAP_DATA_KEY = sa.text(
    "update keys.data_key set kek_generation = :newest, wrapped = :wrapped"
    " where subject_id = :subject and retention = :retention and version = :version"
)
_OLDER_SIGNING_KEYS = sa.text(
    "select purpose, version, kek_generation, wrapped from keys.signing_key where kek_generation < :newest for update"
)
_REWRAP_SIGNING_KEY = sa.text(
    "update keys.signing_key set kek_generation = :newest, wrapped = :wrapped"
    " where purpose = :purpose and version = :version"
)
