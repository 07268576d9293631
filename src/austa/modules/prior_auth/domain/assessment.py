"""The assessment of a request: approve by rule, ask for what is missing, or hand to a person, always with reasons.

There is no outcome that denies: the worst the system can do is to find a person (I1, I4). Each approval keeps the
ids, version and digest of the rules that allowed it (I8).
"""

from dataclasses import dataclass, field

from austa.kernel.contracts import Contract
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
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.signals import fired_by
from austa.modules.prior_auth.domain.wording import (
    ONE_QUOTE_ASK,
    PAPER_ASKS,
    QUOTES_ASK,
    REQUESTER_ASK,
    SIDE_ASK,
    WHOSE_ASK,
)

SENT_BY_MEMBERS = ("whatsapp", "web")
ADULT = 18
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


@dataclass
class _Reasons:
    """Rules as they fire while one request is looked at."""

    version: str
    fired: list[RuleFired] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, rule: str, effect: Effect, text: str, *evidence: str) -> None:
        self.fired.append(RuleFired(id=rule, version=self.version, effect=effect, text=text, evidence=evidence))

    def ask(self, rule: str, question: str, *evidence: str) -> None:
        if question not in self.missing:
            self.missing.append(question)
            self.add(rule, "ask", question, *evidence)

    def with_effect(self, effect: Effect) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.id for rule in self.fired if rule.effect == effect))


NURSE_RULES = frozenset({"ENF01"})
ADMINISTRATIVE_RULES = frozenset({"SOL01", "PRE01", "DOC02", "DOC03", "COD01", "INA01", "ABR01"})


def assess(facts: Facts, pack: CoveragePack, signals: tuple[Signal, ...] = ()) -> Assessment:
    """Look at a request once. The order of the questions is that of domain-br 2.2; the first that applies decides.

    `signals` stand beside the facts, not in them: the checks and the proposal of a return never see one.
    """
    checks = check_eligibility(facts, pack)
    reasons = _Reasons(pack.version, fired_by(signals))
    proposal = propose_return(checks)
    path, queue = _decide(facts, pack, checks, reasons, proposal)
    reviewed_later = path == "URG"
    return Assessment(
        path=path,
        queue="medical" if reviewed_later else queue,
        routes=() if path == "PEND" else (*reasons.with_effect("propose"), *reasons.with_effect("route")),
        checks=checks,
        rules=tuple(reasons.fired),
        missing=tuple(reasons.missing) if path == "PEND" else (),
        proposal=proposal if path == "ADMIN" else None,
        post_facto=reviewed_later,
        pack_version=pack.version,
        pack_digest=pack.digest,
    )


def _decide(
    facts: Facts,
    pack: CoveragePack,
    checks: tuple[EligibilityCheck, ...],
    reasons: _Reasons,
    proposal: AdministrativeProposal | None,
) -> tuple[Path, Queue | None]:
    if facts.kind == "reimbursement":
        reasons.add("REE01", "route", "Reembolso: uma pessoa confere os recibos. Não passa por análise clínica.")
        return "AUDIT", "manual"
    if facts.court_case:
        reasons.add("JUD01", "route", "Ordem judicial: cumprir já e registrar o processo.", facts.court_case)
        return "URG", None
    if facts.urgent:
        return _urgent(facts, pack, checks, reasons, proposal)
    if proposal:
        _explain_proposal(checks, reasons)
        return "ADMIN", "administrative"
    if facts.returns_to:
        reasons.add("RET01", "route", "A resposta chegou: o pedido volta para quem o estava vendo.")
        return "AUDIT", facts.returns_to
    if reasons.with_effect("route"):
        return "AUDIT", "medical"
    _look_for_reasons(facts, pack, checks, reasons)
    _ask_for_missing(facts, pack, reasons)
    if reasons.missing and facts.asks_before < pack.limits.asks_before_person.value:
        return "PEND", None
    if reasons.missing:
        reasons.add("DOC03", "route", "Já pedimos antes e ainda falta algo: uma pessoa ajuda a completar.")
    routes = reasons.with_effect("route")
    if routes:
        return "AUDIT", _queue_for(frozenset(routes))
    reasons.add(
        "AUT01", "allow", "Aprovado pelas regras: cadastro, cobertura, documentos e valores dentro do previsto."
    )
    return "AUTO", None


def _urgent(
    facts: Facts,
    pack: CoveragePack,
    checks: tuple[EligibilityCheck, ...],
    reasons: _Reasons,
    proposal: AdministrativeProposal | None,
) -> tuple[Path, Queue | None]:
    """Nothing stands before care. What a rule cannot approve goes to a person at once, first in the queue."""
    failed = {check.check for check in checks if check.outcome == "fail"}
    if proposal and "contract" in failed:
        _explain_proposal(checks, reasons)
        return "ADMIN", "administrative"
    if "waiting_period" in failed:
        reasons.add("CAR02", "route", "Urgência nas primeiras 24 horas do contrato: uma pessoa decide agora.")
        return "AUDIT", "medical"
    items = [pack.find_item(line.tuss) for line in facts.items]
    if any(item is None or item.elective_only or item.listing != "listed" for item in items):
        reasons.add("URG02", "route", "Pedido marcado como urgente fora da lista de urgências: um médico decide agora.")
        return "AUDIT", "medical"
    if facts.requester is None or (facts.channel in SENT_BY_MEMBERS and not _has_read_papers(facts)):
        reasons.add("URG03", "route", "Urgência sem médico ou documento identificado: uma pessoa liga agora.")
        return "AUDIT", "medical"
    reasons.add("URG01", "route", "Urgência aprovada de imediato: revisão depois do atendimento.")
    return "URG", None


