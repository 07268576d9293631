"""Administrative checks in their order (domain-br 2.2). A failure is only ever proposed; a person releases it."""

from datetime import date
from types import MappingProxyType

from austa.modules.members.api import Segmentation, WaitingPeriod
from austa.modules.prior_auth.api.requests import AdministrativeProposal, EligibilityCheck
from austa.modules.prior_auth.domain.coverage import CoveragePack, CoveredItem, Setting
from austa.modules.prior_auth.domain.facts import Facts

COVERS = MappingProxyType[Segmentation, frozenset[Setting]](
    {
        "outpatient": frozenset({"outpatient"}),
        "hospital_without_obstetrics": frozenset({"hospital"}),
        "hospital_with_obstetrics": frozenset({"hospital", "obstetric"}),
        "outpatient_hospital": frozenset({"outpatient", "hospital"}),
        "outpatient_hospital_obstetrics": frozenset({"outpatient", "hospital", "obstetric"}),
        "dental": frozenset(),
        "reference": frozenset({"outpatient", "hospital", "obstetric"}),
    }
)
"""RN ANS 465/2021: which parts of care each segmentation covers."""

ADMINISTRATIVE = ("card", "contract", "waiting_period", "segmentation")
"""Checks whose failure becomes an administrative proposal."""

WAITING_PERIOD_LAW = "Lei 9.656/98, art. 12, V"


def check_eligibility(facts: Facts, pack: CoveragePack) -> tuple[EligibilityCheck, ...]:
    """All ten checks. In urgency a failure only warns, but for a contract not there or younger than 24 hours."""
    items = tuple(item for line in facts.items if (item := pack.find_item(line.tuss)))
    checks = (
        _urgency(facts),
        _card(facts),
        _contract(facts),
        _waiting(facts, items, pack),
        _preexisting(facts, items),
        _segmentation(facts, items),
        _network(facts),
        _duplicate(facts),
        _quantity(facts, pack),
        _coverage_list(facts, pack),
    )
    return tuple(_softened(check) if facts.urgent else check for check in checks)


def propose_return(checks: tuple[EligibilityCheck, ...]) -> AdministrativeProposal | None:
    """What a person might release where an administrative check failed; None where none did."""
    failed = [check for check in checks if check.check in ADMINISTRATIVE and check.outcome == "fail"]
    if not failed:
        return None
    return AdministrativeProposal(
        reason_codes=tuple(check.tiss_reason for check in failed if check.tiss_reason),
        clause="; ".join(dict.fromkeys(text for check in failed for text in check.evidence)),
        member_text=" ".join(_MEMBER_SENTENCES[check.check] for check in failed)
        + " Você pode pedir uma nova análise à ouvidoria do plano.",
    )


def waiting_period_for(facts: Facts, items: tuple[CoveredItem, ...]) -> WaitingPeriod | None:
    """The waiting period that still runs for what is asked; in urgency only that of 24 hours."""
    kinds = {"urgency"} if facts.urgent else {item.waiting for item in items} or {"other"}
    running = [w for w in facts.member.waiting_periods if w.kind in kinds and w.ends_on > facts.on]
    return max(running, key=lambda w: w.ends_on, default=None)


_MEMBER_SENTENCES = MappingProxyType(
    {
        "card": "O seu cartão do plano está com o prazo vencido.",
        "contract": "O seu contrato não está ativo nesta data.",
        "waiting_period": "O seu contrato ainda está no prazo de carência para este atendimento.",
        "segmentation": "O tipo do seu plano não inclui este atendimento.",
    }
)


def _urgency(facts: Facts) -> EligibilityCheck:
    text = "Urgência: nada impede o atendimento." if facts.urgent else "Pedido eletivo."
    return EligibilityCheck(check="urgency", outcome="pass", text=text)


def _card(facts: Facts) -> EligibilityCheck:
    until = facts.member.card_valid_until
    if until and until < facts.on:
        text = f"Cartão vencido em {_day(until)}."
        return EligibilityCheck(check="card", outcome="fail", text=text, tiss_reason="1017", evidence=(text,))
    return EligibilityCheck(check="card", outcome="pass", text="Cartão dentro da validade.")


def _contract(facts: Facts) -> EligibilityCheck:
    member = facts.member
    if member.deceased_on:
        return _contract_failure("1006", "Há registro de óbito no cadastro: confirme antes de responder.")
    if member.excluded_on and member.excluded_on <= facts.on:
        return _contract_failure("1006", f"Beneficiário excluído em {_day(member.excluded_on)}.")
    if member.contract_status == "cancelled":
        return _contract_failure("1006", "Contrato cancelado.")
    if member.contract_status == "suspended":
        return _contract_failure("1016", "Contrato suspenso.")
    if member.contract_started_on > facts.on:
        return _contract_failure("3308", f"Contrato começa em {_day(member.contract_started_on)}.")
    return EligibilityCheck(
        check="contract", outcome="pass", text=f"Contrato ativo desde {_day(member.contract_started_on)}."
    )


def _contract_failure(reason: str, text: str) -> EligibilityCheck:
    return EligibilityCheck(check="contract", outcome="fail", text=text, tiss_reason=reason, evidence=(text,))


