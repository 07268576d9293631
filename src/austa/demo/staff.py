"""The staff of the demo operator, the clerk of one hospital, and the one password of the demo."""

from austa.demo.shapes import DemoStaff

SIGN_IN_WORD = "demonstracao-austa"
"""The password of every demo person; `austa serve --demo` prints it."""

STAFF = (
    DemoStaff("admin", "Aline Prado Siqueira", "admin@demo.example", ("administrator",)),
    DemoStaff("analyst", "Bruno Castanho Leite", "analista@demo.example", ("authorization_analyst",)),
    DemoStaff(
        "nurse", "Cecília Ramalho Dutra", "enfermeira@demo.example", ("nurse_auditor",), ("COREN", "SP", "900101")
    ),
    DemoStaff(
        "auditor", "Daniel Aguiar Rezende", "auditor@demo.example", ("medical_auditor",), ("CRM", "SP", "900102")
    ),
    DemoStaff(
        "auditor-2", "Elisa Fonseca Barreto", "auditora@demo.example", ("medical_auditor",), ("CRM", "SP", "900103")
    ),
    DemoStaff(
        "director", "Fernando Lobato Cruz", "diretor@demo.example", ("technical_director",), ("CRM", "SP", "900104")
    ),
    DemoStaff(
        "coordinator",
        "Gabriela Nunes Valadão",
        "cuidado@demo.example",
        ("care_coordinator",),
        ("COREN", "SP", "900105"),
    ),
    DemoStaff("clerk", "Helena Duarte Moraes", "prestador@demo.example", ("provider_clerk",), provider_key="hospital"),
    DemoStaff(
        "tiebreaker", "Aurélio Paes Monteiro", "crm900301@demo.example", ("tiebreaker",), ("CRM", "SP", "900301")
    ),
)
