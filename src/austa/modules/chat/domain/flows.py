"""The flows of the dialogue as data: which steps each has, and which version of it asked.

A state remembers flow, version and step. What a version that is not read any more asked is asked anew, with all that
was learned: nobody must say it twice, and no answer is taken for that to another question.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

FlowName = Literal["greeting", "identification", "people", "symptoms", "authorization", "appointment", "satisfaction"]
Step = Literal[
    "consent",
    "identity",
    "code",
    "for_whom",
    "complaint",
    "sign",
    "who",
    "since",
    "strength",
    "order",
    "reading",
    "procedure",
    "requester",
    "owner",
    "pending",
    "resume",
    "specialty",
    "place",
    "time",
    "rating",
    "comment",
]
Wish = Literal["symptoms", "authorization", "status", "appointment", "person"]


@dataclass(frozen=True)
class Flow:
    """`version` grows when a step's question changes its meaning; `reads`: older versions whose steps still hold."""

    version: int
    steps: tuple[Step, ...]
    reads: frozenset[int] = frozenset()


FLOWS: dict[FlowName, Flow] = {
    "greeting": Flow(1, ("consent",)),
    "identification": Flow(1, ("identity", "code")),
    "people": Flow(1, ("for_whom",)),
    "authorization": Flow(1, ("order", "reading", "procedure", "requester", "owner", "pending", "resume")),
    "symptoms": Flow(1, ("complaint", "sign", "who", "since", "strength")),
    "appointment": Flow(1, ("specialty", "place", "time")),
    "satisfaction": Flow(1, ("rating", "comment")),
}
FLOW_OF: dict[str, FlowName] = {step: name for name, flow in FLOWS.items() for step in flow.steps}
WISH_OF: dict[FlowName, Wish] = {
    "symptoms": "symptoms",
    "authorization": "authorization",
    "appointment": "appointment",
}
"""What is granted when a flow ends; flows that are not here stand before all wishes."""


def carried_over(raw: dict[str, Any]) -> dict[str, Any]:
    """A stored state as this version understands it; states from before flows had versions are of version 1."""
    wishes = get_args(Wish)
    kept = {**raw, "later": [wish for wish in raw.get("later", ()) if wish in wishes]}
    if raw.get("wish") not in wishes:
        kept["wish"] = None
    step = raw.get("awaiting")
    name = raw.get("flow") or FLOW_OF.get(str(step))
    version = raw.get("flow_version") or 1
    flow = FLOWS.get(name) if name else None
    if flow is not None and step in flow.steps and (version == flow.version or version in flow.reads):
        return {**kept, "flow": name, "flow_version": flow.version}
    return {**kept, "awaiting": None, "flow": None, "flow_version": 0}
