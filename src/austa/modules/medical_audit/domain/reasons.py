"""Why a case needs a person, in the few words that fit a chip of the queue; the rule's sentence stands behind it."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from austa.modules.medical_audit.api.cases import RouteReason
from austa.modules.prior_auth.api.requests import RuleFired

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "ADM-card": "cartão vencido",
        "ADM-contract": "contrato",
        "ADM-segmentation": "segmentação",
        "ADM-waiting_period": "carência",
        "AUD01": "sempre auditado",
        "BAI01": "fora do baixo risco",
        "CAR01": "carência",
        "CAR02": "carência de 24 h",
        "COD01": "código sem TUSS",
        "CPT01": "CPT",
        "DOC02": "documento ilegível",
        "DOC03": "falta documento",
        "DOC04": "código não confere",
        "DUT02": "diretriz (DUT)",
        "ENF01": "enfermagem",
        "INT01": "intervalo curto",
        "JUD01": "ordem judicial",
        "MEN01": "saúde mental, menor",
        "NIP01": "NIP",
        "OPM01": "OPME",
        "PRE01": "prestador",
        "PRZ01": "sem resposta",
        "PRZ02": "prazo no fim",
        "QTD01": "quantidade",
        "REA01": "reanálise",
        "REE01": "reembolso",
        "RET01": "resposta chegou",
        "ROL01": "fora do Rol?",
        "ROL02": "sem regra",
        "SINAL": "dados a conferir",
        "SOL01": "solicitante",
        "URG01": "urgência: rever",
        "URG02": "urgência a decidir",
        "URG03": "urgência sem médico",
        "VAL01": "valor alto",
    }
)
"""By id of the rules of `prior_auth`; a rule without a label shows the start of its sentence."""

LONGEST_LABEL = 24


def reasons_of(routes: Sequence[str], rules: Iterable[RuleFired], otherwise: str) -> tuple[RouteReason, ...]:
    """The reasons for which a request was routed, in the order told. A route of which no rule tells (a term that
    ended) gets the sentence `otherwise`."""
    texts: dict[str, list[str]] = {}
    for rule in rules:
        known = texts.setdefault(rule.id, [])
        if rule.text not in known:
            known.append(rule.text)
    return tuple(
        RouteReason(code=code, label=label_of(code, text), text=text)
        for code in routes
        for text in texts.get(code, [otherwise])
    )


def label_of(code: str, text: str) -> str:
    if code in LABELS:
        return LABELS[code]
    start, _, _ = text.replace(".", ":").partition(":")
    return start if len(start) <= LONGEST_LABEL else start[: LONGEST_LABEL - 1].rstrip() + "…"
