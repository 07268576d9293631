"""Meta's limits as Meta counts them: what arrives, when it arrives, refused attempts too (developer docs, 2026)."""

from collections import Counter, deque
from dataclasses import dataclass, field

NUMBER_LIMIT, PAIR_LIMIT, PORTFOLIO_LIMIT = 130429, 131056, 131048
DAY_S = 24 * 3600.0


@dataclass
class PeerLimits:
    """`per_second` of a number in every sliding second; of a pair one message each `pair_seconds` with a burst of
    `pair_burst`; `portfolio`: people a day who are written to first. Instants are seconds."""

    per_second: int = 80
    pair_burst: int = 45
    pair_seconds: float = 6.0
    portfolio: int = 250
    refused: Counter[int] = field(default_factory=Counter)
    """Attempts that met a limit, by error code."""
    _numbers: dict[str, deque[float]] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], float] = field(default_factory=dict)
    """When each pair's bucket would be full again."""
    _reached: dict[str, float] = field(default_factory=dict)

    def take(self, number_id: str, phone: str, now: float, *, starts: bool) -> int | None:
        """Count an attempt; the error code with which it is refused, if it is. `starts`: outside the 24-hour window."""
        code = self._number(number_id, now) or self._pair(number_id, phone, now) or self._portfolio(phone, now, starts)
        if code is not None:
            self.refused[code] += 1
        return code

    def _number(self, number_id: str, now: float) -> int | None:
        arrived = self._numbers.setdefault(number_id, deque())
        while arrived and arrived[0] <= now - 1.0:
            arrived.popleft()
        arrived.append(now)
        return NUMBER_LIMIT if len(arrived) > self.per_second else None

    def _pair(self, number_id: str, phone: str, now: float) -> int | None:
        whole = self.pair_burst * self.pair_seconds
        full_at = max(self._pairs.get((number_id, phone), now), now) + self.pair_seconds
        self._pairs[number_id, phone] = min(full_at, now + whole)
        return PAIR_LIMIT if full_at - now > whole + 1e-6 else None

    def _portfolio(self, phone: str, now: float, starts: bool) -> int | None:
        if not starts or self._reached.get(phone, -DAY_S) > now - DAY_S:
            return None
        self._reached = {each: at for each, at in self._reached.items() if at > now - DAY_S}
        if len(self._reached) >= self.portfolio:
            return PORTFOLIO_LIMIT
        self._reached[phone] = now
        return None
