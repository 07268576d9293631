"""Which kind of document it is, from its title and its words; `other` when they do not say."""

import re
from collections.abc import Iterator, Mapping

from austa.modules.documents.api import DocumentClass
from austa.modules.documents.domain.reading import fold

_EXAMINATION = (
    r"(?:ressonancia|tomografia|ultrass?onografia|radiografia|mamografia|densitometria|ecocardio\w+|ecodoppler\w*"
    r"|endoscopia|colonoscopia|cintilografia|raio-?s? ?x|angio\w+|eletrocardiograma|eletroencefalo\w+|holter"
    r"|teste ergometrico"
    r"|us|usg|rm|tc|rx|pet-?ct|histeroscopia|espirometria|eletroneuro\w+|artro-?(?:rm|tc|ressonancia)\w*)\b"
)
"""An examination's name is the title of its report, but a line of an order too."""
_TITLES: tuple[tuple[DocumentClass, str], ...] = (
    (
        "tiss_guide",
        r"guia (?:de )?(?:servico|solicitacao|consulta|sp\b|internacao|resumo|honorario|atendimento|autorizacao|sadt"
        r"|tiss)"
        r"|guia tiss|anexo de solicitacao|(?:guia )?sp ?/ ?sadt|guia de tratamento|comprovante presencial"
        r"|solicitacao de prorrogacao",
    ),
    (
        "medical_order",
        r"solicitacao (?:de|para|medica)(?! (?:alta|reembolso|ferias))|pedido (?:de|medico|para)|requisicao(?: de"
        r"| medica|$)"
        r"|exames? solicitad|encaminhamento|prescricao de (?:fisioterapia|exame|procedimento|orteses?|terapia)"
        r"|guia de encaminhamento|autorizacao de procedimento|indicacao cirurgica|ordem medica",
    ),
    (
        "prescription",
        r"receituario|receita|notificacao de receita|prescricao(?: medica| medicamentosa)?$|prescricao de medicamento",
    ),
    (
        "lab_report",
        r"resultados? de exames?|laudo (?:laboratorial|de exames? laborator\w+|anatomopatologico|citopatologico"
        r"|histopatologico)"
        r"|exames? laboratoria(?:l|is)|(?:exame )?(?:anatomopatologico|citopatologico|histopatologico)"
        r"|laudo de analises"
        r"|relatorio de ensaio|analises clinicas|patologia clinica|imuno-?histoquimica",
    ),
    (
        "imaging_report",
        r"laudo (?:de |d[oa] )?(?:exame(?! laborator)|ultrass?on|tomograf|ressonancia|radiograf|raio|mamograf"
        r"|ecocardio|endoscop|colonoscop"
        r"|densitometria|eletro|imagem|medic[oa] (?:de )?imagem|radiolog|cintilograf|doppler|us\b|tc\b|rm\b|rx\b)",
    ),
    (
        "certificate",
        r"atestado|declaracao de comparecimento|atestado de comparecimento|declaracao medica|afastamento do trabalho",
    ),
    (
        "medical_report",
        r"relatorio (?:medic|clinic|cirurgic|de (?:atendimento|evolucao|tratamento|consulta)|fisioterap|psicolog"
        r"|fonoaudiolog|para)"
        r"|laudo medico(?: para|$| pericial| circunstanciado)|parecer medico|declaracao de saude|relatorio$"
        r"|laudo (?:psicolog|psiquiatr|neuropsicolog)",
    ),
    (
        "discharge_summary",
        r"(?:sumario|resumo|relatorio|nota|boletim) (?:medic[oa] )?(?:d[ea] )?(?:alta|internacao)|alta hospitalar"
        r"|resumo clinico de alta",
    ),
    (
        "insurance_card",
        r"cartao de identificacao|carteira (?:de |do )?(?:beneficiari|identificacao|usuari|associad|convenio)"
        r"|cartao d[oe] (?:beneficiari|usuari|saude|plano)"
        r"|carteirinha|cartao saude",
    ),
    (
        "identity",
        r"(?:carteira|cedula) de identidade|carteira nacional de habilitacao|republica federativa do brasil"
        r"|registro geral"
        r"|cadastro de pessoas? fisicas?|passaporte|carteira de trabalho|permissao para dirigir|identidade nacional",
    ),
    (
        "opme_quote",
        r"(?:orcamento|cotacao|proposta)\b(?!.*(?:exame|consulta))|proposta comercial|orcamento de (?:opme|materia)",
    ),
    ("receipt", r"recibo\b|nota fiscal|nfs-?e\b|danfe|cupom fiscal|comprovante de pagamento|recibo de pagamento"),
    (
        "other",
        r"termo d[eo] |termo\b|consentimento|(?:orientac(?:ao|oes)|instruc(?:ao|oes)|preparo)\b|contrato|procuracao"
        r"|boleto|comprovante de (?:residencia|endereco"
        r"|agendamento)|questionario|ficha (?:de )?(?:cadastr|anamnese|inscricao)|agendamento|aviso|comunicado"
        r"|convite|cardapio|folheto|certidao"
        r"|declaracao (?:de residencia|de imposto)|extrato|fatura|carta (?:de|ao)|formulario|protocolo de|manual"
        r"|cartilha|informativo",
    ),
)
"""What a line of its own near the top says the paper is. `other` are papers of no class of ours."""

