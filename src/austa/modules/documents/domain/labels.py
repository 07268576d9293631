"""Labels that Brazilian medical papers print before a fact, as patterns over folded text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from austa.modules.documents.domain.reading import fold

LabelName = Literal[
    "member_name",
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
    "requester_name",
    "council",
    "council_uf",
    "issue_date",
    "elsewhere",
]
"""`elsewhere` are labels of facts we do not read; they end the value before them."""

_NUMBER = r"(?:n(?:umero|ro\.?|[o0º°.]{1,2}) ?(?:d[aoe] )?)"
# Of several that match at one place the longest counts: "nome do solicitante" is not "nome".
_PATTERNS: tuple[tuple[LabelName, tuple[str, ...]], ...] = (
    (
        "member_name",
        (
            r"nome(?: completo)?(?: d[oa])? (?:\(?[oa]\)? )?(?:paciente|beneficiari[oa]|segurad[oa]|cliente)",
            r"(?:para )?(?:[oa] )?paciente",
            r"beneficiari[oa](?:\(a\))?",
            r"segurad[oa]",
            r"nome(?: completo)?",
            r"(?:para )?sr\(a\)\.?",
            r"(?:para )?(?:[oa] )?sra?\.",
        ),
    ),
    (
        "card_number",
        (
            _NUMBER
            + r"?(?:carteir(?:inha|a)|cartao)(?: d[eoa] (?:beneficiari[oa]|plano|convenio|saude|identificacao))?"
            r"(?: n[o0º°.]{1,2})?",
            r"matricula",
            r"(?:codigo|cod\.?|n[o0º°.]{1,2}) d[oa] (?:beneficiari[oa]|usuari[oa])",
        ),
    ),
    ("cns", (r"cartao nacional de saude", r"cartao (?:d[oe] )?sus", r"cns")),
    ("cpf", (r"c\.?p\.?f\.?(?:/mf)?(?: n[o0º°.]{1,2})?",)),
    ("birth_date", (r"data (?:de |do )?nasc(?:imento|\.)?", r"nascimento", r"nasc\.?", r"d\.?n\.?", r"dt\.? ?nasc\.?")),
    (
        "issue_date",
        (
            r"data (?:d[aeo] )?(?:solicitacao|emissao|pedido|consulta|atendimento|prescricao)",
            r"emitid[oa] em",
            r"emissao",
            r"local e data",
            r"data",
        ),
    ),
    (
        "indication",
        (
            r"indicacao(?: clinica)?",
            r"hipotese diagnostica",
            r"h\.?d\.?",
            r"justificativa(?: clinica| tecnica)?",
            r"quadro clinico",
            r"historia clinica",
            r"motivo d[oa] (?:exame|solicitacao|pedido)",
            r"diagnostico",
        ),
    ),
    ("cid", (r"c\.?[il1]\.?d\.?(?: ?-? ?10)?(?: principal)?(?:\s?\(s\))?",)),
    ("tuss", (r"cod(?:igo|\.)? (?:tuss|d[oa] procedimento)", r"tuss", r"cod(?:igo|\.)")),
    ("laterality", (r"lateralidade", r"lado")),
    ("quantity", (r"quant(?:idade|\.)?", r"qtd[ea]?\.?")),
    (
        "procedures",
        (
            r"solicito(?: ao convenio)?(?: autorizacao)?(?: para)?(?: a)?(?: realizacao de)?",
            r"(?:exames?|procedimentos?)(?:\(s\))?(?: e procedimentos)? solicitad[oa]s?(?:\(s\))?",
            r"descricao(?: d[oa] procedimento)?",
            r"(?:exames?|procedimentos?)(?:\(s\))?",
            r"pedido",
        ),
    ),
    (
        "requester_name",
        (
            r"nome do (?:profissional )?(?:medico )?solicitante",
            r"(?:medic[oa]|profissional)(?:\(a\))?(?: solicitante| assistente| responsavel)?",
            r"solicitante",
        ),
    ),
    ("council", (r"(?:" + _NUMBER + r")?conselho(?: profissional)?",)),
    ("council_uf", (r"uf(?: d[oa] conselho)?",)),
    (
        "elsewhere",
        (
            r"nome (?:d[ao] )?(?:mae|pai|titular|responsavel|social|contratado|fantasia)",
            r"(?:data (?:de |da )?)?validade(?: da carteir\w+| do cartao)?",
            r"filiacao|idade|sexo|estado civil|peso|altura|r\.?g\.?",
            r"telefones?|tel\.?|fone|celular|whatsapp|e-?mail|enderecos?|end\.|bairro|cidade|cep",
            r"convenio|plano|operadora|acomodacao|senha|registro ans|tabela|carater(?: do atendimento)?",
            r"(?:" + _NUMBER + r")?guia(?: principal)?",
            r"cnpj|cnes|rqe|especialidade|unidade|setor|leito|prontuario|atendimento|hora|retorno",
            r"assinatura(?: e carimbo)?|rubrica|carimbo",
            r"observac(?:ao|oes)|obs\.?",
            r"(?:responsavel|diretor) tecnico",
        ),
    ),
)
_COMPILED = tuple((name, re.compile("|".join(f"(?:{each})" for each in each_of))) for name, each_of in _PATTERNS)
_WHOLE_WORDS: tuple[tuple[LabelName, str], ...] = (
    ("member_name", "paciente"),
    ("member_name", "nome do paciente"),
    ("card_number", "carteirinha"),
    ("card_number", "carteira"),
    ("birth_date", "nascimento"),
    ("birth_date", "data de nascimento"),
    ("cid", "cid-10"),
    ("indication", "indicacao clinica"),
    ("procedures", "solicito"),
    ("procedures", "procedimento"),
    ("tuss", "codigo tuss"),
    ("quantity", "quantidade"),
    ("elsewhere", "convenio"),
    ("elsewhere", "carater"),
)
"""Labels that are also recognised with a letter misread, where they stand alone or before the colon."""
_ALIKE = 84
_AFTER = re.compile(r"\s*(?:[:;]|\.{2,}|_{2,}|->|-\s)\s*")
_ANYWHERE_WITHOUT_COLON = frozenset({"cpf", "cid", "cns", "tuss"})
_AT_START_WITHOUT_COLON = frozenset({"member_name", "procedures", "card_number", "birth_date"})


@dataclass(frozen=True)
class Label:
    """A label in a line: its value starts at `end`. `explicit`: a colon followed, or nothing at all."""

    name: LabelName
    start: int
    end: int
    explicit: bool


def labels_of(text: str) -> tuple[Label, ...]:
    """The labels in a line from left to right. In the middle of a line most need their colon."""
    folded = fold(text)
    found: list[Label] = []
    for start in _word_starts(folded):
        if found and start < found[-1].end:
            continue
        label = _label_at(folded, start)
        if label:
            found.append(label)
    damaged = _damaged_label(folded) if not found or found[0].start > 0 else None
    return (damaged, *found) if damaged else tuple(found)


def _damaged_label(folded: str) -> Label | None:
    head, colon, _ = folded.partition(":")
    word = head.strip()
    name, alike = max(
        ((name, fuzz.ratio(word, whole)) for name, whole in _WHOLE_WORDS), key=lambda candidate: candidate[1]
    )
    return Label(name, 0, len(head) + len(colon), explicit=False) if alike >= _ALIKE else None


def _label_at(folded: str, start: int) -> Label | None:
    longest: Label | None = None
    reach = start
    for name, pattern in _COMPILED:
        match = _longest(pattern, folded, start)
        if match is None or match <= reach:
            continue
        after = _AFTER.match(folded, match)
        explicit = bool(after) or match == len(folded.rstrip())
        free = name in _ANYWHERE_WITHOUT_COLON or (start == 0 and name in _AT_START_WITHOUT_COLON)
        if explicit or free:
            longest, reach = Label(name, start, after.end() if after else match, explicit), match
    return longest


def _longest(pattern: re.Pattern[str], folded: str, start: int) -> int | None:
    match = pattern.match(folded, start)
    if match is None or _inside_word(folded, match.end()):
        return None
    return match.end()


def _word_starts(folded: str) -> Iterable[int]:
    # A label may be glued to the number before it ("…777-35Data de nascimento").
    return (
        position
        for position, character in enumerate(folded)
        if character.isalpha() and (position == 0 or not folded[position - 1].isalpha())
    )


def _inside_word(folded: str, end: int) -> bool:
    return end < len(folded) and folded[end].isalpha() and folded[end - 1].isalpha()
