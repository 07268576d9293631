"""Beside the twenty: extensions of stay, a court order, a complaint at the regulator, chats, and papers to try out."""

from datetime import date, timedelta

from austa.demo.requests.lines import paper
from austa.demo.shapes import DemoChat, DemoItem, DemoRequest
from austa.kernel.money import Money


def extra_requests(today: date) -> tuple[DemoRequest, ...]:
    """Two extensions, one order of a court, one complaint that came through the regulator."""
    return (_intensive_care(today), _psychiatric_day_hospital(today), _court_order(today), _regulator_complaint(today))


def sample_requests(today: date) -> tuple[DemoRequest, ...]:
    """What a member has at hand on the phone page: nobody has asked for it yet."""
    return (_knee_sample(today), _ultrasound_sample(today))


def demo_chats() -> tuple[DemoChat, ...]:
    """Conversations worth trying."""
    return (
        DemoChat(
            key="chat-knee",
            member_key="rosangela",
            says=("oi, preciso de autorização pra essa ressonância do joelho",),
            level=None,
            expected="Asks for the photo, reads it, confirms what it doubts, then approves or opens a case.",
        ),
        DemoChat(
            key="chat-ultrasound",
            member_key="tadeu",
            says=("bom dia, o médico pediu um ultrassom da barriga, mando a foto?",),
            level=None,
            expected="Approved by rule: guide, password and validity come back.",
        ),
        DemoChat(
            key="chat-chest",
            member_key="zilda",
            says=("tô com um aperto no peito e suando frio, preciso de guia?",),
            level="RED",
            expected="Emergency reply at once with 192, no authorization talk, a nurse task opens.",
        ),
        DemoChat(
            key="chat-stroke",
            member_key="jonas",
            says=("vó deu um ramo, a boca entortou",),
            level="RED",
            expected="North-eastern words for a stroke: emergency reply at once with 192, a nurse task opens.",
        ),
    )


def _intensive_care(today: date) -> DemoRequest:
    return DemoRequest(
        key="extension-icu",
        number=None,
        member_key="anselmo",
        kind="extension",
        items=(DemoItem("18", "60001038", "Diária de UTI adulto geral", 3, Money(centavos=320_000)),),
        cids=("J18.9",),
        character="urgency",
        service_class="urgency",
        asked_on=today,
        requester_key="tales",
        provider_key="hospital",
        indication="Mantém suporte ventilatório não invasivo. Solicito prorrogação por 3 dias.",
        papers=(
            paper(
                "prorrogacao-uti.jpg",
                "report",
                "Pedido de prorrogação de internação",
                today,
                "Internado na UTI há 4 dias, em suporte ventilatório não invasivo, com melhora gasométrica parcial.",
                "Necessita de mais 3 diárias de terapia intensiva para desmame e vigilância.",
                layout="hospital",
            ),
        ),
        outcomes=("URG",),
        path="URG",
        reason="Care under way in intensive care is never interrupted: extended, audited afterwards.",
        due_business_days=0,
    )


def _psychiatric_day_hospital(today: date) -> DemoRequest:
    return DemoRequest(
        key="extension-psychiatry",
        number=None,
        member_key="lucimar",
        kind="extension",
        items=(DemoItem("18", "60000791", "Diária de hospital-dia psiquiatria", 15, Money(centavos=42_000)),),
        cids=("F32.2",),
        character="elective",
        service_class="day_hospital",
        asked_on=today,
        requester_key="sonia",
        provider_key="psychiatry",
        indication="Boa adesão ao programa. Solicito continuidade por 15 dias.",
        papers=(
            paper(
                "prorrogacao-hospital-dia.jpg",
                "report",
                "Pedido de prorrogação",
                today - timedelta(days=1),
                "Paciente em programa de hospital-dia há 30 dias, com boa adesão e melhora parcial.",
                "Solicito continuidade do programa por mais 15 dias, com plano terapêutico em anexo.",
                layout="letterhead",
            ),
        ),
        outcomes=("AUDIT",),
        path="AUDIT",
        reason="Extension of a psychiatric programme is judged by a physician.",
        due_business_days=5,
    )


