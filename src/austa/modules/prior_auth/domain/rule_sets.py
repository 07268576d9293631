"""What is decided by tables: for each set the decisions it must have, what may come out, and how far it may go.

The seed that AUSTA brings along is the law as we read it. An operator's tables may be stricter or quicker than the
seed, never laxer: that is proved when a version is proposed, for every combination of inputs there is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product
from typing import Any, Literal, get_args

from austa.kernel.errors import AustaError
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.dmn.compiler import Compute
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.dmn.faults import Undefined, why_not_made
from austa.modules.prior_auth.domain.dmn.model import HitPolicy
from austa.modules.prior_auth.domain.dmn.table import Output, Table
from austa.modules.prior_auth.domain.dmn.values import SAID, Kind, Value

Ceiling = Callable[[Rules, Rules], Iterator[str]]
"""Where tables go further than the seed may: sentences."""

ACTS = (
    "approve",
    "request_information",
    "route",
    "administrative_return",
    "opinion",
    "nursing_opinion",
    "approve_in_part",
    "deny",
    "open_board",
)
ACTORS = ("system", "authorization_analyst", "nurse_auditor", "medical_auditor", "technical_director")
CLASSES = (
    "urgency",
    "lab",
    "basic_consult",
    "dental",
    "specialty_consult",
    "therapy",
    "other_outpatient",
    "day_hospital",
    "oral_antineoplastic",
    "high_complexity",
    "elective_admission",
    "non_care",
)
POWERS = ("no", "propose", "yes")
"""From the least to the most."""
AUTHORITY = "Alçada"
TO_ATTEND = "Para atender"
TO_ANSWER = "Para responder"
TERM = "Prazo"
OF_REVIEW = "Prazo da revisão"
ReviewKind = Literal["reanalysis", "complaint"]
"""What an answer is looked at again for, under a term of its own."""
REVIEWS: tuple[ReviewKind, ...] = get_args(ReviewKind)
ENTRY = "Entrada"
OF_REQUEST = "Motivos do pedido"
OF_ITEM = "Motivos do item"
CONCLUSION = "Conclusão"
FINDINGS = ("pass", "warn", "fail", "unknown")
QUEUES = ("administrative", "nurse", "medical", "manual")


@dataclass(frozen=True)
class Given:
    """An input that decisions of a set may ask for. `values`: all there are, where they can be counted."""

    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A column of results. `permitted`: all that may ever come out; empty where any value of the kind may."""

    kind: Kind
    permitted: tuple[str, ...] = ()
    may_be_null: bool = False


@dataclass(frozen=True)
class DecisionWanted:
    """A decision that a set must have, as one table. `results` by column; a table of one column has it under ""."""

    name: str
    inputs: tuple[str, ...]
    results: Mapping[str, Result]
    many: bool = False
    """Whether every rule that matches counts, each with its own result."""
    optional: bool = False
    """Whether tables may leave it to the seed: it came later than tables that are in force."""


@dataclass(frozen=True)
class WantedSet:
    """A set of tables."""

    name: RuleSetName
    title: str
    about: str
    inputs: Mapping[str, Given]
    decisions: tuple[DecisionWanted, ...]
    ceiling: Ceiling


def misfits(wanted: WantedSet, rules: Rules, seed: Rules) -> tuple[str, ...]:
    """In Portuguese, why these tables cannot stand for the set: empty where they can."""
    found = [why for decision in wanted.decisions for why in _why_not(wanted, decision, rules)]
    return tuple(found or wanted.ceiling(rules, seed))


def _why_not(wanted: WantedSet, decision: DecisionWanted, rules: Rules) -> Iterator[str]:
    ready = rules.prepared.get(decision.name)
    table = rules.tables.get(decision.name)
    if decision.optional and ready is None and table is None:
        return
    if ready is None or table is None:
        yield f"a decisão “{decision.name}” tem de existir, como uma tabela de decisão"
        return
    for name in ready.inputs:
        given = wanted.inputs.get(name) if name in decision.inputs else None
        if given is None:
            yield f"“{decision.name}” usa o dado “{name}”, que ela não recebe"
        elif rules.input_types[name].kind not in {None, given.kind}:
            yield f"“{name}” é {SAID[given.kind]}"
    policy = table.logic.hit_policy
    in_order = policy in {HitPolicy.COLLECT, HitPolicy.RULE_ORDER} and table.logic.aggregation is None
    if decision.many and not in_order:
        yield f"toda regra de “{decision.name}” que serve conta: a política de acerto é COLLECT ou RULE ORDER"
    if not decision.many and policy.gives_a_list:
        yield f"“{decision.name}” dá um resultado: a política de acerto é UNIQUE, ANY, PRIORITY ou FIRST"
    if {output.name for output in table.outputs} != set(decision.results) and len(decision.results) > 1:
        yield f"os resultados de “{decision.name}” são {', '.join(decision.results)}"
        return
    yield from _results_too_wide(decision, table)


