"""Sealing and opening of what requests hold about people, each field under its person's key."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.keys import KeyOwner, Keys, Retention
from austa.kernel.ids import OperatorId, SubjectId, derived_id
from austa.modules.prior_auth.api.boards import TieBreaker
from austa.modules.prior_auth.api.requests import AuthorizationAsked, IndicationFact, Requester
from austa.modules.prior_auth.domain.canonical import canonical

RETENTION: Retention = "care"


class Vault:
    """Keys of `prior_auth`: the member's for what was asked and decided, the requester's for who asked."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def fingerprint(self, operator_id: OperatorId, asked: AuthorizationAsked) -> bytes:
        """Equal for equal requests of one operator, and tells nothing about them."""
        return self._keys.blind(operator_id, "prior_auth.request", canonical(asked.reveal_json()).decode())

    async def seal(
        self, operator_id: OperatorId, subject: UUID, table: str, row_id: UUID, value: Mapping[str, Any]
    ) -> bytes:
        """The value as canonical JSON under that subject's key."""
        return await self._keys.seal(operator_id, _owner(subject), _place(table, row_id), canonical(value))

    async def seal_text(self, operator_id: OperatorId, subject: UUID, table: str, row_id: UUID, text: bytes) -> bytes:
        """Bytes as they are: a receipt must open to what its digest was made of."""
        return await self._keys.seal(operator_id, _owner(subject), _place(table, row_id), text)

    async def open(self, operator_id: OperatorId, subject: UUID, table: str, row_id: UUID, sealed: bytes) -> Any:
        """The JSON value."""
        return json.loads(await self._keys.open(operator_id, _owner(subject), _place(table, row_id), sealed))

    async def seal_asked(
        self, operator_id: OperatorId, subject: UUID, request_id: UUID, asked: AuthorizationAsked
    ) -> bytes:
        """What was asked, but for the requester, who is another person."""
        content = asked.model_copy(update={"requester": None}).reveal_json()
        return await self.seal(operator_id, subject, "request", request_id, content)

    async def seal_requester(self, operator_id: OperatorId, request_id: UUID, requester: Requester) -> bytes:
        subject = requester_subject(operator_id, requester)
        return await self.seal(operator_id, subject, "request.requester", request_id, requester.reveal_json())

    async def open_asked(self, row: sa.Row[Any]) -> AuthorizationAsked:
        """The whole request again."""
        content = await self.open(row.operator_id, row.subject_id, "request", row.id, row.content)
        asked = AuthorizationAsked.read(json.dumps(content))
        return asked.model_copy(update={"requester": await self.open_requester(row)})

    async def prepare(self, operator_id: OperatorId, subjects: Sequence[SubjectId]) -> None:
        """Make those subjects' keys, so that no transaction waits for one."""
        await self._keys.prepare(operator_id, RETENTION, subjects)

    async def open_requester(self, row: sa.Row[Any]) -> Requester | None:
        if row.requester is None:
            return None
        content = await self.open(row.operator_id, row.requester_subject_id, "request.requester", row.id, row.requester)
        return Requester.read(json.dumps(content))


def requester_subject(operator_id: OperatorId, requester: Requester | TieBreaker) -> SubjectId:
    """A professional's subject follows from the registration, so that all about them lies under one key."""
    return professional(operator_id, requester.council, requester.uf, requester.number)


def professional(operator_id: OperatorId, council: str, uf: str, number: str) -> SubjectId:
    """The same from the three parts of a registration."""
    return SubjectId(derived_id("professional", operator_id, council.upper(), uf, number.lstrip("0")))


def merge_facts(known: tuple[IndicationFact, ...], added: tuple[IndicationFact, ...]) -> tuple[IndicationFact, ...]:
    """A fact that is given again replaces the one before."""
    return tuple({fact.name: fact for fact in (*known, *added)}.values())


def _owner(subject: UUID) -> KeyOwner:
    return KeyOwner(SubjectId(subject), RETENTION)


def _place(table: str, row_id: UUID) -> str:
    return f"prior_auth.{table}:{row_id}"
