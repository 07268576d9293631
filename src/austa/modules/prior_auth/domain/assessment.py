"""The assessment of a request: approve by rule, ask for what is missing, or hand to a person, always with reasons.

There is no outcome that denies: the worst the system can do is to find a person (I1, I4). Each approval keeps the
ids, version and digest of the rules that allowed it (I8). What is asked of the facts is gathered here; which way that
leads, and what calls for a person, is decided by the operator's tables (`rules/routing.dmn`).
"""

from dataclasses import dataclass, field
from typing import Any

from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.modules.fraud.api import Signal
from austa.modules.prior_auth.api.requests import (
    AdministrativeProposal,
    Effect,
    EligibilityCheck,
    Path,
    Queue,
    RuleFired,
)
from austa.modules.prior_auth.domain.coverage import CoveragePack, CoveredItem, Criterion, is_met
from austa.modules.prior_auth.domain.eligibility import (
    ADMINISTRATIVE,
    check_eligibility,
    days_since_last,
    propose_return,
)
from austa.modules.prior_auth.domain.facts import Facts, ItemFacts
from austa.modules.prior_auth.domain.rule_sets import OF_ITEM, OF_REQUEST
from austa.modules.prior_auth.domain.signals import fired_by
from austa.modules.prior_auth.domain.tables import Reason, Tables, TableUsed, Turn, highest
from austa.modules.prior_auth.domain.wording import (
    ONE_QUOTE_ASK,
    PAPER_ASKS,
    QUOTES_ASK,
    REQUESTER_ASK,
    SIDE_ASK,
    WHOSE_ASK,
)

SENT_BY_MEMBERS = ("whatsapp", "web")
AUTISM = "F84"
MENTAL_HEALTH = "F"


class Assessment(Contract):
    """What came out, and why. `routes`: ids of the rules that call for a person; `post_facto`: review after care."""

    path: Path
    queue: Queue | None
    routes: tuple[str, ...]
    checks: tuple[EligibilityCheck, ...]
    rules: tuple[RuleFired, ...]
    missing: tuple[str, ...]
    proposal: AdministrativeProposal | None
    post_facto: bool
    pack_version: str
    pack_digest: str
    tables: tuple[TableUsed, ...] = ()
    """The decision tables; none in assessments older than they are."""


@dataclass
class _Reasons:
    """Rules as they fire while one request is looked at."""

    version: str
    fired: list[RuleFired] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    """Who should look; a rule of the pack or a signal calls for a physician."""

    def __post_init__(self) -> None:
        self.queues += ["medical" for rule in self.fired if rule.effect == "route"]

    def add(self, rule: str, effect: Effect, text: str, *evidence: str) -> None:
        self.tell(self.version, rule, effect, text, "", *evidence)
        if effect == "route":
            self.queues.append("medical")

    def call(self, version: str, reason: Reason, *evidence: str) -> None:
        """A table calls for a person."""
        self.tell(version, reason.rule, "route", reason.text, reason.row, *evidence)
        self.queues.append(reason.queue)

    def tell(self, version: str, rule: str, effect: Effect, text: str, row: str, *evidence: str) -> None:
        self.fired.append(RuleFired(id=rule, version=version, effect=effect, text=text, evidence=evidence, row=row))

    def ask(self, rule: str, question: str, *evidence: str) -> None:
        if question not in self.missing:
            self.missing.append(question)
            self.add(rule, "ask", question, *evidence)

    def with_effect(self, effect: Effect) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.id for rule in self.fired if rule.effect == effect))


CHECK_BEHIND = {"INA01": "contract", "CPT01": "preexisting", "CAR01": "waiting_period", "QTD01": "quantity"}
"""The check whose evidence stands with a rule of the tables."""
UNDECIDED = "As regras em vigor não decidiram este pedido: uma pessoa decide."


def assess(facts: Facts, pack: CoveragePack, tables: Tables, signals: tuple[Signal, ...] = ()) -> Assessment:
    """Look at a request once. The order of the questions is that of domain-br 2.2; the first that applies decides.

    Tables that cannot decide, or lead where the law does not let the system go, find a person. `signals` stand beside
    the facts, not in them: the checks and the proposal of a return never see one.
    """
    checks = check_eligibility(facts, pack)
    reasons = _Reasons(pack.version, fired_by(signals))
    proposal = propose_return(checks)
    try:
        path, queue = _decide(facts, pack, tables, checks, reasons, proposal)
    except Invalid as undecided:
        reasons.add("REG01", "route", UNDECIDED, undecided.code)
        path, queue = "AUDIT", "manual" if facts.kind == "reimbursement" else "medical"
    return Assessment(
        path=path,
        queue=queue,
        routes=() if path == "PEND" else (*reasons.with_effect("propose"), *reasons.with_effect("route")),
        checks=checks,
        rules=tuple(reasons.fired),
        missing=tuple(reasons.missing) if path == "PEND" else (),
        proposal=proposal if path == "ADMIN" else None,
        post_facto=path == "URG",
        pack_version=pack.version,
        pack_digest=pack.digest,
        tables=tables.used,
    )


