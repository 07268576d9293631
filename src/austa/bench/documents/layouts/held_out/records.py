"""HELD OUT: whoever builds or tunes the reader does not open this file (see `family.py`).

Papers that tell something: results, reports, certificates, cards, receipts.
"""

from austa.bench.documents.blocks import (
    Block,
    banner,
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

CPF = ((3, 3, 3, 2), "..-")
CNPJ = ((2, 3, 3, 4, 2), "../-")


def lab_stacked(c: Case) -> Paper:
    """Each result with its material, method and reference below it."""
    told: list[Block] = [
        side_by_side([[line(c.house, 14, bold=True)], [bars(c.rng, width=120)]], ("1fr", "130pt")),
        table(
            (),
            [
                ("Cliente", c.member),
                ("Dt. Nascimento", dmy(c.birth)),
                ("Solicitante", c.colleague),
                ("Coleta", f"{dmy(c.issued)} 07:12"),
                ("Emissão", dmy(c.issued)),
            ],
            ("90pt", "1fr"),
            stroke="none",
            gap=6,
        ),
        rule(),
    ]
    for result in c.results[:7]:
        mark = f"  *{result.flag}" if result.flag else ""
        told += [
            line(result.analyte.name.upper(), 10, bold=True, gap=9),
            pairs(
                [
                    ("Resultado:", f"{result.value} {result.analyte.unit}{mark}"),
                    ("Intervalo de referência:", f"{result.analyte.reference}"),
                ],
                ("1fr", "1.3fr"),
                bold=False,
                gap=3,
            ),
        ]
    told += [line(f"Laudo assinado por {c.doctor} - CRM {c.uf} {c.council_number}", 8.5, gap=22)]
    values = c.fields("lab_values")["lab_values"][:7]
    fields = c.fields("member_name", "birth_date", "issue_date", "reporter", "provider_name")
    return Paper(told, {**fields, "lab_values": values, "requester_name": c.colleague})


def lab_with_previous(c: Case) -> Paper:
    references = [r.analyte.reference.split()[0] for r in c.results]
    before = [each if each[0].isdigit() and c.rng.random() < 0.6 else "-" for each in references]
    told = [
        banner([line("LAUDO LABORATORIAL", 14, bold=True, color="#ffffff", align="center")], "#00695c"),
        pairs([("Nome", c.member), ("Convênio", c.insurer)], ("1fr", "1fr"), gap=10),
        pairs([("Nascimento", dmy(c.birth)), ("CPF", grouped(c.cpf, *CPF))], ("1fr", "1fr")),
        table(
            ("Analito", "Resultado", "Unid.", "V.R.", "Anterior"),
            [
                (r.analyte.name, f"{r.value} {r.flag}".strip(), r.analyte.unit, r.analyte.reference, old)
                for r, old in zip(c.results, before, strict=True)
            ],
            ("1.4fr", "76pt", "56pt", "1.1fr", "60pt"),
            stroke="none",
            size=9.5,
            fill="#d8ece9",
            gap=14,
        ),
        rule("#00695c"),
        line(f"Data de emissão: {dmy(c.issued)}", gap=8),
        line(f"Conferido eletronicamente por {c.title} {c.doctor} - CRM/{c.uf} {c.council_number}", 9, gap=8),
        line(f"{c.house} CNPJ {grouped(c.cnpj, *CNPJ)}", 8, align="center", gap=30),
    ]
    names = ("member_name", "insurer", "birth_date", "cpf", "lab_values", "issue_date", "reporter", "provider_name")
    return Paper(told, c.fields(*names, "provider_cnpj"))


def ultrasound(c: Case) -> Paper:
    left = [line(c.member, bold=True), line(f"Nasc. {dmy(c.birth)}", 9)]
    right = [line(f"Atend. {digits(c.rng, 6)}", 9), line(f"Realizado em {dmy(c.issued)}", 9)]
    told = [
        line(c.house, 17, align="center", color="#883344"),
        side_by_side([left, right], ("1.5fr", "1fr"), gap=16),
        line(f"Pedido de: {c.colleague}", 9),
        rule("#883344"),
        line(c.asked[0].words, 12, bold=True, align="center", gap=12),
        line("Método", italic=True, gap=12),
        line("Exame feito em equipamento digital de alta resolução, com documentação de imagens.", gap=3),
        line("Achados", italic=True, gap=10),
        line("As demais estruturas estudadas apresentam aspecto e dimensões preservados para a faixa etária.", gap=3),
        line("Conclusão", italic=True, gap=10),
        line(c.finding, bold=True, gap=3),
        signed((c.doctor, f"CRM {c.council_number} {c.uf}", "Radiologia e Diagnóstico por Imagem"), c.rng, gap=40),
    ]
    fields = c.fields("member_name", "birth_date", "issue_date", "conclusion", "reporter", "provider_name")
    return Paper(told, {**fields, "requester_name": c.colleague})


def leave_note(c: Case) -> Paper:
    told = [
        side_by_side([[line("Atestado", 22, bold=True)], [line(c.house, 10, align="right")]], ("1fr", "1fr")),
        rule(width=2),
        line("Declaro, a pedido do interessado, que", gap=22),
        line(c.member, 13, bold=True, gap=6),
        line(
            f"esteve sob meus cuidados e necessita de {c.days_off:02d} dia(s) de repouso a contar de "
            f"{written(c.issued)}.",
            gap=6,
        ),
        checks([(True, f"Paciente autoriza a divulgação do CID: {c.cid}"), (False, "Acompanhante")], columns=1, gap=20),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, gap=30),
        line(f"{c.city}, {dmy(c.issued)}", 9, gap=14),
    ]
    names = ("member_name", "days_off", "start_date", "cid", "issue_date", "signer", "provider_name")
    return Paper(told, c.fields(*names))


