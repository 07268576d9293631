"""Treatment over time, and the refund: numbers 14, 15 and 18."""

from datetime import date, datetime, time

from austa.demo.requests.lines import days_before, item, paper
from austa.demo.shapes import DemoItem, DemoRequest
from austa.kernel.clock import BRASILIA
from austa.kernel.money import Money


def chemotherapy(today: date) -> DemoRequest:
    """Number 14."""
    return DemoRequest(
        key="request-14",
        number=14,
        member_key="silvia",
        kind="service",
        items=(item("20104294", "Terapia oncológica - planejamento e 1º dia de tratamento", 1_890_000),),
        cids=("C50.9",),
        character="elective",
        service_class="therapy",
        asked_on=today,
        requester_key="paula",
        provider_key="oncology",
        indication="Esquema AC-T adjuvante, ciclo 1 de 8. ECOG 0. T2N1M0.",
        papers=(
            paper("14-pedido.jpg", "order", "Solicitação de quimioterapia", days_before(today, 2), layout="oncology"),
            paper(
                "14-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 2),
                "Paciente em boas condições, ECOG 0. Estadiamento T2N1M0. Peso 64 kg, altura 1,62 m, SC 1,68 m².",
                "Proposta: doxorrubicina e ciclofosfamida por quatro ciclos, seguidas de paclitaxel por quatro ciclos.",
                layout="oncology",
            ),
            paper(
                "14-anatomopatologico.pdf",
                "finding",
                "Laudo anatomopatológico",
                days_before(today, 25),
                "Carcinoma invasivo de tipo não especial, grau histológico 2.",
                "Receptor de estrogênio 90%, progesterona 70%, HER2 negativo, Ki-67 de 25%.",
                layout="laboratory",
                signed_by="vera",
            ),
        ),
        outcomes=("AUDIT",),
        path="AUDIT",
        reason="Oncology goes to a physician on the fast lane; an off-label line is judged by ADI 7265, no board.",
        due_business_days=5,
        structured={"protocol": "AC-T", "ecog": 0, "tnm": "T2N1M0", "cycle": 1, "cycles": 8},
    )


def psychotherapy(today: date) -> DemoRequest:
    """Number 15."""
    return DemoRequest(
        key="request-15",
        number=15,
        member_key="theo",
        kind="service",
        items=(item("50000470", "Sessão de psicoterapia individual por psicólogo", 30_000, quantity=8),),
        cids=("F84.0",),
        character="elective",
        service_class="multidisciplinary_therapy",
        asked_on=today,
        requester_key="bianca",
        provider_key="psychology",
        indication="Acompanhamento psicológico, duas sessões por semana, oito por mês.",
        papers=(
            paper("15-pedido.jpg", "order", "Solicitação de terapia", days_before(today, 3), layout="letterhead"),
            paper(
                "15-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 3),
                "Criança de 6 anos em acompanhamento neurológico desde os 3 anos.",
                "Indico psicoterapia individual, duas sessões por semana, com reavaliação em seis meses.",
                layout="letterhead",
            ),
        ),
        outcomes=("AUTO",),
        path="AUTO",
        reason="No cap on sessions; a coordinator guarantees a place in the network within ten business days.",
        due_business_days=5,
        structured={"sessions_per_week": 2},
    )


def refund(today: date) -> DemoRequest:
    """Number 18."""
    people = ("Otávio Duarte Pacheco", "Camila Duarte Pacheco", "Enzo Duarte Pacheco", "Otávio Duarte Pacheco")
    receipts = tuple(
        paper(
            f"18-recibo-{number}.jpg",
            "receipt",
            f"Recibo nº {number}",
            days_before(today, 6),
            f"Recebi de Otávio Duarte Pacheco a importância de R$ 480,00 referente a consulta de {person}.",
            "Pagamento em transferência para conta do Consultório Novo Tempo.",
            layout="receipt",
        )
        for number, person in zip(range(1041, 1045), people, strict=True)
    )
    return DemoRequest(
        key="request-18",
        number=18,
        member_key="otavio",
        kind="reimbursement",
        items=tuple(
            DemoItem(
                table="22",
                code="10101012",
                description="Consulta em consultório",
                quantity=1,
                unit_value=Money(centavos=48_000),
                provider_key="family-clinic",
                performed_at=datetime.combine(days_before(today, 6), time(9 + place), BRASILIA),
                receipt_number=str(1041 + place),
            )
            for place in range(4)
        ),
        cids=("Z00.0",),
        character="elective",
        service_class="non_care",
        asked_on=today,
        requester_key="cintia",
        provider_key="family-clinic",
        indication="Reembolso de quatro consultas.",
        papers=receipts,
        outcomes=("MANUAL",),
        path="FWA",
        reason="Sequential receipts just below the ceiling, paid to the clinic's account: a person reviews the papers.",
        due_business_days=7,
        signals=("R12", "R13", "R28"),
    )
