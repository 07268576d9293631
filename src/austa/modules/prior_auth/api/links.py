"""What lies behind a member's link."""

from datetime import date, datetime

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal


class OpenedLink(Contract):
    """What a member sees behind an authenticated link."""

    protocol: str
    text: str
    procedures: tuple[str, ...]
    guide_number: str | None
    senha: Personal | None
    valid_until: date | None
    replaced_guide: str | None
    """Number of the guide that no longer counts because of this one."""
    missing: tuple[str, ...]
    decided_at: datetime | None