def _results_too_wide(decision: DecisionWanted, table: Table) -> Iterator[str]:
    """What could come out and must not. Results that are computed need a list of values, which decisions keep to."""
    for at, output in enumerate(table.outputs):
        wanted = decision.results[output.name] if len(decision.results) > 1 else next(iter(decision.results.values()))
        head = f"“{decision.name}”, coluna “{output.name or 'resultado'}”"
        results = [row[at] for row in table.results] + ([output.default] if output.default is not None else [])
        for number, compute in enumerate(results, 1):
            known, value = _constant(compute)
            if known and not _is_permitted(value, wanted):
                yield f"{head}, regra {number}: {_said(wanted)}"
            elif not known and not _keeps_to(output, wanted):
                among = ", ".join(wanted.permitted)
                yield f"{head}: um resultado calculado precisa de uma lista de valores entre {among}"


def _keeps_to(output: Output, wanted: Result) -> bool:
    """Whether the column's own list of values, which decisions keep to, is within what is permitted."""
    return not wanted.permitted or (bool(output.priority) and set(output.priority) <= set(wanted.permitted))


def _constant(compute: Compute) -> tuple[bool, Value]:
    try:
        return True, compute({})
    except (KeyError, Undefined):
        return False, None


def _is_permitted(value: Value, wanted: Result) -> bool:
    if value is None:
        return wanted.may_be_null
    if wanted.permitted:
        return value in wanted.permitted
    return isinstance(value, _PYTHON[wanted.kind])


_PYTHON: Mapping[Kind, type] = {Kind.STRING: str, Kind.NUMBER: Decimal, Kind.BOOLEAN: bool}


def _said(wanted: Result) -> str:
    values = f"um de {', '.join(wanted.permitted)}" if wanted.permitted else SAID[wanted.kind]
    return f"tem de ser {values}" + (", ou nulo" if wanted.may_be_null else "")


def _answers(rules: Rules, decision: str, inputs: dict[str, Any]) -> Any:
    """What is decided; the text of why not, where nothing is."""
    try:
        return rules.decide(decision, inputs)
    except AustaError as error:
        details = error.details
        why = why_not_made(str(details.get("reason", error.code)), str(details.get("about", "")))
        return f"“{decision}” não pôde ser decidido: {why}"


def _no_more_power(rules: Rules, seed: Rules) -> Iterator[str]:
    for act, role in product(ACTS, ACTORS):
        inputs = {"Ato": act, "Papel": role}
        new, limit = _answers(rules, AUTHORITY, inputs), _answers(seed, AUTHORITY, inputs)
        if not isinstance(new, dict):
            yield f"{act}, papel {role}: {new}"
        elif POWERS.index(new["Permissão"]) > POWERS.index(limit["Permissão"]):
            yield f"{act}, papel {role}: no máximo {limit['Permissão']} ({limit['Motivo']})"


def _no_longer_term(rules: Rules, seed: Rules) -> Iterator[str]:
    for service_class in CLASSES:
        yield from _longer(rules, seed, TERM, {"Classe": service_class})
    for review in REVIEWS if OF_REVIEW in rules.prepared else ():
        yield from _longer(rules, seed, OF_REVIEW, {"Revisão": review})


def _longer(rules: Rules, seed: Rules, decision: str, inputs: dict[str, Any]) -> Iterator[str]:
    (about,) = inputs.values()
    new, limit = _answers(rules, decision, inputs), _answers(seed, decision, inputs)
    if not isinstance(new, dict):
        yield f"{about}: {new}"
    elif new["Dias"] is None or not 0 <= new["Dias"] <= limit["Dias"] or new["Dias"] != int(new["Dias"]):
        yield f"{about}: dias úteis inteiros, no máximo {limit['Dias']} ({limit['Norma']})"


