"""Exams: numbers 1 to 5, 13, 17 and 19."""

from datetime import date, datetime, time

from austa.demo.requests.lines import days_before, item, paper
from austa.demo.shapes import DemoRequest


def laboratory(today: date) -> DemoRequest:
    """Number 1."""
    return DemoRequest(
        key="request-01",
        number=1,
        member_key="marina",
        kind="service",
        items=(
            item("40304361", "Hemograma completo", 2600),
            item("40302040", "Glicose", 1800),
            item("40316521", "TSH - hormônio tireoestimulante", 3400),
        ),
        cids=("Z00.0",),
        character="elective",
        service_class="laboratory",
        asked_on=today,
        requester_key="helena",
        provider_key="lab",
        indication="Avaliação clínica de rotina.",
        papers=(paper("01-pedido.jpg", "order", "Solicitação de exames", days_before(today, 3), layout="clinic"),),
        outcomes=("AUTO",),
        path="AUTO",
        reason="Low-risk laboratory list, complete order, member eligible.",
        due_business_days=3,
    )


def glycated_hemoglobin(today: date) -> DemoRequest:
    """Number 2."""
    return DemoRequest(
        key="request-02",
        number=2,
        member_key="joao",
        kind="service",
        items=(item("40302733", "Hemoglobina glicada (A1c)", 3200),),
        cids=("E11.9",),
        character="elective",
        service_class="laboratory",
        asked_on=today,
        requester_key="fabio",
        provider_key="lab",
        indication="Controle glicêmico. Último exame há mais de 90 dias.",
        papers=(paper("02-pedido.jpg", "order", "Pedido de exame", days_before(today, 5), layout="prescription"),),
        outcomes=("AUTO",),
        path="AUTO",
        reason="Interval above 90 days and member of the diabetes programme.",
        due_business_days=3,
        structured={"days_since_last": 120, "programme": "diabetes"},
    )


def abdominal_ultrasound(today: date) -> DemoRequest:
    """Number 3."""
    return DemoRequest(
        key="request-03",
        number=3,
        member_key="livia",
        kind="service",
        items=(item("40901122", "US abdome total", 19000),),
        cids=("R10.4",),
        character="elective",
        service_class="diagnostic",
        asked_on=today,
        requester_key="helena",
        provider_key="imaging",
        indication="Dor abdominal difusa há três semanas, sem sinais de alarme.",
        papers=(paper("03-pedido.jpg", "order", "Solicitação de exame", days_before(today, 2), layout="letterhead"),),
        outcomes=("AUTO",),
        path="AUTO",
        reason="Simple imaging without a guideline, complete order.",
        due_business_days=5,
    )


def knee(today: date) -> DemoRequest:
    """Number 4, asked twenty days ago."""
    asked_on = days_before(today, 20)
    return DemoRequest(
        key="request-04",
        number=4,
        member_key="severino",
        kind="service",
        items=(item("41101316", "RM articular - joelho direito", 98000, side="right"),),
        cids=("M23.2",),
        character="elective",
        service_class="high_complexity",
        asked_on=asked_on,
        requester_key="renato",
        provider_key="imaging",
        indication="Entorse do joelho direito há 8 semanas. McMurray positivo, derrame discreto. Fisioterapia por 6"
        " semanas sem melhora.",
        papers=(
            paper("04-pedido.jpg", "order", "Solicitação de exame", days_before(asked_on, 2), layout="orthopedics"),
            paper(
                "04-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(asked_on, 2),
                "Trauma torcional do joelho direito em atividade esportiva, há oito semanas.",
                "Ao exame: dor na interlinha medial, teste de McMurray positivo, derrame articular discreto.",
                "Realizou seis semanas de fisioterapia e analgesia, sem melhora. Solicito ressonância magnética para"
                " definir a conduta.",
                layout="orthopedics",
            ),
        ),
        outcomes=("AUTO", "PEND"),
        path="AUTO",
        reason="Structured indication (trauma, examination, six weeks of conservative care); without it, ask for it.",
        due_business_days=10,
        structured={"trauma": True, "positive_examination": True, "conservative_care_weeks": 6},
    )


