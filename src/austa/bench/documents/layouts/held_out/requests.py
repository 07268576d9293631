"""HELD OUT: whoever builds or tunes the reader does not open this file (see `family.py`).

Papers that ask for something: orders, prescriptions, guides, quotes.
"""

from austa.bench.documents.blocks import (
    Block,
    banner,
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
from austa.bench.documents.numbers import digits, grouped
from austa.bench.documents.typesetting import Paper

PEN, OTHER_PEN = "Homemade Apple", "Nothing You Could Do"
CNPJ = ((2, 3, 3, 4, 2), "../-")


def system_order(c: Case) -> Paper:
    """As a hospital's system prints on a dot-matrix form."""
    c = c.worded(spoken=False)
    told = [
        line(c.house.upper()),
        line(f"PEDIDO DE EXAMES AMBULATORIAIS      EMISSAO: {dmy(c.issued)} 09:41", gap=3),
        line("-" * 66, gap=3),
        line(f"PCTE..: {c.member.upper()}", gap=4),
        line(f"D.N...: {dmy(c.birth)}   CNS: {c.cns}", gap=3),
        line(f"CONV..: {c.insurer.upper()}", gap=3),
        line(f"N.CART: {c.card}", gap=3),
        line("-" * 66, gap=3),
        *[line(f"{each.exam.tuss}  {each.words.upper()}  QTD {each.quantity:02d}", gap=5) for each in c.asked],
        line("-" * 66, gap=5),
        line(f"H.D.: {c.cid_words.upper()}  CID {c.cid}", gap=5),
        line(f"IND.CLINICA: {c.indication.upper()}", gap=4),
        signed((f"{c.title} {c.doctor}", f"CRM {c.council_number} {c.uf}"), c.rng, stamp=True, align="right", gap=24),
    ]
    names = ("provider_name", "issue_date", "member_name", "birth_date", "cns", "insurer", "card_number", "procedures")
    return Paper(told, c.fields(*names, "cid", "indication", "signer"))


def surgical_request(c: Case) -> Paper:
    told = [
        side_by_side(
            [
                [disc("#5b2c83", "H", 34)],
                [
                    line(c.house, 15, bold=True, color="#5b2c83"),
                    line("Centro Cirúrgico e Internação", 9, italic=True, gap=2),
                ],
            ],
            ("40pt", "1fr"),
        ),
        line("PEDIDO DE AUTORIZAÇÃO DE CIRURGIA", 13, bold=True, align="center", gap=16),
        boxed([("NOME DO BENEFICIÁRIO", c.member), ("Nº DO CARTÃO", c.card)], ("1.7fr", "1fr"), gap=12),
        boxed([("DT. NASC.", dmy(c.birth)), ("OPERADORA", c.insurer), ("PLANO", c.plan)], ("0.6fr", "1.2fr", "1.2fr")),
        line("Caráter", bold=True, gap=10),
        checks([(True, "Eletivo"), (False, "Urgência"), (False, "Emergência")], gap=4),
        line("Procedimentos a realizar", bold=True, gap=12),
        table(
            ("#", "TUSS", "Descrição", "Qde"),
            [
                (
                    str(n),
                    grouped(a.exam.tuss, (1, 2, 2, 2, 1), "....")[:-2] + f"-{a.exam.tuss[-1]}",
                    a.words,
                    str(a.quantity),
                )
                for n, a in enumerate(c.asked, start=1)
            ],
            ("20pt", "90pt", "1fr", "36pt"),
            stroke="0.4pt + gray",
        ),
        line("Justificativa / quadro clínico", bold=True, gap=12),
        framed([line(c.indication)], gap=4),
        pairs([("Diagnóstico:", c.cid_words), ("CID 10:", c.cid)], ("2fr", "1fr"), gap=10),
        pairs([("Data do pedido:", dmy(c.issued))]),
        signed((f"{c.title} {c.doctor}", f"{c.specialty} | {c.crm}"), c.rng, gap=34),
    ]
    names = ("member_name", "card_number", "birth_date", "insurer", "plan", "procedures", "indication", "cid")
    return Paper(told, c.fields(*names, "issue_date", "signer", "provider_name"))


def prose_referral(c: Case) -> Paper:
    c = c.worded(spoken=True)
    wanted = "; ".join(each.words for each in c.asked)
    told = [
        line(f"{c.title} {c.doctor}", 18, bold=True, align="right", color="#0b5e6b"),
        line(f"{c.specialty} · CRM {c.uf} {c.council_number}", 10, align="right", gap=2),
        rule("#0b5e6b", 0.4),
        line("Ao serviço de diagnóstico,", gap=30),
        line(
            f"Encaminho o(a) Sr(a). {c.member}, beneficiário(a) {c.insurer} nº {c.card}, para realizar: {wanted}.",
            gap=14,
        ),
        line(f"Motivo: {c.indication}.", gap=12),
        line(f"Hipótese diagnóstica: {c.cid_words} ({c.cid}).", gap=12),
        line("Atenciosamente,", gap=20),
        signed((f"{c.title} {c.doctor}", f"CRM {c.uf} {c.council_number}"), c.rng, align="right", gap=24),
        line(f"{c.city}-{c.uf}, {written(c.issued)}", gap=24),
        line(f"{c.street} | {c.phone}", 8, align="center", gap=30),
    ]
    fields = c.fields("member_name", "insurer", "card_number", "indication", "cid", "signer", "issue_date")
    return Paper(told, {**fields, "procedures": c.procedures(tuss=False, quantity=False)})


def filled_by_hand(c: Case) -> Paper:
    """A printed form whose lines a pen fills."""
    c = c.worded(spoken=True)
    told: list[Block] = [
        line(c.insurer.upper(), 14, bold=True, align="center"),
        line("GUIA DE ENCAMINHAMENTO E PEDIDO DE EXAME", 10, align="center"),
        line("Nome do paciente:", 9, gap=20),
        hand(c.member, c.rng, PEN, size=13, gap=1),
        rule(gap=1),
        line("Exame(s) solicitado(s):", 9, gap=10),
    ]
    for each in c.asked:
        told += [hand(each.words, c.rng, PEN, size=12, gap=5), rule(gap=1)]
    told += [
        line("Hipótese diagnóstica / CID:", 9, gap=10),
        hand(f"{c.cid_words} {c.cid}", c.rng, PEN, size=12, gap=1),
        rule(gap=1),
        line("Data:", 9, gap=10),
        hand(dmy(c.issued), c.rng, PEN, size=13, gap=1),
        line("Assinatura e carimbo", 9, gap=12),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=2),
    ]
    fields = c.fields("insurer", "member_name", "cid", "issue_date", "signer")
    return Paper(told, {**fields, "procedures": c.procedures(tuss=False, quantity=False)}, handwritten=True)


