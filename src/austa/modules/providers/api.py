"""The door of `providers`: the network, its professionals, and what a decision may need to know of them."""

from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import NotFound
from austa.kernel.ids import PrincipalId, ProfessionalId, ProviderId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal

ProviderKind = Literal["hospital", "clinic", "laboratory", "imaging", "professional", "other"]

Council = Literal["CRM", "COREN", "CRO", "CREFITO", "CRP", "CRFA", "CRN", "other"]
"""Professional councils; the key of a professional is (council, UF, number), for numbers repeat across UFs."""

_STATES = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO"
STATES = frozenset(_STATES.split())
"""The 26 states and the federal district (UF)."""


class Provider(Contract):
    """A hospital, clinic, laboratory or office. `cnpj` is 14 characters, alphanumeric since July 2026."""

    id: ProviderId
    name: str
    kind: ProviderKind
    cnpj: str | None
    cnes: str | None
    city: str
    state: str
    latitude: float | None
    longitude: float | None
    in_network: bool
    suspended: bool
    specialties: tuple[str, ...]
    is_synthetic: bool


class Professional(Contract):
    """A professional who requests or performs. The name is personal data (staff and requesters are subjects too)."""

    id: ProfessionalId
    name: Personal
    council: Council
    state: str
    number: str
    specialties: tuple[str, ...]
    active: bool
    is_synthetic: bool


class Standing(Contract):
    """What is known of a requester or provider on a day. `known` False means: not in the table, ask a person."""

    known: bool
    in_good_standing: bool
    reason: str | None
    """A stable code when not in good standing: `inactive`, `suspended`."""


class Registration(NamedTuple):
    """A professional's registration."""

    council: str
    state: str
    number: str


class PlacedProvider(Contract):
    """A provider as it was on a day, and how it stood. Its name and numbers are those of today."""

    provider: Provider
    standing: Standing


class LookedUp(Contract):
    """Whom a request names, as they stood on a day. Providers that nobody knows are missing."""

    requester: Standing | None
    providers: tuple[PlacedProvider, ...]


NetworkAspect = Literal["network", "place", "services", "suspension", "registration"]
"""What has days of its own: being in the network, where, what is offered, a provider's suspension, and whether the
registration of a professional is active."""


class NetworkWord(Contract):
    """One thing that was told of a provider: on which days it holds, and when we believed it.

    `valid_from` 1 January of year 1: from always; `known_until` is set once a later word took its place.
    """

    aspect: NetworkAspect
    valid_from: date
    valid_until: date | None
    known_from: datetime
    known_until: datetime | None
    content: dict[str, str | bool | float | tuple[str, ...] | None]


class NewProvider(Contract):
    """A provider as the operator's system knows it; `code` is its key there.

    `valid_from`: since which day all this is so; None: from today, or from always where it is new.
    """

    code: str
    name: str
    kind: ProviderKind
    cnpj: str | None
    cnes: str | None
    city: str
    state: str
    latitude: float | None
    longitude: float | None
    in_network: bool
    suspended: bool
    specialties: tuple[str, ...]
    valid_from: date | None = None
    is_synthetic: bool = False


class NewProfessional(Contract):
    """A professional as the operator's system knows them. `valid_from` as of a provider."""

    name: Personal
    council: Council
    state: str
    number: str
    specialties: tuple[str, ...]
    active: bool
    valid_from: date | None = None
    is_synthetic: bool = False


class NewClerk(Contract):
    """A person of a hospital or clinic who shall ask and follow requests for it."""

    email: Personal
    name: Personal


class Clerk(Contract):
    """A person who signs in for a provider. `active` is False before the invitation is accepted and after leaving."""

    id: PrincipalId
    name: Personal
    email: Personal
    active: bool


class Providers(Protocol):
    """The network of the caller's operator."""

    async def get(self, caller: Caller, provider_id: ProviderId) -> Provider:
        """Raises `NotFound` `providers.no_such_provider`."""
        ...

    async def find_by_code(self, caller: Caller, code: str) -> Provider | None:
        """By the operator's own code, or by CNPJ."""
        ...

    async def list(
        self, caller: Caller, specialty: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Page[Provider]:
        """Providers in the network, by name."""
        ...

    async def search(self, caller: Caller, words: str, limit: int) -> tuple[Provider, ...]:
        """Providers whose name begins so, or with that code or CNPJ, in the network or not."""
        ...

    async def invite_clerk(self, caller: Caller, provider_id: ProviderId, clerk: NewClerk) -> Clerk:
        """Invite a person to act for that provider (`staff:invite`); the link goes to their mailbox only.

        Raises `NotFound` `providers.no_such_provider`, and what `Identity.invite` raises.
        """
        ...

    async def find_professional(self, caller: Caller, council: str, state: str, number: str) -> Professional | None:
        """The professional with that registration."""
        ...

    async def requester_standing(
        self, caller: Caller, council: str, state: str, number: str, on: date, known_at: datetime | None = None
    ) -> Standing:
        """Whether a requester may be relied on, as known at that moment, by default now.

        Being outside the network is no reason to refuse (CONSU 8/1998).
        """
        ...

    async def provider_standing(
        self, caller: Caller, provider_id: ProviderId, on: date, known_at: datetime | None = None
    ) -> Standing:
        """The same for a provider."""
        ...

    async def look_up(
        self,
        caller: Caller,
        requester: Registration | None,
        providers: frozenset[ProviderId],
        on: date,
        known_at: datetime | None = None,
    ) -> LookedUp:
        """All that one request names, in one read, as known at that moment, by default now."""
        ...

    async def told(self, caller: Caller, provider_id: ProviderId) -> tuple[NetworkWord, ...]:
        """All that was ever told of a provider, the newest word first. Raises `NotFound` `providers.no_such_provider`.

        What was believed before the house kept it counts as known since it was last recorded.
        """
        ...

    async def save(
        self, caller: Caller, providers: tuple[NewProvider, ...], professionals: tuple[NewProfessional, ...]
    ) -> ImportReport:
        """Create or update, in one transaction; the import and ERP door. Idempotent."""
        ...

    async def import_csv(
        self, caller: Caller, providers: str | None, professionals: str | None, *, dry_run: bool
    ) -> ImportReport:
        """The same from CSV texts (columns in the module's README); a dry run writes nothing."""
        ...


def no_such_provider() -> NotFound:
    return NotFound("providers.no_such_provider", "no provider of this operator has that id")
