"""Files, encrypted under their subject's key, create-only: an original is never overwritten."""

from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.errors import NotFound
from austa.kernel.ids import OperatorId


class Blobs:
    """Sealed files in a folder (later S3, GCS or Azure through the same library)."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store = LocalStore(folder)
        self._keys = keys

    async def put(self, operator_id: OperatorId, owner: KeyOwner, name: str, content: bytes) -> None:
        """Seal and store under `name` (a path of ids). A name that exists keeps its first content."""
        sealed = await self._keys.seal(operator_id, owner, f"blob:{name}", content)
        try:
            await obstore.put_async(self._store, f"{operator_id}/{name}", sealed, mode="create")
        except AlreadyExistsError:
            return

    async def get(self, operator_id: OperatorId, owner: KeyOwner, name: str) -> bytes:
        """Read and open. Raises `NotFound` when there is no such file or its key was destroyed."""
        try:
            found = await obstore.get_async(self._store, f"{operator_id}/{name}")
        except FileNotFoundError:
            raise NotFound("blobs.missing", "no such file") from None
        return await self._keys.open(operator_id, owner, f"blob:{name}", bytes(await found.bytes_async()))

    async def delete(self, operator_id: OperatorId, name: str) -> None:
        """Remove the file; only retention and erasure do."""
        await obstore.delete_async(self._store, f"{operator_id}/{name}")
