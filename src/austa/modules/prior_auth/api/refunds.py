"""What a refund is asked with: receipts, and whose account shall receive it."""

from datetime import date
from typing import Literal

from pydantic import Field

from austa.kernel.contracts import Contract
from austa.kernel.money import Money
from austa.kernel.personal import Personal


class Receipt(Contract):
    """A receipt for which a refund is asked. `issuer` is the CNPJ or name on it."""

    number: int = Field(ge=0)
    issued_on: date
    amount: Money
    issuer: Personal


class Refund(Contract):
    """A refund that is asked: its receipts and whose account shall receive it."""

    receipts: tuple[Receipt, ...] = Field(min_length=1, max_length=100)
    ceiling: Money | None = None
    """What the contract refunds at most for one receipt."""
    account_of: Literal["holder", "patient", "guardian", "someone_else"] | None = None
    """Whose account it is: a dependant who paid, or the guardian of a child, may be paid as the holder is."""
