"""Where everything stands: states in columns by progress and lanes by holder, flows in the channels between them.

No flow crosses a state: it leaves to the right, runs in the channels between columns and rows, and comes in from the
left. Flows to one state share their way, as do flows out of one, so that a bundle reads as one line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.diagram.graph import LANES, Flow, Graph, LaneName, has_split

TASK_WIDTH, TASK_HEIGHT = 124, 64
EVENT, GATEWAY = 36, 36
SPLIT_GAP = 18
CELL_WIDTH = TASK_WIDTH + SPLIT_GAP + GATEWAY
TRACK = 12
"""Between two lines in one channel."""
MARGIN = 22
"""Between a line in a channel and what stands beside it."""
BORDER = 10
"""How far into a channel the border between lanes lies: no line runs there."""
HEADER = 30
"""The strip with a lane's name, and the pool's."""
ANYTIME_WIDTH, ANYTIME_HEIGHT = 300, 96

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(frozen=True)
class Segment:
    """Part of a flow's way: in which channel (`v` left of a column, `h` above a row), whose line, and how far.

    Columns and rows have odd places, the channels between them even ones.
    """

    channel: tuple[Literal["v", "h"], int]
    owner: tuple[str, State]
    ends: tuple[int, int]


@dataclass
class Layout:
    """The picture of a graph. Sizes come last: first it is known how many lines run in each channel."""

    graph: Graph

    @cached_property
    def rows(self) -> dict[State, int]:
        """The row of each state, counted over all lanes."""
        rows: dict[State, int] = {}
        for lane in LANES:
            of_column: dict[int, int] = {}
            for state in self.graph.states:
                if self.graph.lanes[state] == lane:
                    column = self.graph.columns[state]
                    rows[state] = self.first_rows[lane] + of_column.get(column, 0)
                    of_column[column] = of_column.get(column, 0) + 1
        return rows

    @cached_property
    def first_rows(self) -> dict[LaneName, int]:
        """The first row of each lane."""
        first, found = 0, dict[LaneName, int]()
        for lane in LANES:
            found[lane] = first
            first += self.height_of(lane)
        return found

    def height_of(self, lane: LaneName) -> int:
        """How many rows a lane has."""
        columns = [self.graph.columns[s] for s in self.graph.states if self.graph.lanes[s] == lane]
        return max((columns.count(column) for column in columns), default=1)

    def _route(self, flow: Flow) -> list[Segment]:
        leaves, enters = self.graph.columns[flow.source] + 1, self.graph.columns[flow.target]
        above, below = self.rows[flow.source], self.rows[flow.target]
        out, into = ("from", flow.source), ("to", flow.target)
        if above == below and leaves <= enters and self._is_free(above, leaves, enters):
            return []
        if leaves == enters:
            return [Segment(("v", leaves), into, (2 * above + 1, 2 * below + 1))]
        beside = below if above < below or (above == below and leaves <= enters) else below + 1
        return [
            Segment(("v", leaves), out, (2 * above + 1, 2 * beside)),
            Segment(("h", beside), into, (2 * leaves, 2 * enters)),
            Segment(("v", enters), into, (2 * beside, 2 * below + 1)),
        ]

    def _is_free(self, row: int, first: int, last: int) -> bool:
        between = range(first, last)
        return not any(self.rows[s] == row and self.graph.columns[s] in between for s in self.graph.states)

    @cached_property
    def _tracks(self) -> dict[tuple[str, int], dict[tuple[str, State], int]]:
        """Which line in its channel belongs to whom: those that would touch lie side by side."""
        channels: dict[tuple[str, int], list[Segment]] = {}
        for flow in self.graph.flows:
            for segment in self._route(flow):
                channels.setdefault(segment.channel, []).append(segment)
        return {channel: _side_by_side(found) for channel, found in channels.items()}

    def _width(self, way: str, at: int) -> int:
        """Of a channel, with room for its lines."""
        lines = set(self._tracks.get((way, at), {}).values())
        return 2 * MARGIN + max(lines, default=0) * TRACK

    @cached_property
    def _column_starts(self) -> list[int]:
        x, starts = 2 * HEADER, list[int]()
        for column in range(max(self.graph.columns.values()) + 2):
            x += self._width("v", column)
            starts.append(x)
            x += CELL_WIDTH
        return starts

    @cached_property
    def _row_starts(self) -> list[int]:
        y, starts = 0, list[int]()
        for row in range(sum(self.height_of(lane) for lane in LANES) + 1):
            y += self._width("h", row)
            starts.append(y)
            y += TASK_HEIGHT
        return starts

    def box(self, state: State) -> Box:
        """Where a state stands: a circle where it begins or ends, else a task."""
        x, y = self._column_starts[self.graph.columns[state]], self._row_starts[self.rows[state]]
        if self.is_event(state):
            return Box(x + (TASK_WIDTH - EVENT) // 2, y + (TASK_HEIGHT - EVENT) // 2, EVENT, EVENT)
        return Box(x, y, TASK_WIDTH, TASK_HEIGHT)

    def is_event(self, state: State) -> bool:
        """Whether a request begins or ends in this state."""
        return state == self.graph.start or not self.graph.leaving(state)

    def split(self, state: State) -> Box:
        """The gateway behind a state."""
        box = self.box(state)
        x = self._column_starts[self.graph.columns[state]] + TASK_WIDTH + SPLIT_GAP
        return Box(x, box.middle - GATEWAY // 2, GATEWAY, GATEWAY)

    def way(self, flow: Flow) -> list[Point]:
        """The corners of a flow."""
        source = self.split(flow.source) if has_split(self.graph, flow.source) else self.box(flow.source)
        target = self.box(flow.target)
        points = [(source.right, source.middle)]
        for segment in self._route(flow):
            (way, at), (x, y) = segment.channel, points[-1]
            line = MARGIN + self._tracks[segment.channel][segment.owner] * TRACK - self._width(way, at)
            points.append((self._column_starts[at] + line, y) if way == "v" else (x, self._row_starts[at] + line))
        points += [(points[-1][0], target.middle), (target.x, target.middle)]
        return [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]

    @property
    def width(self) -> int:
        """Of the whole pool."""
        last = max(self.graph.columns.values())
        return max(
            self._column_starts[last] + CELL_WIDTH + self._width("v", last + 1),
            2 * HEADER + len(self.graph.anytime) * (ANYTIME_WIDTH + MARGIN) + MARGIN,
        )

    def lane(self, lane: LaneName) -> Box:
        """A lane, with half of the channels above and below it."""
        first = self.first_rows[lane]
        top, bottom = self._border(first), self._border(first + self.height_of(lane))
        return Box(HEADER, top, self.width - HEADER, bottom - top)

    def _border(self, row: int) -> int:
        if row == 0:
            return 0
        return self._row_starts[row] - self._width("h", row) + BORDER

    @property
    def anytime_lane(self) -> Box:
        """The strip below with what may come at any time."""
        top = self._border(sum(self.height_of(lane) for lane in LANES))
        height = ANYTIME_HEIGHT + 2 * MARGIN if self.graph.anytime else 0
        return Box(HEADER, top, self.width - HEADER, height)

    def anytime(self, position: int) -> Box:
        """The box of the n-th such event."""
        strip = self.anytime_lane
        x = strip.x + HEADER + MARGIN + position * (ANYTIME_WIDTH + MARGIN)
        return Box(x, strip.y + MARGIN, ANYTIME_WIDTH, ANYTIME_HEIGHT)

    @property
    def pool(self) -> Box:
        """All of it."""
        strip = self.anytime_lane
        return Box(0, 0, self.width, strip.y + strip.height)


def _side_by_side(segments: Iterable[Segment]) -> dict[tuple[str, State], int]:
    """Numbers of lines: whose spans touch gets another one; what leaves a state lies left of what enters one."""
    spans: dict[tuple[str, State], tuple[int, int]] = {}
    for segment in segments:
        ends = (*segment.ends, *spans.get(segment.owner, ()))
        spans[segment.owner] = (min(ends), max(ends))
    lines: dict[tuple[str, State], int] = {}
    for owner, (first, last) in sorted(spans.items()):
        taken = {line for other, line in lines.items() if spans[other][0] <= last and first <= spans[other][1]}
        lines[owner] = next(line for line in range(len(taken) + 1) if line not in taken)
    return lines