def _explain_proposal(checks: tuple[EligibilityCheck, ...], reasons: _Reasons) -> None:
    for check in checks:
        if check.check in ADMINISTRATIVE and check.outcome == "fail":
            reasons.add(f"ADM-{check.check}", "propose", check.text, *check.evidence)


def _look_for_reasons(
    facts: Facts, pack: CoveragePack, checks: tuple[EligibilityCheck, ...], reasons: _Reasons
) -> None:
    """Everything that calls for a person although nothing is missing."""
    outcome = {check.check: check for check in checks}
    if facts.regulator_complaint:
        reasons.add("NIP01", "route", "Reclamação na ANS: uma pessoa responde no prazo da NIP.")
    if outcome["contract"].outcome == "unknown":
        reasons.add("INA01", "route", outcome["contract"].text, *outcome["contract"].evidence)
    if outcome["coverage_area"].outcome in {"warn", "unknown"}:
        reasons.add("ABR01", "route", outcome["coverage_area"].text)
    if outcome["preexisting"].outcome == "unknown":
        reasons.add("CPT01", "route", outcome["preexisting"].text, *outcome["preexisting"].evidence)
    if outcome["waiting_period"].outcome == "warn":
        reasons.add("CAR01", "route", outcome["waiting_period"].text, *outcome["waiting_period"].evidence)
    if outcome["quantity"].outcome == "warn":
        reasons.add("QTD01", "route", outcome["quantity"].text, *outcome["quantity"].evidence)
    _look_at_people(facts, reasons)
    _look_at_papers(facts, reasons)
    for line in facts.items:
        item = pack.find_item(line.tuss)
        if item is None:
            _unknown_item(line.tuss, line.in_terminology, reasons)
        else:
            _look_at_item(facts, line.tuss, line.amount_centavos, item, reasons)


def _look_at_people(facts: Facts, reasons: _Reasons) -> None:
    if facts.requester and not (facts.requester.known and facts.requester.good_standing):
        reasons.add("SOL01", "route", "Registro de quem solicitou não foi confirmado.")
    places = [p for p in (facts.provider, *(line.provider for line in facts.items)) if p]
    if any(not (place.known and place.good_standing) for place in places):
        reasons.add("PRE01", "route", "Prestador desconhecido ou suspenso no cadastro.")
    if facts.age < ADULT and any(_is_mental_health(cid.reveal()) for cid in facts.cids):
        reasons.add("MEN01", "route", "Saúde mental de criança ou adolescente: um médico acompanha.")


def _is_mental_health(cid: str) -> bool:
    """CID-10 chapter V, but for autism: RN ANS 539/2022 asks for any method, without a gate."""
    return cid.startswith(MENTAL_HEALTH) and not cid.startswith(AUTISM)


def _look_at_papers(facts: Facts, reasons: _Reasons) -> None:
    if any(paper.reading in {"person", "refused"} for paper in facts.papers):
        reasons.add("DOC02", "route", "Há documento que uma pessoa precisa ler.")
    written = {code for paper in facts.papers if paper.kind == "order" for code in paper.codes}
    asked = {line.tuss for line in facts.items}
    if written and not asked <= written:
        text = "O código pedido não está no pedido médico que foi lido."
        reasons.add("DOC04", "route", text, *sorted(asked - written))


def _unknown_item(tuss: str, in_terminology: bool, reasons: _Reasons) -> None:
    if in_terminology:
        reasons.add("ROL02", "route", "Item sem regra no pacote de cobertura: um médico confere contrato e Rol.", tuss)
    else:
        reasons.add("COD01", "route", "Código que não existe na TUSS: confirme com quem solicitou.", tuss)


def _look_at_item(facts: Facts, tuss: str, amount: int | None, item: CoveredItem, reasons: _Reasons) -> None:
    if item.listing != "listed":
        reasons.add("ROL01", "route", "Cobertura a conferir: contrato, Rol e roteiro da ADI 7265.", item.source.clause)
    if item.audit:
        reasons.add("AUD01", "route", item.audit, tuss)
    if item.nurse_check:
        reasons.add("ENF01", "route", item.nurse_check, tuss)
    elif facts.materials and item.special_materials:
        reasons.add("OPM01", "route", "Pedido com material especial: um médico confere.", tuss)
    if amount is not None and amount > item.ceiling_centavos:
        reasons.add("VAL01", "route", "Valor acima do que as regras aprovam sozinhas.", tuss)
    since = days_since_last(facts, tuss)
    if since is not None and since < item.min_interval_days:
        reasons.add("INT01", "route", f"Intervalo menor que {item.min_interval_days} dias desde o último.", tuss)
    for criterion in item.criteria:
        _look_at_criterion(facts, criterion, item, reasons)
    for notice in item.notices:
        reasons.add("AVI01", "inform", notice, tuss)
    if not item.low_risk and not (item.nurse_check or item.audit or item.listing != "listed"):
        reasons.add("BAI01", "route", "Item fora da lista de baixo risco: um médico confere.", tuss)


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


def _queue_for(routes: frozenset[str]) -> Queue:
    """Nurses and analysts look first only where nothing needs a physician."""
    if routes <= ADMINISTRATIVE_RULES:
        return "administrative"
    return "nurse" if routes <= NURSE_RULES | ADMINISTRATIVE_RULES else "medical"
