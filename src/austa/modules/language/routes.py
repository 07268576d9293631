"""HTTP edge of `language`: one message in, findings out; and what codes mean. Nothing here creates: no keys."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Query, Response

from austa.infra.access import Access
from austa.infra.http import SignedIn, answer, from_json
from austa.kernel.contracts import Page
from austa.kernel.errors import NotFound
from austa.modules.language.api.entities import Procedure
from austa.modules.language.api.language import (
    Analyses,
    Condition,
    EntityAnalysis,
    IntentAnalysis,
    MessageToRead,
    SymptomAnalysis,
    Terminology,
)

Asked = Annotated[MessageToRead, from_json(MessageToRead)]
_CODE = re.compile(r"[\d.\-\s]+")


class FoundProcedure(Procedure):
    """A procedure as found. `code_doubtful`: its last digit does not agree, which is a hint of a slip, no error."""

    code_doubtful: bool


def router(analyses: Analyses) -> APIRouter:
    """Under /api/v1/ai; bodies of at most 20 kB."""
    routes = APIRouter(prefix="/api/v1/ai", tags=["language"])

    @routes.post("/analyze-symptom", response_model=SymptomAnalysis)
    async def analyze_symptom(caller: SignedIn, asked: Asked) -> Response:
        """Red flags of a message, each with its rule and words, and the most urgent level that was stated.

        Finding nothing is no reassurance.
        """
        return answer(await analyses.analyze_symptom(caller, asked))

    @routes.post("/extract-entities", response_model=EntityAnalysis)
    async def extract_entities(caller: SignedIn, asked: Asked) -> Response:
        """The facts that a message names, each with its place in the text."""
        return answer(await analyses.extract_entities(caller, asked))

    @routes.post("/intent", response_model=IntentAnalysis)
    async def guess_intents(caller: SignedIn, asked: Asked) -> Response:
        """What a message wants, best first, or an abstention."""
        return answer(await analyses.guess_intents(caller, asked))

    return routes


def terminology_router(terminology: Terminology, access: Access) -> APIRouter:
    """Under /api/v1/terminology, for whoever is signed in: the codes are public."""
    routes = APIRouter(prefix="/api/v1/terminology", tags=["terminology"])

    @routes.get("/procedures", response_model=Page[FoundProcedure])
    async def procedures(
        caller: SignedIn,
        q: Annotated[str, Query(min_length=2, max_length=200, description="Words, lay ones too, or a whole code.")],
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Response:
        """Procedures of TUSS table 22, best first: by their words, or the one with that code, in force or not."""
        access.check(caller, "terminology:read")
        found = await asyncio.to_thread(_find_procedures, terminology, q, limit)
        return answer(Page[FoundProcedure](items=tuple(found)))

    @routes.get("/conditions/{cid}", response_model=Condition)
    async def condition(caller: SignedIn, cid: str) -> Response:
        """What a CID-10 code, with or without the dot, means. 404 `language.no_such_condition`."""
        access.check(caller, "terminology:read")
        found = await asyncio.to_thread(terminology.get_condition, cid)
        if found is None:
            raise NotFound("language.no_such_condition", "the table of this installation has no such code")
        return answer(found)

    return routes


def _find_procedures(terminology: Terminology, q: str, limit: int) -> list[FoundProcedure]:
    if _CODE.fullmatch(q):
        exact = terminology.get_procedure(q)
        found = [exact] if exact else []
    else:
        found = [match.procedure for match in terminology.find_procedures(q, limit)]
    return [
        FoundProcedure(**one.model_dump(), code_doubtful=terminology.has_doubtful_check_digit(one.code))
        for one in found
    ]
