"""Physicians whom the demo operator may name for the tie-break of a medical board. None exists."""

from austa.demo.identifiers import demo_phone
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.tiebreakers import NewTiebreaker

_SPINE, _ORTHOPEDICS = "Cirurgia da coluna", "Ortopedia e traumatologia"
_LISTED = (
    ("Aurélio Paes Monteiro", "900301", (_ORTHOPEDICS, _SPINE), "São Paulo"),
    ("Berenice Salles Quadros", "900302", ("Neurocirurgia", _SPINE), "São Paulo"),
    ("Cláudio Frota Menezes", "900303", (_ORTHOPEDICS, _SPINE), "Campinas"),
    ("Dalva Esteves Nogueira", "900304", ("Neurocirurgia",), "São Paulo"),
    ("Everaldo Tinoco Braga", "900305", (_ORTHOPEDICS,), "Santos"),
    ("Flora Antunes Vidal", "900306", ("Cardiologia intervencionista",), "São Paulo"),
    ("Gaspar Leme Duarte", "900307", ("Cardiologia",), "Campinas"),
    ("Heloísa Brandão Prates", "900308", ("Cirurgia do aparelho digestivo",), "São Paulo"),
    ("Irineu Castro Bulhões", "900309", ("Cirurgia plástica",), "São Paulo"),
)
TIEBREAKERS = tuple(
    NewTiebreaker(
        name=Personal(name),
        uf="SP",
        number=number,
        specialties=specialties,
        city=city,
        email=Personal(f"crm{number}@demo.example"),
        phone=Personal(demo_phone(81 + place)),
    )
    for place, (name, number, specialties, city) in enumerate(_LISTED)
)
