"""Posts queued webhooks to AUSTA as Meta does: signed, at least once, again and again for up to seven days."""

import asyncio
from datetime import timedelta

import httpx2
import structlog

from austa.bench.graph.webhooks import sign
from austa.demo.graph_store import GraphStore, QueuedWebhook
from austa.kernel.clock import Clock

GIVE_UP_AFTER = timedelta(days=7)
LONGEST_WAIT = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class WebhookCourier:
    """Delivers the webhooks of a `GraphStore`.

    `webhook_url` has the place `{number_id}`, e.g. `http://127.0.0.1:8000/webhooks/whatsapp/{number_id}`.
    """

    def __init__(
        self, store: GraphStore, app_secret: str, webhook_url: str, client: httpx2.AsyncClient, clock: Clock
    ) -> None:
        self._store = store
        self._app_secret = app_secret
        self._webhook_url = webhook_url
        self._client = client
        self._clock = clock
        self._nudged = asyncio.Event()
        self._delivering = asyncio.Lock()

    def nudge(self) -> None:
        """Says that something was queued; a running courier looks at once."""
        self._nudged.set()

    async def run(self) -> None:
        """Delivers until cancelled; looks at least every second for webhooks whose wait is over."""
        while True:
            await self.deliver_due()
            try:
                await asyncio.wait_for(self._nudged.wait(), timeout=1.0)
            except TimeoutError:
                continue
            self._nudged.clear()

    async def deliver_due(self) -> int:
        """Posts everything that is due, oldest first; returns how many AUSTA accepted."""
        async with self._delivering:
            accepted = [await self._deliver(webhook) for webhook in self._store.list_due_webhooks(self._clock.now())]
        return sum(accepted)

    async def _deliver(self, webhook: QueuedWebhook) -> bool:
        now = self._clock.now()
        if await self._post(webhook):
            self._store.drop_webhook(webhook.position)
            return True
        if now - webhook.queued_at > GIVE_UP_AFTER:
            self._store.drop_webhook(webhook.position)
            log.warning("demo.webhook_given_up", attempts=webhook.attempts)
            return False
        wait = min(timedelta(seconds=2**webhook.attempts), LONGEST_WAIT) if webhook.attempts < 10 else LONGEST_WAIT
        self._store.postpone_webhook(webhook.position, now, wait)
        return False

    async def _post(self, webhook: QueuedWebhook) -> bool:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(webhook.body, self._app_secret),
        }
        url = self._webhook_url.format(number_id=webhook.number_id)
        try:
            response = await self._client.post(url, content=webhook.body, headers=headers, timeout=10)
        except httpx2.HTTPError as error:
            log.info("demo.webhook_not_delivered", reason=type(error).__name__)
            return False
        if response.status_code != 200:
            log.info("demo.webhook_refused", status=response.status_code)
        return response.status_code == 200
