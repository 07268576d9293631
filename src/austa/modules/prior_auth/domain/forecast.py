"""When an open request is predicted to be answered late: before its term ends, while somebody can still answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.clocks import LegalClock, Stage

THREE_QUARTERS = 0.75
RULES_TAKE = timedelta(minutes=5)
"""Rules answer within seconds of the reading of papers; what is open after this waits for somebody who does not know.
Nothing is predicted earlier, however late the request reached us."""


@dataclass(frozen=True)
class Prediction:
    """From `at` on, a request that is still open is predicted to breach."""

    stage: Stage
    at: datetime


def predictions_of(clock: LegalClock, received_at: datetime, calendar: BusinessCalendar) -> Sequence[Prediction]:
    """The predictions of a term, first to last. Days begin at midnight of the operator's zone; of a term of three days
    the third is both the last and that of three quarters, and is told once."""
    if clock.business_days == 0:
        return (Prediction("immediate", received_at + RULES_TAKE),)
    zone = ZoneInfo(clock.zone)
    asked_on, last = local_date(clock.asked_at, zone), local_date(clock.due_at, zone)
    day = calendar.add(asked_on, ceil(clock.business_days * THREE_QUARTERS))
    stages: tuple[Stage, ...] = ("three_quarters", "last_day") if day < last else ("last_day",)
    days = {"three_quarters": day, "last_day": last}
    begins = {stage: datetime.combine(days[stage], time(), zone).astimezone(UTC) for stage in stages}
    return tuple(Prediction(stage, max(begins[stage], received_at + RULES_TAKE)) for stage in stages)


def first_prediction(predictions: Sequence[Prediction], now: datetime) -> Prediction:
    """The one to wait for: the next, or the last where all are over. What was missed meanwhile is told by it."""
    return next((prediction for prediction in predictions if prediction.at > now), predictions[-1])


def prediction_after(predictions: Sequence[Prediction], stage: Stage) -> Prediction | None:
    """The one that follows that stage."""
    stages = [prediction.stage for prediction in predictions]
    later = predictions[stages.index(stage) + 1 :] if stage in stages else ()
    return later[0] if later else None
