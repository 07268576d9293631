"""The ADI 7265 checklist: a physician fills in five criteria with references; it is kept, and decides nothing."""

from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from austa.kernel.errors import AustaError, Conflict, Forbidden, Invalid
from austa.kernel.ids import CaseId
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.checklists import (
    Checklist,
    ChecklistAsked,
    Criterion,
    CriterionAnswer,
    CriterionAnswered,
)
from austa.modules.medical_audit.domain.checklist import CRITERIA
from austa.modules.medical_audit.service.checklists import ChecklistService
from austa.modules.medical_audit.service.sealed import Vault
from austa.modules.prior_auth.api.requests import EligibilityCheck
from tests.modules.medical_audit.conftest import Desk, a_pin

STUDY = Personal("Revisão sistemática Cochrane CD001234 (2024)")


@pytest.fixture
def checklists(desk: Desk) -> ChecklistService:
    below = cast(Any, desk)
    return ChecklistService(
        desk.platform.database.for_module("medical_audit"),
        desk.platform.access,
        vault=Vault(desk.platform.keys, below.members),
        prior_auth=below.prior_auth,
        members=below.members,
        privacy=desk.privacy,
        identity=below.identity,
    )


def answered(criterion: Criterion, answer: CriterionAnswer = "satisfied", **changes: Any) -> CriterionAnswered:
    references = () if answer == "unknown" else (STUDY,)
    return CriterionAnswered(**{"criterion": criterion, "answer": answer, "references": references, **changes})


def filled(**answers: CriterionAnswer) -> ChecklistAsked:
    """All satisfied, but for the answers named."""
    criteria = tuple(answered(name, answers.get(name, "satisfied")) for name in CRITERIA)
    return ChecklistAsked(position=0, criteria=criteria, note=Personal("Discutido em sessão."))


async def write(checklists: ChecklistService, desk: Desk, case_id: CaseId, asked: ChecklistAsked) -> Checklist:
    return await checklists.write(desk.physician, case_id, asked)


async def test_it_is_kept_as_filled_in_with_its_author(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    asked = filled(evidence="not_satisfied", registered="unknown")
    kept = await write(checklists, desk, line.id, asked)
    (item,) = (await checklists.of_case(desk.physician, line.id)).items
    assert item.checklists == (kept,)
    assert (kept.criteria, kept.note) == (asked.criteria, asked.note)
    assert (kept.author.name.reveal(), kept.council) == ("Helena Prado", "CRM-SP 104233")


async def test_a_later_one_stands_beside_it(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    first = await write(checklists, desk, line.id, filled(evidence="unknown"))
    desk.clock.advance(timedelta(minutes=1))
    second = await write(checklists, desk, line.id, filled())
    (item,) = (await checklists.of_case(desk.physician, line.id)).items
    assert item.checklists == (second, first)


async def test_nothing_is_computed_of_it(desk: Desk, checklists: ChecklistService) -> None:
    """Not one satisfied criterion, and the case is as open as before: only people decide."""
    line = await desk.route()
    before = await desk.case(line.id)
    await write(checklists, desk, line.id, filled(**dict.fromkeys(CRITERIA, "not_satisfied")))
    after = await desk.case(line.id)
    assert (after.case.state, after.case.queue, after.release) == ("open", "medical", None)
    assert after.groundwork == before.groundwork
    assert after.timeline[-1].text.reveal() == "Roteiro da ADI 7265 preenchido"


async def test_a_decision_names_the_checklists_it_was_made_beside(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    kept = await write(checklists, desk, line.id, filled(no_alternative="not_satisfied"))
    await desk.decide_against(line.id)
    await desk.work()
    (decided,) = desk.prior_auth.decided.values()
    assert f"checklist:{kept.id}" in decided.evidence


@pytest.mark.parametrize(
    ("criteria", "wrong"),
    [
        ((), CRITERIA),
        (tuple(map(answered, CRITERIA[1:])), ("prescribed",)),
        ((*map(answered, CRITERIA), answered("evidence")), ("evidence",)),
        ((*map(answered, CRITERIA[:4]), answered("registered", references=())), ("registered",)),
    ],
)
async def test_each_criterion_once_and_with_a_reference(
    desk: Desk, checklists: ChecklistService, criteria: tuple[CriterionAnswered, ...], wrong: tuple[str, ...]
) -> None:
    line = await desk.route()
    with pytest.raises(Invalid) as error:
        await write(checklists, desk, line.id, ChecklistAsked(position=0, criteria=criteria))
    assert (error.value.code, error.value.details["criteria"]) == ("medical_audit.checklist_incomplete", wrong)


async def test_a_page_of_the_case_is_a_reference_too(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    pinned = answered("prescribed", references=(), pins=(a_pin(),))
    asked = ChecklistAsked(position=0, criteria=(pinned, *map(answered, CRITERIA[1:])))
    assert (await write(checklists, desk, line.id, asked)).criteria[0].pins == pinned.pins


async def test_physicians_only_and_nobody_on_an_own_request(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route(queue="nurse")
    requester = desk.person("Renato", "medical_auditor", council="CRM-SP 98412")
    for person in (desk.nurse, desk.analyst, requester):
        assert not (await checklists.of_case(person, line.id)).may_write
        with pytest.raises(Forbidden):
            await checklists.write(person, line.id, filled())
    assert (await checklists.of_case(desk.director, line.id)).may_write


async def test_no_item_at_that_place(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    with pytest.raises(Invalid) as error:
        await write(checklists, desk, line.id, filled().model_copy(update={"position": 7}))
    assert error.value.code == "medical_audit.no_such_item"


async def test_a_closed_case_takes_none(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    await desk.cancel(line.request_id)
    await desk.work()
    with pytest.raises(Conflict):
        await write(checklists, desk, line.id, filled())
    assert not (await checklists.of_case(desk.physician, line.id)).may_write


@pytest.mark.parametrize(
    ("outcome", "values", "asked_for"),
    [("unknown", {"to_check": "41101316"}, True), ("unknown", {}, True), ("unknown", {"to_check": "30602122"}, False)],
)
async def test_it_is_asked_for_where_the_rol_is_not_known_to_list_the_item(
    desk: Desk, checklists: ChecklistService, outcome: str, values: dict[str, str], asked_for: bool
) -> None:
    check = EligibilityCheck(check="coverage_list", outcome=cast(Any, outcome), text="A conferir.", values=values)
    line = await desk.route(desk.request(checks=(check,)))
    (item,) = (await checklists.of_case(desk.physician, line.id)).items
    assert item.asked_for is asked_for


async def test_what_was_written_is_sealed(desk: Desk, checklists: ChecklistService) -> None:
    line = await desk.route()
    await write(checklists, desk, line.id, filled())
    async with desk.platform.database.begin("austa_medical_audit", desk.operator_id) as connection:
        rows = (await connection.execute(sa.text("select * from medical_audit.checklist"))).all()
    assert "Cochrane" not in str(rows)


async def test_a_case_that_is_not_there(desk: Desk, checklists: ChecklistService) -> None:
    with pytest.raises(AustaError, match="no case"):
        await checklists.of_case(desk.physician, CaseId(desk.operator_id))