def justification_report(c: Case) -> Paper:
    told = [
        line(c.house, 12, bold=True, align="center"),
        line("LAUDO MÉDICO PARA JUSTIFICATIVA DE PROCEDIMENTO", 12, bold=True, align="center", gap=14),
        pairs([("1. Identificação:", f"{c.member}, nascido(a) em {dmy(c.birth)}, carteira {c.card}.")], gap=16),
        pairs([("2. Diagnóstico:", f"{c.cid_words}. CID-10 {c.cid}.")], gap=9),
        pairs([("3. Quadro clínico:", f"{c.indication}.")], gap=9),
        pairs([("4. Tratamento realizado:", "Medicação e reabilitação por dois meses, com resposta parcial.")], gap=9),
        pairs([("5. Conduta proposta:", f"{c.asked[0].words}.")], gap=9),
        line(f"{dmy(c.issued)}", align="right", gap=24),
        signed((f"{c.title} {c.doctor}", f"{c.specialty} - CRM/{c.uf} nº {c.council_number}"), c.rng, gap=26),
    ]
    names = ("member_name", "birth_date", "card_number", "cid", "indication", "issue_date", "signer", "provider_name")
    return Paper(told, c.fields(*names))


def discharge_form(c: Case) -> Paper:
    told = [
        framed(
            [line(c.house.upper(), 13, bold=True, align="center"), line("RESUMO DE ALTA", 11, align="center", gap=3)],
            stroke="1.2pt",
        ),
        boxed([("Nome", c.member), ("Prontuário", digits(c.rng, 6))], ("2fr", "1fr"), gap=6),
        boxed(
            [("Data de nascimento", dmy(c.birth)), ("CNS", c.cns), ("Data de alta", dmy(c.issued))],
            ("1fr", "1.3fr", "1fr"),
        ),
        boxed([("Diagnóstico de alta (CID)", f"{c.cid} - {c.cid_words}")], ("1fr",)),
        boxed([("Resumo da internação", f"{c.indication}. {c.finding}")], ("1fr",)),
        boxed([("Receita de alta", " / ".join(f"{m.name} {m.dose}: {m.posology}" for m in c.medicines))], ("1fr",)),
        checks([(True, "Alta melhorado"), (False, "Transferência"), (False, "A pedido"), (False, "Óbito")], columns=4),
        signed((f"{c.title} {c.doctor}", c.crm), c.rng, stamp=True, align="right", gap=22),
    ]
    names = ("member_name", "birth_date", "cns", "issue_date", "cid", "medicines", "signer", "provider_name")
    return Paper(told, c.fields(*names))


