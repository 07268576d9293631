"""What of a request is impossible, and is refused at the door: a clear error, never a silent default.

Unlikely is another thing: codes nobody knows, repetitions and unusual prices are taken, and people look.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.money import Money
from austa.modules.prior_auth.api.requests import AuthorizationAsked
from austa.modules.prior_auth.domain.assessment import SENT_BY_MEMBERS
from austa.modules.prior_auth.domain.refusals import file_missing, not_for_providers

CLOCKS_APART = timedelta(minutes=5)
OLDEST = timedelta(days=366)
"""As far back as rules look. What was asked before is no request any more."""
FURTHEST = timedelta(days=2 * 366)
"""Nobody books care later than this."""
LARGEST_AMOUNT = 10**11
"""A thousand million reais, in centavos."""
FOR_STAFF = ("court_case", "regulator_complaint")

_CID = re.compile(r"[A-Z]\d{2}\.?[\dX]?")
"""CID-10, with or without the dot. Whether the code exists is another question: tables are renewed."""


def refuse_impossible(caller: Caller, asked: AuthorizationAsked, now: datetime) -> None:
    """Raises `Invalid` with the code of what is impossible, or not this caller's to ask."""
    _check_times(asked, now)
    _check_values(asked)
    if caller.kind == "member" and any(getattr(asked, name) for name in FOR_STAFF):
        raise Invalid("prior_auth.not_for_members", "court orders and complaints are registered by staff")
    if caller.kind == "clerk":
        _check_provider(caller, asked)
    if asked.channel in SENT_BY_MEMBERS and any(paper.document_id is None for paper in asked.documents):
        raise file_missing()


def _check_times(asked: AuthorizationAsked, now: datetime) -> None:
    asked_at = asked.asked_at or now
    if asked_at > now + CLOCKS_APART:
        raise Invalid("prior_auth.asked_in_future", "asked_at lies in the future")
    if asked_at < now - OLDEST:
        raise Invalid("prior_auth.asked_long_ago", "asked_at lies more than a year back", oldest_days=OLDEST.days)
    for position, line in enumerate(asked.items):
        if line.scheduled_at and not asked_at - OLDEST <= line.scheduled_at <= now + FURTHEST:
            raise Invalid(
                "prior_auth.date_impossible", "no care is on that day", field=f"items.{position}.scheduled_at"
            )
    for position, receipt in enumerate(asked.refund.receipts if asked.refund else ()):
        if receipt.issued_on > (now + CLOCKS_APART).date():
            raise Invalid(
                "prior_auth.date_impossible", "the receipt is of a day to come", field=f"refund.receipts.{position}"
            )


def _check_values(asked: AuthorizationAsked) -> None:
    if asked.kind == "reimbursement" and asked.refund is None:
        raise Invalid("prior_auth.refund_missing", "a reimbursement needs its receipts")
    if any(not 0 <= amount.centavos <= LARGEST_AMOUNT for amount in _amounts(asked)):
        raise Invalid("prior_auth.amount_wrong", "an amount is negative or beyond reason")
    for position, cid in enumerate(asked.cids):
        if not _CID.fullmatch(cid.reveal()):
            raise Invalid("prior_auth.cid_wrong", "a CID-10 code is written like M23.2", field=f"cids.{position}")
    if asked.court_case and not has_right_check_digits(asked.court_case):
        raise court_case_wrong()


def _check_provider(caller: Caller, asked: AuthorizationAsked) -> None:
    """A clerk asks for care by the own provider, on the own channels."""
    if asked.provider_id not in {None, caller.provider_id}:
        raise not_for_providers("provider_id")
    if asked.channel not in {"portal", "api"}:
        raise not_for_providers("channel")
    if asked.kind != "care" or asked.refund:
        raise not_for_providers("kind")
    for name in FOR_STAFF:
        if getattr(asked, name):
            raise not_for_providers(name)


def _amounts(asked: AuthorizationAsked) -> Iterator[Money]:
    """Every amount somebody wrote."""
    yield from (line.amount for line in asked.items if line.amount)
    yield from (material.unit_price for material in asked.materials if material.unit_price)
    if asked.refund:
        yield from (receipt.amount for receipt in asked.refund.receipts)
        if asked.refund.ceiling:
            yield asked.refund.ceiling


def court_case_wrong() -> Invalid:
    return Invalid("prior_auth.court_case_wrong", "the check digits of the lawsuit's number do not agree")


def has_right_check_digits(lawsuit: str) -> bool:
    """Whether a lawsuit's number NNNNNNN-DD.AAAA.J.TR.OOOO is one (CNJ resolution 65/2008: ISO 7064, modulo 97-10)."""
    number, check, *rest = re.split(r"[-.]", lawsuit)
    return int(number + "".join(rest) + check) % 97 == 1
