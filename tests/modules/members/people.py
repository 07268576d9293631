"""Contracts and people as an operator's system would send them. All are invented."""

from datetime import date
from typing import Any

from austa.demo.identifiers import synthetic_cns, synthetic_cpf
from austa.kernel.personal import Personal
from austa.modules.members.api import NewContract, NewMember, PreexistingRestriction, WaitingPeriod

CPF = synthetic_cpf(1)
CARD = "00370000000000017"


def contract(**changes: Any) -> NewContract:
    """A national plan since 2024, waiting periods long over."""
    usual = NewContract(
        number="C-1",
        plan_name="Completo",
        ans_product="999999001",
        segmentation="outpatient_hospital_obstetrics",
        coverage_area="national",
        coverage_states=(),
        status="active",
        started_on=date(2024, 1, 10),
        ended_on=None,
        waiting_periods=(WaitingPeriod(kind="other", ends_on=date(2024, 7, 8), clause="12.3"),),
    )
    return usual.model_copy(update=changes)


def marina(**changes: Any) -> NewMember:
    """The holder of contract C-1."""
    usual = NewMember(
        contract_number="C-1",
        card_number=Personal(CARD),
        card_valid_until=date(2028, 12, 31),
        name=Personal("Marina Albuquerque de Teles"),
        birth_date=date(1992, 3, 4),
        sex="F",
        cpf=Personal(CPF),
        cns=Personal(synthetic_cns(1)),
        relation="holder",
        holder_card=None,
        guardian_card=None,
        joined_on=date(2024, 1, 10),
        excluded_on=None,
        phones=(Personal("+5511900000001"),),
        emails=(Personal("marina@membros.example"),),
        restrictions=(),
        is_synthetic=True,
    )
    return usual.model_copy(update=changes)


def theo(**changes: Any) -> NewMember:
    """Marina's son: a dependant of six whose guardian she is, without a telephone of his own."""
    child = marina(
        card_number=Personal("00370000000000025"),
        name=Personal("Théo Albuquerque"),
        birth_date=date(2020, 5, 6),
        sex="M",
        cpf=Personal(synthetic_cpf(2)),
        cns=None,
        relation="dependent",
        holder_card=Personal(CARD),
        guardian_card=Personal(CARD),
        phones=(),
        emails=(),
    )
    return child.model_copy(update=changes)


def heart(ends_on: date = date(2026, 1, 10)) -> PreexistingRestriction:
    return PreexistingRestriction(declared=Personal("Cardiopatia isquêmica"), cids=("I20", "I25"), ends_on=ends_on)
