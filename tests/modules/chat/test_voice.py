"""A voice note is answered in every state: its words like written ones, and without words a person listens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from austa.infra.platform import Platform
from austa.kernel.clock import SetClock
from austa.kernel.errors import AustaError, Forbidden, NotFound
from austa.kernel.ids import OperatorId, new_id
from austa.modules.chat.domain import texts
from austa.modules.language.service import LanguageService
from tests.conftest import TODAY, staff
from tests.fakes.voice import CHILD_PATH, fake_transcriber, wav
from tests.modules.chat.conftest import Line, open_line

SAYS = [
    "0.9|tô com um aperto no peito e suando frio",
    "0.9|quero pedir uma autorização",
    "0.4|quero pedir uma autorização",
    "0.9|desmaiei ontem",
    "0.9|meu marido me bateu",
    "0.9|meu segredo",
]
CHEST, ASKS, MUMBLES, _, BEATEN, _ = (wav(seconds) for seconds in range(1, 7))


@pytest_asyncio.fixture
async def hearing(
    platform: Platform, clock: SetClock, operator_id: OperatorId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Line]:
    """A line whose language hears."""
    monkeypatch.setenv("PYTHONPATH", CHILD_PATH)
    transcriber = fake_transcriber(tmp_path, SAYS)
    language = LanguageService(SetClock(TODAY), transcriber=transcriber)
    async with open_line(platform, clock, operator_id, language) as line:
        yield line
    await transcriber.close()


async def speaks(line: Line, content: bytes, *, announced: bool = True) -> list[str]:
    """The member sends a voice note; everything is at rest after it."""
    media_id = f"media-{new_id()}"
    if announced:
        line.graph.media[media_id] = content
    return await line.sends("audio", {"id": media_id, "mime_type": "audio/ogg; codecs=opus", "voice": True})


class TestWithoutAModel:
    async def test_the_reply_names_192_at_once_and_a_person_has_five_minutes(self, line: Line) -> None:
        told = await speaks(line, CHEST)
        assert told == [texts.AUDIO.text]
        assert "192" in told[0]
        (task,) = await line.tasks()
        assert (task.level, task.category, task.excerpt.reveal()) == ("ORANGE", "voice_note", "")
        assert task.due_at - task.opened_at == timedelta(minutes=5)

    async def test_the_task_escalates_when_nobody_listens(self, line: Line) -> None:
        await speaks(line, CHEST)
        line.clock.advance(timedelta(minutes=5, seconds=1))
        await line.work()
        assert (await line.tasks())[0].state == "escalated"

    async def test_the_person_hears_the_sound_and_it_is_recorded(self, line: Line) -> None:
        await speaks(line, CHEST)
        (task,) = await line.tasks()
        assert task.voice_note_id is not None
        note = await line.chat.voice_note(line.nurse, task.voice_note_id)
        assert (note.content, note.media_type) == (CHEST, "audio/ogg")

    async def test_others_do_not(self, line: Line) -> None:
        await speaks(line, CHEST)
        (task,) = await line.tasks()
        assert task.voice_note_id is not None
        with pytest.raises(Forbidden):
            await line.chat.voice_note(staff(line.operator_id, "administrator"), task.voice_note_id)
        with pytest.raises(NotFound):
            await line.chat.voice_note(staff(OperatorId(new_id()), "nurse_auditor"), task.voice_note_id)

    async def test_a_written_message_is_no_voice_note(self, line: Line) -> None:
        await line.says("oi")
        (message_id,) = await line.query("select id from chat.message where direction = 'in'")
        with pytest.raises(AustaError) as error:
            await line.chat.voice_note(line.nurse, message_id)
        assert error.value.code == "chat.no_such_voice_note"


class TestWithAModel:
    async def test_an_emergency_that_was_spoken_is_one(self, hearing: Line) -> None:
        told = await speaks(hearing, CHEST)
        assert len(told) == 1
        assert "192" in told[0]
        (task,) = await hearing.tasks()
        assert (task.level, task.excerpt.reveal()) == ("RED", "tô com um aperto no peito e suando frio")
        assert task.category != "voice_note"
        assert task.due_at - task.opened_at == timedelta(minutes=1)

    async def test_words_are_taken_like_written_ones_and_shown(self, hearing: Line) -> None:
        await hearing.agrees()
        told = await speaks(hearing, ASKS)
        assert told[0] == "Entendi: quero pedir uma autorização"
        assert told[1:] == [texts.ASK_IDENTITY.text]
        assert await hearing.tasks() == []

    async def test_a_first_contact_by_voice_asks_for_consent(self, hearing: Line) -> None:
        told = await speaks(hearing, ASKS)
        assert told[0].startswith("Entendi: ")
        assert "Aceito" in hearing.graph.buttons()

    async def test_somebody_dangerous_does_not_read_what_was_said(self, hearing: Line) -> None:
        told = [*await speaks(hearing, BEATEN), *await speaks(hearing, ASKS)]
        assert not any("Entendi" in text for text in told)

    async def test_what_was_not_heard_surely_is_for_a_person(self, hearing: Line) -> None:
        assert await speaks(hearing, MUMBLES) == [texts.AUDIO.text]
        assert [task.category for task in await hearing.tasks()] == ["voice_note"]

    async def test_so_is_a_file_that_cannot_be_fetched_or_is_no_sound(self, hearing: Line) -> None:
        for content, announced in ((b"", False), (b"junk", True), (wav(181), True)):
            assert await speaks(hearing, content, announced=announced) == [texts.AUDIO.text]
        assert {task.category for task in await hearing.tasks()} == {"voice_note"}

    async def test_when_the_transcriber_is_stuck_a_person_is_called_all_the_same(self, hearing: Line) -> None:
        stuck = [handler for handler in hearing.handlers if handler.name != "chat.hear_voice_note"]
        hearing.graph.media["m"] = CHEST
        await hearing.post(hearing.message("audio", {"id": "m"}))
        await hearing.drain(stuck)
        assert hearing.graph.texts() == []
        hearing.clock.advance(timedelta(seconds=61))
        await hearing.drain(stuck)
        assert hearing.graph.texts() == [texts.AUDIO.text]
        (task,) = await hearing.tasks()
        assert task.due_at - task.opened_at == timedelta(minutes=4, seconds=0) - timedelta(seconds=1)

    async def test_words_that_come_late_still_raise_the_alarm(self, hearing: Line) -> None:
        stuck = [handler for handler in hearing.handlers if handler.name != "chat.hear_voice_note"]
        hearing.graph.media["m"] = CHEST
        await hearing.post(hearing.message("audio", {"id": "m"}))
        hearing.clock.advance(timedelta(seconds=61))
        await hearing.drain(stuck)
        await hearing.work()
        (task,) = await hearing.tasks()
        assert (task.level, task.category) == ("RED", "cardiac")
        assert task.due_at - hearing.clock.now() <= timedelta(minutes=1)

    async def test_spoken_and_written_words_are_read_together(self, hearing: Line) -> None:
        await speaks(hearing, ASKS)
        messages = (await hearing.chat.conversation(hearing.nurse, await hearing.conversation_id())).messages
        spoken = next(m for m in messages if m.kind == "audio")
        assert spoken.text is not None
        assert spoken.text.reveal() == "quero pedir uma autorização"

    async def test_words_lie_sealed(self, hearing: Line) -> None:
        await speaks(hearing, wav(6))
        bodies = await hearing.query("select body from chat.message")
        events = await hearing.query("select envelope::text from outbox.event")
        assert not any(b"segredo" in body for body in bodies)
        assert not any("segredo" in event for event in events)
