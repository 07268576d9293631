"""The language module as it ships, without a database or an api around it."""

from austa.kernel.clock import SystemClock
from austa.modules.language.service import LanguageService


def open_language() -> LanguageService:
    """The same service that the chat workers hold."""
    return LanguageService(SystemClock())
