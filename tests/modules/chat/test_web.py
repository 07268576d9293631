"""Web chat: the same conversation on the member's own page, durable, resumable, and nobody else's."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import MEMBER_COOKIE
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.web import KeptMessage, NewTalkMessage, TalkFile, TalkMessage
from austa.modules.chat.routes import web as edge
from austa.modules.chat.service.web import WebChatService
from austa.modules.identity.module import build_member_sessions
from austa.modules.identity.service.member_sessions import MemberSessionService
from austa.modules.members.api import Member
from tests.fakes.documents import Paper, read_line
from tests.fakes.members import a_member
from tests.modules.chat.conftest import Line

CHEST = "tô com um aperto no peito e suando frio"


class Home:
    """A member on their own page."""

    def __init__(self, line: Line, member: Member) -> None:
        self.line = line
        self.member = member
        self.me = Caller.member(line.operator_id, member.id)
        self.said = 0

    @property
    def web(self) -> WebChatService:
        return self.line.chat.web

    async def says(self, text: str, option_id: str | None = None, client_id: UUID | None = None) -> list[str]:
        """Write, and read what is answered."""
        await self.send(text, option_id, client_id)
        return await self.answers()

    async def send(self, text: str, option_id: str | None = None, client_id: UUID | None = None) -> KeptMessage:
        self.line.clock.advance(timedelta(seconds=7))
        message = NewTalkMessage(client_id=client_id or new_id(), text=Personal(text), option_id=option_id)
        return await self.web.send(self.me, message)

    async def sends_photo(self, content: bytes, paper: Paper | None = None) -> list[str]:
        self.line.clock.advance(timedelta(seconds=7))
        if paper is not None:
            self.line.documents.papers[content] = paper
        file = TalkFile(client_id=new_id(), content=content, media_type="image/jpeg", name=Personal("pedido.jpg"))
        await self.web.send_file(self.me, file)
        return await self.answers()

    async def answers(self) -> list[str]:
        await self.line.work()
        await self.line.wait_for_receipts()
        before, told = self.said, await self.told()
        self.said = told[-1].place if told else 0
        return [words(one) for one in told if one.place > before and one.said_by != "me"]

    async def taps(self, title: str) -> list[str]:
        newest = next(one for one in reversed(await self.told()) if one.options)
        option = next(one for one in newest.options if one.title == title)
        return await self.says(option.title, option.id)

    async def told(self) -> list[TalkMessage]:
        return list(await self.web.after(self.me, 0, 200))

    async def agrees(self) -> None:
        await self.says("oi")
        await self.taps("Aceito")


def words(message: TalkMessage) -> str:
    return message.text.reveal() if message.text else ""


@pytest.fixture
def home(line: Line) -> Home:
    return Home(line, line.members.add(line.member))


class TestTheSameConversation:
    async def test_the_first_contact_asks_for_the_consent_of_this_page(self, home: Home) -> None:
        (notice,) = await home.says("oi")
        assert "192" in notice
        assert "esta página" in notice
        assert "WhatsApp" not in notice
        await home.taps("Aceito")
        assert {purpose for _, purpose in home.line.privacy.given} == {"web_channel", "symptom_chat_ai"}

    async def test_who_signed_in_need_not_say_who_they_are(self, home: Home) -> None:
        await home.agrees()
        answered = await home.says("quero pedir uma autorização")
        assert not any("CPF" in each for each in answered)
        assert home.line.graph.sent == []

    async def test_a_photo_becomes_a_request_that_came_over_the_web(self, home: Home) -> None:
        await home.agrees()
        await home.says("quero pedir uma autorização")
        await home.sends_photo(b"order", Paper((read_line("40304361"),)))
        [document] = home.line.documents.kept.values()
        assert document.source == "web"
        [asked] = home.line.prior_auth.asked
        assert (asked.channel, asked.member_id) == ("web", home.member.id)
        assert await home.line.query("select client_id from chat.web_file") == []

    async def test_a_person_answers_and_the_window_never_closes(self, home: Home) -> None:
        await home.agrees()
        await home.says("quero falar com uma pessoa")
        conversation_id = (await home.web.open(home.me)).conversation_id
        home.line.clock.advance(timedelta(days=3))
        nurse = home.line.nurse
        await home.line.chat.send(nurse, "hello-0001", conversation_id, Personal("Olá, sou a Marta."))
        newest = (await home.told())[-1]
        assert (newest.said_by, words(newest)) == ("person", "Olá, sou a Marta.")
        seen = await home.line.chat.hand_overs.open(nurse, conversation_id)
        assert (seen.line.channel, seen.window_ends_at) == ("web", None)
        assert seen.phone == Personal("+5511900000001")

    async def test_what_was_on_the_screen_is_read(self, home: Home) -> None:
        await home.says("oi")
        place = (await home.told())[-1].place
        await home.web.seen(home.me, place + 5)
        assert await home.line.query("select status from chat.message where direction = 'out'") == ["read"]

    async def test_news_of_a_request_lies_on_the_page_too_and_other_ways_are_tried(self, home: Home) -> None:
        await home.says("oi")
        await home.line.notify(text="Há uma resposta para o seu pedido.")
        assert await home.answers() == ["Há uma resposta para o seu pedido."]
        assert len(await home.line.events("chat.notification_failed.v1")) == 1


class TestNothingIsLostOrDoubled:
    async def test_the_same_message_again_changes_nothing_on_another_day_either(self, home: Home) -> None:
        again = new_id()
        assert not (await home.send("oi", client_id=again)).repeated
        await home.answers()
        home.line.clock.advance(timedelta(days=9))
        assert (await home.send("oi", client_id=again)).repeated
        await home.answers()
        assert [words(one) for one in await home.told() if one.said_by == "me"] == ["oi"]

    async def test_a_message_is_kept_when_the_process_ends_before_anybody_looked(self, home: Home) -> None:
        await home.send("oi")
        await home.line.restart()
        assert len(await home.answers()) == 1

    async def test_places_follow_one_another(self, home: Home) -> None:
        await home.agrees()
        told = await home.told()
        assert [one.place for one in told] == list(range(1, len(told) + 1))
        page = await home.web.page(home.me, before=told[-1].place, limit=2)
        assert [one.place for one in page.items] == [len(told) - 2, len(told) - 1]
        assert page.before == len(told) - 2

    async def test_a_file_and_a_text_never_share_an_id(self, home: Home) -> None:
        again = new_id()
        await home.send("oi", client_id=again)
        file = TalkFile(client_id=again, content=b"x", media_type="image/png", name=Personal("a.png"))
        with pytest.raises(Conflict):
            await home.web.send_file(home.me, file)

    @pytest.mark.parametrize("text", ["", "  ", "a" * 4097])
    async def test_nothing_and_too_much_are_refused(self, home: Home, text: str) -> None:
        with pytest.raises(Invalid):
            await home.send(text)


class TestNobodyElses:
    async def test_each_member_has_their_own(self, home: Home) -> None:
        await home.says("oi")
        other = Home(home.line, home.line.members.add(a_member("Caio Ferraz", "15350946056", "900100000000029")))
        assert await other.told() == []
        assert (await other.web.open(other.me)).conversation_id != (await home.web.open(home.me)).conversation_id

    async def test_another_operators_member_of_the_same_id_sees_nothing(self, home: Home) -> None:
        await home.says("oi")
        elsewhere = Caller.member(type(home.line.operator_id)(new_id().hex), home.member.id)
        assert await home.web.after(elsewhere, 0) == ()

    async def test_staff_do_not_come_this_way(self, home: Home) -> None:
        with pytest.raises(Forbidden):
            await home.web.open(home.line.nurse)


async def nothing(home: Home) -> None:
    """Nobody has written yet."""


async def consent_refused(home: Home) -> None:
    await home.says("oi")
    await home.taps("Não aceito")


async def opted_out(home: Home) -> None:
    await home.agrees()
    await home.says("sair")


async def handed_over(home: Home) -> None:
    await home.agrees()
    await home.says("quero falar com uma pessoa")
    conversation_id = (await home.web.open(home.me)).conversation_id
    await home.line.chat.send(home.line.nurse, "hello-0001", conversation_id, Personal("Olá, sou a Marta."))


async def reading(home: Home) -> None:
    await home.agrees()
    await home.sends_photo(b"order", Paper())


@pytest.mark.parametrize("state", [nothing, consent_refused, opted_out, handed_over, reading])
async def test_an_emergency_is_answered_at_once_in_every_state(home: Home, state: Any) -> None:
    await state(home)
    await home.answers()
    await home.send(CHEST)
    # Kept and screened: no turn was taken, nothing was sent.
    await home.line.consumer.drain()
    told = await home.told()
    mine = next(one.place for one in reversed(told) if one.said_by == "me")
    urgent = next(one for one in told if one.place > mine and one.is_urgent)
    assert "192" in words(urgent)
    [task] = await home.line.tasks()
    assert (task.level, task.member_id, task.phone) == ("RED", home.member.id, Personal("+5511900000001"))


class Page:
    """A page's socket, spoken to as a server does."""

    def __init__(self, app: FastAPI, token: str, after: int | None, origin: str = "https://austa.test") -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})
        headers = [("host", "austa.test"), ("origin", origin), ("cookie", f"{MEMBER_COOKIE}={token}")]
        scope = {
            "type": "websocket",
            "path": "/ws/conversations",
            "raw_path": b"/ws/conversations",
            "query_string": b"" if after is None else f"after={after}".encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers],
            "subprotocols": [],
            "scheme": "wss",
            "server": ("austa.test", 443),
            "client": ("10.0.0.9", 1),
        }
        self.task = asyncio.create_task(app(scope, self._in.get, self._send))

    async def _send(self, frame: Any) -> None:
        await self._out.put(frame)

    def say(self, **frame: Any) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    async def reads(self) -> dict[str, Any]:
        """The next frame: what it holds, or the code that it closes with."""
        while True:
            frame = await asyncio.wait_for(self._out.get(), 5)
            if frame["type"] == "websocket.send":
                return cast(dict[str, Any], json.loads(frame["text"]))
            if frame["type"] == "websocket.close":
                return {"closed": frame["code"]}

    async def leave(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, 5)


