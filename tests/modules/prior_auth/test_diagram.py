"""The life cycle as a BPMN diagram: all of the table is on it, and it can be read."""

from itertools import pairwise
from xml.etree import ElementTree

from austa.modules.prior_auth.domain.diagram.bpmn import lifecycle_bpmn
from austa.modules.prior_auth.domain.diagram.graph import GRAPH, NAMES, choices_from, elements_of
from austa.modules.prior_auth.domain.diagram.layout import Box, Layout, Point
from austa.modules.prior_auth.domain.lifecycle import STATES, TRANSITIONS

IDS = {
    element.attrib["id"]: element
    for element in ElementTree.fromstring(lifecycle_bpmn()).iter()
    if "id" in element.attrib
}
LAYOUT = Layout(GRAPH)


def test_every_state_is_on_it_under_its_name() -> None:
    assert {state: IDS[state].attrib["name"] for state in STATES} == dict(NAMES)


def test_every_move_of_the_table_is_a_way_on_it() -> None:
    for row in TRANSITIONS.values():
        for source in row.sources:
            passed = elements_of(source, row.target, row.name)
            assert passed[-1] == row.target
            assert set(passed) <= IDS.keys()


def test_every_flow_leads_from_an_element_to_an_element() -> None:
    flows = [element for element in IDS.values() if "sourceRef" in element.attrib]
    assert flows
    assert all({flow.attrib["sourceRef"], flow.attrib["targetRef"]} <= IDS.keys() for flow in flows)


def test_states_stand_apart() -> None:
    boxes = [LAYOUT.box(state) for state in GRAPH.states]
    assert not any(meet(one, other) for at, one in enumerate(boxes) for other in boxes[:at])


def test_no_flow_runs_through_a_state() -> None:
    boxes = {state: inside(LAYOUT.box(state)) for state in GRAPH.states}
    for flow in GRAPH.flows:
        for start, end in pairwise(LAYOUT.way(flow)):
            assert start[0] == end[0] or start[1] == end[1]
            assert [state for state, box in boxes.items() if meet(box, line(start, end))] == [], flow


def test_the_way_leads_from_left_to_right_but_where_somebody_answers() -> None:
    back = [flow for flow in GRAPH.flows if GRAPH.columns[flow.source] >= GRAPH.columns[flow.target]]
    assert {GRAPH.lanes[flow.source] for flow in back} == {"asker"}


def test_an_urgent_request_is_not_said_to_wait_for_papers() -> None:
    names = [row.name for row in choices_from("RULES_EVALUATION", urgent=True, non_care=False, disputed=True)]
    assert "ask_documents" not in names
    assert "approve_by_rule" in names


def meet(one: Box, other: Box) -> bool:
    return (
        one.x <= other.right
        and other.x <= one.right
        and one.y <= other.y + other.height
        and other.y <= one.y + one.height
    )


def inside(box: Box) -> Box:
    return Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)


def line(start: Point, end: Point) -> Box:
    x, y = min(start[0], end[0]), min(start[1], end[1])
    return Box(x, y, abs(start[0] - end[0]), abs(start[1] - end[1]))
