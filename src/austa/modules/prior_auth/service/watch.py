"""Watches terms: tells the house before an answer comes late, and brings what nobody looked at to a person."""

from zoneinfo import ZoneInfo

from austa.infra.db import Transaction
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.clocks import Stage
from austa.modules.prior_auth.domain.forecast import Prediction, first_prediction, prediction_after, predictions_of
from austa.modules.prior_auth.domain.lifecycle import OPEN
from austa.modules.prior_auth.events import BreachPredicted, TermNearing
from austa.modules.prior_auth.service.assessing import NOT_ASSESSED, Assessor
from austa.modules.prior_auth.service.views import Row, clock_of
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store

NO_MORE = "told"
"""`request.watch` when the last prediction was told; before, it is the stage that a timer waits for."""


async def watch(tx: Transaction, row: Row, calendar: BusinessCalendar) -> None:
    """Wait for the first prediction of a request that nothing watches."""
    predictions = predictions_of(clock_of(row), max(row.received_at, row.asked_at), calendar)
    await _wait_for(tx, RequestId(row.id), first_prediction(predictions, tx.now()))


async def _wait_for(tx: Transaction, request_id: RequestId, prediction: Prediction | None) -> None:
    await store.update_request(tx, request_id, {"watch": prediction.stage if prediction else NO_MORE})
    if prediction:
        await tx.publish(TermNearing(request_id=request_id, stage=prediction.stage), not_before=prediction.at)


class Watch:
    """What the handlers of terms call."""

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor

    async def predict(self, tx: Transaction, request_id: RequestId, stage: Stage) -> None:
        """Tell that an open request is predicted to breach, once a stage, and wait for the next. What was answered is
        left in peace, and what nobody assessed yet goes to a person with what there is."""
        row = await store.get_request(tx, request_id, lock=True)
        if row.state not in OPEN or row.watch != stage:
            return
        calendar, zone = await calendars.load_calendar(tx), ZoneInfo(row.zone)
        later = prediction_after(predictions_of(clock_of(row), max(row.received_at, row.asked_at), calendar), stage)
        await _wait_for(tx, request_id, later)
        if row.state in NOT_ASSESSED:
            await self._assessor.hand_over(tx, row)
        days_left = calendar.count(local_date(tx.now(), zone), local_date(row.due_at, zone))
        await tx.publish(
            BreachPredicted(request_id=request_id, stage=stage, due_at=row.due_at, business_days_left=days_left)
        )