def dotted_prescription(c: Case) -> Paper:
    told: list[Block] = [
        banner(
            [
                line(f"{c.title} {c.doctor}", 15, bold=True, color="#ffffff"),
                line(f"{c.specialty}  CRM {c.council_number}-{c.uf}", 9, color="#dfeaf2", gap=2),
            ],
            "#2a4d69",
            radius=4,
        ),
        pairs([("Para:", c.member), ("Em:", dmy(c.issued))], ("1.8fr", "1fr"), gap=18),
    ]
    for number, each in enumerate(c.medicines, start=1):
        told += [
            line(f"{number}) {each.name}, {each.dose} ................ {each.amount}", gap=16),
            line(f"Posologia: {each.posology}.", italic=True, gap=5),
        ]
    told += [
        signed((f"{c.title} {c.doctor}",), c.rng, align="right", gap=40),
        line(f"{c.house} - {c.street} - {c.city} - {c.uf}", 8, align="center", gap=40),
    ]
    return Paper(told, c.fields("signer", "member_name", "issue_date", "medicines", "provider_name"))


def pen_prescription(c: Case) -> Paper:
    told: list[Block] = [
        line(f"{c.title} {c.doctor}", 15, italic=True, align="center", color="#444444"),
        line(f"{c.crm} - {c.specialty}", 9, align="center", gap=2),
        hand(c.member, c.rng, OTHER_PEN, gap=26, color="#222226"),
    ]
    for each in c.medicines:
        told += [
            hand(f"{each.name} {each.dose} - {each.amount}", c.rng, OTHER_PEN, size=15, gap=14, color="#222226"),
            hand(each.posology, c.rng, OTHER_PEN, size=15, gap=6, color="#222226"),
        ]
    told += [hand(dmy(c.issued), c.rng, OTHER_PEN, gap=18, color="#222226"), signed((), c.rng, gap=8)]
    fields = c.fields("signer", "member_name", "medicines", "issue_date")
    return Paper(told, fields, handwritten=True)


