"""Shares and means with the interval that so many trials allow."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from austa.kernel.contracts import Contract

_Z = 1.959963984540054


class Share(Contract):
    """`of` out of `n`, with the Wilson 95 % interval; all None when nothing was tried."""

    value: float | None
    low: float | None
    high: float | None
    of: int
    n: int


class Mean(Contract):
    """The mean of `n` values, with its 95 % interval; None when there are none."""

    value: float | None
    low: float | None
    high: float | None
    n: int


_RESAMPLES = 1000


def mean(values: Sequence[float]) -> Mean:
    """Percentiles of the means of resamples (bootstrap): no shape is assumed, and it stays within what was seen."""
    if not values:
        return Mean(value=None, low=None, high=None, n=0)
    seen = np.asarray(values, np.float64)
    means = np.random.default_rng(len(values)).choice(seen, (_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Mean(value=round(float(seen.mean()), 4), low=round(float(low), 4), high=round(float(high), 4), n=len(values))


def share(of: int, n: int) -> Share:
    """Wilson's score interval: it stays within 0..1 and holds for few trials and shares near the ends."""
    if n == 0:
        return Share(value=None, low=None, high=None, of=of, n=n)
    value = of / n
    middle = (value + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(value * (1 - value) / n + _Z**2 / (4 * n**2))
    low = 0.0 if of == 0 else max(0.0, middle - half)
    high = 1.0 if of == n else min(1.0, middle + half)
    return Share(value=round(value, 4), low=round(low, 4), high=round(high, 4), of=of, n=n)
