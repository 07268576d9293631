"""Operations and what is implanted: numbers 6 to 12, 16 and 20."""

from datetime import date

from austa.demo.requests.lines import days_before, item, material, mri_finding, paper, quote, ultrasound_finding
from austa.demo.shapes import DemoMaterial, DemoRequest
from austa.kernel.money import Money


def cataract(today: date) -> DemoRequest:
    """Number 6."""
    return DemoRequest(
        key="request-06",
        number=6,
        member_key="iracema",
        kind="service",
        items=(item("30306027", "Facectomia com LIO por facoemulsificação - olho direito", 270000, side="right"),),
        cids=("H25.1",),
        character="elective",
        service_class="day_hospital",
        asked_on=today,
        requester_key="yumi",
        provider_key="eyes",
        indication="Catarata senil nuclear, acuidade visual 20/80 no olho direito. Biometria realizada.",
        papers=(
            paper("06-pedido.jpg", "order", "Solicitação de procedimento", days_before(today, 4), layout="institute"),
            paper(
                "06-laudo.pdf",
                "finding",
                "Laudo oftalmológico",
                days_before(today, 6),
                "Acuidade visual com correção: olho direito 20/80; olho esquerdo 20/30.",
                "Biomicroscopia: opacidade nuclear do cristalino, grau III no olho direito.",
                "Indicada facoemulsificação com implante de lente intraocular no olho direito.",
                layout="institute",
            ),
            paper(
                "06-biometria.pdf",
                "exam",
                "Biometria óptica",
                days_before(today, 6),
                "Método: interferometria óptica. Fórmula: Barrett Universal II.",
                rows=(
                    ("Medida", "Olho direito", "Olho esquerdo"),
                    ("Comprimento axial", "23,41 mm", "23,38 mm"),
                    ("K1 / K2", "43,25 / 44,00 D", "43,50 / 44,00 D"),
                    ("LIO sugerida", "+21,5 D", "+21,5 D"),
                ),
                layout="institute",
            ),
        ),
        outcomes=("AUTO", "AUDIT"),
        path="AUTO",
        reason="Biometry present and lens inside the reference; a nurse checks the lens.",
        due_business_days=5,
        structured={"biometry": True, "visual_acuity": "20/80"},
        materials=(
            DemoMaterial(
                description="Lente intraocular dobrável monofocal +21,5 D",
                quantity=1,
                unit_value=Money(centavos=120_000),
                reference_value=Money(centavos=125_000),
                makers=("Óptica Norte Demo", "Lentes Sul Demo", "Visão Leste Demo"),
                anvisa_registration="89999900001",
            ),
        ),
    )


def gallbladder_in_waiting_period(today: date) -> DemoRequest:
    """Number 7, asked two days ago."""
    asked_on = days_before(today, 2)
    return DemoRequest(
        key="request-07",
        number=7,
        member_key="caio",
        kind="admission",
        items=(item("31005497", "Colecistectomia sem colangiografia por videolaparoscopia", 860000),),
        cids=("K80.2",),
        character="elective",
        service_class="elective_admission",
        asked_on=asked_on,
        requester_key="marcio",
        provider_key="hospital",
        indication="Colelitíase sintomática, cirurgia eletiva. US com cálculos móveis na vesícula.",
        papers=(
            paper("07-pedido.jpg", "order", "Solicitação de internação", days_before(asked_on, 1), layout="hospital"),
            ultrasound_finding(
                "07-us.pdf", days_before(asked_on, 10), "Múltiplos cálculos móveis, o maior com 1,2 cm."
            ),
        ),
        outcomes=("ADMIN",),
        path="ADMIN",
        reason="Elective admission on day 70 of 180 days of waiting period; a person releases, with the clause.",
        due_business_days=10,
    )


