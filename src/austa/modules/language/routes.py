"""HTTP edge of `language`: one message in, findings out. These POSTs create nothing: no Idempotency-Key."""

from typing import Annotated

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.modules.language.api.language import Analyses, EntityAnalysis, IntentAnalysis, MessageToRead, SymptomAnalysis

Asked = Annotated[MessageToRead, from_json(MessageToRead)]


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