def _no_way_beyond_the_law(rules: Rules, seed: Rules) -> Iterator[str]:
    """Every combination of what the first and the last question are asked. At most three are told."""
    yield from islice(_unlawful(rules), 3)


def _unlawful(rules: Rules) -> Iterator[str]:
    truths = (False, True)
    entries = product(("care", "reimbursement"), truths, truths, truths, truths, FINDINGS, FINDINGS, truths, truths)
    names = _ENTRY_INPUTS[:9]
    for values, returns_to, signals in product(entries, (None, *QUEUES[:3]), truths):
        given = dict(zip(names, values, strict=True)) | {"Volta para": returns_to, "Sinais": signals}
        checks = {name: {"Situação": given[name], "Texto": ""} for name in ("Contrato", "Carência")}
        why = _wrong_at_entry(_answers(rules, ENTRY, given | checks), given)
        if why:
            yield f"{ENTRY}: {why}. Exemplo: {_told(given)}"
    for missing, before, queue, approves in product((0, 1, 3), (0, 1, 2, 3), (None, *QUEUES[:3]), truths):
        given = {
            "Faltas": missing,
            "Já pedimos": before,
            "Pedidos antes de pessoa": 2,
            "Fila dos motivos": queue,
            "Sistema aprova": approves,
        }
        why = _wrong_at_end(_answers(rules, CONCLUSION, given), given)
        if why:
            yield f"{CONCLUSION}: {why}. Exemplo: {_told(given)}"


def _wrong_at_entry(turn: Any, given: Mapping[str, Any]) -> str | None:
    if not isinstance(turn, dict):
        return str(turn)
    path, queue = turn["Caminho"], turn["Fila"]
    non_care = given["Tipo"] == "reimbursement"
    if path is None:
        at_once = given["Urgente"] or given["Ordem judicial"]
        return "urgência, ordem judicial e reembolso têm de seguir adiante" if at_once or non_care else None
    if path == "URG" and (non_care or not (given["Urgente"] or given["Ordem judicial"]) or not given["Sistema aprova"]):
        return "URG é para urgência ou ordem judicial em que o sistema pode aprovar"
    if path == "ADMIN" and (non_care or not given["Proposta administrativa"]):
        return "ADMIN é para proposta de devolução administrativa"
    return _wrong_queue(path, queue, non_care=non_care)


def _wrong_at_end(turn: Any, given: Mapping[str, Any]) -> str | None:
    if not isinstance(turn, dict):
        return str(turn)
    path, queue = turn["Caminho"], turn["Fila"]
    if path == "AUTO" and (given["Faltas"] or given["Fila dos motivos"] or not given["Sistema aprova"]):
        return "AUTO é para o que não tem falta, não chama pessoa, e o sistema pode aprovar"
    if path == "PEND" and not given["Faltas"]:
        return "PEND é para o que tem falta"
    return _wrong_queue(path, queue, non_care=False)


def _wrong_queue(path: str, queue: str | None, *, non_care: bool) -> str | None:
    wanted = {"URG": ("medical",), "ADMIN": ("administrative",), "AUDIT": ("manual",) if non_care else QUEUES[:3]}
    if path in wanted and queue not in wanted[path]:
        return f"{path} vai para {' ou '.join(wanted[path])}"
    return None


def _told(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items() if value not in {None, False, "pass"})


