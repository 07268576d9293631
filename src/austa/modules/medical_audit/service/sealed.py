"""What people wrote about a case, sealed under the key of the member whom it is about (retention: care)."""

from uuid import UUID

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import MemberId, OperatorId
from austa.kernel.personal import REVEAL, Personal
from austa.modules.medical_audit.api.cases import DecisionAsked, OpinionAsked
from austa.modules.medical_audit.api.checklists import ChecklistAsked
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.boards import BoardStep


class SealedTexts:
    """Seals and opens the texts of one member's case."""

    def __init__(self, keys: Keys, operator_id: OperatorId, owner: KeyOwner) -> None:
        self._keys = keys
        self._operator_id = operator_id
        self._owner = owner

    async def seal_opinion(self, opinion_id: UUID, opinion: OpinionAsked) -> bytes:
        return await self._seal(f"opinion.body:{opinion_id}", canonical(opinion))

    async def open_opinion(self, opinion_id: UUID, sealed: bytes) -> OpinionAsked:
        return OpinionAsked.read(await self._open(f"opinion.body:{opinion_id}", sealed))

    async def seal_checklist(self, checklist_id: UUID, asked: ChecklistAsked) -> bytes:
        return await self._seal(f"checklist.body:{checklist_id}", canonical(asked))

    async def open_checklist(self, checklist_id: UUID, sealed: bytes) -> ChecklistAsked:
        return ChecklistAsked.read(await self._open(f"checklist.body:{checklist_id}", sealed))

    async def seal_summary(self, contact_id: UUID, summary: Personal) -> bytes:
        return await self._seal(f"contact.summary:{contact_id}", summary.reveal())

    async def open_summary(self, contact_id: UUID, sealed: bytes) -> Personal:
        return Personal(await self._open(f"contact.summary:{contact_id}", sealed))

    async def seal_reason(self, forward_id: UUID, reason: Personal) -> bytes:
        return await self._seal(f"forward.reason:{forward_id}", reason.reveal())

    async def open_reason(self, forward_id: UUID, sealed: bytes) -> Personal:
        return Personal(await self._open(f"forward.reason:{forward_id}", sealed))

    async def seal_board_step(self, act_id: UUID, step: BoardStep) -> bytes:
        return await self._seal(f"board_act.body:{act_id}", canonical(step))

    async def open_board_step(self, act_id: UUID, sealed: bytes) -> BoardStep:
        return BoardStep.read(await self._open(f"board_act.body:{act_id}", sealed))

    async def seal_decision(self, release_id: UUID, asked: DecisionAsked) -> bytes:
        return await self._seal(f"release.asked:{release_id}", canonical(asked))

    async def open_decision(self, release_id: UUID, sealed: bytes) -> DecisionAsked:
        return DecisionAsked.read(await self._open(f"release.asked:{release_id}", sealed))

    async def _seal(self, place: str, text: str) -> bytes:
        return await self._keys.seal(self._operator_id, self._owner, f"medical_audit.{place}", text)

    async def _open(self, place: str, sealed: bytes) -> str:
        return await self._keys.open_text(self._operator_id, self._owner, f"medical_audit.{place}", sealed)


class Vault:
    """Finds whose key a case's texts lie under."""

    def __init__(self, keys: Keys, members: Members) -> None:
        self._keys = keys
        self._members = members

    async def of_member(self, caller: Caller, member_id: MemberId) -> SealedTexts:
        subject = await self._members.subject(caller, member_id)
        return SealedTexts(self._keys, caller.operator_id, KeyOwner(subject, "care"))


def canonical(written: Contract) -> str:
    """What is sealed, and what digests are made of: JSON with the fields in the contract's order."""
    return written.model_dump_json(context=REVEAL)
