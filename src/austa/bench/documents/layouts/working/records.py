"""Papers that tell something: results, reports, certificates, cards, receipts."""

from austa.bench.documents.blocks import (
    bars,
    boxed,
    checks,
    disc,
    framed,
    line,
    pairs,
    rule,
    side_by_side,
    signed,
    table,
)
from austa.bench.documents.cases import Case, dmy, reais, written
from austa.bench.documents.numbers import digits, grouped
from austa.bench.documents.typesetting import Paper

_IMAGES = ("RM", "TC", "US", "RX", "Mamografia", "Eco")


def lab_table(c: Case) -> Paper:
    blocks = [
        line(c.house, 15, bold=True, color="#10407a"),
        line(f"CNPJ {grouped(c.cnpj, (2, 3, 3, 4, 2), '../-')} - {c.street}, {c.city}/{c.uf}", 8, gap=3),
        rule("#10407a"),
        pairs([("Paciente:", c.member), ("Nasc.:", dmy(c.birth))], ("1.7fr", "1fr")),
        pairs([("Médico:", f"{c.title} {c.colleague}"), ("Convênio:", c.insurer)], ("1.7fr", "1fr")),
        pairs([("Liberado em:", dmy(c.issued)), ("Protocolo:", digits(c.rng, 7))], ("1.7fr", "1fr")),
        line("RESULTADOS DE EXAMES", 12, bold=True, align="center", gap=14),
        table(
            ("Exame", "Resultado", "", "Unidade", "Valores de referência"),
            [(r.analyte.name, r.value, r.flag, r.analyte.unit, r.analyte.reference) for r in c.results],
            ("1.5fr", "70pt", "22pt", "60pt", "1.2fr"),
            stroke="0.3pt",
            size=9,
            fill="#e4ecf7",
        ),
        line("Material: sangue. Método: automatizado.", 8.5, gap=8),
        signed((f"{c.title} {c.doctor}", f"Responsável técnico - {c.crm}"), c.rng, align="right", gap=24),
    ]
    told = c.fields("member_name", "birth_date", "insurer", "issue_date", "lab_values", "reporter")
    return Paper(blocks, {**told, **c.fields("provider_name", "provider_cnpj"), "requester_name": c.colleague})


def imaging_report(c: Case) -> Paper:
    exam = next((each for each in c.theme.exams if each.official.startswith(_IMAGES)), c.theme.exams[0])
    blocks = [
        line(c.house.upper(), 13, bold=True),
        rule("#d07a1c", 2),
        pairs([("Nome:", c.member), ("Data do exame:", dmy(c.issued))], ("1.6fr", "1fr")),
        pairs(
            [("Solicitante:", f"Dr(a). {c.colleague}"), ("Idade:", f"{(c.today - c.birth).days // 365} anos")],
            ("1.6fr", "1fr"),
        ),
        line(exam.spoken.upper(), 12, bold=True, align="center", gap=18),
        line("TÉCNICA:", bold=True, gap=14),
        line("Exame realizado segundo protocolo do serviço, sem intercorrências.", gap=4),
        line("ANÁLISE:", bold=True, gap=12),
        line("Estruturas avaliadas com dimensões e contornos habituais, exceto pelo descrito a seguir.", gap=4),
        line("IMPRESSÃO DIAGNÓSTICA:", bold=True, gap=12),
        line(c.finding, gap=4),
        signed((f"{c.title} {c.doctor}", "Médico(a) radiologista", c.crm), c.rng, gap=46),
    ]
    told = c.fields("member_name", "issue_date", "conclusion", "reporter", "provider_name")
    return Paper(blocks, {**told, "requester_name": c.colleague})


def certificate(c: Case) -> Paper:
    words = (
        f"Atesto para os devidos fins que {c.member}, CPF {grouped(c.cpf, (3, 3, 3, 2), '..-')}, foi atendido(a) nesta "
        f"data e deverá permanecer afastado(a) de suas atividades por {c.days_off} dias, a partir de {dmy(c.issued)}."
    )
    blocks = [
        line(c.house, 15, bold=True, align="center"),
        line("ATESTADO MÉDICO", 16, bold=True, align="center", gap=30),
        line(words, 12, gap=34),
        pairs([("CID-10:", c.cid)], gap=18),
        line(f"{c.city}, {written(c.issued)}.", 12, align="right", gap=36),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=26),
    ]
    told = c.fields("member_name", "cpf", "days_off", "start_date", "cid", "issue_date", "signer", "provider_name")
    return Paper(blocks, told)


def medical_report(c: Case) -> Paper:
    story = (
        f"Paciente {c.member}, em acompanhamento por {c.cid_words.lower()} (CID {c.cid}). {c.indication}. Fez "
        "tratamento conservador por mais de seis semanas, sem melhora. Exame físico compatível com a queixa."
    )
    blocks = [
        line(f"{c.title} {c.doctor} - {c.specialty}", 12, bold=True),
        rule(),
        line("RELATÓRIO MÉDICO", 15, bold=True, align="center", gap=18),
        line(f"À {c.insurer}", gap=18),
        line(story, 11, gap=14),
        line(f"Conduta: {c.asked[0].words}.", 11, gap=10),
        line(f"{c.city}, {written(c.issued)}", gap=28),
        signed((f"{c.title} {c.doctor}", f"CRM {c.council_number}/{c.uf}"), c.rng, gap=30),
    ]
    return Paper(blocks, c.fields("member_name", "cid", "insurer", "issue_date", "signer", indication=c.indication))


