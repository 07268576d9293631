"""What lies sealed or blinded in the tables of `members`."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from pydantic_core import to_json

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.errors import NotFound
from austa.kernel.ids import MemberId, OperatorId, SubjectId
from austa.kernel.personal import REVEAL
from austa.modules.members.api import NewContract, NewMember, PreexistingRestriction
from austa.modules.members.domain.contacts import phone_key
from austa.modules.members.domain.names import name_parts
from austa.modules.members.domain.person import Person


def subject_of(member_id: MemberId) -> SubjectId:
    """A member is a subject under their own id."""
    return SubjectId(member_id)


class Sealing:
    """Seals people under their own keys, and makes the marks by which they are found."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def seal(self, operator_id: OperatorId, people: Sequence[tuple[MemberId, Person]]) -> list[bytes]:
        """All of them, in order."""
        await self._keys.prepare(operator_id, "contract", [subject_of(member_id) for member_id, _ in people])
        sealing = [
            self._keys.seal(operator_id, _owner(member_id), _place(member_id), to_json(person, context=REVEAL))
            for member_id, person in people
        ]
        return await asyncio.gather(*sealing)

    async def open(self, operator_id: OperatorId, sealed: Sequence[tuple[MemberId, bytes]]) -> list[Person]:
        """All of them, in order. Raises `NotFound` `keys.destroyed` where somebody's data was erased."""
        await self._keys.find(operator_id, "contract", [subject_of(member_id) for member_id, _ in sealed])
        return [
            Person.read(await self._keys.open(operator_id, _owner(member_id), _place(member_id), person))
            for member_id, person in sealed
        ]

    async def open_living(
        self, operator_id: OperatorId, sealed: Sequence[tuple[MemberId, bytes]]
    ) -> dict[MemberId, Person]:
        """Those whose keys were not destroyed."""
        await self._keys.find(operator_id, "contract", [subject_of(member_id) for member_id, _ in sealed])
        living: dict[MemberId, Person] = {}
        for each in sealed:
            with suppress(NotFound):
                (living[each[0]],) = await self.open(operator_id, [each])
        return living

    async def seal_restrictions(
        self, operator_id: OperatorId, restrictions: Sequence[tuple[UUID, MemberId, PreexistingRestriction]]
    ) -> dict[UUID, bytes]:
        """What each says, by the id of its version."""
        sealing = [
            self._keys.seal(operator_id, _owner(member_id), _restriction_place(version_id), _plain(each))
            for version_id, member_id, each in restrictions
        ]
        return dict(zip((each[0] for each in restrictions), await asyncio.gather(*sealing), strict=True))

    async def open_restrictions(
        self, operator_id: OperatorId, member_id: MemberId, sealed: Mapping[UUID, bytes]
    ) -> list[PreexistingRestriction]:
        """What the versions with those ids say. Raises `NotFound` `keys.destroyed` where the person was erased."""
        return [
            PreexistingRestriction.read(
                await self._keys.open(operator_id, _owner(member_id), _restriction_place(version_id), each)
            )
            for version_id, each in sealed.items()
        ]

    def restriction_mark(self, operator_id: OperatorId, restriction: PreexistingRestriction) -> str:
        """Equal for equal restrictions."""
        return self._keys.blind(operator_id, "members.restriction", _plain(restriction).decode()).hex()

    def card_mark(self, operator_id: OperatorId, card: str) -> bytes:
        return self._keys.blind(operator_id, "members.card", card)

    def cpf_mark(self, operator_id: OperatorId, cpf: str) -> bytes:
        return self._keys.blind(operator_id, "members.cpf", cpf)

    def phone_token(self, operator_id: OperatorId, key: str) -> bytes:
        return self._keys.blind(operator_id, "members.phone", key)

    def name_tokens(self, operator_id: OperatorId, name: str) -> set[bytes]:
        return {self._keys.blind(operator_id, "members.name", part) for part in name_parts(name)}

    def search_tokens(self, operator_id: OperatorId, new: NewMember) -> set[bytes]:
        """What a tidy person is found by: parts of the name and telephones, with or without the ninth digit."""
        phones = {key for phone in new.phones if (key := phone_key(phone.reveal()))}
        return self.name_tokens(operator_id, new.name.reveal()) | {self.phone_token(operator_id, k) for k in phones}

    def digest(self, operator_id: OperatorId, new: NewContract | NewMember) -> bytes:
        """Equal for what was sent before in the same words."""
        return self._keys.blind(operator_id, "members.digest", to_json(new, context=REVEAL).decode())


def _owner(member_id: MemberId) -> KeyOwner:
    return KeyOwner(subject_of(member_id), "contract")


def _plain(restriction: PreexistingRestriction) -> bytes:
    return to_json(restriction, context=REVEAL)


def _restriction_place(version_id: UUID) -> str:
    return f"members.version.sealed:{version_id}"


def _place(member_id: MemberId) -> str:
    return f"members.member.person:{member_id}"