def gallbladder_urgent(today: date) -> DemoRequest:
    """Number 8."""
    return DemoRequest(
        key="request-08",
        number=8,
        member_key="caio",
        kind="admission",
        items=(item("31005497", "Colecistectomia sem colangiografia por videolaparoscopia", 1_140_000),),
        cids=("K81.0",),
        character="urgency",
        service_class="urgency",
        asked_on=today,
        requester_key="marcio",
        provider_key="hospital",
        indication="Colecistite aguda. Dor, febre e leucocitose. Cirurgia de urgência.",
        papers=(
            paper(
                "08-laudo.jpg",
                "finding",
                "Laudo do pronto-socorro",
                today,
                "Admitido com dor no hipocôndrio direito há 18 horas, febre de 38,4 °C e Murphy positivo.",
                "Leucócitos 16.800/mm³. Ultrassonografia com parede vesicular espessada e líquido perivesicular.",
                "Conduta: internação e colecistectomia por videolaparoscopia em caráter de urgência. CID K81.0.",
                layout="hospital",
            ),
            ultrasound_finding(
                "08-us.pdf", today, "Parede espessada (6 mm), líquido perivesicular, cálculo impactado."
            ),
        ),
        outcomes=("URG",),
        path="URG",
        reason="Urgency after the first 24 hours of the contract: approved at once, audited afterwards.",
        due_business_days=0,
        follows="request-07",
    )