def discharge(c: Case) -> Paper:
    blocks = [
        line(c.house, 14, bold=True),
        line("SUMÁRIO DE ALTA HOSPITALAR", 13, bold=True, gap=10),
        table(
            (),
            [
                ("Paciente", c.member, "Nascimento", dmy(c.birth)),
                ("Convênio", c.insurer, "Carteira", c.card),
                ("Diagnóstico principal", c.cid_words, "CID", c.cid),
                ("Data da alta", dmy(c.issued), "Condições de alta", "Melhorado"),
            ],
            ("90pt", "1.4fr", "90pt", "1fr"),
        ),
        line("Evolução", bold=True, gap=14),
        line(f"{c.indication}. {c.finding} Evoluiu sem intercorrências, afebril, aceitando dieta.", gap=4),
        line("Medicações na alta", bold=True, gap=12),
        *[line(f"• {m.name} {m.dose} - {m.posology}", gap=6) for m in c.medicines],
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=34),
    ]
    told = c.fields("member_name", "birth_date", "insurer", "card_number", "cid", "issue_date", "medicines", "signer")
    return Paper(blocks, {**told, "provider_name": c.house})


def insurance_card(c: Case) -> Paper:
    blocks = [
        side_by_side(
            [[line(c.insurer, 13, bold=True, color="#ffffff")], [disc("#ffffff55", "♥", 22)]], ("1fr", "24pt")
        ),
        line(c.card, 15, bold=True, color="#ffffff", font="DejaVu Sans Mono", gap=26),
        line(c.member.upper(), 11, color="#ffffff", gap=10),
        side_by_side(
            [
                [line("NASCIMENTO", 6, color="#d9e6f5"), line(dmy(c.birth), 9, color="#ffffff", gap=2)],
                [line("PLANO", 6, color="#d9e6f5"), line(c.plan, 9, color="#ffffff", gap=2)],
                [line("VALIDADE", 6, color="#d9e6f5"), line(dmy(c.until), 9, color="#ffffff", gap=2)],
            ],
            ("62pt", "1fr", "62pt"),
            gap=10,
        ),
        line(f"ANS nº {c.ans}   CNS {c.cns}", 7.5, color="#ffffff", gap=12),
    ]
    names = ("insurer", "card_number", "member_name", "birth_date", "plan", "valid_until", "ans_registry", "cns")
    return Paper(blocks, c.fields(*names))


def identity(c: Case) -> Paper:
    registry = grouped(digits(c.rng, 9), (2, 3, 3, 1), "..-")
    blocks = [
        line("REPÚBLICA FEDERATIVA DO BRASIL", 10, bold=True, align="center"),
        line(f"ESTADO - {c.uf}   SECRETARIA DA SEGURANÇA PÚBLICA", 7.5, align="center", gap=2),
        line("CARTEIRA DE IDENTIDADE", 11, bold=True, align="center", gap=5),
        boxed([("REGISTRO GERAL", registry), ("DATA DE EXPEDIÇÃO", dmy(c.issued))], ("1fr", "1fr"), gap=6),
        boxed([("NOME", c.member.upper())], ("1fr",)),
        boxed([("FILIAÇÃO", c.colleague.upper())], ("1fr",)),
        boxed([("NATURALIDADE", f"{c.city} - {c.uf}"), ("DATA DE NASCIMENTO", dmy(c.birth))], ("1fr", "1fr")),
        boxed([("CPF", grouped(c.cpf, (3, 3, 3, 2), "..-"))], ("1fr",)),
    ]
    return Paper(blocks, c.fields("member_name", "birth_date", "cpf", "issue_date"))


def receipt(c: Case) -> Paper:
    words = (
        f"Recebi de {c.member}, CPF {grouped(c.cpf, (3, 3, 3, 2), '..-')}, a importância de R$ {reais(c.amount)}, "
        "referente a consulta médica."
    )
    blocks = [
        side_by_side(
            [[line("RECIBO", 20, bold=True)], [framed([line(f"R$ {reais(c.amount)}", 14, bold=True)])]],
            ("1fr", "150pt"),
        ),
        line(words, 12, gap=20),
        line(f"{c.city}, {written(c.issued)}", 11, gap=18),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, gap=16),
    ]
    return Paper(blocks, c.fields("member_name", "cpf", "total_amount", "issue_date", "signer"))


def consent(c: Case) -> Paper:
    words = (
        "Declaro que fui informado(a), em linguagem clara, sobre o procedimento proposto, seus benefícios, riscos e "
        "alternativas, e que pude fazer todas as perguntas que desejei. Estou ciente de que posso retirar este "
        "consentimento a qualquer momento antes da sua realização."
    )
    blocks = [
        line(c.house, 12, bold=True, align="center"),
        line("TERMO DE CONSENTIMENTO LIVRE E ESCLARECIDO", 13, bold=True, align="center", gap=20),
        pairs([("Eu,", c.member)], gap=20),
        line(words, 11, gap=12),
        checks([(True, "Autorizo o uso de imagens para ensino"), (False, "Não autorizo o uso de imagens")], columns=1),
        line(f"{c.city}, {dmy(c.issued)}", gap=24),
        signed(("Assinatura do paciente ou responsável",), c.rng, gap=30),
        bars(c.rng),
    ]
    return Paper(blocks, c.fields("member_name", "issue_date", "provider_name"))