def _waiting(facts: Facts, items: tuple[CoveredItem, ...], pack: CoveragePack) -> EligibilityCheck:
    waiting = waiting_period_for(facts, items)
    if waiting is None:
        return EligibilityCheck(check="waiting_period", outcome="pass", text="Carência cumprida.")
    evidence = (f"Carência até {_day(waiting.ends_on)}", waiting.clause, WAITING_PERIOD_LAW)
    if waiting.kind == "birth" and may_be_obstetric_urgency(facts, pack):
        return EligibilityCheck(
            check="waiting_period",
            outcome="warn",
            text="Carência de parto a termo em curso, mas há complicação ou parto antes do termo: trate como urgência.",
            tiss_reason="3171",
            evidence=evidence,
        )
    return EligibilityCheck(
        check="waiting_period",
        outcome="fail",
        text=f"Carência em curso até {_day(waiting.ends_on)}.",
        tiss_reason="3171",
        evidence=evidence,
    )


def may_be_obstetric_urgency(facts: Facts, pack: CoveragePack) -> bool:
    """A complication or a birth before term is urgency, not the 300-day rule (domain-br 2.3)."""
    weeks = facts.given.get("gestational_weeks")
    before_term = isinstance(weeks, int) and not isinstance(weeks, bool) and weeks < pack.limits.term_weeks.value
    return before_term or facts.given.get("complication") is True


def _preexisting(facts: Facts, items: tuple[CoveredItem, ...]) -> EligibilityCheck:
    running = [r for r in facts.member.restrictions if r.ends_on > facts.on]
    if running and any(item.high_complexity or item.surgery for item in items):
        return EligibilityCheck(
            check="preexisting",
            outcome="unknown",
            text="Há cobertura parcial temporária em curso: só um médico pode dizer se o pedido tem relação.",
            tiss_reason="3173",
            evidence=tuple(f"CPT até {_day(r.ends_on)} (RN ANS 558/2022)" for r in running),
        )
    return EligibilityCheck(check="preexisting", outcome="pass", text="Sem restrição por lesão preexistente.")


def _segmentation(facts: Facts, items: tuple[CoveredItem, ...]) -> EligibilityCheck:
    outside = [item.description for item in items if item.setting not in COVERS[facts.member.segmentation]]
    if outside:
        return EligibilityCheck(
            check="segmentation",
            outcome="fail",
            text=f"O plano {facts.member.plan_name} não inclui: {', '.join(outside)}.",
            tiss_reason="3097",
            evidence=(f"Segmentação do contrato: {facts.member.segmentation} (RN ANS 465/2021)",),
        )
    return EligibilityCheck(check="segmentation", outcome="pass", text="Segmentação do plano inclui o pedido.")


def _network(facts: Facts) -> EligibilityCheck:
    outside = [p for p in (facts.provider, *(i.provider for i in facts.items)) if p and not p.in_network]
    if outside:
        return EligibilityCheck(
            check="network",
            outcome="warn",
            text="Prestador fora da rede: a coordenação oferece um da rede. Isso não impede a aprovação.",
            evidence=("RN ANS 566/2022: garantia de atendimento",),
        )
    return EligibilityCheck(check="network", outcome="pass", text="Prestador da rede, ou a escolher.")


def _duplicate(facts: Facts) -> EligibilityCheck:
    same = find_same_day(facts)
    if same:
        return EligibilityCheck(
            check="duplicate",
            outcome="warn",
            text=f"O mesmo item já foi pedido hoje, no protocolo {same}.",
            tiss_reason="3289",
            evidence=(f"Protocolo {same}",),
        )
    return EligibilityCheck(check="duplicate", outcome="pass", text="Sem pedido igual no mesmo dia.")


def find_same_day(facts: Facts) -> str | None:
    """The protocol of a request of the same day for the same item, if there is a living one."""
    asked = {line.tuss for line in facts.items}
    return next((p.protocol for p in facts.history if p.tuss in asked and p.asked_on == facts.on), None)


def _quantity(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    above = [
        line.tuss
        for line in facts.items
        if (item := pack.find_item(line.tuss)) and item.max_quantity is not None and line.quantity > item.max_quantity
    ]
    if above:
        return EligibilityCheck(
            check="quantity",
            outcome="warn",
            text=f"Quantidade acima do previsto: {', '.join(above)}.",
            tiss_reason="3293",
            evidence=tuple(above),
        )
    return EligibilityCheck(check="quantity", outcome="pass", text="Quantidade dentro do previsto.")


def _coverage_list(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    unclear = [
        line.tuss for line in facts.items if (item := pack.find_item(line.tuss)) is None or item.listing == "unclear"
    ]
    if unclear:
        return EligibilityCheck(
            check="coverage_list",
            outcome="unknown",
            text=f"Cobertura a conferir por um médico: {', '.join(unclear)}.",
            tiss_reason="3287",
            evidence=("Contrato, Rol e roteiro da ADI 7265",),
        )
    return EligibilityCheck(check="coverage_list", outcome="pass", text="Itens no Rol da ANS.")


def _softened(check: EligibilityCheck) -> EligibilityCheck:
    """In urgency a failure warns, but for the first 24 hours and a contract that is not there."""
    if check.outcome != "fail" or check.check in {"waiting_period", "contract"}:
        return check
    return check.model_copy(update={"outcome": "warn"})


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
