"""A network as an operator's system would send it. All of it is invented."""

from typing import Any

from austa.demo.identifiers import synthetic_cnpj
from austa.kernel.personal import Personal
from austa.modules.providers.api import NewProfessional, NewProvider


def clinic(code: str = "P-1", name: str = "Clínica Ipê Amarelo", **changes: Any) -> NewProvider:
    usual = NewProvider(
        code=code,
        name=name,
        kind="clinic",
        cnpj=synthetic_cnpj(1),
        cnes="9900001",
        city="São Paulo",
        state="SP",
        latitude=-23.55,
        longitude=-46.63,
        in_network=True,
        suspended=False,
        specialties=("Ortopedia", "Clínica médica"),
        is_synthetic=True,
    )
    return usual.model_copy(update=changes)


def doctor(**changes: Any) -> NewProfessional:
    usual = NewProfessional(
        name=Personal("Otto Fictício Braga"),
        council="CRM",
        state="SP",
        number="900123",
        specialties=("Ortopedia",),
        active=True,
        is_synthetic=True,
    )
    return usual.model_copy(update=changes)
