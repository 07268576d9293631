"""Papers as other houses print them: results without a table, labelled cards, letters in one sentence, ruled quotes."""

from austa.bench.documents.blocks import (
    Block,
    bars,
    boxed,
    checks,
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
_IN_WORDS = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "quatorze", "quinze",
)  # fmt: skip


def lab_blocks(c: Case) -> Paper:
    """One block a result: name, method, result and reference below each other."""
    results: list[Block] = []
    for each in c.results[:5]:
        results += [
            line(each.analyte.name.upper(), 10.5, bold=True, gap=14),
            line("Material: Soro    Método: Automatizado", 8, gap=3),
            side_by_side(
                [[line(f"Resultado: {each.value} {each.analyte.unit}", bold=True)], [line("Valor de referência:", 8)]],
                ("1fr", "1fr"),
                gap=4,
            ),
            side_by_side([[line("")], [line(each.analyte.reference, 9)]], ("1fr", "1fr"), gap=2),
        ]
    blocks = [
        side_by_side(
            [
                [line("LABORATÓRIO " + c.house.split(" ", 1)[1].upper(), 13, bold=True)],
                [line(f"Atendimento: {digits(c.rng, 7)}", 8, align="right"), line("Página 1 de 1", 8, align="right")],
            ],
            ("1.6fr", "1fr"),
        ),
        rule("#333333", 1),
        table(
            (),
            [
                ("Paciente", c.member, "Data de Nasc.", dmy(c.birth)),
                ("Solicitante", f"{c.title} {c.colleague}", "Data da coleta", dmy(c.issued)),
                ("Convênio", c.insurer, "Emissão", dmy(c.issued)),
            ],
            ("70pt", "1.5fr", "80pt", "1fr"),
            stroke="none",
            size=9,
        ),
        rule("#333333", 0.5),
        *results,
        signed((f"Liberado por: {c.title} {c.doctor}", f"CRM {c.uf} {c.council_number}"), c.rng, gap=26),
    ]
    values = c.fields("lab_values")["lab_values"][:5]
    told = c.fields("member_name", "birth_date", "insurer", "issue_date", "reporter", lab_values=values)
    house = "LABORATÓRIO " + c.house.split(" ", 1)[1].upper()
    return Paper(blocks, {**told, "requester_name": c.colleague, "provider_name": house})


def lab_lines(c: Case) -> Paper:
    """Dots lead from the name to the result; the reference stands in the margin."""
    rows = [
        (f"{r.analyte.name} {'.' * (34 - len(r.analyte.name))}:", f"{r.value} {r.analyte.unit}", r.analyte.reference)
        for r in c.results
    ]
    blocks = [
        line(c.house, 14, bold=True, align="center"),
        line(f"{c.street} - {c.city} - {c.uf} - Fone {c.phone}", 8, align="center", gap=3),
        framed(
            [
                pairs([("Nome:", c.member)]),
                pairs([("Idade:", "54 anos"), ("Sexo:", "F"), ("Data:", dmy(c.issued))], ("1fr", "1fr", "1fr")),
                pairs([("Médico(a):", f"{c.title} {c.colleague}"), ("Plano de saúde:", c.insurer)], ("1fr", "1fr")),
            ],
            gap=10,
        ),
        line("LAUDO DE EXAMES LABORATORIAIS", 11, bold=True, gap=14),
        line("Valores de Referência", 8.5, bold=True, align="right", gap=6),
        table((), rows, ("1.4fr", "100pt", "1fr"), stroke="none", size=9.5, gap=3),
        signed((f"{c.title} {c.doctor}", f"Patologia Clínica - {c.crm}"), c.rng, gap=36),
    ]
    told = c.fields("member_name", "insurer", "issue_date", "lab_values", "reporter", "provider_name")
    return Paper(blocks, {**told, "requester_name": c.colleague})


def labelled_card(c: Case) -> Paper:
    until = f"{c.until.month:02d}/{c.until.year + 2}"
    blocks = [
        line(c.insurer.upper(), 13, bold=True, color="#0d5c3b"),
        line("CARTÃO DE IDENTIFICAÇÃO DO BENEFICIÁRIO", 7.5, gap=3),
        line("Nº DO CARTÃO", 6, gap=10),
        line(grouped(c.card, (4, 4, 4), "  "), 13, bold=True, gap=2),
        line("BENEFICIÁRIO", 6, gap=8),
        line(c.member.upper(), 10.5, gap=2),
        side_by_side(
            [
                [line("DATA NASC.", 6), line(dmy(c.birth), 8.5, gap=2)],
                [line("VÁLIDO ATÉ", 6), line(until, 8.5, gap=2)],
                [line("ACOMODAÇÃO", 6), line("ENFERMARIA", 8.5, gap=2)],
            ],
            ("1fr", "1fr", "1fr"),
            gap=8,
        ),
        line(f"PLANO: {c.plan.upper()}", 8.5, gap=8),
        line(f"Registro ANS: {c.ans[:2]}.{c.ans[2:5]}-{c.ans[5]}", 7, gap=6),
    ]
    names = ("insurer", "card_number", "member_name", "birth_date", "plan", "ans_registry")
    return Paper(blocks, {**c.fields(*names), "valid_until": f"{c.until.year + 2}-{c.until.month:02d}"})


