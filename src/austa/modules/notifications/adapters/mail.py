"""Mail by SMTP (RFC 5321), through the server of the setting `smtp_url`."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib

from austa.kernel.errors import Unavailable
from austa.kernel.ids import NotificationId
from austa.kernel.personal import Personal

TIMEOUT_S = 20.0


class Mail:
    """Sends plain-text mails; one connection each, for the few there are."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self._server = urlsplit(smtp_url)
        self._sender = sender

    async def send(
        self, notification_id: NotificationId, to: Personal, subject: str, text: Personal, date: datetime
    ) -> Literal["sent", "refused"]:
        """`refused` when the server never will (5xx). Raises `Unavailable` when trying again may help.

        A repeated send bears the same Message-ID, by which mailboxes recognise it.
        """
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = to.reveal()
        message["Subject"] = subject
        message["Date"] = format_datetime(date)
        message["Message-ID"] = f"<{notification_id}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message.set_content(text.reveal())
        user, password = self._server.username, self._server.password
        try:
            await aiosmtplib.send(
                message,
                hostname=self._server.hostname,
                port=self._server.port,
                username=unquote(user) if user else None,
                password=unquote(password) if password else None,
                use_tls=self._server.scheme == "smtps",
                # A password never travels in clear; without one, encryption is taken where it is offered.
                start_tls=True if user and self._server.scheme == "smtp" else None,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _verdict(max(refused.code for refused in error.recipients))
        except aiosmtplib.SMTPAuthenticationError:
            raise Unavailable("notifications.mail_sign_in", "the mail server refuses our user") from None
        except aiosmtplib.SMTPResponseException as error:
            return _verdict(error.code)
        except (aiosmtplib.SMTPException, OSError):
            raise Unavailable("notifications.mail_away", "the mail server does not answer") from None
        return "sent"


def _verdict(code: int) -> Literal["refused"]:
    if code < 500:
        raise Unavailable("notifications.mail_later", "the mail server asks to try later", smtp_code=code)
    return "refused"
