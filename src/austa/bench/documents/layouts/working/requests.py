"""Papers that ask for something: orders, prescriptions, guides, quotes."""

from austa.bench.documents.blocks import (
    Block,
    boxed,
    checks,
    disc,
    framed,
    hand,
    line,
    pairs,
    rule,
    side_by_side,
    signed,
    space,
    table,
)
from austa.bench.documents.cases import Case, dmy, reais, written
from austa.bench.documents.numbers import grouped
from austa.bench.documents.typesetting import Paper

PEN = "Reenie Beanie"


def clinic_letter(c: Case) -> Paper:
    blocks = [
        side_by_side(
            [
                [disc("#1f7a54")],
                [
                    line(c.house, 16, bold=True, color="#1f7a54"),
                    line(f"{c.street} - {c.city}/{c.uf} - Tel. {c.phone}", 8.5, gap=5),
                ],
            ],
            ("34pt", "1fr"),
        ),
        rule("#1f7a54", 1.2),
        line("SOLICITAÇÃO DE EXAMES", 14, bold=True, align="center", gap=16),
        pairs([("Paciente:", c.member), ("Data de nascimento:", dmy(c.birth))], ("1.6fr", "1fr"), gap=16),
        pairs([("Convênio:", c.insurer), ("Carteirinha:", c.card)], ("1.6fr", "1fr")),
        line("Solicito:", bold=True, gap=16),
        table(
            ("Código TUSS", "Procedimento", "Qtd."),
            [(each.exam.tuss, each.words, str(each.quantity)) for each in c.asked],
            ("80pt", "1fr", "40pt"),
            fill="#dcefe5",
        ),
        pairs([("Indicação clínica:", c.indication)], gap=14),
        pairs([("CID-10:", c.cid)]),
        line(f"{c.city}, {written(c.issued)}.", gap=26),
        signed((f"{c.title} {c.doctor}", c.specialty, c.crm), c.rng, gap=40),
    ]
    told = c.fields("member_name", "birth_date", "insurer", "card_number", "procedures", "indication", "cid", "signer")
    return Paper(blocks, {**told, **c.fields("issue_date", "provider_name")})


def pad_order(c: Case) -> Paper:
    c = c.worded(spoken=True)
    blocks = [
        line(f"{c.title} {c.doctor}", 17, italic=True, align="center"),
        line(c.specialty, 10, align="center", gap=4),
        rule("#283060"),
        line(f"Pcte: {c.member}", gap=20),
        line("Sol.:", bold=True, gap=16),
        *[line(f"{number}) {each.words}", gap=8) for number, each in enumerate(c.asked, start=1)],
        line(f"H.D.: {c.cid_words} - CID {c.cid}", gap=18),
        line(dmy(c.issued), gap=24),
        signed((f"{c.title} {c.doctor}", c.specialty, f"CRM/{c.uf} {c.council_number}"), c.rng, stamp=True, gap=10),
    ]
    return Paper(
        blocks,
        c.fields("member_name", "cid", "issue_date", "signer", procedures=c.procedures(tuss=False, quantity=False)),
    )


def exam_checklist(c: Case) -> Paper:
    c = c.worded(spoken=True)
    others = ("VHS", "PCR", "Ferritina", "Ácido úrico", "Coagulograma", "Sumário de urina", "Vitamina B12", "PSA total")
    asked = {each.words for each in c.asked}
    blocks = [
        line(c.house.upper(), 13, bold=True),
        line("REQUISIÇÃO DE EXAMES COMPLEMENTARES", 11, gap=4),
        framed(
            [
                pairs([("Nome:", c.member)]),
                pairs([("Cartão:", c.card), ("CPF:", grouped(c.cpf, (3, 3, 3, 2), "..-"))], ("1fr", "1fr")),
                pairs([("Plano:", f"{c.insurer} - {c.plan}")]),
            ]
        ),
        line("Exames solicitados", 11, bold=True, gap=14),
        checks([*((True, each) for each in asked), *((False, each) for each in others)], columns=2, gap=8),
        pairs([("Justificativa:", c.indication)], gap=16),
        pairs([("CID:", c.cid), ("Data:", dmy(c.issued))], ("1fr", "1fr")),
        signed((f"{c.title} {c.doctor}", f"{c.specialty} - {c.crm}"), c.rng, stamp=True, align="right", gap=30),
    ]
    told = c.fields("member_name", "card_number", "cpf", "insurer", "plan", "indication", "cid", "issue_date", "signer")
    procedures = c.procedures(tuss=False, quantity=False)
    return Paper(blocks, {**told, "procedures": procedures, "provider_name": c.house})


def handwritten_order(c: Case) -> Paper:
    c = c.worded(spoken=True)
    blocks = [
        line(c.house, 15, bold=True, align="center", color="#3b3b7c"),
        line(f"{c.street} - {c.city}/{c.uf}", 8, align="center", gap=3),
        rule("#3b3b7c"),
        hand(f"Para {c.member}", c.rng, PEN, gap=22),
        hand("Solicito", c.rng, PEN, gap=14),
        *[hand(f"- {each.words}", c.rng, PEN, gap=9) for each in c.asked],
        hand(c.indication, c.rng, PEN, gap=14),
        hand(f"CID {c.cid}    {dmy(c.issued)}", c.rng, PEN, gap=16),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=12),
    ]
    told = c.fields("member_name", "indication", "cid", "issue_date", "signer", "provider_name")
    return Paper(blocks, {**told, "procedures": c.procedures(tuss=False, quantity=False)}, handwritten=True)