class Site:
    """The pages of one member, and their session."""

    def __init__(self, home: Home, sessions: MemberSessionService, app: FastAPI, token: str) -> None:
        self.home = home
        self.sessions = sessions
        self.token = token
        self._app = app

    def open(self, after: int | None = None, **scope: str) -> Page:
        return Page(self._app, scope.get("token", self.token), after, scope.get("origin", "https://austa.test"))


@pytest_asyncio.fixture
async def site(home: Home) -> AsyncIterator[Site]:
    platform = home.line.platform
    sessions = build_member_sessions(platform)
    started = await sessions.start(Caller.system(home.line.operator_id, "members"), home.member.id)
    app = FastAPI()
    app.include_router(edge.router(home.web, sessions, platform.feed))
    listening = asyncio.create_task(platform.feed.run())
    await asyncio.sleep(0.1)
    yield Site(home, sessions, app, started.token.reveal())
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


class TestTheSocket:
    async def test_every_page_is_told_what_comes_and_who_was_away_reads_on(self, site: Site) -> None:
        await site.home.says("oi")
        one, two = site.open(), site.open(after=0)
        assert (await one.reads())["type"] == (await two.reads())["type"] == "hello"
        assert [(await two.reads())["message"]["place"] for _ in range(2)] == [1, 2]
        await site.home.send("de novo")
        await site.home.line.consumer.drain()
        told = [(await each.reads())["message"] for each in (one, two)]
        assert [(each["place"], each["text"]) for each in told] == [(3, "de novo")] * 2
        await one.leave()
        await site.home.answers()
        back = site.open(after=3)
        assert (await back.reads())["after"] == 3
        assert (await back.reads())["message"]["place"] == 4
        await back.leave()
        await two.leave()

    async def test_what_the_page_showed_is_read(self, site: Site) -> None:
        await site.home.says("oi")
        page = site.open()
        await page.reads()
        page.say(type="seen", place=2)
        for _ in range(100):
            if await site.home.line.query("select seen_place from chat.web_talk") == [2]:
                break
            await asyncio.sleep(0.01)
        assert await site.home.line.query("select status from chat.message where direction = 'out'") == ["read"]
        await page.leave()

    async def test_it_ends_with_the_session(self, site: Site) -> None:
        page = site.open()
        await page.reads()
        await site.sessions.end(Personal(site.token))
        assert await page.reads() == {"closed": edge.ENDED}

    async def test_it_opens_to_nobody_without_session_and_to_no_other_sites_page(self, site: Site) -> None:
        assert await site.open(token="guess").reads() == {"closed": edge.ENDED}
        assert await site.open(origin="https://evil.test").reads() == {"closed": edge.FOREIGN}

    async def test_nonsense_closes_it(self, site: Site) -> None:
        page = site.open()
        await page.reads()
        page.say(type="dance")
        assert await page.reads() == {"closed": edge.BAD_FRAME}

    async def test_too_many_pages_at_once(self, site: Site) -> None:
        pages = [site.open() for _ in range(edge.MOST_PAGES)]
        for page in pages:
            await page.reads()
        assert await site.open().reads() == {"closed": edge.TOO_MANY}
        for page in pages:
            await page.leave()