def visit_guide(c: Case) -> Paper:
    told = [
        side_by_side(
            [
                [line(c.insurer, 10, bold=True)],
                [line("GUIA DE CONSULTA", 13, bold=True)],
                [line(f"2- Nº Guia no Prestador {c.guide}", 8)],
            ],
            ("1fr", "1fr", "1fr"),
        ),
        boxed(
            [("1- Registro ANS", c.ans), ("3- Número da Guia Atribuído pela Operadora", c.operator_guide)],
            ("1fr", "2fr"),
            gap=6,
        ),
        boxed(
            [
                ("4- Número da Carteira", c.card),
                ("5- Validade da Carteira", dmy(c.until)),
                ("6- Atendimento a RN", "Não"),
            ],
            ("2fr", "1fr", "1fr"),
        ),
        boxed([("7- Nome", c.member), ("8- Cartão Nacional de Saúde", c.cns)], ("2fr", "1fr")),
        boxed(
            [
                ("9- Código na Operadora", c.cnpj),
                ("10- Nome do Contratado", c.house),
                ("11- Código CNES", digits(c.rng, 7)),
            ],
            ("1fr", "2fr", "0.8fr"),
        ),
        boxed(
            [
                ("12- Nome do Profissional Executante", c.doctor),
                ("13- Conselho Profissional", "CRM"),
                ("14- Número no Conselho", c.council_number),
                ("15- UF", c.uf),
            ],
            ("2fr", "1fr", "1fr", "0.5fr"),
        ),
        boxed(
            [
                ("18- Data do Atendimento", dmy(c.issued)),
                ("19- Tipo de Consulta", "1"),
                ("20- Tabela", "22"),
                ("21- Código do Procedimento", "10101012"),
                ("22- Valor do Procedimento", reais(c.amount)),
            ],
            ("1fr", "0.8fr", "0.6fr", "1.1fr", "1fr"),
        ),
        boxed([("23- Observação / Justificativa", "")], ("1fr",)),
        space(24),
        boxed(
            [("24- Assinatura do Profissional Executante", ""), ("25- Assinatura do Beneficiário", "")], ("1fr", "1fr")
        ),
    ]
    names = ("insurer", "guide_number", "ans_registry", "operator_guide_number", "card_number", "member_name", "cns")
    fields = c.fields(*names, "valid_until", "provider_cnpj", "provider_name", "signer", "issue_date", "total_amount")
    return Paper(told, {**fields, "procedures": [{"tuss": "10101012"}]})


def therapy_guide(c: Case) -> Paper:
    """A SP/SADT guide as an authorization portal prints it: labels beside values."""
    told = [
        line(f"{c.insurer} - Guia SP/SADT", 14, bold=True),
        line(f"Situação: AUTORIZADA    Nº da guia: {c.operator_guide}", gap=8),
        pairs(
            [("Registro ANS:", c.ans), ("Senha:", c.password), ("Validade da senha:", dmy(c.until))],
            ("1fr", "1fr", "1.3fr"),
            gap=10,
        ),
        rule(),
        pairs([("Beneficiário:", c.member), ("Carteira:", c.card)], ("1.4fr", "1fr")),
        pairs([("Contratado solicitante:", c.house)]),
        pairs(
            [("Profissional solicitante:", c.doctor), ("Conselho:", f"CRM {c.council_number} {c.uf}")], ("1.5fr", "1fr")
        ),
        pairs([("Data da solicitação:", dmy(c.issued)), ("CID:", c.cid)], ("1fr", "1fr")),
        pairs([("Indicação clínica:", c.indication)]),
        table(
            ("Tab.", "Código", "Descrição", "Solic.", "Autor."),
            [("22", a.exam.tuss, a.words, str(a.quantity), str(a.quantity)) for a in c.asked],
            ("36pt", "70pt", "1fr", "42pt", "42pt"),
            stroke="0.3pt",
            fill="#eeeeee",
            gap=12,
        ),
        line(f"Impresso do portal em {dmy(c.issued)}", 8, gap=20),
    ]
    names = ("insurer", "operator_guide_number", "ans_registry", "password", "password_valid_until", "member_name")
    return Paper(
        told,
        c.fields(*names, "card_number", "provider_name", "signer", "issue_date", "cid", "indication", "procedures"),
    )


def supplier_offer(c: Case) -> Paper:
    firm = f"Implantes {c.city} Ltda"
    total = reais(sum(each.total for each in c.items))
    told: list[Block] = [
        line(firm, 16, bold=True, align="center"),
        line(f"CNPJ {grouped(c.cnpj, *CNPJ)} - {c.phone}", 8.5, align="center", gap=2),
        line(f"PROPOSTA COMERCIAL Nº {digits(c.rng, 5)} de {dmy(c.issued)}", 11, bold=True, gap=16),
        pairs([("Hospital:", c.house), ("Cirurgião:", c.doctor)], ("1fr", "1fr")),
        pairs([("Pac.:", c.member), ("Plano:", c.insurer)], ("1fr", "1fr")),
    ]
    for each in c.items:
        told += [
            line(each.material.name, bold=True, gap=11),
            pairs(
                [
                    ("ANVISA", each.registry),
                    ("Quant.", str(each.quantity)),
                    ("Unit.", f"R$ {reais(each.material.price)}"),
                    ("Subtotal", f"R$ {reais(each.total)}"),
                ],
                ("1.3fr", "0.7fr", "1fr", "1.2fr"),
                bold=False,
                gap=2,
            ),
        ]
    told += [
        rule(gap=10),
        line(f"Total geral R$ {total}", 12, bold=True, align="right"),
        line(f"Proposta válida até {dmy(c.until)}. Pagamento em 30 dias.", 9, gap=14),
    ]
    fields = c.fields(
        "provider_cnpj", "issue_date", "member_name", "insurer", "opme_items", "items_total", "valid_until"
    )
    return Paper(told, {**fields, "provider_name": firm, "requester_name": c.doctor})
