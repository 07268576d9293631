"""Labels that Brazilian medical papers print before a fact, as patterns over folded text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from austa.modules.documents.domain.reading import fold

LabelName = Literal[
    "member_name",
    "name",
    "card_number",
    "cpf",
    "cns",
    "birth_date",
    "procedures",
    "tuss",
    "laterality",
    "quantity",
    "cid",
    "indication",
    "diagnosis",
    "requester_name",
    "reporting_physician",
    "council",
    "council_uf",
    "issue_date",
    "insurer",
    "plan",
    "ans_registry",
    "guide_number",
    "operator_guide_number",
    "password",
    "password_valid_until",
    "provider_name",
    "provider_cnpj",
    "code_at_operator",
    "valid_until",
    "total_amount",
    "days_off",
    "start_date",
    "conclusion",
    "elsewhere",
]
"""`name` does not say whose; `diagnosis` are words for a condition, no reason for an examination by themselves;
`elsewhere` are labels of facts we do not read: they end the value before them."""

_NUMBER = r"(?:n(?:umero|um\.?|ro\.?|[o0º°.]{1,2}) ?(?:d[aoe] )?)"
_DATE = r"(?:data|dt\.?)(?: (?:d[aeo]|p/))?"
_PERSON = r"(?:paciente|beneficiari[oa]|segurad[oa]|cliente|usuari[oa]|associad[oa]|cooperad[oa])(?:\([oa]\))?"
_PHYSICIAN = r"(?:medic[oa]|dr|profissional|cirurgiao|dentista)(?:\([oa]\))?(?:-dentista)?"
# Of several that match at one place the longest counts: "nome do solicitante" is not "nome".
_PATTERNS: tuple[tuple[LabelName, tuple[str, ...]], ...] = (
    (
        "member_name",
        (
            rf"nome(?: completo| civil)?(?: d[oa]\(?[oa]?\)?)? {_PERSON}",
            rf"(?:para )?(?:[oa] )?(?:{_PERSON}|pcte|pac)\.?",
            r"receb(?:i|emos|ido) d[eoa](?: sra?\.?)?",
            r"identificacao d[oa] paciente",
            r"titular d[oa] (?:cartao|plano)",
            r"(?:para )?sr\(a\)\.?",
            r"(?:para )?(?:[oa] )?sra?\.",
        ),
    ),
    ("name", (r"nome(?: completo| civil| e sobrenome)?(?! d[aeo]s?\b)", r"para(?= ?:)")),
    (
        "card_number",
        (
            _NUMBER + r"?(?:carteir(?:inha|a)|cartao)(?: d[eoa] (?:beneficiari[oa]|plano|convenio|saude|identificacao"
            r"|usuari[oa]|associad[oa]))?(?: (?:de )?n[o0º°.]{1,2})?",
            r"matricula(?: d[oa] (?:beneficiari[oa]|convenio|plano|segurad[oa]))?",
            r"(?:codigo|cod\.?|identificacao|id|n[o0º°.]{1,2}) d[oa] (?:beneficiari[oa]|usuari[oa]|associad[oa])",
        ),
    ),
    (
        "cns",
        (r"(?:numero do )?cartao nacional de saude(?: \(cns\))?", r"cartao (?:d[oe] )?sus", r"cns(?: n[o0º°.]{1,2})?"),
    ),
    ("cpf", (r"c\.?p\.?f\.?(?:/mf)?(?: n[o0º°.]{1,2})?(?: d[oa] (?:paciente|beneficiari[oa]|titular))?",)),
    (
        "birth_date",
        (
            rf"{_DATE} ?nasc(?:imento|to\.?|\.)?",
            r"data, local e uf.{0,2}de nascimento",
            r"nascimento",
            r"nasc(?:to)?\.?",
            r"d\.?n\.?",
            r"nascid[oa] em",
        ),
    ),
    (
        "issue_date",
        (
            rf"{_DATE} (?:solicitacao|emissao|pedido|consulta|atendimento|prescricao|exame|laudo|expedicao|alta"
            r"|realizacao|liberacao|liberado|receita|orcamento|proposta|recibo|assinatura|requisicao|documento)",
            r"(?:emitid[oa]|expedid[oa]|liberad[oa]|realizad[oa]|gerad[oa]) em",
            r"emissao|expedicao",
            r"local e data|cidade/data",
            r"data",
        ),
    ),
    (
        "indication",
        (
            r"indicac(?:ao|oes)(?: clinicas?)?(?: d[oa] (?:exame|procedimento|solicitacao))?",
            r"justificativa(?: clinica| tecnica| medica)?(?: d[oa] (?:pedido|solicitacao))?",
            r"quadro clinico",
            r"historia clinica",
            r"dados clinicos",
            r"informac(?:ao|oes) clinicas?",
            r"motivo d[oae] (?:exame|solicitacao|pedido|encaminhamento)",
        ),
    ),
    (
        "diagnosis",
        (
            r"hipoteses? diagnosticas?(?: principal)?",
            r"h\.?d\.?",
            r"diagnostico(?: principal| clinico| de alta| d[ae] (?:internacao|admissao)| provavel)?",
            r"(?:diagnosticos? )?secundarios?",
        ),
    ),
    ("cid", (r"(?:codigo )?c\.?[il1]\.?d\.?(?: ?-? ?1[01])?(?: principal)?(?:\s?\(s\))?",)),
    (
        "tuss",
        (
            r"(?:cod(?:igo|\.)?|item)(?: (?:tuss|amb|cbhpm|d[oa] procedimento(?: ou item assistencial)?|d[oa] exame))",
            r"tuss",
            r"cod(?:igo|\.)",
        ),
    ),
    ("laterality", (r"lateralidade", r"lado")),
    (
        "quantity",
        (
            r"quant(?:idade|\.)?(?: (?:solicitada|pedida|de sessoes))?",
            r"q(?:td|tde|tda|t)\.?(?: ?solic(?:itada|\.)?)?",
            r"sessoes",
        ),
    ),
    (
        "procedures",
        (
            r"(?:solicito|requisito|peco)(?: ao convenio)?(?: autorizacao)?(?: para)?(?: a)?(?: realizacao (?:de"
            r"|d[oa]s?))?"
            r"(?: (?:os?|as?) (?:seguintes? )?(?:exames?|procedimentos?)(?: abaixo)?)?",
            r"(?:relacao d[eo]s? )?(?:exames?|procedimentos?|terapias?|servicos?)(?:\(s\))?(?: (?:e"
            r"|ou) (?:procedimentos|itens assistenciais))?"
            r"(?: (?:solicitad|pedid|requisitad|prescrit)[oa]s?)(?:\(s\))?",
            r"descricao(?: d[oa] (?:procedimento|exame|servico)(?: ou item assistencial)?)?",
            r"(?:exames?|procedimentos?)(?:\(s\))?(?: complementares)?",
            r"pedido(?: de exames?)?",
            r"sol\.",
        ),
    ),
    (
        "requester_name",
        (
            r"nome do (?:profissional )?(?:medico )?(?:solicitante|prescritor|assistente|requisitante)",
            rf"{_PHYSICIAN}(?: solicitante| assistente| requisitante| prescritor| responsavel)?",
            r"solicitante",
            r"solicitad[oa] por",
            r"requisitante|prescritor(?:\(a\))?",
            r"nome do medico",
        ),
    ),
    (
        "reporting_physician",
        (
            r"(?:medic[oa](?:\(a\))? )?(?:laudador|radiologista|patologista|ecografista"
            r"|ultrassonografista)(?:\(a\))?(?: responsavel)?",
            r"laudado por|laudo (?:por|elaborado por|liberado por)|medico do laudo",
            r"(?:medico )?responsavel pel[oa] (?:laudo|exame|liberacao)",
            r"(?:liberado|assinado)(?: eletronicamente| digitalmente)? por",
        ),
    ),
    ("council", (rf"(?:{_NUMBER})?(?:no )?conselho(?: profissional| de classe)?",)),
    ("council_uf", (r"uf(?: d[oa] (?:conselho|crm))?",)),
    (
        "insurer",
        (
            r"(?:convenio|operadora)(?: ?/ ?(?:convenio|operadora))",
            r"(?:nome d[ao] )?(?:convenio|operadora|seguradora)(?: medico)?(?: de saude)?(?: \(operadora\))?",
            r"plano de saude",
            r"fonte pagadora",
        ),
    ),
    ("plan", (r"(?:nome do |tipo de |produto ?/ ?)?plano(?: contratado)?", r"categoria do plano")),
    (
        "ans_registry",
        (
            rf"(?:{_NUMBER})?(?:registro|reg\.?)(?: d[ae] operadora)?(?: (?:na |junto a )?ans)(?: n[o0º°.]{{1,2}})?",
            r"ans ?-? ?(?:n[o0º°.]{1,2}|:)?",
        ),
    ),
    (
        "operator_guide_number",
        (
            rf"(?:{_NUMBER})?(?:d[ae] )?guia (?:atribuid[oa] )?(?:pel|n|d)a operadora",
            rf"(?:{_NUMBER})?guia (?:de )?operadora",
            rf"{_NUMBER}(?:d[ae] )?(?:autorizacao|guia autorizada)",
        ),
    ),
    (
        "guide_number",
        (
            rf"(?:{_NUMBER})?(?:d[ae] )?guia(?: (?:n|d)o prestador| prestador)",
            rf"{_NUMBER}(?:d[ae] )?guia",
            r"guia n[o0º°.]{1,2}",
        ),
    ),
    ("password", (r"senha(?: d[ae] (?:autorizacao|guia))?",)),
    (
        "password_valid_until",
        (rf"(?:{_DATE} )?(?:validade|val\.)(?: (?:da )?senha)", r"senha valida ate", rf"{_DATE} validade da senha"),
    ),
    (
        "provider_name",
        (
            r"(?:nome|razao social)(?: d[oa])? (?:contratad[oa]|prestador[a]?|estabelecimento|clinica|hospital"
            r"|fornecedor[a]?|emitente)"
            r"(?: (?:solicitante|executante|solicitado))?",
            r"razao social|nome fantasia",
            r"(?:prestador|contratado)(?:\(a\))?(?: de servicos?)?(?: (?:solicitante|executante))?",
            r"estabelecimento(?: de saude)?|fornecedor(?:\(a\))?",
        ),
    ),
    (
        "provider_cnpj",
        (
            r"c\.?n\.?p\.?j\.?(?:/mf)?(?: n[o0º°.]{1,2})?(?: d[oa] (?:prestador|contratado|fornecedor|emitente))?",
            r"cpf ?/ ?cnpj",
        ),
    ),
    ("code_at_operator", (r"codigo n[ao] operadora(?: ?/ ?cnpj(?: ?/ ?cpf)?)?",)),
    (
        "valid_until",
        (
            rf"(?:{_DATE} )?(?:validade|val\.)(?: d[aoe] (?:carteir(?:inh)?a|cartao|proposta|orcamento|receita"
            rf"|pedido|cotacao))?",
            r"(?:proposta |orcamento |cotacao |receita )?valid[oa]s? ate(?: o dia)?",
            r"valid thru",
        ),
    ),
    (
        "total_amount",
        (
            r"(?:valor )?total(?: geral| d[oa] (?:orcamento|proposta|recibo|nota|cotacao"
            r"|pedido))?(?: \(?(?:em )?(?:r\$|reais)\)?)?",
            r"valor (?:total|liquido|recebido|pago|do recibo)(?: \(?(?:em )?(?:r\$|reais)\)?)?",
        ),
    ),
    ("days_off", (r"(?:periodo|dias|tempo)(?: de)? (?:afastamento|repouso|licenca)|dias de atestado",)),
    ("start_date", (rf"(?:a partir de|{_DATE} inicio|inicio d[oe] (?:afastamento|repouso)|a contar de)",)),
    (
        "conclusion",
        (
            r"conclus(?:ao|oes)(?: diagnostica)?",
            r"impress(?:ao|oes)(?: diagnosticas?)?",
            r"opiniao(?: diagnostica)?",
            r"parecer(?: final)?",
            r"diagnostico (?:anatomopatologico|histopatologico|histologico|citologico)",
        ),
    ),
    (
        "elsewhere",
        (
            r"nome d[aeo]s? (?:profissional|medico|executante|cirurgiao|procedimento|exame|empresa)(?: \w+)?",
            r"nome (?:d[ao] )?(?:mae|pai|titular|responsavel|social|fantasia|acompanhante)(?: legal)?",
            r"(?:mae|pai|filiacao|titular|responsavel(?: legal)?)",
            r"idade|sexo|genero|estado civil|peso|altura|imc|r\.?g\.?|identidade|ident\.|orgao (?:emissor|expedidor)"
            r"|registro geral|naturalidade|nacionalidade|profissao|raca|cor",
            r"telefones?|tel\.?|fone|celular|whatsapp|e-?mail|site|enderecos?|end\.|bairro|cidade|municipio|cep|estado",
            r"acomodacao|abrangencia|segmentacao|cobertura|contratacao|carencias?|empresa|via do cartao|rede",
            r"tabela|carater(?: d[oe] (?:atendimento|internacao))?|regime(?: de internacao)?|tipo de (?:atendimento"
            r"|consulta|internacao)",
            rf"(?:{_NUMBER})?guia (?:principal|referenciada|de referencia|de solicitacao)",
            rf"{_DATE} (?:autorizacao|coleta|entrada|recebimento|internacao|admissao|impressao|cirurgia|retorno"
            rf")|vencimento",
            r"validade d[ao] carteira",
            r"coleta(?:do em)?|recebido em|impresso em",
            r"cnes|cbo|codigo c(?:bo|nes)|rqe|especialidade|unidade|setor|leito|quarto|prontuario|registro|atendimento"
            r"|protocolo|pedido n[o0º°.]{1,2}|os|hora|horario|retorno",
            r"assinatura(?: (?:e carimbo|d[oa] \w+(?: \w+)?))?|rubrica|carimbo",
            r"observac(?:ao|oes)|obs\.?|atendimento a rn|indicacao de acidente",
            r"(?:responsavel|diretor) tecnico|resp\. tec(?:nico|\.)",
            r"material|metodo|amostra|valor(?:es)? de referencia|intervalo de referencia|v\.?r\.?|referencia"
            r"|unidade de medida|resultado",
            r"diagnostico por imagem|tecnica(?: de exame| utilizada)?|analise|achados|relatorio|comentarios?"
            r"|evolucao|conduta|tratamento"
            r"|exame fisico"
            r"|condicoes de alta|orientac(?:ao|oes)|medicac(?:ao|oes)(?: (?:na|de|em uso|para) ?\w*)?|prescricao"
            r"|uso (?:oral|interno|externo|continuo)",
            r"forma de pagamento|prazo de entrega|condic(?:ao|oes) de pagamento|marca|fabricante|registro anvisa"
            r"|desconto|subtotal|frete",
            r"identificacao d[oa] (?:emitente|comprador|fornecedor)",
        ),
    ),
)
_COMPILED = tuple(
    (name, re.compile("(?:" + "|".join(f"(?:{each})" for each in each_of) + ")(?:(?<![a-z])|(?![a-z]))"))
    for name, each_of in _PATTERNS
)
_WHOLE_WORDS: tuple[tuple[LabelName, str], ...] = (
    ("member_name", "paciente"),
    ("member_name", "beneficiario"),
    ("member_name", "nome do paciente"),
    ("card_number", "carteirinha"),
    ("card_number", "carteira"),
    ("birth_date", "nascimento"),
    ("birth_date", "data de nascimento"),
    ("cid", "cid-10"),
    ("indication", "indicacao clinica"),
    ("diagnosis", "hipotese diagnostica"),
    ("procedures", "solicito"),
    ("procedures", "procedimento"),
    ("tuss", "codigo tuss"),
    ("quantity", "quantidade"),
    ("insurer", "convenio"),
    ("insurer", "operadora"),
    ("conclusion", "conclusao"),
    ("elsewhere", "carater"),
    ("elsewhere", "endereco"),
    ("elsewhere", "observacoes"),
)
"""Labels that are also recognised with a letter misread, where they stand alone or before the colon."""
_ALIKE = 84
_MOST_WORDS = 5
_AFTER = re.compile(r"\s*(?:[:;]|\.{2,}|_{2,}|->|[-–—]\s)\s*")
_NUMBERED = re.compile(r"\W{0,3}(?:\d{1,2}\s?[-–—.)]\s?|\d[a-d]?(?: e \d)?\s)(?=[^\W\d_]{3})")
"""What forms print before a label: `10 - Nome`."""
_NUMBER_BEFORE = re.compile(r"(?<!\d)\d{1,2}\s?[-–—]\s?$")
_UNKNOWN = re.compile(r"(?:\d{1,2}\s?[-–—.)]\s?)?(?!https?|uso\b)[^\W\d_][^:;,\d]{1,38}:(?!\d)")
"""The words before a colon at the start of a line are a label, if one that we do not know."""
_ANYWHERE_WITHOUT_COLON = frozenset({"cpf", "cid", "cns", "tuss", "provider_cnpj"})
_AT_START_WITHOUT_COLON = frozenset(
    {"member_name", "name", "procedures", "card_number", "birth_date", "ans_registry", "guide_number"}
)


@dataclass(frozen=True)
class Label:
    """A label in a line: its value starts at `end`. `explicit`: a colon followed, or nothing at all."""

    name: LabelName
    start: int
    end: int
    explicit: bool


def labels_of(text: str) -> tuple[Label, ...]:
    """The labels in a line from left to right. In the middle of a line they need their colon."""
    folded = fold(text)
    numbered = _NUMBERED.match(folded)
    first = numbered.end() if numbered else 0
    found: list[Label] = []
    for start in _word_starts(folded):
        if found and start < found[-1].end:
            continue
        label = _label_at(folded, start, start <= first)
        if label:
            found.append(replace(label, start=0) if start <= first else label)
    if found and found[0].start == 0:
        return tuple(found)
    damaged = _damaged_label(folded) or _unknown_label(folded)
    return (damaged, *(label for label in found if label.start >= damaged.end)) if damaged else tuple(found)


def is_numbered_cell(text: str) -> bool:
    """True for what looks like a label of a form that numbers its labels: `26 - Descrição`."""
    return _NUMBERED.match(text) is not None and len(text) < 60


def _damaged_label(folded: str) -> Label | None:
    head, colon, _ = folded.partition(":")
    word = head.strip()
    name, alike = max(
        ((name, fuzz.ratio(word, whole)) for name, whole in _WHOLE_WORDS), key=lambda candidate: candidate[1]
    )
    return Label(name, 0, len(head) + len(colon), explicit=False) if alike >= _ALIKE else None


def _unknown_label(folded: str) -> Label | None:
    match = _UNKNOWN.match(folded)
    if match is None or len(match[0].split()) > _MOST_WORDS:
        return None
    return Label("elsewhere", 0, match.end(), explicit=True)


def _label_at(folded: str, start: int, is_first: bool) -> Label | None:
    longest: Label | None = None
    reach = start
    for name, pattern in _COMPILED:
        match = pattern.match(folded, start)
        if match is None or match.end() <= reach:
            continue
        end = match.end()
        after = _AFTER.match(folded, end)
        # A form numbers its labels: "… 2 - Nº Guia no Prestador 88956225".
        numbered = start > 0 and _NUMBER_BEFORE.search(folded[max(0, start - 6) : start]) is not None
        explicit = numbered or bool(after) or (is_first and end == len(folded.rstrip()))
        if explicit or name in _ANYWHERE_WITHOUT_COLON or (is_first and name in _AT_START_WITHOUT_COLON):
            longest, reach = Label(name, start, after.end() if after else end, explicit), end
    return longest


def _word_starts(folded: str) -> Iterable[int]:
    # A label may be glued to the number before it ("…777-35Data de nascimento").
    return (
        position
        for position, character in enumerate(folded)
        if character.isalpha() and (position == 0 or not folded[position - 1].isalpha())
    )
