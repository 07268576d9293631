"""The door to decision receipts: export one, get the public key, find rules by their digest."""

from typing import Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import DecisionId
from austa.kernel.personal import Personal


class ReplayDifference(Contract):
    """A field of the decision that came out otherwise; both values as JSON text."""

    field: str
    kept: Personal
    now: Personal


class ReplayResult(Contract):
    """What came of deciding again from a receipt. `notes` are no differences, and worth knowing."""

    identical: bool
    differences: tuple[ReplayDifference, ...]
    notes: tuple[str, ...]


class Receipts(Protocol):
    """Signed receipts of one operator's decisions; verified and replayed offline (`austa receipt`)."""

    async def export(self, caller: Caller, decision_id: DecisionId) -> bytes:
        """The receipt as a file: one line of canonical JSON. What is about people who were erased is not in it.

        The look at each person's data is recorded. Raises `NotFound` `prior_auth.no_such_decision`, also for a member
        whose decision it is not.
        """
        ...

    async def replay(self, caller: Caller, decision_id: DecisionId) -> ReplayResult:
        """Decide again from the receipt and the rules that it names, as `austa receipt replay` does offline.

        Refuses as `export`, and with `Unavailable` `prior_auth.facts_withheld` where a person was erased.
        """
        ...

    async def public_key(self, caller: Caller) -> str:
        """The operator's key of receipts as a C2SP verifier key, for verifiers to trust. Whoever may read the ledger
        may have it."""
        ...

    async def rules(self, caller: Caller, digest: str) -> bytes:
        """Rules that were once in force, by SHA-256 of their text. Raises `NotFound` `prior_auth.no_such_rules`."""
        ...
