"""Who a decision is about, each a person with their own keys."""

from dataclasses import dataclass
from typing import Any, Literal

from austa.kernel.ids import SubjectId

Role = Literal["member", "holder", "guardian", "requester", "tiebreaker"]
"""`member` is who the care is for: the holder of the contract or a dependant. `holder` and `guardian` are other people
than the member, where there are any; `tiebreaker` wrote the opinion of a medical board."""


@dataclass(frozen=True)
class PersonConcerned:
    """One of them, with what a receipt says of who they are."""

    role: Role
    subject_id: SubjectId
    fields: dict[str, Any]
