"""Many requests in one call, each with its own result."""

from typing import Any

from pydantic import Field

from austa.kernel.contracts import Contract
from austa.modules.prior_auth.api.requests import RequestReceipt

MOST_LINES = 100


class BulkAsked(Contract):
    """Requests as they are asked, each like the body of a single one. A wrong one hinders no other."""

    requests: tuple[dict[str, Any], ...] = Field(
        min_length=1,
        max_length=MOST_LINES,
        json_schema_extra={"items": {"$ref": "#/components/schemas/AuthorizationAsked"}},
    )


class LineProblem(Contract):
    """Why a line was refused: the code, status and fields that a single request would have been answered with."""

    status: int
    code: str
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    details: dict[str, Any] = Field(default_factory=dict)


class LineResult(Contract):
    """What became of a line, in the order they came: a receipt or a problem, never both and never neither."""

    line: int
    receipt: RequestReceipt | None = None
    problem: LineProblem | None = None


class BulkAnswer(Contract):
    """What became of all lines."""

    taken: int
    refused: int
    results: tuple[LineResult, ...]