def internal_prescription(c: Case) -> Paper:
    """Abbreviated as physicians write, with the amount behind a line of underscores."""
    medicines: list[Block] = []
    for number, each in enumerate(c.medicines, start=1):
        medicines += [
            line(f"{number}- {each.name.upper()} {each.dose.replace(' ', '', 1)} ____ {each.amount}", gap=14),
            line(each.posology, 10.5, italic=True, gap=4),
        ]
    blocks = [
        line(f"{c.title} {c.doctor}", 16, bold=True, align="center", color="#244b6b"),
        line(f"{c.specialty} | {c.crm}", 9.5, align="center", gap=4),
        rule("#244b6b"),
        line(f"Para: {c.member}", 12, gap=22),
        line("Uso interno", 11, bold=True, gap=18),
        *medicines,
        line(f"{c.city} - {c.uf}, {written(c.issued)}", 10.5, gap=40),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, align="right", gap=22),
        line(f"{c.street} - {c.city}/{c.uf} - {c.phone}", 8, align="center", gap=40),
    ]
    told = [{"name": m.name.upper(), "dose": m.dose.replace(" ", "", 1), "posology": m.posology} for m in c.medicines]
    return Paper(blocks, c.fields("member_name", "issue_date", "signer", medicines=told))


def consultation_guide(c: Case) -> Paper:
    blocks = [
        line("GUIA DE CONSULTA", 14, bold=True, align="center"),
        boxed([("1 - Registro ANS", c.ans), ("2 - Nº Guia no Prestador", c.guide)], ("1fr", "2fr"), gap=8),
        boxed([("3 - Número da Guia Atribuído pela Operadora", c.operator_guide)], ("1fr",)),
        line("Dados do Beneficiário", 8, bold=True, gap=4),
        boxed(
            [
                ("4 - Número da Carteira", c.card),
                ("5 - Validade da Carteira", dmy(c.until)),
                ("6 - Atendimento a RN", "N"),
            ],
            ("2fr", "1fr", "1fr"),
        ),
        boxed([("7 - Nome", c.member), ("26 - Nome Social", "")], ("2fr", "1fr")),
        line("Dados do Contratado", 8, bold=True, gap=4),
        boxed(
            [
                ("9 - Código na Operadora", c.cnpj),
                ("10 - Nome do Contratado", c.house),
                ("11 - Código CNES", digits(c.rng, 7)),
            ],
            ("1fr", "2fr", "0.7fr"),
        ),
        boxed(
            [
                ("12 - Nome do Profissional Executante", c.doctor),
                ("13 - Conselho Profissional", "CRM"),
                ("14 - Número no Conselho", c.council_number),
                ("15 - UF", c.uf),
                ("16 - Código CBO", "225125"),
            ],
            ("2fr", "1fr", "1fr", "0.4fr", "0.8fr"),
        ),
        line("Dados do Atendimento / Procedimento Realizado", 8, bold=True, gap=4),
        boxed(
            [
                ("18 - Data do Atendimento", dmy(c.issued)),
                ("19 - Tipo de Consulta", "1"),
                ("20 - Tabela", "22"),
                ("21 - Código do Procedimento", "10101012"),
                ("22 - Valor do Procedimento", reais(c.amount)),
            ],
            ("1fr", "1fr", "0.6fr", "1.2fr", "1.2fr"),
        ),
        boxed([("23 - Observação / Justificativa", "")], ("1fr",)),
        boxed(
            [("24 - Assinatura do Profissional Executante", ""), ("25 - Assinatura do Beneficiário", "")],
            ("1fr", "1fr"),
        ),
    ]
    names = ("ans_registry", "guide_number", "operator_guide_number", "card_number", "member_name", "provider_name")
    told = c.fields(*names, "provider_cnpj", "issue_date", "signer", "valid_until")
    return Paper(blocks, {**told, "procedures": [{"tuss": "10101012"}]})