def _decide(
    facts: Facts,
    pack: CoveragePack,
    tables: Tables,
    checks: tuple[EligibilityCheck, ...],
    reasons: _Reasons,
    proposal: AdministrativeProposal | None,
) -> tuple[Path, Queue | None]:
    may_approve = tables.power("approve", "system")[0] == "yes"
    turn = tables.enter(_at_entry(facts, pack, checks, reasons, proposal, may_approve=may_approve))
    if turn is None:
        _look_for_reasons(facts, pack, tables, checks, reasons)
        _ask_for_missing(facts, pack, reasons)
        turn = tables.conclude(
            {
                "Faltas": len(reasons.missing),
                "Já pedimos": facts.asks_before,
                "Pedidos antes de pessoa": pack.limits.asks_before_person.value,
                "Fila dos motivos": highest(reasons.queues),
                "Sistema aprova": may_approve,
            }
        )
    if turn is None or not _is_lawful(turn, facts, reasons, proposal):
        raise Invalid("prior_auth.way_refused", "the tables lead where the system may not go")
    if turn.path == "ADMIN":
        _explain_proposal(checks, reasons)
    if turn.rule is not None:
        evidence = (facts.court_case,) if facts.court_case else ()
        effect: Effect = "allow" if turn.path == "AUTO" else "route"
        reasons.tell(tables.version, turn.rule, effect, turn.text or "", turn.row, *evidence)
    return turn.path, turn.queue


def _is_lawful(turn: Turn, facts: Facts, reasons: _Reasons, proposal: AdministrativeProposal | None) -> bool:
    """What no table may change: urgent care never waits for papers (I3), and only what is whole is approved."""
    non_care = facts.kind == "reimbursement"
    match turn.path:
        case "URG":
            return (facts.urgent or facts.court_case is not None) and not non_care and turn.queue == "medical"
        case "AUTO":
            return not (facts.urgent or non_care or reasons.missing or reasons.with_effect("route"))
        case "PEND":
            return bool(reasons.missing) and not (facts.urgent or non_care)
        case "ADMIN":
            return proposal is not None and not non_care and turn.queue == "administrative"
        case "AUDIT":
            return turn.queue is not None and (turn.queue == "manual") is non_care


def _at_entry(
    facts: Facts,
    pack: CoveragePack,
    checks: tuple[EligibilityCheck, ...],
    reasons: _Reasons,
    proposal: AdministrativeProposal | None,
    *,
    may_approve: bool,
) -> dict[str, Any]:
    items = [pack.find_item(line.tuss) for line in facts.items]
    return {
        "Tipo": facts.kind,
        "Ordem judicial": facts.court_case is not None,
        "Urgente": facts.urgent,
        "Sistema aprova": may_approve,
        "Proposta administrativa": proposal is not None,
        "Contrato": _finding(checks, "contract"),
        "Carência": _finding(checks, "waiting_period"),
        "Na lista de urgências": all(item and not item.elective_only and item.listing == "listed" for item in items),
        "Identificado": facts.requester is not None
        and (facts.channel not in SENT_BY_MEMBERS or _has_read_papers(facts)),
        "Volta para": facts.returns_to,
        "Sinais": bool(reasons.with_effect("route")),
    }


def _finding(checks: tuple[EligibilityCheck, ...], name: str) -> dict[str, str]:
    """A check as the tables see it."""
    check = next(check for check in checks if check.check == name)
    return {"Situação": check.outcome, "Texto": check.text}


def _explain_proposal(checks: tuple[EligibilityCheck, ...], reasons: _Reasons) -> None:
    for check in checks:
        if check.check in ADMINISTRATIVE and check.outcome == "fail":
            reasons.add(f"ADM-{check.check}", "propose", check.text, *check.evidence)


def _look_for_reasons(
    facts: Facts, pack: CoveragePack, tables: Tables, checks: tuple[EligibilityCheck, ...], reasons: _Reasons
) -> None:
    """Everything that calls for a person although nothing is missing."""
    evidence = {rule: check.evidence for rule, name in CHECK_BEHIND.items() for check in checks if check.check == name}
    evidence["DOC04"] = _codes_not_ordered(facts)
    for reason in tables.reasons(OF_REQUEST, _of_request(facts, checks)):
        reasons.call(tables.version, reason, *evidence.get(reason.rule, ()))
    for line in facts.items:
        item = pack.find_item(line.tuss)
        for reason in tables.reasons(OF_ITEM, _of_item(facts, line, item)):
            unlisted = item is not None and reason.rule == "ROL01"
            reasons.call(tables.version, reason, item.source.clause if item and unlisted else line.tuss)
        if item is not None:
            for criterion in item.criteria:
                _look_at_criterion(facts, criterion, item, reasons)
            for notice in item.notices:
                reasons.add("AVI01", "inform", notice, line.tuss)


