"""Logs, metrics and traces without personal data.

Logs are structured; a `Personal` prints as a mask, and exceptions are logged by class and place, never by
message (a driver's message may quote a value). Metrics are Prometheus counters at `/metrics`; traces go to
`AUSTA_OTEL_ENDPOINT` when it is set.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from opentelemetry import trace
from prometheus_client import Counter, Gauge, Histogram

from austa import __version__
from austa.infra.settings import Settings

tracer = trace.get_tracer("austa", __version__)

HTTP_REQUESTS = Counter("austa_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
HTTP_SECONDS = Histogram("austa_http_seconds", "Time to answer an HTTP request", ["method", "route"])
EVENTS_HANDLED = Counter("austa_events_handled_total", "Deliveries completed", ["handler"])
EVENTS_FAILED = Counter("austa_events_failed_total", "Deliveries that failed once more", ["handler", "parked"])
DELIVERIES_DUE = Gauge(
    "austa_deliveries_due", "Deliveries that are due, by handler: what follows lags so much behind", ["handler"]
)
WENT_TOGETHER = Histogram("austa_in_step_calls", "Use cases that shared transactions", buckets=(1, 2, 4, 8, 16))
WEBHOOKS_REFUSED = Counter("austa_webhooks_refused_total", "Webhooks refused", ["reason"])
SENDS = Counter("austa_chat_sends_total", "Calls that send a message, by what came of them", ["outcome"])
UNKNOWN_RESENT = Counter("austa_chat_unknown_resent_total", "Sends of unknown fate that were sent once more")
NUMBER_STOPS = Counter("austa_chat_number_stops_total", "Refusals that stopped a number for a while", ["course"])
NOTICES_KEPT = Counter("austa_chat_notices_total", "Entries of webhooks kept whole, not understood or odd", ["kind"])
INBOX_TAKEN = Counter("austa_inbox_items_total", "Items of the inbox worked off", ["kind"])
INBOX_LEFT = Counter("austa_inbox_left_total", "Items of the inbox that failed, and were left to the outbox", ["kind"])
INBOX_AHEAD = Counter("austa_inbox_ahead_total", "Conversations that came first for an emergency that waited in them")
DRAFTS = Counter("austa_drafts_total", "Answers asked of the language model", ["outcome"])
IDENTIFICATIONS = Counter(
    "austa_identifications_total",
    "Tries to show who writes on a channel; a rush of them is somebody guessing",
    ["outcome"],
)
VOICE_NOTES = Counter("austa_voice_notes_total", "Voice notes given to the transcriber", ["outcome"])
SIGN_INS_REFUSED = Counter("austa_sign_ins_refused_total", "Sign-ins refused", ["reason"])


def configure(settings: Settings, process: str) -> None:
    """Set up logs and traces of this process, once, at its start."""
    level = getattr(logging, settings.log_level.upper())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_messages,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Whatever stands for it by then: one that tests or a command put in its place may be closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    # Libraries speak only when something is wrong, and never with the values they were given.
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(_PlaceOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[to_stderr], force=True)
    logging.raiseExceptions = False  # a broken stream must not make `logging` print the record with its values
    sys.excepthook = _say_crash
    if settings.otel_endpoint:
        # Only who asked for traces waits for their libraries: a fifth of the start of a command.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider = TracerProvider(resource=Resource({"service.name": "austa", "service.version": __version__}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.otel_endpoint)))
        trace.set_tracer_provider(provider)


def handled(handler: str, count: int = 1) -> None:
    """Count completed deliveries."""
    EVENTS_HANDLED.labels(handler).inc(count)


def failed(handler: str, *, parked: bool) -> None:
    """Count a failed attempt."""
    EVENTS_FAILED.labels(handler, str(parked).lower()).inc()


def where(error: BaseException) -> str:
    """The class of an error and the last places of ours it went through: enough to find it, nothing personal."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/austa/" in f.filename][-3:]
    places = " < ".join(f"{f.filename.rsplit('/austa/', 1)[-1]}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


class _PlaceOnly(logging.Formatter):
    """Who complains, and where an exception came from: neither message nor traceback, which may quote values."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        return f"{record.levelname} {record.name}" + (f" {where(error)}" if error else "")


def _say_crash(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    structlog.get_logger().critical("process.crashed", where=where(error))


def _without_messages(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["where"] = where(error)
    elif error is True:
        current = sys.exc_info()[1]
        event["where"] = where(current) if current else None
    return event