def scan_report(c: Case) -> Paper:
    exam = next((each for each in c.theme.exams if each.official.startswith(_IMAGES)), c.theme.exams[0])
    parts = [f"{each.strip().rstrip('.')}." for each in c.finding.split(". ")]
    blocks = [
        line(c.house, 15, bold=True, align="center", color="#5a2d81"),
        line("Diagnóstico por Imagem", 9, align="center", gap=3),
        rule("#5a2d81"),
        table(
            (),
            [
                ("PACIENTE:", c.member.upper(), "DN:", dmy(c.birth)),
                ("MÉDICO SOLICITANTE:", f"{c.title} {c.colleague}".upper(), "DATA:", dmy(c.issued)),
                ("CONVÊNIO:", c.insurer.upper(), "PRONTUÁRIO:", digits(c.rng, 6)),
            ],
            ("110pt", "1.6fr", "70pt", "1fr"),
            stroke="none",
            size=8.5,
            gap=8,
        ),
        line(f"LAUDO DE {exam.spoken.upper()}", 12, bold=True, align="center", gap=16),
        line("Técnica: aquisições multiplanares sem contraste endovenoso.", gap=14),
        line("Achados:", bold=True, gap=10),
        line("Estruturas ósseas íntegras. Partes moles sem alterações. Demais achados a seguir.", gap=4),
        line("CONCLUSÃO", bold=True, gap=14),
        *[line(f"- {each}", gap=4) for each in parts],
        signed((f"{c.title} {c.doctor}", f"Médico Radiologista {c.crm} RQE {digits(c.rng, 5)}"), c.rng, gap=44),
        line("Laudo assinado eletronicamente.", 7.5, align="center", gap=10),
    ]
    told = c.fields("member_name", "birth_date", "issue_date", "insurer", "reporter", "provider_name")
    conclusion = " ".join(f"- {each}" for each in parts)
    return Paper(blocks, {**told, "requester_name": c.colleague, "conclusion": conclusion})


def leave_letter(c: Case) -> Paper:
    words = (
        f"Eu, {c.title} {c.doctor}, médico(a), atesto que o(a) paciente {c.member}, portador(a) do CPF "
        f"{grouped(c.cpf, (3, 3, 3, 2), '..-')}, necessita de {c.days_off:02d} ({_IN_WORDS[c.days_off]}) dias de "
        f"repouso, a contar de {dmy(c.issued)}, por motivo de doença."
    )
    blocks = [
        line("ATESTADO", 18, bold=True, align="center", gap=20),
        line(words, 12, gap=30),
        line(f"CID: {c.cid}", 12, gap=16),
        line(f"{c.city}/{c.uf}, {dmy(c.issued)}", 11, gap=30),
        signed((f"{c.title} {c.doctor}", f"{c.specialty}", f"CRM {c.council_number}-{c.uf}"), c.rng, gap=30),
        line(f"{c.house} - {c.street} - {c.city} - Tel.: {c.phone}", 8, align="center", gap=60),
    ]
    return Paper(blocks, c.fields("member_name", "cpf", "days_off", "start_date", "cid", "issue_date", "signer"))


def ruled_quote(c: Case) -> Paper:
    """Brand and registration between description and price, amounts with R$, the sum in the table's last row."""
    rows = [
        (i.material.name, "Ortosul", i.registry, f"{i.quantity:02d}", f"R$ {reais(i.material.price)}",
         f"R$ {reais(i.total)}")
        for i in c.items
    ]  # fmt: skip
    total = reais(sum(each.total for each in c.items))
    blocks = [
        side_by_side(
            [
                [line("IMPLANTES VALE DO SOL LTDA", 13, bold=True)],
                [line(f"CNPJ {grouped(c.cnpj, (2, 3, 3, 4, 2), '../-')}", 8.5), line(f"Tel. {c.phone}", 8.5)],
            ],
            ("1.6fr", "1fr"),
        ),
        line(f"PROPOSTA COMERCIAL Nº {digits(c.rng, 5)}", 12, bold=True, align="center", gap=16),
        pairs([("Data da proposta:", dmy(c.issued)), ("Validade:", dmy(c.until))], ("1fr", "1fr"), gap=10),
        pairs([("Beneficiário:", c.member), ("Operadora:", c.insurer)], ("1.4fr", "1fr")),
        pairs([("Hospital:", c.house), ("Cirurgião:", f"{c.title} {c.doctor}")], ("1fr", "1fr")),
        table(
            ("Produto", "Marca", "Reg. ANVISA", "Quant.", "Vlr. Unitário", "Vlr. Total"),
            [*rows, ("", "", "", "", "TOTAL GERAL", f"R$ {total}")],
            ("1fr", "50pt", "78pt", "40pt", "74pt", "78pt"),
            size=8.5,
        ),
        line("Condições de pagamento: 30 dias. Frete incluso.", 9, gap=12),
        signed(("Departamento de vendas",), c.rng, gap=24),
    ]
    names = ("provider_cnpj", "member_name", "issue_date", "insurer", "opme_items", "items_total", "valid_until")
    return Paper(
        blocks, {**c.fields(*names), "provider_name": "IMPLANTES VALE DO SOL LTDA", "requester_name": c.doctor}
    )


