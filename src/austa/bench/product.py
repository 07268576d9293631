"""The language module as it ships, without a database or an api around it."""

from typing import TYPE_CHECKING

from austa.kernel.clock import SystemClock

if TYPE_CHECKING:
    from austa.modules.language.service import LanguageService


def open_language() -> "LanguageService":
    """The same service that the chat workers hold."""
    # Imported when it is used: the other commands of the command line start without the models' libraries.
    from austa.modules.language.service import LanguageService

    return LanguageService(SystemClock())