_ENTRY_INPUTS = (
    "Tipo",
    "Ordem judicial",
    "Urgente",
    "Sistema aprova",
    "Proposta administrativa",
    "Contrato",
    "Carência",
    "Na lista de urgências",
    "Identificado",
    "Volta para",
    "Sinais",
)
_REQUEST_INPUTS = (
    "Reclamação na ANS",
    "Contrato",
    "Área de abrangência",
    "CPT",
    "Carência",
    "Quantidade",
    "Solicitante em ordem",
    "Prestadores em ordem",
    "Idade",
    "Saúde mental",
    "Papel por ler",
    "Fora do pedido médico",
)
_ITEM_INPUTS = (
    "No pacote",
    "Na TUSS",
    "Cobertura",
    "Motivo de auditoria",
    "Motivo de enfermagem",
    "Material especial",
    "Valor",
    "Teto",
    "Dias desde o último",
    "Intervalo mínimo",
    "Baixo risco",
)
_END_INPUTS = ("Faltas", "Já pedimos", "Pedidos antes de pessoa", "Fila dos motivos", "Sistema aprova")
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("Contrato", "Carência", "CPT", "Área de abrangência", "Quantidade"), Kind.CONTEXT),
    **dict.fromkeys(("Tipo", "Volta para", "Cobertura", "Motivo de auditoria", "Motivo de enfermagem"), Kind.STRING),
    "Fila dos motivos": Kind.STRING,
    **dict.fromkeys(("Idade", "Valor", "Teto", "Dias desde o último", "Intervalo mínimo"), Kind.NUMBER),
    **dict.fromkeys(("Faltas", "Já pedimos", "Pedidos antes de pessoa"), Kind.NUMBER),
}
"""The others are booleans."""
_REASON = {"Regra": Result(Kind.STRING), "Fila": Result(Kind.STRING, QUEUES[:3]), "Motivo": Result(Kind.STRING)}


def _way(*paths: str, may_be_null: bool = False) -> dict[str, Result]:
    return {
        "Caminho": Result(Kind.STRING, paths, may_be_null=may_be_null),
        "Fila": Result(Kind.STRING, QUEUES, may_be_null=True),
        "Regra": Result(Kind.STRING, may_be_null=True),
        "Motivo": Result(Kind.STRING, may_be_null=True),
    }


def _term(*, may_be_null: bool = False) -> dict[str, Result]:
    return {
        "Dias": Result(Kind.NUMBER, may_be_null=may_be_null),
        "Norma": Result(Kind.STRING, may_be_null=may_be_null),
    }


SETS: Mapping[RuleSetName, WantedSet] = {
    "authority": WantedSet(
        "authority",
        "Alçada",
        "Quem pode fazer o quê: sistema, analista, enfermagem, auditoria médica e direção técnica.",
        {"Ato": Given(Kind.STRING, ACTS), "Papel": Given(Kind.STRING, ACTORS)},
        (
            DecisionWanted(
                AUTHORITY,
                ("Ato", "Papel"),
                {"Permissão": Result(Kind.STRING, POWERS), "Motivo": Result(Kind.STRING)},
            ),
        ),
        _no_more_power,
    ),
    "legal-terms": WantedSet(
        "legal-terms",
        "Prazos legais",
        "Em quantos dias úteis se responde, por classe de serviço (RN ANS 566/2022 e 623/2024), e em quantos se revê "
        "uma resposta (RN ANS 623/2024 e 483/2022).",
        {"Classe": Given(Kind.STRING, CLASSES), "Revisão": Given(Kind.STRING, REVIEWS)},
        (
            DecisionWanted(TO_ATTEND, ("Classe",), _term(may_be_null=True)),
            DecisionWanted(TO_ANSWER, ("Classe",), _term()),
            DecisionWanted(TERM, ("Classe",), _term()),
            DecisionWanted(OF_REVIEW, ("Revisão",), _term(), optional=True),
        ),
        _no_longer_term,
    ),
    "routing": WantedSet(
        "routing",
        "Caminho do pedido",
        "O que as regras aprovam, o que falta pedir, e o que vai para qual pessoa. Nenhuma tabela nega.",
        {
            name: Given(_KINDS.get(name, Kind.BOOLEAN))
            for name in (*_ENTRY_INPUTS, *_REQUEST_INPUTS, *_ITEM_INPUTS, *_END_INPUTS)
        },
        (
            DecisionWanted(ENTRY, _ENTRY_INPUTS, _way("AUDIT", "ADMIN", "URG", may_be_null=True)),
            DecisionWanted(OF_REQUEST, _REQUEST_INPUTS, _REASON, many=True),
            DecisionWanted(OF_ITEM, _ITEM_INPUTS, _REASON, many=True),
            DecisionWanted(CONCLUSION, _END_INPUTS, _way("PEND", "AUDIT", "AUTO")),
        ),
        _no_way_beyond_the_law,
    ),
}
