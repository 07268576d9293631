"""The lines of the two CSV files as providers and professionals. The columns are documented in the module's README."""

from types import MappingProxyType
from typing import get_args

from austa.infra.csv_tables import CsvRow, read_csv
from austa.kernel.personal import Personal
from austa.modules.providers.api import Council, NewProfessional, NewProvider, ProviderKind
from austa.modules.providers.service.importing import PROFESSIONALS, PROVIDERS, Sent

PROVIDER_COLUMNS = ("code", "name", "kind", "city", "state", "in_network")
PROVIDER_OPTIONAL = ("cnpj", "cnes", "latitude", "longitude", "suspended", "specialties", "valid_from")
PROFESSIONAL_COLUMNS = ("name", "council", "state", "number", "active")
PROFESSIONAL_OPTIONAL = ("specialties", "valid_from")

KINDS = MappingProxyType[str, ProviderKind](
    {
        "hospital": "hospital",
        "clinic": "clinic",
        "clínica": "clinic",
        "laboratory": "laboratory",
        "laboratório": "laboratory",
        "imaging": "imaging",
        "imagem": "imaging",
        "professional": "professional",
        "profissional": "professional",
        "other": "other",
        "outro": "other",
    }
)
COUNCILS = MappingProxyType[str, Council](
    {council.lower(): council for council in get_args(Council)} | {"outro": "other"}
)


def read_sent(providers: str | None, professionals: str | None) -> Sent:
    """Both files, each of which may be left out."""
    some = read_csv(providers, PROVIDERS, PROVIDER_COLUMNS, PROVIDER_OPTIONAL, _provider)
    others = read_csv(professionals, PROFESSIONALS, PROFESSIONAL_COLUMNS, PROFESSIONAL_OPTIONAL, _professional)
    return Sent(some.read, others.read, (*some.problems, *others.problems), some.lines + others.lines)


def _provider(row: CsvRow) -> NewProvider:
    return NewProvider(
        code=row.required_text("code"),
        name=row.required_text("name"),
        kind=row.choice("kind", KINDS),
        cnpj=row.text("cnpj"),
        cnes=row.text("cnes"),
        city=row.required_text("city"),
        state=row.required_text("state"),
        latitude=row.number("latitude"),
        longitude=row.number("longitude"),
        in_network=row.yes("in_network"),
        suspended=row.yes("suspended"),
        specialties=row.list("specialties"),
        valid_from=row.day("valid_from"),
    )


def _professional(row: CsvRow) -> NewProfessional:
    return NewProfessional(
        name=Personal(row.required_text("name")),
        council=row.choice("council", COUNCILS),
        state=row.required_text("state"),
        number=row.required_text("number"),
        specialties=row.list("specialties"),
        active=row.yes("active"),
        valid_from=row.day("valid_from"),
    )
