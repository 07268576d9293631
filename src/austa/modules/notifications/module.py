"""Wiring of `notifications`."""

from austa.infra.platform import Platform, Wired
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.notifications.adapters.mail import Mail
from austa.modules.notifications.service import NotificationsService
from austa.modules.notifications.subscribers import handlers


def build(platform: Platform, *, identity: Identity, members: Members) -> tuple[NotificationsService, Wired]:
    """Notifications of one process."""
    settings = platform.settings
    mail = Mail(settings.smtp_url.get_secret_value(), settings.mail_from) if settings.smtp_url else None
    service = NotificationsService(
        platform.database.for_module("notifications"),
        platform.keys,
        platform.access,
        platform.clock,
        settings,
        identity,
        members,
        mail,
    )
    return service, Wired(handlers=handlers(service))