_SIGNS: Mapping[DocumentClass, tuple[tuple[float, str], ...]] = {
    "medical_order": (
        (3.0, r"\bsolicito\b|\bsolicita-se\b|\brequisito\b|pedido (?:de exame|medico)|\bsol\.:|\bpeco\b"),
        (2.0, r"requisicao de exame|exames? solicitad|encaminho (?:o|a|para)|procedimentos? solicitad"),
        (1.5, r"indicacao clinica|hipotese diagnostica|\bh\.?d\.?:"),
        (1.0, r"\btuss\b|\bprocedimentos?\b"),
        (0.5, r"\bcid\b"),
        (0.5, r"\bcrm\b"),
    ),
    "prescription": (
        (
            2.5,
            r"uso (?:oral|interno|continuo|externo|topico|nasal|oftalmico|intramuscular|subcutaneo|vaginal"
            r"|inalatorio)|via oral",
        ),
        (2.0, r"\btomar\b|\baplicar\b|\bingerir\b|\bpingar\b|\binalar\b|\binstilar\b"),
        (2.0, r"\d+\s?mg\b|comprimidos?\b|capsulas?\b|\bgotas\b|\bcp\b|\bcomp\.?\b"),
        (1.0, r"de \d+/\d+ ?(?:h|horas)|\d+ ?x ao dia|ao dia|\d+ em \d+ ?h"),
        (1.5, r"identificacao do (?:emitente|comprador|fornecedor)"),
    ),
    "lab_report": (
        (3.0, r"valor(?:es)? (?:de )?refer|intervalos? de referencia|faixa de referencia"),
        (1.5, r"\bmetodo\b|material:? (?:soro|sangue|urina|plasma|fezes)"),
        (2.0, r"\bmg/dl\b|\bg/dl\b|/mm[3³]|\bu/l\b|mmol/l|ui/ml|\bng/ml|pg/ml|meq/l|milhoes"),
        (1.5, r"laboratorio|data da coleta|coletad[oa]|\bcoleta\b"),
        (1.0, r"\bresultados?\b"),
        (1.0, r"hemacias|hematocrito|leucocitos|plaquetas|creatinina|colesterol|glicose|\btsh\b"),
        (4.0, r"anatomopatologic|imuno-? ?histoquimic|\bmacroscopia|\bmicroscopia|citopatologic"),
    ),
    "imaging_report": (
        (
            3.0,
            r"impressao diagnostica|tecnica(?: de exame| utilizada)?:|aspectos observados|analise:|achados:|\bopiniao:",
        ),
        (1.5, r"\blaudo\b|radiologista|diagnostico por imagem|ultrassonografista|ecografista"),
        (
            2.0,
            r"\bachados\b|ponderad[ao]|sequencias|ecograf|transdutor|incidencias|cortes (?:axiais|tomograficos)"
            r"|hiperintens|ecogenic",
        ),
        (1.5, r"conclusao:|\bopiniao\b|impressao:|\bconclusao$"),
        (
            1.5,
            r"parenquima|contornos (?:regulares|habituais|preservados)|dimensoes (?:normais|preservadas|habituais)"
            r"|morfologia (?:preservada|normal)|sem evidencias?",
        ),
    ),
    "certificate": (
        (4.0, r"\batestado\b|\batest[oa] (?:para|que|,)"),
        (
            2.0,
            r"afastamento|afastad[oa]|\d+ ?(?:\(\w+\))? dias? de (?:repouso|afastamento|licenca)|dispensad[oa]|repouso",
        ),
        (1.0, r"devidos fins|fins (?:de direito|trabalhistas)|atividades laborais|\btrabalho\b|compareceu"),
    ),
    "medical_report": (
        (3.0, r"relatorio (?:medico|clinico|cirurgico)|laudo medico para"),
        (
            1.5,
            r"historia (?:da doenca|clinica)|exame fisico|evolui|em acompanhamento|tratamento conservador"
            r"|em tratamento",
        ),
        (1.0, r"\bconduta\b|\bdiagnostico"),
        (1.0, r"venho por meio|declaro que|informo que|a disposicao para"),
    ),
    "discharge_summary": (
        (4.0, r"(?:sumario|resumo|relatorio) de alta|alta hospitalar"),
        (2.0, r"data d[ae] (?:internacao|admissao)|data da alta|condicoes d[ea] alta"),
        (1.0, r"\bevolucao\b|medicac\w+ (?:na|de|para) alta|orientacoes (?:de|na|pos) alta|retorno"),
    ),
    "insurance_card": (
        (1.5, r"acomodacao|abrangencia|segmentacao|\bcobertura\b"),
        (1.5, r"\bplano\b|tipo de contratacao|carencias?|\bproduto\b"),
        (1.0, r"\bvalidade\b|\bvalid[oa] ate\b"),
        (1.5, r"\bans ?-? ?n?[o0º°.]{0,2} ?:? ?\d{5}|registro ans"),
        (1.0, r"enfermaria|apartamento|coletivo|empresarial|\bnacional\b|\bunimed\b|\bsaude\b"),
        (1.5, r"(?m)^\D{0,14}\d(?:[ .\-]{0,2}\d){9,19}$"),
        (1.0, r"\bnasc|\bval\.? ?\d"),
        (1.0, r"carteirinha|\bcartao\b|n[o0º°.]{1,2} d[oa] (?:carteira|cartao|beneficiari)"),
    ),
    "identity": (
        (
            3.0,
            r"carteira de identidade|registro geral|carteira nacional de habilitacao|republica federativa"
            r"|territorio nacional",
        ),
        (2.0, r"filiacao"),
        (
            1.5,
            r"naturalidade|orgao (?:emissor|expedidor)|doc\.? ?origem|\bcat\.? ?hab|data de expedicao"
            r"|secretaria d[ae] (?:estado d[ae] )?seguranca",
        ),
    ),
    "tiss_guide": (
        (3.0, r"registro ans"),
        (3.0, r"n\S* ?(?:d[ao] )?guia (?:n?o prestador|principal|atribuid)"),
        (
            2.0,
            r"carater (?:do|de) atendimento|codigo cnes|conselho profissional|codigo cbo|atendimento a rn"
            r"|codigo na operadora",
        ),
        (1.0, r"dados do (?:beneficiario|solicitante|contratado)"),
    ),
    "opme_quote": (
        (2.5, r"\borcamento\b|\bcotacao\b|proposta comercial"),
        (2.5, r"registro anvisa|reg\.? ?anvisa|\banvisa\b"),
        (1.5, r"\bopme\b|orteses|proteses"),
        (1.5, r"valor unit|preco unit|vl\.? unit|validade da proposta|fornecedor|fabricante|valido por"),
    ),
    "receipt": (
        (4.0, r"\brecibo\b|recebi(?:emos)? (?:de|do|da)\b|nota fiscal|nfs-?e"),
        (1.5, r"importancia de|a quantia de|valor total|r\$ ?\d|referente a"),
    ),
    "other": (),
}


