"""The lines of the two CSV files as contracts and people. The columns are documented in the module's README."""

from types import MappingProxyType

from austa.infra.csv_tables import CsvRow, read_csv
from austa.kernel.personal import Personal
from austa.modules.members.api import (
    ContractStatus,
    CoverageArea,
    NewContract,
    NewMember,
    PreexistingRestriction,
    Relation,
    Segmentation,
    Sex,
    StatusReason,
    WaitingKind,
    WaitingPeriod,
    WaitingWaiver,
)
from austa.modules.members.service.importing import CONTRACTS, MEMBERS, Sent

CONTRACT_COLUMNS = ("number", "plan_name", "segmentation", "coverage_area", "status", "started_on")
CONTRACT_OPTIONAL = (
    "ans_product",
    "coverage_states",
    "coverage_cities",
    "ended_on",
    "waiting_urgency",
    "waiting_birth",
    "waiting_other",
    "waiting_waived",
    "valid_from",
    "status_reason",
    "unpaid_instalments",
    "default_notified_on",
)
MEMBER_COLUMNS = ("contract_number", "card_number", "name", "birth_date", "sex", "relation", "joined_on")
MEMBER_OPTIONAL = (
    "card_valid_until",
    "cpf",
    "cns",
    "holder_card",
    "guardian_card",
    "excluded_on",
    "deceased_on",
    "phones",
    "emails",
    "waiting_urgency",
    "waiting_birth",
    "waiting_other",
    "waiting_waived",
    "valid_from",
    "restriction_declared",
    "restriction_cids",
    "restriction_ends_on",
)

WAITING_KINDS: tuple[WaitingKind, ...] = ("urgency", "birth", "other")
WAITING_CLAUSE = "Cláusula de carência do contrato"

SEGMENTATIONS = MappingProxyType[str, Segmentation](
    {
        "outpatient": "outpatient",
        "ambulatorial": "outpatient",
        "hospital_without_obstetrics": "hospital_without_obstetrics",
        "hospitalar sem obstetrícia": "hospital_without_obstetrics",
        "hospital_with_obstetrics": "hospital_with_obstetrics",
        "hospitalar com obstetrícia": "hospital_with_obstetrics",
        "outpatient_hospital": "outpatient_hospital",
        "ambulatorial + hospitalar sem obstetrícia": "outpatient_hospital",
        "outpatient_hospital_obstetrics": "outpatient_hospital_obstetrics",
        "ambulatorial + hospitalar com obstetrícia": "outpatient_hospital_obstetrics",
        "dental": "dental",
        "odontológica": "dental",
        "reference": "reference",
        "referência": "reference",
    }
)
AREAS = MappingProxyType[str, CoverageArea](
    {
        "national": "national",
        "nacional": "national",
        "state_group": "state_group",
        "grupo de estados": "state_group",
        "state": "state",
        "estadual": "state",
        "municipality_group": "municipality_group",
        "grupo de municípios": "municipality_group",
        "municipality": "municipality",
        "municipal": "municipality",
    }
)
STATUSES = MappingProxyType[str, ContractStatus](
    {
        "active": "active",
        "ativo": "active",
        "suspended": "suspended",
        "suspenso": "suspended",
        "cancelled": "cancelled",
        "cancelado": "cancelled",
    }
)
REASONS = MappingProxyType[str, StatusReason](
    {
        "default": "default",
        "inadimplência": "default",
        "request": "request",
        "a pedido": "request",
        "fraud": "fraud",
        "fraude": "fraud",
        "other": "other",
        "outro": "other",
    }
)
WAIVERS = MappingProxyType[str, WaitingWaiver](
    {
        "portability": "portability",
        "portabilidade": "portability",
        "collective": "collective",
        "coletivo": "collective",
        "newborn": "newborn",
        "recém-nascido": "newborn",
    }
)
SEXES = MappingProxyType[str, Sex](
    {"f": "F", "feminino": "F", "m": "M", "masculino": "M", "unknown": "unknown", "não informado": "unknown"}
)
RELATIONS = MappingProxyType[str, Relation](
    {"holder": "holder", "titular": "holder", "dependent": "dependent", "dependente": "dependent"}
)


