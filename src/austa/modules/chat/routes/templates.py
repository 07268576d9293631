"""HTTP edge of message templates."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.modules.chat.api.templates import MessageTemplate, TemplateDraft, TemplateFault, Templates


class FallbackAsked(Contract):
    """The template that stands in; None takes it away."""

    template_id: UUID | None


def router(templates: Templates) -> APIRouter:
    """All under /api/v1/whatsapp/templates. Each act may be done twice: the second finds it done, or is refused."""
    routes = APIRouter(tags=["message templates"], prefix="/api/v1/whatsapp/templates")

    @routes.get("", response_model=Page[MessageTemplate])
    async def listed(caller: SignedIn) -> Response:
        """All that have not ended, by purpose, with what Meta says of each."""
        return answer(Page[MessageTemplate](items=await templates.list(caller)))

    @routes.put("/lint", response_model=Page[TemplateFault])
    async def lint(caller: SignedIn, draft: Annotated[TemplateDraft, from_json(TemplateDraft)]) -> Response:
        """What is wrong with a wording; nothing is kept."""
        return answer(Page[TemplateFault](items=await templates.lint(caller, draft)))

    @routes.put("/{template_id}", response_model=MessageTemplate)
    async def save(
        caller: SignedIn, template_id: UUID, draft: Annotated[TemplateDraft, from_json(TemplateDraft)]
    ) -> Response:
        """Keep a draft."""
        return answer(await templates.save(caller, template_id, draft))

    @routes.put("/{template_id}/proposal", response_model=MessageTemplate)
    async def propose(caller: SignedIn, template_id: UUID) -> Response:
        """Ask a second person to release it."""
        return answer(await templates.propose(caller, template_id))

    @routes.delete("/{template_id}/proposal", response_model=MessageTemplate)
    async def give_back(caller: SignedIn, template_id: UUID) -> Response:
        """Back to who writes."""
        return answer(await templates.give_back(caller, template_id))

    @routes.put("/{template_id}/release", response_model=MessageTemplate)
    async def release(caller: SignedIn, template_id: UUID) -> Response:
        """Put before Meta what somebody else wrote."""
        return answer(await templates.release(caller, template_id))

    @routes.put("/{template_id}/fallback", response_model=MessageTemplate)
    async def fallback(
        caller: SignedIn, template_id: UUID, asked: Annotated[FallbackAsked, from_json(FallbackAsked)]
    ) -> Response:
        """What is sent instead, where Meta does not take this one."""
        return answer(await templates.set_fallback(caller, template_id, asked.template_id))

    @routes.delete("/{template_id}", status_code=204)
    async def end(caller: SignedIn, template_id: UUID) -> Response:
        """Use it no more."""
        await templates.end(caller, template_id)
        return Response(status_code=204)

    return routes