def _of_request(facts: Facts, checks: tuple[EligibilityCheck, ...]) -> dict[str, Any]:
    places = [p for p in (facts.provider, *(line.provider for line in facts.items)) if p]
    return {
        "Reclamação na ANS": facts.regulator_complaint is not None,
        "Contrato": _finding(checks, "contract"),
        "Área de abrangência": _finding(checks, "coverage_area"),
        "CPT": _finding(checks, "preexisting"),
        "Carência": _finding(checks, "waiting_period"),
        "Quantidade": _finding(checks, "quantity"),
        "Solicitante em ordem": facts.requester is None or (facts.requester.known and facts.requester.good_standing),
        "Prestadores em ordem": all(place.known and place.good_standing for place in places),
        "Idade": facts.age,
        "Saúde mental": any(_is_mental_health(cid.reveal()) for cid in facts.cids),
        "Papel por ler": any(paper.reading in {"person", "refused"} for paper in facts.papers),
        "Fora do pedido médico": bool(_codes_not_ordered(facts)),
    }


def _of_item(facts: Facts, line: ItemFacts, item: CoveredItem | None) -> dict[str, Any]:
    return {
        "No pacote": item is not None,
        "Na TUSS": line.in_terminology,
        "Cobertura": item.listing if item else None,
        "Motivo de auditoria": item.audit if item else None,
        "Motivo de enfermagem": item.nurse_check if item else None,
        "Material especial": bool(facts.materials) and item is not None and item.special_materials,
        "Valor": line.amount_centavos,
        "Teto": item.ceiling_centavos if item else None,
        "Dias desde o último": days_since_last(facts, line.tuss),
        "Intervalo mínimo": item.min_interval_days if item else None,
        "Baixo risco": item.low_risk if item else None,
    }


def _is_mental_health(cid: str) -> bool:
    """CID-10 chapter V, but for autism: RN ANS 539/2022 asks for any method, without a gate."""
    return cid.startswith(MENTAL_HEALTH) and not cid.startswith(AUTISM)


def _codes_not_ordered(facts: Facts) -> tuple[str, ...]:
    """What is asked, but not in the medical order that was read; empty where no order could be read."""
    written = {code for paper in facts.papers if paper.kind == "order" for code in paper.codes}
    return tuple(sorted({line.tuss for line in facts.items} - written)) if written else ()


def _look_at_criterion(facts: Facts, criterion: Criterion, item: CoveredItem, reasons: _Reasons) -> None:
    met = is_met(criterion, facts.given)
    if met is None and criterion.in_indication and facts.indication_written:
        text = f"Diretriz a conferir na indicação escrita no pedido: {criterion.text}."
        reasons.add("DUT04", "route", text, item.source.clause)
    elif met is None:
        reasons.ask("DUT03", criterion.ask, item.source.clause)
    elif met:
        reasons.add("DUT01", "allow", f"Diretriz: {criterion.text}.", item.source.clause)
    else:
        reasons.add("DUT02", "route", f"Diretriz não confirmada pelos dados: {criterion.text}.", item.source.clause)


def _ask_for_missing(facts: Facts, pack: CoveragePack, reasons: _Reasons) -> None:
    """One consolidated ask, in plain words."""
    items = [(line, item) for line in facts.items if (item := pack.find_item(line.tuss))]
    for kind in dict.fromkeys(kind for _, item in items for kind in item.documents):
        if not facts.count_papers(kind):
            reasons.ask("DOC01", PAPER_ASKS[kind], kind)
    lacking = max((item.quotes for _, item in items), default=0) - facts.count_papers("quote")
    if lacking > 0 and facts.materials:
        reasons.ask("OPM02", ONE_QUOTE_ASK if lacking == 1 else QUOTES_ASK.format(count=lacking), "RN ANS 424/2017")
    if facts.requester is None:
        reasons.ask("SOL02", REQUESTER_ASK)
    if any(item.needs_laterality and line.laterality is None for line, item in items):
        reasons.ask("LAD01", SIDE_ASK)
    if "R03" in reasons.with_effect("ask") and facts.given.get("beneficiary_confirmed") is not True:
        reasons.ask("R03", WHOSE_ASK)


def _has_read_papers(facts: Facts) -> bool:
    return any(paper.reading == "read" for paper in facts.papers)
