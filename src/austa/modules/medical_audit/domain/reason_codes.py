"""Reason codes for what is not approved: the part of TISS table 38 that concerns authorizations, as published by ANS.

On 30 June 2026 ANS closed many codes that people know by heart; the table of 2026-09 holds their successors.
"""

from datetime import date

from austa.modules.medical_audit.api.cases import ReasonCode

_CLOSED = date(2026, 6, 30)

_IN_FORCE = (
    ("1001", "Número da carteira inválido"),
    ("1006", "Atendimento após o desligamento do beneficiário"),
    ("1016", "Beneficiário com atendimento suspenso"),
    ("1017", "Data de validade da carteira vencida"),
    ("1025", "Beneficiário não possui cobertura para assistência odontológica"),
    ("1411", "Solicitante não informado"),
    ("1414", "Data de validade da senha expirada"),
    ("1417", "Solicitante não habilitado"),
    ("1426", "Não autorizado pela auditoria"),
    ("1427", "Necessidade de auditoria médica"),
    ("1437", "Senha de autorização cancelada"),
    ("3097", "Tipo de atendimento incompatível com a segmentação assistencial contratada"),
    (
        "3109",
        "Procedimento solicitado não autorizado por não constar do Rol de Procedimentos e Eventos em Saúde da ANS",
    ),
    ("3120", "Necessário o envio do pedido do profissional solicitante"),
    ("3123", "Item para a mesma finalidade já autorizado"),
    ("3145", "Não autorizado por motivo técnico"),
    ("3171", "Atendimento dentro da carência do beneficiário"),
    (
        "3173",
        "Beneficiário em cumprimento de cobertura parcial temporária (DLP preexistente) para o procedimento/item"
        " assistencial solicitado",
    ),
    ("3230", "Documentação incompleta, ilegível, incorreta ou ausente"),
    ("3277", "Prestador fora da abrangência geográfica do plano do beneficiário"),
    ("3287", "Procedimento/item assistencial não possui cobertura pelo plano do beneficiário"),
    (
        "3288",
        "Procedimento não atende a Diretriz de Utilização (DUT) do Rol de Procedimentos e Eventos em Saúde da ANS",
    ),
    ("3289", "Procedimento/item assistencial solicitado já autorizado"),
    ("3292", "Quantidade solicitada de procedimento/item assistencial acima da autorizada"),
    ("3293", "Quantidade solicitada de procedimento/item assistencial acima da coberta"),
    ("3308", "Solicitação/atendimento anterior à inclusão do beneficiário no plano"),
)

_UNTIL_JUNE_2026 = (
    ("1013", "Cadastro do beneficiário com problemas"),
    ("1014", "Beneficiário com data de exclusão"),
    ("1402", "Procedimento não autorizado"),
    ("1407", "Serviço solicitado não possui cobertura"),
    ("1408", "Quantidade serviço solicitada acima da autorizada"),
    ("1409", "Quantidade serviço solicitada acima coberta"),
    ("1410", "Serviço solicitado em carência"),
    ("1416", "Solicitante não cadastrado"),
    ("1418", "Solicitante suspenso"),
    ("1419", "Serviço solicitado já autorizado"),
    ("1420", "Serviço solicitado fora da cobertura"),
    ("1421", "Serviço solicitado é de pré-existência"),
    ("1423", "Quantidade solicitada acima da quantidade permitida"),
    (
        "1438",
        "Procedimento solicitado não autorizado por não atender a Diretriz de Utilização (DUT) do Rol de Procedimentos"
        " e Eventos em Saúde da ANS",
    ),
)


def reason_codes_on(day: date) -> tuple[ReasonCode, ...]:
    """All codes, those in force on that day first."""
    codes = [ReasonCode(code=code, text=text, valid_until=None, in_force=True) for code, text in _IN_FORCE]
    codes += [
        ReasonCode(code=code, text=text, valid_until=_CLOSED, in_force=day <= _CLOSED)
        for code, text in _UNTIL_JUNE_2026
    ]
    return tuple(sorted(codes, key=lambda known: (not known.in_force, known.code)))
