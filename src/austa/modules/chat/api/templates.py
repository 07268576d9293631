"""Message templates: what WhatsApp takes outside the 24-hour window, written here, released by a second person."""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.modules.chat.api.duty import Colleague

TemplateCategory = Literal["utility", "authentication", "marketing"]

ValueKind = Literal["first_name", "protocol", "number", "date", "link", "code", "words"]
"""What may stand in a placeholder. `number`: of a guide; `link`: an address of ours; `code`: one-time; `words`: plain
words, of the product's own templates alone."""

TemplateState = Literal["draft", "proposed", "released", "ended"]
"""`proposed` waits for a second person; `released` goes, or went, to Meta; `ended` is not used any more."""

MetaStatus = Literal["unsent", "refused", "PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "DELETED", "MISSING"]
"""What Meta says. `unsent`: nothing is known of it; `refused`: Meta did not take it in for review; `MISSING`: Meta said
at a sending that it has none of that name."""

Quality = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]


class TemplateValue(Contract):
    """What stands in a placeholder, and an example that Meta's reviewers see."""

    kind: ValueKind
    example: str = Field(min_length=1, max_length=100)


class TemplateButton(Contract):
    """A button: a fixed reply, or a fixed address of ours."""

    text: str
    url: str | None = None


class TemplateContent(Contract):
    """The words. In `body` stand `{{1}}`, `{{2}}`, ... for the `values`; header and footer have none."""

    header: str | None = None
    body: str
    footer: str | None = None
    buttons: Annotated[tuple[TemplateButton, ...], Field(max_length=10)] = ()
    values: Annotated[tuple[TemplateValue, ...], Field(max_length=20)] = ()


class TemplateDraft(Contract):
    """A wording as somebody writes it. `purpose` says what it is for; templates of one purpose replace each other."""

    purpose: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
    category: TemplateCategory
    content: TemplateContent
    language: Literal["pt_BR"] = "pt_BR"


class TemplateFault(Contract):
    """Something that must not be in a template. `words` are those found, empty where it is about the whole."""

    code: str
    part: Literal["header", "body", "footer", "buttons", "values"]
    words: str = ""


class TemplateStep(Contract):
    """Who did what with it. `by` None: AUSTA itself."""

    step: Literal[
        "written", "proposed", "returned", "released", "submitted", "refused", "told", "fallback_set", "ended"
    ]
    by: Colleague | None
    what: str | None
    """What Meta said, or the name of the template that stands in."""
    at: datetime


class MessageTemplate(Contract):
    """A template. `name` is Meta's; a wording that was released never changes, a new version is written."""

    id: UUID
    purpose: str
    version: int
    name: str
    language: str
    category: TemplateCategory
    content: TemplateContent
    state: TemplateState
    is_product: bool
    """AUSTA itself starts messages with it."""
    author: Colleague | None
    faults: tuple[TemplateFault, ...]
    meta_status: MetaStatus
    meta_category: str | None
    """Where Meta moved it: it may cost more then."""
    meta_reason: str | None
    quality: Quality
    is_sent: bool
    """Whether it is tried at all now: not while Meta paused, disabled, rejected or deleted it."""
    fallback_id: UUID | None
    """What is sent instead, where Meta does not take this one."""
    steps: tuple[TemplateStep, ...]


class Templates(Protocol):
    """Templates of the caller's operator (`message_template:read`); writing takes `message_template:write`."""

    async def list(self, caller: Caller) -> tuple[MessageTemplate, ...]:
        """All that have not ended, by purpose, newest version first; the product's own among them."""
        ...

    async def lint(self, caller: Caller, draft: TemplateDraft) -> tuple[TemplateFault, ...]:
        """What is wrong with a wording before anybody keeps it."""
        ...

    async def save(self, caller: Caller, template_id: UUID, draft: TemplateDraft) -> MessageTemplate:
        """Keep a draft, faults and all; idempotent by its id. Raises `Conflict` `chat.template_released`."""
        ...

    async def propose(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        """Ask for a second person. Raises `Invalid` `chat.template_faulty`, `Conflict` `chat.template_not_ready`."""
        ...

    async def give_back(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        """A proposed one becomes a draft again (`message_template:release`). Raises `Conflict`."""
        ...

    async def release(self, caller: Caller, template_id: UUID) -> MessageTemplate:
        """Put a wording before Meta that somebody else wrote (`message_template:release`).

        Raises `Forbidden` `chat.own_template`, `Invalid` `chat.template_faulty`, `Conflict` `chat.template_not_ready`.
        """
        ...

    async def set_fallback(self, caller: Caller, template_id: UUID, fallback_id: UUID | None) -> MessageTemplate:
        """Say what is sent instead (`message_template:release`). Raises `Invalid` `chat.fallback_unfit` where it
        is this one, or needs a value that this one does not have."""
        ...

    async def end(self, caller: Caller, template_id: UUID) -> None:
        """Use it no more (`message_template:release`); the product's own cannot end. Raises `Conflict`. Idempotent."""
        ...


def no_such_template() -> NotFound:
    return NotFound("chat.no_such_template", "no template of this operator has that id")


def template_released() -> Conflict:
    return Conflict("chat.template_released", "a released wording never changes; write a new version")


def template_not_ready() -> Conflict:
    return Conflict("chat.template_not_ready", "the template is not in the state that this needs; read it again")


def template_faulty(codes: tuple[str, ...]) -> Invalid:
    return Invalid("chat.template_faulty", "the wording must be mended first", fields=list(codes))


def own_template() -> Forbidden:
    return Forbidden("chat.own_template", "a second person releases what one wrote")


def fallback_unfit() -> Invalid:
    return Invalid("chat.fallback_unfit", "what is sent instead needs no other values, and is another template")
