"""Routed requests become cases, once; cancelled ones close them, whatever came first."""

from austa.modules.medical_audit.api.cases import CaseFilter
from austa.modules.prior_auth.events import RequestRouted
from tests.modules.medical_audit.below import a_rule, an_item
from tests.modules.medical_audit.conftest import Desk


async def test_a_routed_request_becomes_a_case_in_the_queue(desk: Desk) -> None:
    request = desk.request(items=(an_item(0, reais=980), an_item(1, "40304361", reais=20)))
    line = await desk.route(request)
    assert (line.number, line.state, line.queue) == ("2026-000001", "open", "medical")
    assert (line.member.initials, line.member.card_end) == ("S. L. D.", "4104")
    assert (line.tuss, line.more_items, line.amount_centavos) == ("41101316", 1, 100_000)
    assert (line.protocol, line.due_at, line.last_event.type) == (request.protocol, request.due_at, "opened")


async def test_the_same_news_twice_opens_one_case(desk: Desk) -> None:
    request = desk.request()
    first = await desk.route(request)
    again = await desk.route(request)
    assert (again.id, again.version) == (first.id, first.version)
    assert len(await desk.queue()) == 1


async def test_case_numbers_have_no_gaps(desk: Desk) -> None:
    numbers = [(await desk.route()).number for _ in range(3)]
    assert numbers == ["2026-000001", "2026-000002", "2026-000003"]


async def test_a_later_round_opens_the_case_again_and_keeps_who_had_it(desk: Desk) -> None:
    line = await desk.route()
    await desk.audit.assign(desk.physician, line.id, to_me=True, version=line.version)
    await desk.decide(line.id, outcome="request_information", missing=("Laudo do raio X",))
    await desk.work()
    waiting = await desk.case(line.id)
    assert waiting.release is not None
    assert (waiting.case.state, waiting.release.outcome) == ("waiting_information", "request_information")
    request = desk.prior_auth.views[desk.operator_id, line.request_id]
    again = await desk.route(request, round_=2)
    assert (again.id, again.state) == (line.id, "open")
    assert again.assigned_to is not None
    assert again.assigned_to.id == desk.physician.id
    view = await desk.case(line.id)
    assert view.release is None
    assert "decision:approve" in view.allowed_actions


async def test_reasons_say_which_rules_called_for_a_person(desk: Desk) -> None:
    rules = (
        a_rule("AVI01", "inform", "Aviso."),
        a_rule("OPM01", "route", "Pedido com material especial: um médico confere."),
        a_rule("VAL01", "route", "Valor acima do que as regras aprovam sozinhas."),
    )
    line = await desk.route(desk.request(rules=rules), routes=("OPM01", "VAL01"))
    assert [(reason.code, reason.label) for reason in line.route_reasons] == [
        ("OPM01", "OPME"),
        ("VAL01", "valor alto"),
    ]
    assert line.route_reasons[0].text == "Pedido com material especial: um médico confere."


async def test_a_term_that_ended_is_a_reason_without_a_rule(desk: Desk) -> None:
    line = await desk.route(routes=("PRZ01",))
    assert [(reason.code, reason.label) for reason in line.route_reasons] == [("PRZ01", "sem resposta")]
    assert line.route_reasons[0].text == "Encaminhado para auditoria médica"


async def test_a_cancelled_request_closes_its_case(desk: Desk) -> None:
    line = await desk.route()
    await desk.cancel(line.request_id)
    await desk.work()
    view = await desk.case(line.id)
    assert view.case.state == "closed"
    assert view.timeline[-1].text.reveal() == "Pedido cancelado por quem pediu"
    assert await desk.queue() == []
    assert await desk.queue(view="closed") == [line.id]


async def test_a_request_cancelled_before_its_case_opened_never_opens_one(desk: Desk) -> None:
    request = desk.request()
    await desk.tell(
        RequestRouted(
            request_id=request.request_id,
            queue="medical",
            routes=("BAI01",),
            urgency="elective",
            due_at=request.due_at,
            round=1,
        )
    )
    await desk.cancel(request.request_id)
    await desk.work(without="open_case")
    await desk.work()
    assert await desk.queue() == []
    assert await desk.queue(view="closed") == []


async def test_a_request_cancelled_without_a_case_is_no_matter(desk: Desk) -> None:
    await desk.cancel(desk.request().request_id)
    await desk.work()
    page = await desk.audit.queue(desk.physician, CaseFilter(), None, 10)
    assert page.items == ()
