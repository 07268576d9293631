"""The diagram as BPMN 2.0 XML (ISO/IEC 19510) with its picture: any BPMN tool can open it."""

from collections.abc import Sequence
from functools import cache
from xml.etree import ElementTree as Xml

from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.diagram.graph import ACTORS, GRAPH, LANES, NAMES, LaneName, end_of, has_split
from austa.modules.prior_auth.domain.diagram.layout import EVENT, Box, Layout, Point
from austa.modules.prior_auth.domain.lifecycle import Transition

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PICTURE = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
CORNERS = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "https://austa.example/lifecycle"

TASKS: dict[LaneName, str] = {
    "asker": "receiveTask",
    "system": "businessRuleTask",
    "staff": "userTask",
    "answer": "task",
}
LABEL = Box(0, 0, 120, 28)


@cache
def lifecycle_bpmn() -> str:
    """The whole life cycle. Ids of elements are the codes of states; `A.B` is the flow from A to B."""
    return _Drawing(Layout(GRAPH)).write()


class _Drawing:
    def __init__(self, layout: Layout) -> None:
        for prefix, space in (("bpmn", MODEL), ("bpmndi", PICTURE), ("dc", BOUNDS), ("di", CORNERS)):
            Xml.register_namespace(prefix, space)
        self._layout, self._graph = layout, layout.graph
        self._root = Xml.Element(_model("definitions"), {"id": "definitions", "targetNamespace": OURS})
        collaboration = self._add(self._root, "collaboration", "collaboration")
        self._add(collaboration, "participant", "pool", name="Pedido de autorização", processRef="lifecycle")
        self._process = self._add(self._root, "process", "lifecycle", isExecutable="false")
        diagram = Xml.SubElement(self._root, f"{{{PICTURE}}}BPMNDiagram", {"id": "diagram"})
        self._plane = Xml.SubElement(
            diagram, f"{{{PICTURE}}}BPMNPlane", {"id": "plane", "bpmnElement": "collaboration"}
        )

    def write(self) -> str:
        self._draw("pool", self._layout.pool, isHorizontal="true")
        self._lanes()
        for state in self._graph.states:
            self._state(state)
        self._flows()
        for position, row in enumerate(self._graph.anytime):
            self._anytime(row, self._layout.anytime(position))
        Xml.indent(self._root)
        return Xml.tostring(self._root, encoding="unicode", xml_declaration=True) + "\n"

    def _lanes(self) -> None:
        lanes = self._add(self._process, "laneSet", "lanes")
        for name, text in LANES.items():
            lane = self._add(lanes, "lane", f"lane.{name}", name=text)
            for state in self._graph.states:
                if self._graph.lanes[state] == name:
                    split = (f"{state}.split",) if has_split(self._graph, state) else ()
                    for inside in (state, *split):
                        Xml.SubElement(lane, _model("flowNodeRef")).text = inside
            self._draw(f"lane.{name}", self._layout.lane(name), isHorizontal="true")
        if self._graph.anytime:
            lane = self._add(lanes, "lane", "lane.anytime", name="A qualquer momento")
            for row in self._graph.anytime:
                Xml.SubElement(lane, _model("flowNodeRef")).text = row.name
            self._draw("lane.anytime", self._layout.anytime_lane, isHorizontal="true")

    def _state(self, state: State) -> None:
        box = self._layout.box(state)
        kind = TASKS[self._graph.lanes[state]]
        if self._layout.is_event(state):
            kind = "startEvent" if state == self._graph.start else "endEvent"
        self._add(self._process, kind, state, name=NAMES[state])
        self._draw(state, box, label=self._layout.is_event(state))
        if has_split(self._graph, state):
            split = self._layout.split(state)
            self._add(self._process, "exclusiveGateway", f"{state}.split")
            self._draw(f"{state}.split", split, isMarkerVisible="true")
            self._connect(f"{state}.out", state, f"{state}.split", [(box.right, box.middle), (split.x, split.middle)])

    def _flows(self) -> None:
        for flow in self._graph.flows:
            source = f"{flow.source}.split" if has_split(self._graph, flow.source) else flow.source
            text = "; ".join(f"{row.text} ({_who(row)})" for row in flow.rows)
            self._connect(f"{flow.source}.{flow.target}", source, flow.target, self._layout.way(flow), text)

    def _anytime(self, row: Transition, box: Box) -> None:
        """An event sub-process: it may begin from each state that the row names, and ends in the row's target."""
        inside = self._add(self._process, "subProcess", row.name, name=row.text, triggeredByEvent="true")
        sources = ", ".join(NAMES[source] for source in row.sources)
        Xml.SubElement(inside, _model("documentation")).text = f"{_who(row)}. De: {sources}"
        self._draw(row.name, box, isExpanded="true")
        top = box.y + (box.height - EVENT) // 2
        start, end = Box(box.x + 48, top, EVENT, EVENT), Box(box.right - 96, top, EVENT, EVENT)
        trigger = self._add(inside, "startEvent", f"{row.name}.start")
        Xml.SubElement(trigger, _model("messageEventDefinition"), {"id": f"{row.name}.message"})
        self._draw(f"{row.name}.start", start)
        last = end_of(self._graph, row)
        self._add(inside, "endEvent", last, name=NAMES[row.target])
        self._draw(last, end, label=True)
        corners = [(start.right, start.middle), (end.x, end.middle)]
        self._connect(f"{row.name}.flow", f"{row.name}.start", last, corners, parent=inside)

    def _add(self, parent: Xml.Element, kind: str, name_of_element: str, **attributes: str) -> Xml.Element:
        return Xml.SubElement(parent, _model(kind), {"id": name_of_element, **attributes})

    def _connect(
        self,
        flow: str,
        source: str,
        target: str,
        corners: Sequence[Point],
        text: str = "",
        *,
        parent: Xml.Element | None = None,
    ) -> None:
        inside = self._process if parent is None else parent
        element = self._add(inside, "sequenceFlow", flow, sourceRef=source, targetRef=target)
        if text:
            Xml.SubElement(element, _model("documentation")).text = text
        edge = Xml.SubElement(self._plane, f"{{{PICTURE}}}BPMNEdge", {"id": f"{flow}.di", "bpmnElement": flow})
        for x, y in corners:
            Xml.SubElement(edge, f"{{{CORNERS}}}waypoint", {"x": str(x), "y": str(y)})

    def _draw(self, element: str, box: Box, *, label: bool = False, **attributes: str) -> None:
        names = {"id": f"{element}.di", "bpmnElement": element, **attributes}
        shape = Xml.SubElement(self._plane, f"{{{PICTURE}}}BPMNShape", names)
        _bounds(shape, box)
        if label:
            beneath = Box(box.x + (box.width - LABEL.width) // 2, box.y + box.height + 2, LABEL.width, LABEL.height)
            _bounds(Xml.SubElement(shape, f"{{{PICTURE}}}BPMNLabel"), beneath)


def _bounds(parent: Xml.Element, box: Box) -> None:
    sizes = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    Xml.SubElement(parent, f"{{{BOUNDS}}}Bounds", {name: str(value) for name, value in sizes.items()})


def _model(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def _who(row: Transition) -> str:
    return ", ".join(name for actor, name in ACTORS.items() if actor in row.actors)
