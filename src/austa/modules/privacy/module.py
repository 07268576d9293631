"""Wiring of `privacy`."""

from austa.infra.platform import Platform, Wired
from austa.modules.privacy.service import PrivacyService


def build(platform: Platform) -> tuple[PrivacyService, Wired]:
    """Privacy of one process; it calls no other module."""
    return PrivacyService(platform.database.for_module("privacy"), platform.clock), Wired()
