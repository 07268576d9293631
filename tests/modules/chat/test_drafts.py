"""A question about the plan: a checked draft with its source where there is one, else what is said anyway."""

from collections.abc import AsyncIterator

import pytest_asyncio

from austa.infra.platform import Platform
from austa.infra.settings import Settings
from austa.kernel.clock import SetClock
from austa.kernel.ids import OperatorId
from austa.modules.chat.domain import texts
from austa.modules.language.adapters.chat_model import OpenAiChatModel
from austa.modules.language.service import LanguageService
from tests.conftest import TODAY
from tests.fakes.chat_model import FakeModelServer, model_server
from tests.modules.chat.conftest import Line, open_line

QUESTION = "como funciona o reembolso do plano?"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    async with model_server() as server:
        yield server


@pytest_asyncio.fixture
async def drafting(
    platform: Platform, clock: SetClock, operator_id: OperatorId, server: FakeModelServer
) -> AsyncIterator[Line]:
    model = OpenAiChatModel(Settings(_env_file=None, llm_url=server.url, llm_model="m", llm_timeout_s=2))
    language = LanguageService(SetClock(TODAY), chat_model=model)
    async with open_line(platform, clock, operator_id, language) as line:
        yield line
    await model.close()


async def test_a_checked_draft_is_sent_with_its_source(drafting: Line, server: FakeModelServer) -> None:
    server.says = "O reembolso depende do seu contrato [reembolso]."
    await drafting.agrees()
    assert await drafting.says(QUESTION) == [
        "O reembolso depende do seu contrato.\n\nFonte: Reembolso. Lei 9.656/1998, art. 12"
    ]
    assert texts.PERSON.title in drafting.graph.buttons()


async def test_without_one_the_usual_text_is_sent(drafting: Line, server: FakeModelServer) -> None:
    server.says = "Fique tranquilo, vai passar [reembolso]."
    await drafting.agrees()
    assert await drafting.says(QUESTION) == [texts.PLAN_QUESTION.text]


async def test_without_a_model_nothing_changes(line: Line) -> None:
    await line.agrees()
    assert await line.says(QUESTION) == [texts.PLAN_QUESTION.text]


async def test_nobody_who_has_not_agreed_is_sent_anywhere(drafting: Line, server: FakeModelServer) -> None:
    await drafting.says(QUESTION)
    assert server.asked == []


async def test_an_emergency_never_reaches_the_model(drafting: Line, server: FakeModelServer) -> None:
    await drafting.agrees()
    told = await drafting.says("tô com um aperto no peito e suando frio, tem reembolso?")
    assert "192" in told[0]
    assert server.asked == []
