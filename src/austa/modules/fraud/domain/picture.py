"""What a rule looks at: the request as asked, and what `fraud` remembers of others."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from austa.kernel.ids import MemberId, ProviderId, RequestId
from austa.modules.fraud.api import EarlierItem, Laterality, Place, RequestFacts, ScreenedItem, Table


@dataclass(frozen=True)
class Attendance:
    """An attendance elsewhere than in this request: asked for, or performed (`source` `bill`)."""

    source: Literal["request", "bill"]
    place: Place
    tuss: str
    starts_at: datetime
    minutes: int
    laterality: Laterality | None = None


@dataclass(frozen=True)
class Admission:
    """A stay of the member. `until` None: still there."""

    provider_id: ProviderId
    since: date
    until: date | None


@dataclass(frozen=True)
class SeenReceipt:
    """A receipt of the family in another request. `issuer` is a mark, not the name."""

    issuer: bytes
    number: int
    issued_on: date
    amount_centavos: int
    by_member: bool
    """The same member's, not a relative's."""


@dataclass(frozen=True)
class SeenFile:
    """A file of this request that another family's request had before. `place`: which of this request's files, from
    1; `saved_anew`: the same photo, with other bytes."""

    place: int
    saved_anew: bool
    request_id: RequestId
    asked_on: date


@dataclass(frozen=True)
class FileLook:
    """How a PDF of this request says it was made."""

    made_by: str = ""
    changed_after_signature: bool = False


@dataclass(frozen=True)
class Opening:
    """When a provider opens on a weekday (Monday is 0): minutes of the day."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class ProviderDay:
    """How many requests named a provider on a day, and how many of them called an elective-only item urgent."""

    day: date
    requests: int
    urgent_on_elective: int


@dataclass(frozen=True)
class DeviceUse:
    """That another family used the device or network address of this member. `address`: an IP, which many share."""

    device: bytes
    address: bool
    family_id: MemberId
    at: datetime


@dataclass(frozen=True)
class Known:
    """What `fraud` remembers, as far as this request makes it matter."""

    imported: frozenset[Table] = frozenset()
    """Tables that hold anything: a rule without its table is blind."""
    attendances: tuple[Attendance, ...] = ()
    operations: tuple[Attendance, ...] = ()
    """Performed services of the member, of any age."""
    admissions: tuple[Admission, ...] = ()
    worked: tuple[Attendance, ...] = ()
    """What the requester performed lately."""
    receipts: tuple[SeenReceipt, ...] = ()
    issuers: tuple[bytes, ...] = ()
    """The marks of the issuers of this request's receipts, in their order."""
    seen_files: tuple[SeenFile, ...] = ()
    """Of this request's, those that another family's request had."""
    files: tuple[FileLook, ...] = ()
    supplies: frozenset[str] = frozenset()
    """Names, folded, of suppliers that the requester owns."""
    openings: dict[ProviderId, tuple[Opening, ...]] = field(default_factory=dict)
    provider_days: tuple[ProviderDay, ...] = ()
    """Of the request's provider, without this request."""
    devices: tuple[DeviceUse, ...] = ()


@dataclass(frozen=True)
class Picture:
    """The request and what is known beside it."""

    asked: RequestFacts
    known: Known = Known()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.asked.zone)

    @property
    def age(self) -> int:
        """In whole years on the day."""
        on, born = self.asked.on, self.asked.member.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    @property
    def cids(self) -> tuple[str, ...]:
        return tuple(cid.reveal().upper() for cid in self.asked.cids)

    def is_given(self, fact: str) -> bool:
        return self.asked.given.get(fact) is True

    def place_of(self, item: ScreenedItem) -> Place | None:
        return item.place or self.asked.place

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def day_of(self, item: ScreenedItem) -> date:
        """The local day of care; that of the request where no time is set."""
        return self.local_day(item.scheduled_at) if item.scheduled_at else self.asked.on

    def repeated(self) -> list[tuple[ScreenedItem, EarlierItem]]:
        """Lines with earlier ones for the same item and side that were not given up."""
        return [
            (item, past)
            for item in self.asked.items
            for past in self.asked.earlier
            if item.tuss == past.tuss and past.living and same_side(item.laterality, past.laterality)
        ]

    def on_file(self, codes: frozenset[str]) -> list[tuple[date, Laterality | None, str]]:
        """Earlier operations of the member among these codes: day, side, and where we know it from."""
        billed = [
            (self.local_day(done.starts_at), done.laterality, "conta de serviço realizado")
            for done in self.known.operations
            if done.tuss in codes
        ]
        issued = [
            (past.asked_on, past.laterality, f"Protocolo {past.protocol}")
            for past in self.asked.earlier
            if past.issued and past.tuss in codes
        ]
        return sorted([*billed, *issued], key=lambda found: found[0])


def same_side(one: Laterality | None, other: Laterality | None) -> bool:
    return one is None or other is None or one == other or "both" in {one, other}


def ends(attendance: Attendance) -> datetime:
    return attendance.starts_at + timedelta(minutes=attendance.minutes)