def read_sent(contracts: str | None, people: str | None) -> Sent:
    """Both files, each of which may be left out."""
    some = read_csv(contracts, CONTRACTS, CONTRACT_COLUMNS, CONTRACT_OPTIONAL, _contract)
    others = read_csv(people, MEMBERS, MEMBER_COLUMNS, MEMBER_OPTIONAL, _member)
    return Sent(some.read, others.read, (*some.problems, *others.problems), some.lines + others.lines)


def _contract(row: CsvRow) -> NewContract:
    return NewContract(
        number=row.required_text("number"),
        plan_name=row.required_text("plan_name"),
        ans_product=row.text("ans_product"),
        segmentation=row.choice("segmentation", SEGMENTATIONS),
        coverage_area=row.choice("coverage_area", AREAS),
        coverage_states=row.list("coverage_states"),
        status=row.choice("status", STATUSES),
        started_on=row.required_day("started_on"),
        ended_on=row.day("ended_on"),
        waiting_periods=_waiting(row),
        valid_from=row.day("valid_from"),
        status_reason=row.optional_choice("status_reason", REASONS),
        unpaid_instalments=row.whole("unpaid_instalments"),
        default_notified_on=row.day("default_notified_on"),
        waiting_waived=row.optional_choice("waiting_waived", WAIVERS),
        coverage_cities=row.list("coverage_cities"),
    )


def _member(row: CsvRow) -> NewMember:
    return NewMember(
        contract_number=row.required_text("contract_number"),
        card_number=Personal(row.required_text("card_number")),
        card_valid_until=row.day("card_valid_until"),
        name=Personal(row.required_text("name")),
        birth_date=row.required_day("birth_date"),
        sex=row.choice("sex", SEXES),
        cpf=_personal(row.text("cpf")),
        cns=_personal(row.text("cns")),
        relation=row.choice("relation", RELATIONS),
        holder_card=_personal(row.text("holder_card")),
        guardian_card=_personal(row.text("guardian_card")),
        joined_on=row.required_day("joined_on"),
        excluded_on=row.day("excluded_on"),
        phones=tuple(map(Personal, row.list("phones"))),
        emails=tuple(map(Personal, row.list("emails"))),
        restrictions=_restrictions(row) if row.has("restriction_declared") else None,
        deceased_on=row.day("deceased_on"),
        waiting_periods=_own_waiting(row),
        waiting_waived=row.optional_choice("waiting_waived", WAIVERS),
        valid_from=row.day("valid_from"),
    )


def _waiting(row: CsvRow) -> tuple[WaitingPeriod, ...]:
    ends = [(kind, row.day(f"waiting_{kind}")) for kind in WAITING_KINDS]
    return tuple(WaitingPeriod(kind=kind, ends_on=day, clause=WAITING_CLAUSE) for kind, day in ends if day)


def _own_waiting(row: CsvRow) -> tuple[WaitingPeriod, ...] | None:
    """None where those of the contract hold; none at all for whom they were waived."""
    return _waiting(row) or (() if row.text("waiting_waived") else None)


def _restrictions(row: CsvRow) -> tuple[PreexistingRestriction, ...]:
    """One line, one restriction: further ones come through the ERP door."""
    declared = row.text("restriction_declared")
    if declared is None:
        return ()
    ends_on = row.required_day("restriction_ends_on")
    cids = tuple(cid.upper().replace(".", "") for cid in row.list("restriction_cids"))
    return (PreexistingRestriction(declared=Personal(declared), cids=cids, ends_on=ends_on),)


def _personal(text: str | None) -> Personal | None:
    return None if text is None else Personal(text)
