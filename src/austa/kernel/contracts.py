"""What crosses between modules: frozen, strict contracts."""

from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from austa.kernel.personal import REVEAL


class Contract(BaseModel):
    """A frozen, strict value. From us, unknown fields are refused; from others they are ignored (`read`)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    @classmethod
    def read(cls, raw: bytes | str) -> Self:
        """Read JSON that another version or another party wrote: fields we do not know are ignored."""
        return cls.model_validate_json(raw, extra="ignore")

    def reveal_json(self) -> dict[str, Any]:
        """JSON values with personal data in clear: for encrypted columns and answers to people, nothing else."""
        return self.model_dump(mode="json", context=REVEAL)

    def reveal_bytes(self) -> bytes:
        """The same as JSON text: for a pipe to a child of ours."""
        return self.model_dump_json(context=REVEAL).encode()


Item = TypeVar("Item")


class Page(Contract, Generic[Item]):
    """One page of a list. `next_cursor` is opaque; None means this was the last page."""

    items: tuple[Item, ...]
    next_cursor: str | None = None
