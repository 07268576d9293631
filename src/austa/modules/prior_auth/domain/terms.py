"""The legal terms by class of service, each with the clause that sets it (RN ANS 566/2022, RN ANS 623/2024).

RN 566 says by when care is given, RN 623 by when the operator answers; where RN 566 is shorter, it is the term of the
answer too. For PAC and elective admission RN 623 gives ten days, for other care five, for what is not care seven.
Our readings: a day hospital has the five days of other care, and no norm says in minutes what `immediately` is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from austa.modules.prior_auth.api.clocks import ServiceClass

TERMS_VERSION = "2026.11"
"""Grows with every change of a term; it stands in the basis of each clock."""


@dataclass(frozen=True)
class Term:
    """Business days, 0 is immediately, and the clause that sets them."""

    days: int
    clause: str


ATTENDANCE: Mapping[ServiceClass, Term] = MappingProxyType(
    {
        "urgency": Term(0, "RN ANS 566/2022, art. 3º (urgência e emergência)"),
        "basic_consult": Term(7, "RN ANS 566/2022, art. 3º, I"),
        "specialty_consult": Term(14, "RN ANS 566/2022, art. 3º, II"),
        "therapy": Term(10, "RN ANS 566/2022, art. 3º, III a VIII"),
        "dental": Term(7, "RN ANS 566/2022, art. 3º, IX"),
        "lab": Term(3, "RN ANS 566/2022, art. 3º, X"),
        "other_outpatient": Term(10, "RN ANS 566/2022, art. 3º, XI"),
        "high_complexity": Term(21, "RN ANS 566/2022, art. 3º, XII"),
        "elective_admission": Term(21, "RN ANS 566/2022, art. 3º, XIII"),
        "day_hospital": Term(10, "RN ANS 566/2022, art. 3º, XIV"),
        "oral_antineoplastic": Term(10, "RN ANS 566/2022, art. 3º, XV"),
    }
)
"""Until care is given. What is not care has no such term."""

ANSWER_OF_CARE = Term(5, "RN ANS 623/2024")
ANSWER: Mapping[ServiceClass, Term] = MappingProxyType(
    {
        "urgency": Term(0, "RN ANS 623/2024 (urgência e emergência)"),
        "high_complexity": Term(10, "RN ANS 623/2024 (PAC)"),
        "elective_admission": Term(10, "RN ANS 623/2024 (internação eletiva)"),
        "non_care": Term(7, "RN ANS 623/2024 (solicitação não assistencial)"),
    }
)
"""Until a conclusive answer; other care has `ANSWER_OF_CARE`."""

REANALYSIS = Term(7, "RN ANS 623/2024 (reanálise pela ouvidoria)")
COMPLAINT = Term(5, "RN ANS 483/2022 (NIP assistencial; a redação da RN ANS 657/2025 está por conferir)")
BOARD_REQUESTER = Term(2, "RN ANS 424/2017 (o solicitante concorda ou escolhe o desempatador)")
BOARD_TIEBREAKER = Term(2, "RN ANS 424/2017 (o desempatador diz se precisa de documentos ou exame)")

IMMEDIATELY = timedelta(minutes=10)
"""Within this an urgent request counts as answered immediately in our records; our reading, no norm gives minutes."""


def answer_term(service_class: ServiceClass) -> Term:
    """The shorter of the two norms; RN 623 where they are equal."""
    answer = ANSWER.get(service_class, ANSWER_OF_CARE)
    attendance = ATTENDANCE.get(service_class)
    return attendance if attendance and attendance.days < answer.days else answer