def cesarean(today: date) -> DemoRequest:
    """Number 9."""
    return DemoRequest(
        key="request-09",
        number=9,
        member_key="priscila",
        kind="admission",
        items=(item("31309054", "Cesariana", 720000),),
        cids=("O82",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="clara",
        provider_key="hospital",
        indication="Gestação de 39 semanas. Cesariana a pedido, termo de consentimento assinado.",
        papers=(
            paper("09-pedido.jpg", "order", "Solicitação de internação", days_before(today, 1), layout="hospital"),
            paper(
                "09-consentimento.jpg",
                "consent",
                "Termo de consentimento livre e esclarecido",
                days_before(today, 1),
                "Declaro que fui informada sobre as vias de parto, benefícios e riscos, e que optei pela cesariana.",
                "Declaro que pude fazer perguntas e que posso mudar de decisão a qualquer momento.",
                layout="hospital",
            ),
        ),
        outcomes=("ADMIN",),
        path="ADMIN",
        reason="Term birth on day 210 of a plan with 300 days for birth; any complication makes it audit and urgency.",
        due_business_days=10,
        structured={"gestational_weeks": 39, "complication": False},
    )


def bariatric(today: date) -> DemoRequest:
    """Number 10."""
    return DemoRequest(
        key="request-10",
        number=10,
        member_key="eduarda",
        kind="admission",
        items=(item("31002390", "Gastroplastia para obesidade por videolaparoscopia", 2_450_000),),
        cids=("E66.0",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="igor",
        provider_key="hospital",
        indication="IMC 41 kg/m². Indicada gastroplastia por videolaparoscopia.",
        papers=(
            paper("10-pedido.jpg", "order", "Solicitação de internação", days_before(today, 3), layout="hospital"),
            paper(
                "10-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 3),
                "Paciente com peso de 112 kg e altura de 1,65 m (IMC 41 kg/m²).",
                "Refere tentativas anteriores de perda de peso. Indico tratamento cirúrgico.",
                layout="hospital",
            ),
        ),
        outcomes=("PEND",),
        path="PEND",
        reason="The guideline needs two years of failed treatment on record and the reports of the whole team.",
        due_business_days=10,
        structured={"bmi": 41},
    )


def spine(today: date) -> DemoRequest:
    """Number 11."""
    return DemoRequest(
        key="request-11",
        number=11,
        member_key="ronaldo",
        kind="admission",
        items=(item("30715016", "Artrodese da coluna com instrumentação por segmento", 1_400_000, quantity=3),),
        cids=("M43.1",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="dario",
        provider_key="hospital",
        indication="Espondilolistese L4-L5 e L5-S1 com instabilidade. Artrodese de três segmentos com instrumentação.",
        papers=(
            paper("11-pedido.jpg", "order", "Solicitação de internação", days_before(today, 4), layout="hospital"),
            paper(
                "11-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 4),
                "Lombalgia com irradiação bilateral há 14 meses, refratária a fisioterapia e bloqueios.",
                "Radiografias dinâmicas: listese grau II em L4-L5 com translação de 5 mm.",
                "Indico artrodese L3-S1 com seis parafusos pediculares e duas barras.",
                layout="hospital",
            ),
            mri_finding("11-rm.pdf", days_before(today, 30), "Espondilolistese grau II em L4-L5. Discopatia L5-S1."),
            quote(
                "11-orcamento.pdf",
                days_before(today, 3),
                ("Parafuso pedicular", 6, 580_000),
                ("Barra de titânio", 2, 460_000),
            ),
        ),
        outcomes=("PEND",),
        path="JUNTA",
        reason="One quote instead of three makers; then nurse, audit, contact, and a board when levels are disputed.",
        due_business_days=10,
        materials=(
            material("Parafuso pedicular poliaxial em titânio", 6, 580_000, 560_000),
            material("Barra longitudinal em titânio", 2, 460_000, 450_000),
        ),
    )


def spine_inflated(today: date) -> DemoRequest:
    """Number 12."""
    return DemoRequest(
        key="request-12",
        number=12,
        member_key="ronaldo",
        kind="admission",
        items=(
            item("30715016", "Artrodese da coluna com instrumentação por segmento", 900_000, quantity=4),
            item("30715024", "Artrodese de coluna via anterior ou póstero-lateral", 520_000, quantity=4),
        ),
        cids=("M54.5",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="ulisses",
        provider_key="hospital",
        indication="Dor lombar baixa.",
        papers=(
            paper("12-pedido.jpg", "order", "Solicitação de internação", days_before(today, 2), layout="prescription"),
        ),
        outcomes=("AUDIT",),
        path="FWA",
        reason="Asked again on one day: twelve screws of one maker at 1.9 times the reference, an unbundled pair.",
        due_business_days=10,
        materials=(material("Parafuso pedicular poliaxial em titânio", 12, 760_000, 400_000, makers=1),),
        signals=("R01", "R18", "R19", "R20"),
    )


def angioplasty(today: date) -> DemoRequest:
    """Number 16."""
    return DemoRequest(
        key="request-16",
        number=16,
        member_key="geraldo",
        kind="admission",
        items=(item("30912032", "Angioplastia de múltiplos vasos com implante de stent", 2_800_000),),
        cids=("I25.1",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="artur",
        provider_key="hospital",
        indication="Angina estável aos esforços. Cateterismo com lesões graves em DA e CX.",
        papers=(
            paper("16-pedido.jpg", "order", "Solicitação de internação", days_before(today, 3), layout="hospital"),
            paper(
                "16-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 3),
                "Angina aos esforços habituais (CCS II) apesar de tratamento otimizado. Sem dor em repouso.",
                "Indico angioplastia eletiva de DA e CX com dois stents farmacológicos.",
                layout="hospital",
            ),
            paper(
                "16-cateterismo.pdf",
                "image",
                "Cineangiocoronariografia",
                days_before(today, 12),
                "Descendente anterior: lesão de 85% no terço médio. Circunflexa: lesão de 80% no terço proximal.",
                "Coronária direita sem lesões significativas. Função ventricular preservada.",
                layout="imaging",
                signed_by="raul",
            ),
            quote("16-orcamento.pdf", days_before(today, 2), ("Stent farmacológico", 2, 1_200_000)),
        ),
        outcomes=("AUDIT",),
        path="AUDIT",
        reason="Partial coverage may apply (declared condition, month 14 of 24); a physician judges the relation.",
        due_business_days=10,
        materials=(material("Stent coronário farmacológico", 2, 1_200_000, 1_150_000),),
    )


def breast(today: date) -> DemoRequest:
    """Number 20."""
    return DemoRequest(
        key="request-20",
        number=20,
        member_key="beatriz",
        kind="admission",
        items=(
            item("30602122", "Correção da hipertrofia mamária - unilateral", 1_050_000, quantity=2, side="bilateral"),
        ),
        cids=("N62",),
        character="elective",
        service_class="elective_admission",
        asked_on=today,
        requester_key="noemi",
        provider_key="hospital",
        indication="Hipertrofia mamária bilateral com dor dorsal e intertrigo de repetição.",
        papers=(
            paper("20-pedido.jpg", "order", "Solicitação de internação", days_before(today, 5), layout="hospital"),
            paper(
                "20-relatorio.jpg",
                "report",
                "Relatório médico",
                days_before(today, 5),
                "Dor dorsal há quatro anos, com uso frequente de analgésicos e fisioterapia sem alívio duradouro.",
                "Intertrigo de repetição no sulco submamário. Indico redução mamária bilateral de caráter funcional.",
                layout="hospital",
            ),
            paper(
                "20-imagem.pdf",
                "image",
                "Radiografia de coluna dorsal",
                days_before(today, 20),
                "Acentuação da cifose dorsal. Espaços discais preservados.",
                layout="imaging",
                signed_by="raul",
            ),
        ),
        outcomes=("AUDIT",),
        path="AUDIT",
        reason="Functional or aesthetic is not clear from the list: contract and ADI 7265 analysis by a physician.",
        due_business_days=10,
    )
