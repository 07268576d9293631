"""Money is an exact amount of reais."""

from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

from austa.kernel.contracts import Contract


@total_ordering
class Money(Contract):
    """An amount in Brazilian reais, held in centavos."""

    centavos: int

    @staticmethod
    def of(reais: Decimal | int | str) -> "Money":
        """From reais; half a centavo rounds up."""
        return Money(centavos=int((Decimal(reais) * 100).to_integral_value(ROUND_HALF_UP)))

    @property
    def reais(self) -> Decimal:
        return Decimal(self.centavos) / 100

    def __add__(self, other: "Money") -> "Money":
        return Money(centavos=self.centavos + other.centavos)

    def times(self, count: int) -> "Money":
        """This amount `count` times."""
        return Money(centavos=self.centavos * count)

    def __lt__(self, other: "Money") -> bool:
        return self.centavos < other.centavos

    def __str__(self) -> str:
        whole, cents = divmod(abs(self.centavos), 100)
        sign = "-" if self.centavos < 0 else ""
        return f"{sign}R$ {whole:,}".replace(",", ".") + f",{cents:02d}"
