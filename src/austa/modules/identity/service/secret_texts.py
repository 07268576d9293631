"""Tokens and codes: random ones for sessions, computed ones for invitations, links and codes."""

import base64
import hashlib
import secrets
from uuid import UUID

from austa.infra.keys import Keys
from austa.kernel.ids import OperatorId
from austa.kernel.personal import Personal
from austa.modules.identity.domain import six_digits


def new_token() -> Personal:
    """256 random bits as 43 URL-safe characters."""
    return Personal(secrets.token_urlsafe(32))


def hash_token(token: Personal) -> bytes:
    """As tokens are stored: they carry 256 bits of entropy, so a plain SHA-256 suffices."""
    return hashlib.sha256(token.reveal().encode()).digest()


class ComputedSecrets:
    """Secrets that are computed from their row's id and the installation's index key.

    So a repeated delivery says the same secret again, and a copy of the database holds none.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def invitation_token(self, operator_id: OperatorId, invitation_id: UUID) -> Personal:
        return _as_token(self._keys.blind(operator_id, "identity.invitation", str(invitation_id)))

    def link_token(self, operator_id: OperatorId, link_id: UUID, generation: int) -> Personal:
        return _as_token(self._keys.blind(operator_id, "identity.link", f"{link_id}:{generation}"))

    def code(self, operator_id: OperatorId, code_id: UUID) -> Personal:
        return Personal(six_digits(self._keys.blind(operator_id, "identity.code", str(code_id))))


def _as_token(mac: bytes) -> Personal:
    return Personal(base64.urlsafe_b64encode(mac).decode().rstrip("="))