def member_card(c: Case) -> Paper:
    told = [
        line(c.plan.upper(), 9, bold=True, color="#7b1fa2", align="right"),
        line(c.insurer, 15, bold=True, color="#7b1fa2", gap=2),
        line("Beneficiário", 6.5, gap=14),
        line(c.member, 11, bold=True, gap=1),
        line("Número do cartão", 6.5, gap=8),
        line(grouped(c.card, (4, 4, 4), "  "), 13, bold=True, gap=1),
        side_by_side(
            [
                [line("Válido até", 6.5), line(f"{c.until:%m/%Y}", 9, gap=1)],
                [line("Registro ANS", 6.5), line(c.ans, 9, gap=1)],
                [line("Acomodação", 6.5), line("Apartamento", 9, gap=1)],
            ],
            ("1fr", "1fr", "1fr"),
            gap=8,
        ),
    ]
    fields = c.fields("plan", "insurer", "member_name", "card_number", "ans_registry")
    return Paper(told, {**fields, "valid_until": f"{c.until:%Y-%m}"})


def driving_licence(c: Case) -> Paper:
    told = [
        line("REPÚBLICA FEDERATIVA DO BRASIL", 8, bold=True, align="center"),
        line("CARTEIRA NACIONAL DE HABILITAÇÃO", 9, bold=True, align="center", gap=2),
        boxed([("2 e 1 NOME E SOBRENOME", c.member.upper())], ("1fr",), small=5, gap=6),
        boxed([("3 DATA, LOCAL E UF DE NASCIMENTO", f"{dmy(c.birth)}, {c.city.upper()}, {c.uf}")], ("1fr",), small=5),
        boxed([("4a DATA EMISSÃO", dmy(c.issued)), ("4b VALIDADE", dmy(c.until))], ("1fr", "1fr"), small=5),
        boxed(
            [("4d CPF", grouped(c.cpf, *CPF)), ("5 Nº REGISTRO", digits(c.rng, 11)), ("9 CAT. HAB.", "AB")],
            ("1fr", "1fr", "0.6fr"),
            small=5,
        ),
    ]
    return Paper(told, c.fields("member_name", "birth_date", "issue_date", "valid_until", "cpf"))


def service_invoice(c: Case) -> Paper:
    told = [
        line(f"PREFEITURA MUNICIPAL DE {c.city.upper()}", 11, bold=True, align="center"),
        line("NOTA FISCAL DE SERVIÇOS ELETRÔNICA - NFS-e", 12, bold=True, align="center", gap=3),
        boxed(
            [("Número da Nota", digits(c.rng, 8)), ("Data e Hora de Emissão", f"{dmy(c.issued)} 14:05")],
            ("1fr", "1fr"),
            gap=8,
        ),
        line("PRESTADOR DE SERVIÇOS", 9, bold=True, gap=6),
        pairs([("CPF/CNPJ:", grouped(c.cnpj, *CNPJ)), ("Razão Social:", c.house)], ("1fr", "1.4fr")),
        line("TOMADOR DE SERVIÇOS", 9, bold=True, gap=8),
        pairs([("Nome:", c.member), ("CPF:", grouped(c.cpf, *CPF))], ("1.4fr", "1fr")),
        line("DISCRIMINAÇÃO DOS SERVIÇOS", 9, bold=True, gap=8),
        framed([line("Consulta médica particular.")], gap=3),
        line(f"VALOR TOTAL DA NOTA = R$ {reais(c.amount)}", 12, bold=True, align="center", gap=12),
    ]
    return Paper(told, c.fields("issue_date", "provider_cnpj", "provider_name", "member_name", "cpf", "total_amount"))


def preparation_sheet(c: Case) -> Paper:
    told = [
        line(c.house, 13, bold=True, color="#33691e"),
        line("Orientações de preparo", 17, bold=True, gap=10),
        line("Na véspera", bold=True, gap=16),
        line("Faça refeições leves e beba bastante água. Não tome bebidas alcoólicas.", gap=3),
        line("No dia", bold=True, gap=12),
        line("Venha em jejum de oito horas. Traga um documento com foto e os resultados anteriores.", gap=3),
        line("Chegue com trinta minutos de antecedência e venha acompanhado.", gap=3),
        checks([(False, "Li e entendi"), (False, "Tenho dúvidas")], columns=2, gap=20),
        line(f"Dúvidas: {c.phone}", gap=16),
    ]
    return Paper(told, c.fields("provider_name"))
