"""Which kind of document it is, from its words; `other` when they do not say."""

import re
from collections.abc import Mapping

from austa.modules.documents.api import DocumentClass
from austa.modules.documents.domain.reading import fold

_SIGNS: Mapping[DocumentClass, tuple[tuple[float, str], ...]] = {
    "medical_order": (
        (3.0, r"\bsolicito\b|solicitacao de (?:exame|procedimento|cirurgia|internacao|terapia)|pedido (?:de|medico)"),
        (3.0, r"requisicao de exame|exames? solicitad|encaminho (?:o|a|para)|procedimentos? solicitad"),
        (1.5, r"indicacao clinica|hipotese diagnostica"),
        (1.5, r"\btuss\b|\bprocedimentos?\b"),
        (0.5, r"\bcid\b"),
        (0.5, r"\bcrm\b"),
    ),
    "prescription": (
        (3.0, r"receituario|receita medica|receita de controle"),
        (2.0, r"uso (?:oral|interno|continuo|externo|topico)|via oral|\btomar\b|\baplicar\b"),
        (2.0, r"\d+\s?mg\b|comprimido|capsula|gotas|\bcp\b|\bml\b"),
        (1.0, r"de \d+/\d+ ?(?:h|horas)|\d+ ?x ao dia|ao dia"),
    ),
    "lab_report": (
        (3.0, r"valor(?:es)? (?:de )?referencia|intervalo de referencia"),
        (2.0, r"\bmetodo\b|material:? (?:soro|sangue|urina|plasma)|\bresultado"),
        (2.0, r"\bmg/dl\b|\bg/dl\b|/mm3|\bu/l\b|mmol/l|ui/ml"),
        (1.5, r"laboratorio|data da coleta|coletad"),
        (4.0, r"anatomopatologic|imuno-? ?histoquimic|\bmacroscopia|\bmicroscopia|citopatologic"),
    ),
    "imaging_report": (
        (3.0, r"impressao diagnostica|tecnica de exame|aspectos observados|analise:"),
        (2.0, r"\blaudo\b|medico radiologista|diagnostico por imagem"),
        (2.0, r"\bachados\b|ponderad[ao]|sequencias|contraste|ecograf|transdutor"),
        (1.0, r"conclusao|\bopiniao\b"),
    ),
    "certificate": (
        (4.0, r"atestado|atesto (?:para|que)"),
        (2.0, r"afastamento|afastad[oa]|\d+ ?\(?\w*\)? dias"),
        (1.0, r"fins (?:de direito|trabalhistas)|atividades laborais|trabalho"),
    ),
    "medical_report": (
        (4.0, r"relatorio (?:medico|clinico|cirurgico)|laudo medico para"),
        (1.5, r"historia (?:da doenca|clinica)|exame fisico|evolui|em acompanhamento|tratamento conservador"),
        (1.0, r"conduta|diagnostico"),
    ),
    "discharge_summary": (
        (5.0, r"(?:sumario|resumo|relatorio) de alta|alta hospitalar"),
        (2.0, r"data d[ae] internacao|data da alta|condicoes de alta|evolucao"),
    ),
    "insurance_card": (
        (3.0, r"cartao de identificacao|carteira de (?:beneficiario|identificacao)|cartao do beneficiario"),
        (1.5, r"acomodacao|cobertura|abrangencia|segmentacao"),
        (1.5, r"validade|carencia|plano:|tipo de plano"),
    ),
    "identity": (
        (4.0, r"carteira de identidade|registro geral|carteira nacional de habilitacao|republica federativa"),
        (2.0, r"filiacao|naturalidade|orgao (?:emissor|expedidor)|doc\.? origem"),
    ),
    "tiss_guide": (
        (
            5.0,
            r"guia de (?:servico|solicitacao|consulta|sp|internacao|resumo)|sp ?/ ?sadt|guia tiss|anexo de solicitacao",
        ),
        (2.5, r"registro ans|n\S* (?:da )?guia (?:no prestador|principal|atribuid)"),
        (1.5, r"carater (?:do|de) atendimento|codigo cnes|conselho profissional|codigo cbo"),
    ),
    "opme_quote": (
        (3.0, r"orcamento|cotacao|proposta comercial"),
        (2.0, r"registro anvisa|reg\.? anvisa"),
        (1.5, r"\bopme\b"),
        (1.5, r"valor unit|preco unit|validade da proposta|fornecedor|fabricante"),
    ),
    "receipt": (
        (4.0, r"\brecibo\b|recebi (?:de|do|da)\b|nota fiscal|nfs-?e"),
        (1.5, r"importancia de|a quantia de|valor total|r\$ ?\d"),
    ),
}
# Readers lose spaces in capitals ("RELATÓRIOMÉDICO").
_COMPILED = {
    name: tuple((weight, re.compile(sign.replace(" ?", " ").replace(" ", " ?"))) for weight, sign in signs)
    for name, signs in _SIGNS.items()
}
_LEAST = 3.0
_MARGIN = 1.25


def classify(text: str) -> tuple[DocumentClass, float]:
    """The class and how clearly it stands out (0 to 1). A heading in the first lines weighs half as much again."""
    folded = fold(text)
    head = "\n".join(folded.splitlines()[:6])
    scores = {
        name: sum(
            weight * (1.5 if pattern.search(head) else 1.0) for weight, pattern in signs if pattern.search(folded)
        )
        for name, signs in _COMPILED.items()
    }
    (best, score), (_, second) = sorted(scores.items(), key=lambda each: -each[1])[:2]
    if score < _LEAST or score < _MARGIN * second:
        return "other", 0.0
    return best, round(min(1.0, 0.5 + (score - second) / (2 * score)), 2)