def knee_again(today: date) -> DemoRequest:
    """Number 5."""
    return DemoRequest(
        key="request-05",
        number=5,
        member_key="severino",
        kind="service",
        items=(item("41101316", "RM articular - joelho direito", 105000, side="right"),),
        cids=("M23.2",),
        character="elective",
        service_class="high_complexity",
        asked_on=today,
        requester_key="silvio",
        provider_key="imaging-2",
        indication="Dor no joelho direito.",
        papers=(paper("05-pedido.jpg", "order", "Pedido de exame", days_before(today, 1), layout="prescription"),),
        outcomes=("AUDIT",),
        path="FWA",
        reason="Same joint again within 90 days at another provider and without a new indication.",
        due_business_days=10,
        signals=("R02", "R22"),
        follows="request-04",
    )


def pet(today: date) -> DemoRequest:
    """Number 13."""
    return DemoRequest(
        key="request-13",
        number=13,
        member_key="helio",
        kind="service",
        items=(item("40708128", "PET dedicado oncológico", 480_000),),
        cids=("C34.1",),
        character="elective",
        service_class="high_complexity",
        asked_on=today,
        requester_key="paula",
        provider_key="imaging",
        indication="Nódulo pulmonar com biópsia positiva. Estadiamento antes do tratamento.",
        papers=(
            paper("13-pedido.jpg", "order", "Solicitação de exame", days_before(today, 2), layout="oncology"),
            paper(
                "13-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 2),
                "Nódulo no lobo superior direito, 2,6 cm, com biópsia confirmando adenocarcinoma.",
                "Solicito PET-CT para estadiamento inicial e definição da conduta.",
                layout="oncology",
            ),
            paper(
                "13-tomografia.pdf",
                "exam",
                "Tomografia de tórax",
                days_before(today, 15),
                "Nódulo sólido espiculado no lobo superior direito, medindo 2,6 cm. Sem linfonodomegalias.",
                layout="imaging",
                signed_by="raul",
            ),
        ),
        outcomes=("AUTO", "AUDIT"),
        path="AUTO",
        reason="Guideline for staging satisfied by biopsy and tomography.",
        due_business_days=10,
        structured={"biopsy_positive": True, "tomography": True, "purpose": "staging"},
    )


def psa(today: date) -> DemoRequest:
    """Number 17."""
    return DemoRequest(
        key="request-17",
        number=17,
        member_key="antonia",
        kind="service",
        items=(item("40316149", "PSA total", 5200), item("40316130", "PSA livre", 4400)),
        cids=("N40",),
        character="elective",
        service_class="laboratory",
        asked_on=today,
        requester_key="lauro",
        provider_key="lab",
        indication="Avaliação urológica.",
        papers=(paper("17-pedido.jpg", "order", "Solicitação de exames", days_before(today, 2), layout="clinic"),),
        outcomes=("PEND",),
        path="FWA",
        reason="The registered sex does not fit the exam: ask politely who the member is, never refuse.",
        due_business_days=3,
        signals=("R03",),
    )


def two_cities(today: date) -> DemoRequest:
    """Number 19."""
    day = days_before(today, 1)
    return DemoRequest(
        key="request-19",
        number=19,
        member_key="wagner",
        kind="service",
        items=(
            item(
                "40202038",
                "Endoscopia digestiva alta com biópsia",
                70_000,
                at=datetime.combine(day, time(9, 10)),
                where="manaus",
            ),
            item("41101227", "RM coluna lombar", 120_000, at=datetime.combine(day, time(10, 30)), where="porto-alegre"),
        ),
        cids=("K29.5", "M51.1"),
        character="elective",
        service_class="high_complexity",
        asked_on=today,
        requester_key="moacir",
        provider_key="manaus",
        indication="Dispepsia e lombociatalgia.",
        papers=(
            paper(
                "19-pedido-manaus.jpg",
                "order",
                "Solicitação de exame",
                days_before(today, 4),
                layout="letterhead",
                signed_by="moacir",
                codes=("40202038",),
                cids=("K29.5",),
            ),
            paper(
                "19-pedido-porto-alegre.jpg",
                "order",
                "Pedido de exame",
                days_before(today, 3),
                layout="prescription",
                signed_by="greta",
                codes=("41101227",),
                cids=("M51.1",),
            ),
        ),
        outcomes=("AUDIT",),
        path="FWA",
        reason="The same card in Manaus and Porto Alegre within 80 minutes: a person calls the member.",
        due_business_days=10,
        signals=("R07",),
    )