def _court_order(today: date) -> DemoRequest:
    case = _court_case_number(1_000_001, today.year)
    return DemoRequest(
        key="court-order",
        number=None,
        member_key="eduarda",
        kind="service",
        items=(DemoItem("22", "40708128", "PET dedicado oncológico", 1, Money(centavos=480_000)),),
        cids=("C50.9",),
        character="elective",
        service_class="high_complexity",
        asked_on=today,
        requester_key="paula",
        provider_key="imaging",
        indication="Cumprimento de decisão liminar.",
        papers=(
            paper(
                "decisao-judicial.pdf",
                "ruling",
                "Decisão liminar",
                today,
                f"Processo nº {case}. Vara Cível Demonstração, Comarca de São Paulo.",
                "Defiro a tutela de urgência e determino que a ré autorize o exame em 24 horas, sob pena de multa.",
                layout="court",
            ),
        ),
        outcomes=("URG",),
        path="COURT",
        reason="An order of a court is obeyed at once; the case number is kept.",
        due_business_days=0,
        court_case=case,
    )


def _regulator_complaint(today: date) -> DemoRequest:
    return DemoRequest(
        key="regulator-complaint",
        number=None,
        member_key="silvia",
        kind="service",
        items=(DemoItem("22", "40901122", "US abdome total", 1, Money(centavos=19_000)),),
        cids=("R10.4",),
        character="elective",
        service_class="diagnostic",
        asked_on=today - timedelta(days=9),
        requester_key="paula",
        provider_key="imaging",
        indication="Controle durante o tratamento.",
        papers=(
            paper("nip-pedido.jpg", "order", "Solicitação de exame", today - timedelta(days=10), layout="oncology"),
        ),
        outcomes=("AUDIT",),
        path="NIP",
        reason="The member complained at the regulator: a person answers within five business days.",
        due_business_days=5,
        regulator_complaint=f"{today.year}9900001",
    )


def _knee_sample(today: date) -> DemoRequest:
    issued_on = today - timedelta(days=3)
    return DemoRequest(
        key="sample-knee",
        number=None,
        member_key="rosangela",
        kind="service",
        items=(DemoItem("22", "41101316", "RM articular - joelho direito", 1, Money(centavos=98_000), "right"),),
        cids=("M23.2",),
        character="elective",
        service_class="high_complexity",
        asked_on=today,
        requester_key="renato",
        provider_key="imaging",
        indication="Entorse do joelho direito há 8 semanas. McMurray positivo. Fisioterapia por 6 semanas sem melhora.",
        papers=(
            paper("pedido-ressonancia-joelho.jpg", "order", "Solicitação de exame", issued_on, layout="orthopedics"),
        ),
        outcomes=("AUTO", "AUDIT", "PEND"),
        path="AUTO",
        reason="The main journey: approved in seconds when the indication is structured, otherwise judged by a person.",
        due_business_days=10,
        structured={"trauma": True, "positive_examination": True, "conservative_care_weeks": 6},
    )


def _ultrasound_sample(today: date) -> DemoRequest:
    issued_on = today - timedelta(days=1)
    return DemoRequest(
        key="sample-ultrasound",
        number=None,
        member_key="tadeu",
        kind="service",
        items=(DemoItem("22", "40901122", "US abdome total", 1, Money(centavos=19_000)),),
        cids=("R10.4",),
        character="elective",
        service_class="diagnostic",
        asked_on=today,
        requester_key="helena",
        provider_key="imaging",
        indication="Dor abdominal em cólica, intermitente, há um mês.",
        papers=(paper("pedido-ultrassom-abdome.jpg", "order", "Solicitação de exame", issued_on, layout="clinic"),),
        outcomes=("AUTO",),
        path="AUTO",
        reason="Simple imaging without a guideline, complete order.",
        due_business_days=5,
    )


def _court_case_number(serial: int, year: int) -> str:
    """`NNNNNNN-DD.AAAA.J.TR.OOOO` with the check digits of CNJ resolution 65/2008 (modulo 97); court 8.26."""
    court, office = "826", "0999"
    check = 98 - int(f"{serial:07d}{year}{court}{office}00") % 97
    return f"{serial:07d}-{check:02d}.{year}.8.26.{office}"