def plain_prescription(c: Case) -> Paper:
    medicines: list[Block] = []
    for number, each in enumerate(c.medicines, start=1):
        medicines += [
            line(f"{number}. {each.name} {each.dose} ---------- {each.amount}", bold=True, gap=13),
            line(each.posology, gap=4),
        ]
    blocks = [
        line(c.house, 14, bold=True, align="center", color="#7a2a2a"),
        line("RECEITUÁRIO MÉDICO", 12, align="center", gap=8),
        pairs([("Paciente:", c.member)], gap=18),
        line("USO ORAL", bold=True, gap=16),
        *medicines,
        line(f"{c.city}, {dmy(c.issued)}", gap=30),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=14),
        line(f"{c.street} - {c.city}/{c.uf} - {c.phone}", 8, align="center", gap=26),
    ]
    return Paper(blocks, c.fields("member_name", "medicines", "issue_date", "signer", "provider_name"))


def control_prescription(c: Case) -> Paper:
    each = c.medicines[0]
    blocks = [
        line("RECEITUÁRIO DE CONTROLE ESPECIAL", 13, bold=True, align="center"),
        side_by_side(
            [
                [
                    framed(
                        [
                            line("IDENTIFICAÇÃO DO EMITENTE", 8, bold=True),
                            line(f"Nome completo: {c.title} {c.doctor}", 9),
                            line(f"CRM {c.council_number} UF {c.uf}", 9),
                            line(f"{c.street} - {c.city}/{c.uf}", 9),
                        ]
                    )
                ],
                [line("1ª VIA FARMÁCIA", 9, gap=14), line("2ª VIA PACIENTE", 9), signed((), c.rng, gap=4)],
            ],
            ("1.4fr", "1fr"),
        ),
        pairs([("Paciente:", c.member)], gap=14),
        pairs([("Endereço:", f"{c.city} - {c.uf}")]),
        line("Prescrição:", bold=True, gap=12),
        line(f"{each.name} {each.dose}", 11, gap=10),
        line(each.amount, gap=5),
        line(each.posology, gap=5),
        pairs([("Data:", dmy(c.issued))], gap=30),
        side_by_side(
            [
                [framed([line("IDENTIFICAÇÃO DO COMPRADOR", 8, bold=True), line("Nome:", 9), line("Ident.:", 9)])],
                [framed([line("IDENTIFICAÇÃO DO FORNECEDOR", 8, bold=True), line("Assinatura do farmacêutico", 9)])],
            ],
            ("1fr", "1fr"),
            gap=24,
        ),
    ]
    first = [{"name": each.name, "dose": each.dose, "posology": each.posology}]
    return Paper(blocks, {**c.fields("member_name", "issue_date", "signer"), "medicines": first})


def sadt_guide(c: Case) -> Paper:
    rows = [("22", each.exam.tuss, each.words, str(each.quantity), "") for each in c.asked]
    blocks = [
        side_by_side(
            [
                [line(c.insurer, 11, bold=True)],
                [
                    line(
                        "GUIA DE SERVIÇO PROFISSIONAL / SERVIÇO AUXILIAR DE DIAGNÓSTICO E TERAPIA - SP/SADT",
                        9,
                        bold=True,
                    )
                ],
                [line(f"2 - Nº Guia no Prestador {c.guide}", 8)],
            ],
            ("1fr", "2fr", "1fr"),
        ),
        boxed([("1 - Registro ANS", c.ans), ("3 - Nº Guia Principal", "")], ("1fr", "2fr"), gap=6),
        boxed(
            [
                ("4 - Data da Autorização", ""),
                ("5 - Senha", c.password),
                ("6 - Data de Validade da Senha", dmy(c.until)),
                ("7 - Número da Guia Atribuído pela Operadora", c.operator_guide),
            ],
            ("1fr", "1fr", "1fr", "1.4fr"),
        ),
        line("Dados do Beneficiário", 7.5, bold=True, gap=3),
        boxed(
            [
                ("8 - Número da Carteira", c.card),
                ("9 - Validade da Carteira", ""),
                ("10 - Nome", c.member),
                ("12 - Atendimento a RN", "N"),
            ],
            ("1.2fr", "0.8fr", "2fr", "0.8fr"),
        ),
        line("Dados do Solicitante", 7.5, bold=True, gap=3),
        boxed([("13 - Código na Operadora", c.cnpj), ("14 - Nome do Contratado", c.house)], ("1fr", "2.5fr")),
        boxed(
            [
                ("15 - Nome do Profissional Solicitante", c.doctor),
                ("16 - Conselho Profissional", "CRM"),
                ("17 - Número no Conselho", c.council_number),
                ("18 - UF", c.uf),
                ("19 - Código CBO", "225270"),
            ],
            ("2fr", "0.9fr", "1fr", "0.4fr", "0.8fr"),
        ),
        line("Dados da Solicitação / Procedimentos ou Itens Assistenciais Solicitados", 7.5, bold=True, gap=3),
        boxed(
            [
                ("21 - Caráter do Atendimento", "1"),
                ("22 - Data da Solicitação", dmy(c.issued)),
                ("23 - Indicação Clínica", c.indication),
            ],
            ("0.9fr", "0.9fr", "3fr"),
        ),
        table(
            ("24 - Tabela", "25 - Código do Procedimento", "26 - Descrição", "27 - Qtde. Solic.", "28 - Qtde. Aut."),
            rows,
            ("50pt", "100pt", "1fr", "60pt", "60pt"),
            size=8,
            gap=0,
        ),
        space(30),
        boxed(
            [("Data e Assinatura do Solicitante", ""), ("Assinatura do Beneficiário ou Responsável", "")],
            ("1fr", "1fr"),
        ),
    ]
    names = ("ans_registry", "guide_number", "password", "password_valid_until", "operator_guide_number", "card_number")
    more = (
        "member_name",
        "provider_name",
        "provider_cnpj",
        "signer",
        "issue_date",
        "indication",
        "procedures",
        "insurer",
    )
    return Paper(blocks, c.fields(*names, *more))


