"""Takes a locked request through the table of states, writing each step."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.guards import Actor, Circumstances
from austa.modules.prior_auth.domain.lifecycle import TransitionName, move
from austa.modules.prior_auth.store import requests as store


class Walk:
    """One request while it is moved. The row must be locked; `finish` writes where it came to.

    `at` is the legal time of its steps: now, or when a person pressed.
    """

    def __init__(
        self, tx: Transaction, row: sa.Row[Any], kind: Actor, actor: str, *, at: datetime | None = None
    ) -> None:
        self._tx = tx
        self.at = at or tx.now()
        self._request_id = RequestId(row.id)
        self._actor = actor
        self._kind: Actor = kind
        self._known = {
            "urgent": row.urgent,
            "ordered_by_court": row.court_ordered,
            "non_care": row.kind == "reimbursement",
        }
        self.started_in: State = row.state
        self.steps: list[TransitionName] = []
        self._changes: list[dict[str, Any]] = []
        self.state: State = row.state
        self.version: int = row.version

    def take(self, name: TransitionName, **holding: bool) -> None:
        """One step; `holding` are circumstances beyond those of the request itself.

        Raises `Conflict` `prior_auth.transition_refused`.
        """
        step = move(self.state, name, Circumstances(self._kind, **{**self._known, **holding}))
        self.version += 1
        self._changes.append(
            {"sequence": self.version, "transition": step.name, "from_state": self.state, "to_state": step.target}
        )
        self.steps.append(name)
        self.state = step.target

    async def finish(self, **values: Any) -> None:
        """Write the steps and the state, with whatever else changed."""
        await store.append_changes(self._tx, self._request_id, self.at, self._actor, self._changes)
        self._changes = []
        await store.update_request(self._tx, self._request_id, {"state": self.state, "version": self.version, **values})
