"""The one gate: who may do what, evaluated by Cedar over attributes the module passes.

Always with the schema, and anything but a clean Allow is a deny: without a schema Cedar skips a `forbid`
whose attribute is missing. Row-level security stands beneath and knows only tenants.
"""

import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import cedarpy

from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden
from austa.kernel.ids import OperatorId

MOST_ANSWERS = 10_000
"""Kept in memory. Policies never change while a process lives, so the same question has the same answer."""
_OF_CALLERS = {"owner": "id", "provider": "provider_id", "tiebreaker": "id"}
"""What policies compare with the caller's own, and with nothing else (a test reads them)."""
_ANOTHER = "another"
_ENTITY = {"staff": "Staff", "clerk": "Clerk", "tiebreaker": "Tiebreaker", "member": "Person", "system": "System"}


class Access:
    """The compiled policies. One a process; checks take about 0.1 ms."""

    def __init__(self) -> None:
        self._answers: dict[tuple[Any, ...], bool] = {}
        folder = resources.files("austa.infra")
        schema = (folder / "access.cedarschema").read_text("utf-8")
        self.actions: tuple[str, ...] = tuple(re.findall(r'"([a-z_]+:[a-z_]+)"', schema))
        """Everything that may be asked about, in the schema's order."""
        self._schema = cedarpy.Schema.from_str(schema)
        self._policies = cedarpy.PolicySet.from_str((folder / "access.cedar").read_text("utf-8"))

    def check(self, caller: Caller, action: str, *, operator_id: OperatorId | None = None, **attributes: Any) -> None:
        """Return when `caller` may do `action` on a thing with these attributes; else raise `Forbidden`.

        `operator_id` is the thing's operator, the caller's own where it is not given. Attributes are those
        of `Resource` in access.cedarschema.
        """
        if not self.allows(caller, action, operator_id=operator_id, **attributes):
            raise Forbidden("access.denied", f"this role may not do {action}", action=action)

    def allows(self, caller: Caller, action: str, *, operator_id: OperatorId | None = None, **attributes: Any) -> bool:
        """The same as a yes or no."""
        place = operator_id or caller.operator_id
        for name, own in _OF_CALLERS.items():
            # Whose it is does not matter to the policies where it is not the caller's: one question for all of those.
            if attributes.get(name) is not None and attributes[name] != str(getattr(caller, own)):
                attributes[name] = _ANOTHER
        who = (caller.operator_id, caller.kind, caller.id, caller.roles, caller.provider_id)
        asked = (who, action, place, tuple(sorted(attributes.items())))
        answer = self._answers.get(asked)
        if answer is None:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            answer = self._answers[asked] = self._evaluate(caller, action, place, attributes)
        return answer

    def granted(self, caller: Caller) -> tuple[str, ...]:
        """What `caller` may do on things of their own that nothing more is known of: where a screen may lead them.
        What hangs on a thing (its queue, the outcome of a decision) is said with the thing."""
        provider = str(caller.provider_id) if caller.provider_id else None
        tiebreaker = caller.id if caller.kind == "tiebreaker" else None
        return tuple(
            action for action in self.actions if self.allows(caller, action, provider=provider, tiebreaker=tiebreaker)
        )

    def _evaluate(self, caller: Caller, action: str, operator_id: OperatorId, attributes: Mapping[str, Any]) -> bool:
        principal = {"type": _ENTITY[caller.kind], "id": caller.id}
        thing = {"type": "Resource", "id": "it"}
        answer = cedarpy.is_authorized(
            {
                "principal": principal,
                "action": {"type": "Action", "id": action},
                "resource": thing,
                "context": {},
            },
            self._policies,
            [_principal(caller, principal), _resource(operator_id, thing, attributes)],
            self._schema,
        )
        return answer.decision == cedarpy.Decision.Allow and not answer.diagnostics.errors


def _principal(caller: Caller, uid: dict[str, str]) -> dict[str, Any]:
    attributes: dict[str, Any] = {"operator": str(caller.operator_id), "roles": sorted(caller.roles)}
    if caller.kind in {"member", "tiebreaker"}:
        attributes["id"] = caller.id
    if caller.kind == "clerk":
        attributes["provider"] = str(caller.provider_id)
    return {"uid": uid, "attrs": attributes, "parents": []}


def _resource(operator_id: OperatorId, uid: dict[str, str], attributes: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in attributes.items() if value is not None}
    return {"uid": uid, "attrs": {"operator": str(operator_id), **given}, "parents": []}