def _compiled(pattern: str) -> re.Pattern[str]:
    # Readers lose spaces in capitals ("RELATÓRIOMÉDICO").
    return re.compile(pattern.replace(" ?", " ").replace(" ", " ?"))


_TITLED = tuple((name, _compiled(pattern)) for name, pattern in _TITLES)
_COMPILED = {name: tuple((weight, _compiled(sign)) for weight, sign in signs) for name, signs in _SIGNS.items()}
_EXAMINED_TITLE = _compiled(_EXAMINATION)
_EXAMINED = 2.0
_BEFORE_A_TITLE = re.compile(r"^(?:\W|\d{1,2} ?[-.)] )*(?:(?:laudo|exame) - )?")
_TOP = 12
"""Rows in which a title is sought."""
_TITLE_LENGTH = 75
_TITLE = 5.0
_LEAST = 3.0
_MARGIN = 1.25
_FEW = 420
"""Characters beyond which a page is no card."""


def classify(text: str) -> tuple[DocumentClass, float]:
    """The class and how clearly it stands out (0 to 1). `text`: rows in reading order.

    A title weighs most, and the first one more than those below it; the rest are words that such papers use.
    """
    folded = fold(text)
    titles = list(_titles(folded))
    scores = {
        name: sum(weight for weight, pattern in signs if pattern.search(folded)) for name, signs in _COMPILED.items()
    }
    if scores["imaging_report"] >= _EXAMINED and any(_EXAMINED_TITLE.match(row) for row in _top(folded)):
        scores["imaging_report"] += _TITLE / 2
    if len(folded) > _FEW:
        scores["insurance_card"] = 0.0
    for place, name in enumerate(dict.fromkeys(titles)):
        scores[name] += _TITLE if place == 0 else _TITLE / 2
    (best, score), (_, second) = sorted(scores.items(), key=lambda each: -each[1])[:2]
    if best == "other" or score < _LEAST or score < _MARGIN * second:
        return "other", 0.0
    return best, round(min(1.0, 0.5 + (score - second) / (2 * score)), 2)


def is_title(row: str) -> bool:
    """True for a line that names a kind of paper."""
    return any(True for _ in _titles(fold(row)))


def _top(folded: str) -> Iterator[str]:
    """What may be a title: short rows near the top that are no label with its value."""
    for row in folded.splitlines()[:_TOP]:
        bare = _BEFORE_A_TITLE.sub("", row.strip())
        if len(bare) <= _TITLE_LENGTH and not re.search(r":\s*\S", bare):
            yield bare


def _titles(folded: str) -> Iterator[DocumentClass]:
    for bare in _top(folded):
        found = [(len(match[0]), name) for name, pattern in _TITLED if (match := pattern.match(bare))]
        if found:
            yield max(found)[1]
