"""Files, encrypted under their subject's key, create-only: an original is never overwritten."""

from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.errors import Invalid, NotFound
from austa.kernel.ids import OperatorId


def open_store(url: str, folder: Path) -> ObjectStore:
    """The bucket that `url` names (`s3://bucket/prefix`, `gs://…`, `az://…`), or the folder where it is empty.

    Credentials, region and endpoint come from the vendor's own variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …).
    Raises `Invalid` `blobs.wrong_url`. Nothing is asked of the bucket yet.
    """
    if not url:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(folder)
    try:
        return from_url(url)
    except (BaseError, ValueError):
        raise Invalid("blobs.wrong_url", "AUSTA_FILES_URL names no bucket that can be opened") from None


class Blobs:
    """Sealed files in a folder or a bucket, which must know conditional puts: an original is never overwritten."""

    def __init__(self, store: ObjectStore, keys: Keys) -> None:
        self._store = store
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
