"""The ADI 7265 checklist (STF, 18 September 2025): five cumulative criteria for care outside the Rol.

A physician fills it in. What it comes to is the physician's opinion; nothing here says yes or no.
"""

from typing import get_args

from austa.modules.medical_audit.api.checklists import ChecklistAsked, Criterion, CriterionAnswered
from austa.modules.prior_auth.api.requests import RequestView

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


def wrong_criteria(asked: ChecklistAsked) -> tuple[str, ...]:
    """Criteria that are missing, answered twice, or answered without a reference, in their order."""
    return tuple(name for name in CRITERIA if not _is_right([one for one in asked.criteria if one.criterion == name]))


def items_to_check(request: RequestView) -> frozenset[str]:
    """The codes that the Rol is not known to list, as eligibility found."""
    check = next((check for check in request.checks if check.check == "coverage_list"), None)
    if check is None or check.outcome == "pass":
        return frozenset()
    codes = check.values.get("to_check")
    return frozenset(codes.split() if codes else (item.tuss for item in request.items))


def _is_right(answers: list[CriterionAnswered]) -> bool:
    if len(answers) != 1:
        return False
    only = answers[0]
    return only.answer == "unknown" or bool(only.references or only.pins)
