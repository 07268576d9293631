"""Administrative checks in their order (domain-br 2.2). A failure is only ever proposed; a person releases it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from austa.modules.members.api import Segmentation, WaitingPeriod, WaitingWaiver
from austa.modules.prior_auth.api.requests import (
    AdministrativeProposal,
    CheckName,
    CheckOutcome,
    EligibilityCheck,
    Laterality,
)
from austa.modules.prior_auth.domain.coverage import CoveragePack, CoveredItem, Setting, is_met
from austa.modules.prior_auth.domain.facts import Facts, ItemFacts, PastItem, ProviderFacts

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

UNPAID_FOR_DEFAULT = 2
DAYS_AFTER_NOTICE = 10
"""RN ANS 593/2023: two unpaid instalments, and ten days after the holder was notified."""

WAITING_PERIOD_LAW = "Lei 9.656/98, art. 12, V"
URGENCY_LAW = "Lei 9.656/98, arts. 12, V, c, e 35-C"
DEFAULT_NORM = "RN ANS 593/2023"
RESTRICTION_NORM = "RN ANS 558/2022"
SEGMENTATION_NORM = "RN ANS 465/2021"
ACCESS_NORM = "RN ANS 566/2022"
REQUESTER_NORM = "CONSU 8/1998, art. 2º, VI"
SESSIONS_NORM = "RN ANS 541/2022"
OUTSIDE_LIST = "STF, ADI 7265: roteiro dos cinco critérios, por um médico"

NEVER_AGAIN: frozenset[str] = frozenset({"DENIED", "CANCELLED", "EXPIRED"})
SESSIONS = "therapy"
"""Class of service without a cap on sessions (RN ANS 541/2022)."""


def check_eligibility(facts: Facts, pack: CoveragePack) -> tuple[EligibilityCheck, ...]:
    """All checks. In urgency a failure only warns, but for a contract not there or younger than 24 hours."""
    items = tuple(item for line in facts.items if (item := pack.find_item(line.tuss)))
    checks = (
        _urgency(facts),
        _card(facts),
        _contract(facts),
        _waiting(facts, items, pack),
        _preexisting(facts, items),
        _segmentation(facts, items),
        _coverage_area(facts),
        _network(facts),
        _requester(facts),
        _duplicate(facts, pack),
        _quantity(facts, pack),
        _interval(facts, pack),
        _coverage_list(facts, pack),
        _guideline(facts, pack),
    )
    return tuple(_softened(check) if facts.urgent else check for check in checks)


def propose_return(checks: tuple[EligibilityCheck, ...]) -> AdministrativeProposal | None:
    """What a person might release where an administrative check failed; None where none did."""
    failed = [check for check in checks if check.check in ADMINISTRATIVE and check.outcome == "fail"]
    if not failed:
        return None
    return AdministrativeProposal(
        reason_codes=tuple(dict.fromkeys(check.tiss_reason for check in failed if check.tiss_reason)),
        clause="; ".join(dict.fromkeys(check.clause or check.text for check in failed)),
        member_text=" ".join(_MEMBER_SENTENCES[check.check] for check in failed)
        + " Você pode pedir uma nova análise à ouvidoria do plano.",
    )


def no_card() -> tuple[EligibilityCheck, ...]:
    """The answer about a card that nobody bears: every other check is unknown."""
    card = _answer("card", "fail", "Nenhum beneficiário tem este cartão: confira o número.", reason="1001")
    unknown = "Não se sabe: o cartão não foi encontrado."
    return tuple(card if name == "card" else _answer(name, "unknown", unknown) for name in CHECKS)


CHECKS: tuple[CheckName, ...] = (
    "urgency",
    "card",
    "contract",
    "waiting_period",
    "preexisting",
    "segmentation",
    "coverage_area",
    "network",
    "requester",
    "duplicate",
    "quantity",
    "interval",
    "coverage_list",
    "guideline",
)

_MEMBER_SENTENCES = MappingProxyType(
    {
        "card": "O seu cartão do plano está com o prazo vencido.",
        "contract": "O seu contrato não está ativo nesta data.",
        "waiting_period": "O seu contrato ainda está no prazo de carência para este atendimento.",
        "segmentation": "O tipo do seu plano não inclui este atendimento.",
    }
)

_WAIVED = MappingProxyType[WaitingWaiver, str](
    {
        "portability": "Sem carência: portabilidade (RN ANS 438/2018).",
        "collective": "Sem carência: contrato coletivo com 30 pessoas ou mais (RN ANS 557/2022).",
        "newborn": "Sem carência: recém-nascido inscrito em até 30 dias (Lei 9.656/98, art. 12, III, b).",
    }
)


def _urgency(facts: Facts) -> EligibilityCheck:
    text = "Urgência: nada impede o atendimento." if facts.urgent else "Pedido eletivo."
    return _answer("urgency", "pass", text, clause=URGENCY_LAW if facts.urgent else None)


def _card(facts: Facts) -> EligibilityCheck:
    member, until = facts.member, facts.member.card_valid_until
    values = _days(card_valid_until=until) | ({"card_end": member.card_end} if member.card_end else {})
    if until and until < facts.on:
        return _answer("card", "fail", f"Cartão vencido em {_day(until)}.", reason="1017", values=values)
    text = f"Cartão válido até {_day(until)}." if until else "Cartão dentro da validade."
    return _answer("card", "pass", text, values=values)


def _contract(facts: Facts) -> EligibilityCheck:
    member = facts.member
    values = {"contract_id": str(member.contract_id), "member_id": str(member.member_id)} | _days(
        contract_started_on=member.contract_started_on,
        contract_ended_on=member.contract_ended_on,
        excluded_on=member.excluded_on,
        status_since=member.status_since,
        known_at=member.known_at,
    )
    if member.deceased_on and member.deceased_on <= facts.on:
        text = "Há registro de óbito no cadastro: confirme antes de responder."
        return _answer("contract", "fail", text, reason="1006", values=values)
    if member.excluded_on and member.excluded_on <= facts.on:
        text = f"Beneficiário excluído em {_day(member.excluded_on)}."
        return _answer("contract", "fail", text, reason="1006", values=values)
    if member.contract_started_on > facts.on:
        text = f"Contrato começa em {_day(member.contract_started_on)}."
        return _answer("contract", "fail", text, reason="3308", values=values)
    if member.contract_status != "active":
        return _not_active(facts, values)
    unpaid = member.unpaid_instalments or 0
    if unpaid:
        text = f"Contrato ativo. Há mensalidade em aberto ({unpaid}), o que não impede o atendimento."
        return _answer("contract", "pass", text, clause=DEFAULT_NORM, values=values)
    return _answer("contract", "pass", f"Contrato ativo desde {_day(member.contract_started_on)}.", values=values)


def _not_active(facts: Facts, values: dict[str, str]) -> EligibilityCheck:
    """Suspended or cancelled; for default only on the proof that the norm asks for."""
    member = facts.member
    suspended = member.contract_status == "suspended"
    reason = "1016" if suspended else "1006"
    since = f" desde {_day(member.status_since)}" if member.status_since else ""
    text = f"Contrato {'suspenso' if suspended else 'cancelado'}{since}."
    if member.status_reason != "default":
        return _answer("contract", "fail", text, reason=reason, values=values)
    unpaid, notified = member.unpaid_instalments or 0, member.default_notified_on
    values |= {"unpaid_instalments": str(unpaid)} | _days(default_notified_on=notified)
    evidence = (
        f"Mensalidades em aberto: {unpaid}",
        f"Aviso ao titular em {_day(notified)}" if notified else "Sem registro do aviso ao titular",
    )
    if unpaid >= UNPAID_FOR_DEFAULT and notified and notified + timedelta(days=DAYS_AFTER_NOTICE) <= facts.on:
        text = f"{text[:-1]} por inadimplência."
        return _answer("contract", "fail", text, reason=reason, clause=DEFAULT_NORM, evidence=evidence, values=values)
    text = f"{text[:-1]} por inadimplência sem a prova que a norma pede: confira antes de responder."
    return _answer("contract", "unknown", text, reason=reason, clause=DEFAULT_NORM, evidence=evidence, values=values)


def waiting_period_for(facts: Facts, items: tuple[CoveredItem, ...]) -> WaitingPeriod | None:
    """The waiting period that still runs for what is asked; in urgency only that of 24 hours."""
    kinds = {"urgency"} if facts.urgent else _waiting_kinds(facts, items)
    running = [w for w in facts.member.waiting_periods if w.kind in kinds and w.ends_on > facts.on]
    return max(running, key=lambda w: w.ends_on, default=None)


def _waiting_kinds(facts: Facts, items: tuple[CoveredItem, ...]) -> set[str]:
    unknown = {"other"} if len(items) < len(facts.items) else set()
    return {item.waiting for item in items} | unknown or {"other"}


def _waiting(facts: Facts, items: tuple[CoveredItem, ...], pack: CoveragePack) -> EligibilityCheck:
    waiting = waiting_period_for(facts, items)
    if waiting is None:
        return _waited(facts, items)
    clause = f"{waiting.clause}; {WAITING_PERIOD_LAW}"
    values = _days(waiting_ends_on=waiting.ends_on) | {"waiting_kind": waiting.kind}
    evidence = (f"Carência até {_day(waiting.ends_on)}",)
    if waiting.kind == "birth" and may_be_obstetric_urgency(facts, pack):
        text = "Carência de parto a termo em curso, mas há complicação ou parto antes do termo: trate como urgência."
        return _answer("waiting_period", "warn", text, reason="3171", clause=clause, evidence=evidence, values=values)
    text = f"Carência em curso até {_day(waiting.ends_on)}."
    return _answer("waiting_period", "fail", text, reason="3171", clause=clause, evidence=evidence, values=values)


def _waited(facts: Facts, items: tuple[CoveredItem, ...]) -> EligibilityCheck:
    member = facts.member
    if not member.waiting_periods and member.waiting_waived:
        values = {"waiting_waived": member.waiting_waived}
        return _answer("waiting_period", "pass", _WAIVED[member.waiting_waived], values=values)
    kinds = _waiting_kinds(facts, items)
    elective = [w for w in member.waiting_periods if w.kind in kinds]
    if facts.urgent and any(w.ends_on > facts.on for w in elective):
        # CONSU 13/1998 limits urgent care to 12 hours here; courts strike that down, so it is told and never applied.
        text = "Carência eletiva em curso: não impede urgência depois de 24 horas de contrato."
        evidence = tuple(f"Carência até {_day(w.ends_on)}" for w in elective)
        return _answer("waiting_period", "pass", text, clause=URGENCY_LAW, evidence=evidence)
    last = max((w.ends_on for w in elective), default=None)
    text = f"Carência cumprida em {_day(last)}." if last else "Sem carência neste contrato."
    return _answer("waiting_period", "pass", text, clause=WAITING_PERIOD_LAW, values=_days(waiting_ended_on=last))


def may_be_obstetric_urgency(facts: Facts, pack: CoveragePack) -> bool:
    """A complication or a birth before term is urgency, not the 300-day rule (domain-br 2.3)."""
    weeks = facts.given.get("gestational_weeks")
    before_term = isinstance(weeks, int) and not isinstance(weeks, bool) and weeks < pack.limits.term_weeks.value
    return before_term or facts.given.get("complication") is True


def _preexisting(facts: Facts, items: tuple[CoveredItem, ...]) -> EligibilityCheck:
    running = [r for r in facts.member.restrictions if r.ends_on > facts.on]
    within = [item for item in items if item.high_complexity or item.surgery or item.high_tech_bed]
    if not running or not (within or len(items) < len(facts.items)):
        return _answer("preexisting", "pass", "Sem restrição por lesão preexistente.")
    declared = {cid for r in running for cid in r.cids}
    asked = {cid.reveal().replace(".", "")[:3] for cid in facts.cids}
    same = any(cid[:3] in asked for cid in declared)
    evidence = (
        *(f"CPT até {_day(r.ends_on)}" for r in running),
        "O CID pedido está entre os declarados." if same else "O CID pedido não está entre os declarados.",
    )
    return _answer(
        "preexisting",
        "unknown",
        "Há cobertura parcial temporária em curso: só um médico pode dizer se o pedido tem relação.",
        reason="3173",
        clause=RESTRICTION_NORM,
        evidence=evidence,
        values=_days(restriction_ends_on=max(r.ends_on for r in running)),
    )


def _segmentation(facts: Facts, items: tuple[CoveredItem, ...]) -> EligibilityCheck:
    member = facts.member
    values = {"segmentation": member.segmentation, "contract_id": str(member.contract_id)}
    outside = [item.description for item in items if item.setting not in COVERS[member.segmentation]]
    if outside:
        text = f"O plano {member.plan_name} não inclui: {', '.join(outside)}."
        return _answer("segmentation", "fail", text, reason="3097", clause=SEGMENTATION_NORM, values=values)
    if len(items) < len(facts.items):
        text = "Há item sem regra no pacote: confira se a segmentação o inclui."
        return _answer("segmentation", "unknown", text, clause=SEGMENTATION_NORM, values=values)
    text = "Segmentação do plano inclui o pedido."
    return _answer("segmentation", "pass", text, clause=SEGMENTATION_NORM, values=values)


def _coverage_area(facts: Facts) -> EligibilityCheck:
    member, places = facts.member, _places(facts)
    values = {"coverage_area": member.coverage_area, "coverage_states": " ".join(member.coverage_states)}
    if member.coverage_area == "national" or not places:
        return _answer("coverage_area", "pass", "Dentro da área de abrangência.", values=values)
    outside = [place for place in places if member.coverage_states and place.state not in member.coverage_states]
    cities = {city.casefold() for city in member.coverage_cities}
    local = member.coverage_area in {"municipality", "municipality_group"}
    if local and cities:
        outside += [place for place in places if place.city.casefold() not in cities]
    if outside:
        where = ", ".join(sorted({f"{place.city}/{place.state}" for place in outside}))
        text = f"Prestador fora da área de abrangência ({where}): a coordenação oferece um da área."
        ids = {"provider_id": str(outside[0].provider_id)}
        return _answer("coverage_area", "warn", text, reason="3277", clause=ACCESS_NORM, values=values | ids)
    if local and not cities:
        text = "Abrangência municipal sem a lista de municípios no cadastro: confira o do prestador."
        return _answer("coverage_area", "unknown", text, values=values)
    return _answer("coverage_area", "pass", "Prestador na área de abrangência.", values=values)


def _network(facts: Facts) -> EligibilityCheck:
    outside = [place for place in _places(facts) if not place.in_network]
    if outside:
        text = "Prestador fora da rede: a coordenação oferece um da rede. Isso não impede a aprovação."
        values = {"provider_id": str(outside[0].provider_id)}
        return _answer("network", "warn", text, clause=ACCESS_NORM, values=values)
    return _answer("network", "pass", "Prestador da rede, ou a escolher.")


def _requester(facts: Facts) -> EligibilityCheck:
    """Where the requester works is no reason; a registration that is not good is for a person to look at."""
    requester = facts.requester
    if requester is None:
        return _answer("requester", "unknown", "Solicitante não informado.", reason="1411")
    if requester.known and not requester.good_standing:
        text = "Registro do solicitante inativo: uma pessoa confere."
        return _answer("requester", "unknown", text, reason="1417")
    if not requester.known:
        text = "Solicitante fora do cadastro da operadora: isso não impede a cobertura."
        return _answer("requester", "warn", text, clause=REQUESTER_NORM)
    return _answer("requester", "pass", "Solicitante com registro regular.", clause=REQUESTER_NORM)


def _duplicate(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    same = find_earlier(facts, pack)
    if same is None:
        return _answer("duplicate", "pass", "Sem pedido igual em aberto ou já autorizado.")
    when = "hoje" if same.asked_on == facts.on else f"em {_day(same.asked_on)}"
    done = "autorizado" if same.state == "ISSUED" else "pedido"
    values = {"request_id": str(same.request_id), "protocol": same.protocol, "tuss": same.tuss}
    return _answer(
        "duplicate",
        "warn",
        f"O mesmo item já foi {done} {when}, no protocolo {same.protocol}.",
        reason="3289",
        evidence=(f"Protocolo {same.protocol}",),
        values=values | _days(asked_on=same.asked_on),
    )


def find_earlier(facts: Facts, pack: CoveragePack) -> PastItem | None:
    """A living request for the same item and side: of the same day, or lately where the item is not asked for again
    by its nature."""
    return next(
        (past for past in facts.history if any(_is_again(facts, pack, line, past) for line in facts.items)), None
    )


def _is_again(facts: Facts, pack: CoveragePack, line: ItemFacts, past: PastItem) -> bool:
    sides = {line.laterality, past.laterality}
    if past.tuss != line.tuss or past.state in NEVER_AGAIN or sides == {"left", "right"}:
        return False
    if past.asked_on == facts.on:
        return True
    item = pack.find_item(line.tuss)
    again = item is None or item.recurring or item.routine
    return not again and (facts.on - past.asked_on).days <= pack.limits.near_duplicate_days.value


def _quantity(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    asked = Counter[tuple[str, Laterality | None]]()
    for line in facts.items:
        asked[line.tuss, line.laterality] += line.quantity
    known = [(tuss, quantity, item) for (tuss, _), quantity in asked.items() if (item := pack.find_item(tuss))]
    above = [
        (tuss, quantity, item.max_quantity)
        for tuss, quantity, item in known
        if item.max_quantity is not None and quantity > item.max_quantity
    ]
    if above:
        listed = ", ".join(f"{tuss}: {quantity} (até {most})" for tuss, quantity, most in above)
        values = {f"quantity_{tuss}": str(quantity) for tuss, quantity, _ in above}
        return _answer("quantity", "warn", f"Quantidade acima do previsto: {listed}.", reason="3293", values=values)
    if any(item.service_class == SESSIONS for _, _, item in known):
        return _answer("quantity", "pass", "Sessões de terapia não têm limite de quantidade.", clause=SESSIONS_NORM)
    return _answer("quantity", "pass", "Quantidade dentro do previsto.")


def _interval(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    for line in facts.items:
        item = pack.find_item(line.tuss)
        days = days_since_last(facts, line.tuss)
        if item and days is not None and days < item.min_interval_days:
            text = f"{line.tuss}: {days} dias desde o último, previsto a cada {item.min_interval_days}."
            values = {"tuss": line.tuss, "days_since_last": str(days)}
            return _answer("interval", "warn", text, clause=item.source.clause, values=values)
    return _answer("interval", "pass", "Sem repetição antes do intervalo previsto.")


def days_since_last(facts: Facts, tuss: str) -> int | None:
    """Days since the item was last authorized, by our records or as told; None where neither knows of it."""
    since = [(facts.on - past.asked_on).days for past in facts.history if past.tuss == tuss and past.state == "ISSUED"]
    told = facts.given.get("days_since_last")
    if isinstance(told, int) and not isinstance(told, bool):
        since.append(told)
    return min(since, default=None)


def _coverage_list(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    found = [(line.tuss, pack.find_item(line.tuss)) for line in facts.items]
    unknown = [tuss for tuss, item in found if item is None]
    outside = [tuss for tuss, item in found if item and item.listing != "listed"]
    values = {"pack_version": pack.version, "pack_digest": pack.digest}
    if not facts.items:
        return _answer("coverage_list", "pass", "Nenhum item foi informado.", values=values)
    wrong = [line for line in facts.items if not line.in_terminology]
    if unknown or outside:
        values |= {"to_check": " ".join(outside + unknown)}
        text = f"Cobertura a conferir por um médico: {', '.join(outside + unknown)}."
        evidence = ("Contrato, Rol e roteiro da ADI 7265", *map(_not_in_terminology, wrong))
        return _answer(
            "coverage_list", "unknown", text, reason="3287", clause=OUTSIDE_LIST, evidence=evidence, values=values
        )
    clauses = "; ".join(dict.fromkeys(item.source.clause for _, item in found if item))
    return _answer("coverage_list", "pass", "Itens no Rol da ANS.", clause=clauses, values=values)


def _not_in_terminology(line: ItemFacts) -> str:
    hint = ": possível erro de digitação" if line.doubtful_digit else ""
    return f"O código {line.tuss} não existe na TUSS{hint}"


def _guideline(facts: Facts, pack: CoveragePack) -> EligibilityCheck:
    """What is known of each criterion. A criterion that is not met sends to a physician, and denies nothing."""
    criteria = [
        (item, criterion, is_met(criterion, facts.given))
        for line in facts.items
        if (item := pack.find_item(line.tuss))
        for criterion in item.criteria
    ]
    if not criteria:
        return _answer("guideline", "pass", "Sem diretriz de utilização para os itens.")
    words = {True: "satisfeito", False: "não satisfeito", None: "não se sabe"}
    evidence = tuple(f"{criterion.text}: {words[met]}" for _, criterion, met in criteria)
    clause = "; ".join(dict.fromkeys(item.source.clause for item, _, _ in criteria))
    answers = {met for _, _, met in criteria}
    if False in answers:
        text = "Há critério da diretriz que os dados não confirmam: um médico confere."
        return _answer("guideline", "warn", text, reason="3288", clause=clause, evidence=evidence)
    if None in answers:
        text = "Faltam dados para conferir a diretriz."
        return _answer("guideline", "unknown", text, clause=clause, evidence=evidence)
    return _answer("guideline", "pass", "Diretriz satisfeita pelos dados.", clause=clause, evidence=evidence)


def _softened(check: EligibilityCheck) -> EligibilityCheck:
    """In urgency a failure warns, but for the first 24 hours and a contract that is not there."""
    if check.outcome != "fail" or check.check in {"waiting_period", "contract"}:
        return check
    return check.model_copy(update={"outcome": "warn"})


def _places(facts: Facts) -> tuple[ProviderFacts, ...]:
    """Where care is asked for; a provider that nobody knows is looked at by its own rule."""
    places = (facts.provider, *(line.provider for line in facts.items))
    return tuple(place for place in places if place and place.known)


def _answer(
    check: CheckName,
    outcome: CheckOutcome,
    text: str,
    *,
    reason: str | None = None,
    clause: str | None = None,
    evidence: tuple[str, ...] = (),
    values: Mapping[str, str] | None = None,
) -> EligibilityCheck:
    return EligibilityCheck(
        check=check,
        outcome=outcome,
        text=text,
        tiss_reason=reason,
        clause=clause,
        evidence=evidence,
        values=dict(values or {}),
    )


def _days(**days: date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in days.items() if day}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