def admission_guide(c: Case) -> Paper:
    rows = [("22", each.exam.tuss, each.words, str(each.quantity)) for each in c.asked]
    blocks = [
        line("GUIA DE SOLICITAÇÃO DE INTERNAÇÃO", 12, bold=True, align="center"),
        line(f"2 - Nº Guia no Prestador: {c.guide}", 9, align="right", gap=3),
        boxed(
            [
                ("1 - Registro ANS", c.ans),
                ("3 - Número da Guia Atribuído pela Operadora", c.operator_guide),
                ("5 - Senha", c.password),
            ],
            ("1fr", "2fr", "1fr"),
        ),
        boxed([("7 - Número da Carteira", c.card), ("10 - Nome", c.member)], ("1fr", "2fr")),
        boxed([("12 - Nome do Contratado", c.house)], ("1fr",)),
        boxed(
            [
                ("13 - Nome do Profissional Solicitante", c.doctor),
                ("14 - Conselho", "CRM"),
                ("15 - Número no Conselho", c.council_number),
                ("16 - UF", c.uf),
            ],
            ("2fr", "0.7fr", "1fr", "0.5fr"),
        ),
        boxed(
            [
                ("21 - Caráter do Atendimento", "1 - Eletivo"),
                ("23 - Regime de Internação", "1 - Hospitalar"),
                ("24 - Qtde. Diárias Solicitadas", "2"),
            ],
            ("1fr", "1fr", "1fr"),
        ),
        boxed([("27 - Indicação Clínica", c.indication)], ("1fr",)),
        boxed([("28 - CID 10 Principal", c.cid), ("33 - Data da Solicitação", dmy(c.issued))], ("1fr", "1fr")),
        table(("Tabela", "Código", "Descrição", "Qtde."), rows, ("50pt", "80pt", "1fr", "50pt"), size=9, gap=4),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=16),
    ]
    names = ("ans_registry", "guide_number", "operator_guide_number", "password", "card_number", "member_name", "cid")
    return Paper(blocks, c.fields(*names, "provider_name", "signer", "indication", "issue_date", "procedures"))


def opme_quote(c: Case) -> Paper:
    rows = [
        (str(n), i.material.name, i.registry, str(i.quantity), reais(i.material.price), reais(i.total))
        for n, i in enumerate(c.items, start=1)
    ]
    total = reais(sum(each.total for each in c.items))
    blocks = [
        line(c.house.replace("Hospital", "Ortomed"), 15, bold=True, color="#961c20"),
        line(f"CNPJ: {grouped(c.cnpj, (2, 3, 3, 4, 2), '../-')}", 9, gap=3),
        line("ORÇAMENTO DE OPME", 13, bold=True, gap=14),
        pairs([("Paciente:", c.member), ("Data:", dmy(c.issued))], ("1.6fr", "1fr")),
        pairs([("Médico:", f"{c.title} {c.doctor}"), ("Convênio:", c.insurer)], ("1.6fr", "1fr")),
        table(
            ("Item", "Descrição do material", "Registro ANVISA", "Qtde", "Valor unit. (R$)", "Total (R$)"),
            rows,
            ("30pt", "1fr", "82pt", "34pt", "66pt", "66pt"),
            size=9,
            fill="#f3dede",
        ),
        line(f"VALOR TOTAL: R$ {total}", 11, bold=True, align="right", gap=8),
        line(f"Validade da proposta: {dmy(c.until)}", gap=12),
        signed(("Departamento comercial",), c.rng, gap=30),
    ]
    told = c.fields("provider_cnpj", "member_name", "issue_date", "insurer", "opme_items", "items_total", "valid_until")
    return Paper(blocks, {**told, "provider_name": blocks[0].text, "requester_name": c.doctor})