def clinic_receipt(c: Case) -> Paper:
    blocks = [
        line(c.house, 13, bold=True),
        line(f"CNPJ: {grouped(c.cnpj, (2, 3, 3, 4, 2), '../-')}", 9, gap=3),
        line(f"RECIBO DE PAGAMENTO Nº {digits(c.rng, 4)}", 13, bold=True, align="center", gap=14),
        pairs([("Recebemos de:", c.member), ("CPF:", grouped(c.cpf, (3, 3, 3, 2), "..-"))], ("1.5fr", "1fr"), gap=12),
        table(
            ("Descrição do serviço", "Valor (R$)"),
            [("Consulta médica", reais(c.amount)), ("Total", reais(c.amount))],
            ("1fr", "90pt"),
        ),
        pairs([("Data:", dmy(c.issued)), ("Forma de pagamento:", "PIX")], ("1fr", "1fr"), gap=10),
        signed((c.house,), c.rng, gap=18),
    ]
    names = ("provider_name", "provider_cnpj", "member_name", "cpf", "total_amount", "issue_date")
    return Paper(blocks, c.fields(*names))


def compact_order(c: Case) -> Paper:
    """Code behind the words, the quantity before them."""
    c = c.worded(spoken=False)
    rows = [line(f"{each.quantity:02d} x {each.words} (TUSS {each.exam.tuss})", gap=8) for each in c.asked]
    blocks = [
        line(f"{c.house.upper()}", 14, bold=True, align="center"),
        line("PEDIDO MÉDICO", 13, bold=True, align="center", gap=16),
        boxed(
            [("Nome do beneficiário", c.member), ("Nº da carteirinha", c.card), ("Data de nascimento", dmy(c.birth))],
            ("2fr", "1.4fr", "1fr"),
            small=7,
            gap=14,
        ),
        boxed([("Convênio / Operadora", c.insurer), ("Plano", c.plan)], ("1fr", "1fr"), small=7),
        line("Solicito autorização para realização de:", gap=18),
        *rows,
        line(f"CID 10: {c.cid}", gap=16),
        line("Justificativa clínica:", bold=True, gap=10),
        line(f"{c.indication}.", gap=4),
        line(f"Data: {dmy(c.issued)}", gap=20),
        signed((f"{c.title} {c.doctor}", f"CRM: {c.council_number} / {c.uf}"), c.rng, stamp=True, gap=16),
    ]
    names = ("member_name", "card_number", "birth_date", "insurer", "plan", "procedures", "cid", "issue_date", "signer")
    return Paper(blocks, {**c.fields(*names, "provider_name"), "indication": f"{c.indication}."})


def driver_licence(c: Case) -> Paper:
    blocks = [
        line("REPÚBLICA FEDERATIVA DO BRASIL", 8, bold=True, align="center"),
        line("CARTEIRA NACIONAL DE HABILITAÇÃO", 9, bold=True, align="center", gap=2),
        boxed([("2 e 1 NOME E SOBRENOME", c.member.upper())], ("1fr",), gap=5),
        boxed([("3 DATA, LOCAL E UF DE NASCIMENTO", f"{dmy(c.birth)}, {c.city.upper()}, {c.uf}")], ("1fr",)),
        boxed([("4a DATA EMISSÃO", dmy(c.issued)), ("4b VALIDADE", dmy(c.until))], ("1fr", "1fr")),
        boxed([("4d CPF", grouped(c.cpf, (3, 3, 3, 2), "..-")), ("5 Nº REGISTRO", digits(c.rng, 11))], ("1fr", "1fr")),
        boxed([("FILIAÇÃO", c.colleague.upper())], ("1fr",)),
    ]
    return Paper(blocks, c.fields("member_name", "birth_date", "cpf", "issue_date", "valid_until"))


def preparation_sheet(c: Case) -> Paper:
    blocks = [
        line(c.house, 14, bold=True, color="#0b6b6b"),
        line(f"ORIENTAÇÕES PARA {c.theme.exams[0].spoken.upper()}", 12, bold=True, gap=14),
        *[
            line(f"• {each}", gap=7)
            for each in (
                "Jejum de 8 horas para sólidos e de 2 horas para água.",
                "Não suspenda os medicamentos de uso contínuo sem falar com seu médico.",
                "Traga exames anteriores, pedido médico e documento com foto.",
                "O resultado fica pronto em 5 dias úteis.",
            )
        ],
        checks([(False, "Vim com acompanhante"), (False, "Tenho alergia a contraste")], columns=1, gap=12),
        line(f"Central de atendimento: {c.phone}", 9, gap=20),
        bars(c.rng),
    ]
    return Paper(blocks, c.fields("provider_name"))
