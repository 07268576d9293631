"""Every kind of message, in every state: answered in words of its own or rightly not; what was corrected, deleted."""

from datetime import timedelta
from typing import Any

from austa.modules.chat.api.conversations import Message
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from tests.fakes.documents import Paper, read_line
from tests.fakes.members import CODE
from tests.modules.chat.conftest import Line

READABLE = Paper(lines=(read_line("41101316"),))
PLACE = {"latitude": -23.56, "longitude": -46.65, "name": "Hospital Exemplo", "address": "Rua das Flores, 10"}
CARD = {"name": {"formatted_name": "Bia"}, "phones": [{"phone": "+55 11 90000-0002"}]}

OWN_WORDS: list[tuple[str, Any, Say]] = [
    ("location", PLACE, texts.LOCATION),
    ("contacts", [CARD], texts.CONTACT),
    ("video", {"id": "1", "mime_type": "video/mp4"}, texts.VIDEO),
    ("sticker", {"id": "1", "mime_type": "image/webp"}, texts.STICKER),
    ("order", {"catalog_id": "1", "text": "1 caixa"}, texts.BASKET),
    ("unsupported", {"type": "edit"}, texts.UNREAD_EDIT),
    ("unsupported", {"type": "poll"}, texts.CANNOT_OPEN),
    ("novelty", {"x": 1}, texts.CANNOT_OPEN),
]
UNSPOKEN: list[tuple[str, Any]] = [
    ("reaction", {"message_id": "wamid.1", "emoji": "\U0001f44d"}),
    ("revoke", {"original_message_id": "wamid.1"}),
]


def edited(wamid: str, body: str) -> dict[str, Any]:
    return {"original_message_id": wamid, "message": {"type": "text", "text": {"body": body}}}


async def messages(line: Line) -> tuple[Message, ...]:
    """As the staff see them."""
    return (await line.chat.conversation(line.nurse, await line.conversation_id())).messages


class TestKinds:
    async def test_each_is_answered_in_its_own_words(self, line: Line) -> None:
        await line.agrees()
        for kind, body, say in OWN_WORDS:
            (answer,) = await line.sends(kind, body)
            assert answer == say.text, kind

    async def test_in_every_state_but_where_a_person_answers(self, line: Line) -> None:
        """New, asked for consent, asked who they are, asked for the order, after SAIR, handed over."""
        kinds = [(kind, body) for kind, body, _ in OWN_WORDS]

        async def all_answered() -> None:
            for kind, body in kinds:
                assert await line.sends(kind, body), kind
            for kind, body in UNSPOKEN:
                assert await line.sends(kind, body) == [], kind

        await all_answered()
        await line.taps_id("consent:accept", "Aceito")
        await line.says("quero pedir uma autorização")
        await all_answered()
        await line.says(line.member.cpf.reveal() if line.member.cpf else "")
        await line.says(CODE)
        await all_answered()
        await line.says("quero falar com uma pessoa")
        await all_answered()
        await line.says("SAIR")
        await all_answered()

    async def test_a_call_is_told_in_every_state_that_nobody_takes_it(self, line: Line) -> None:
        call = {"id": "wacid.1", "from": "5511900000001", "event": "connect", "direction": "USER_INITIATED"}
        for number, prepare in enumerate((None, line.agrees, lambda: line.says("quero falar com uma pessoa"))):
            if prepare is not None:
                await prepare()
            line.clock.advance(timedelta(seconds=7))
            sent = len(line.graph.sent)
            rings = {**call, "id": f"wacid.{number}", "timestamp": str(int(line.clock.now().timestamp()))}
            ends = {**rings, "event": "terminate", "status": "COMPLETED"}
            await line.post(line.webhook({"calls": [rings]}, "calls"))
            await line.post(line.webhook({"calls": [ends]}, "calls"))
            await line.work()
            (answer,) = line.graph.texts()[sent:]
            assert answer.startswith(texts.CALL.text)

    async def test_the_staff_see_the_place_and_the_contact(self, line: Line) -> None:
        await line.agrees()
        await line.sends("location", PLACE)
        await line.sends("contacts", [CARD])
        shown = [m.text.reveal() for m in await messages(line) if m.kind in {"location", "contacts"} and m.text]
        assert shown == ["Hospital Exemplo\nRua das Flores, 10\n-23.56, -46.65", "Bia · +55 11 90000-0002"]


class TestEdits:
    async def test_the_old_words_stay_and_are_marked(self, line: Line) -> None:
        await line.agrees()
        await line.says("bom dia", id="wamid.A")
        answered = await line.sends("edit", edited("wamid.A", "oi, quero pedir uma autorização"))
        assert answered
        first, correction = [m for m in await messages(line) if m.direction == "in"][-2:]
        assert first.text is not None
        assert (first.text.reveal(), first.edited_at, first.deleted_at) == ("bom dia", correction.sent_at, None)
        assert (correction.kind, correction.edited_at) == ("edit", None)

    async def test_one_that_becomes_an_emergency_is_answered(self, line: Line) -> None:
        await line.agrees()
        await line.says("estou com dor", id="wamid.A")
        answers = await line.sends("edit", edited("wamid.A", "estou com dor no peito e falta de ar"))
        assert "192" in answers[0]
        assert [task.level for task in await line.tasks()] == ["RED"]

    async def test_a_deleted_one_stays_and_is_marked_and_is_not_spoken_about(self, line: Line) -> None:
        await line.agrees()
        await line.says("ele vai me matar", id="wamid.A")
        assert await line.sends("revoke", {"original_message_id": "wamid.A"}) == []
        deleted, deletion = [m for m in await messages(line) if m.direction == "in"][-2:]
        assert deleted.text is not None
        assert (deleted.text.reveal(), deleted.deleted_at) == ("ele vai me matar", deletion.sent_at)
        assert [task.category for task in await line.tasks()] == ["violence"]

    async def test_of_another_conversation_marks_nothing(self, line: Line) -> None:
        await line.agrees()
        await line.says("bom dia", id="wamid.A")
        await line.sends("revoke", {"original_message_id": "wamid.A"}, sender="5511900000002")
        assert all(m.deleted_at is None for m in await messages(line))


class TestDeletedPapers:
    async def test_one_that_waits_in_a_draft_does_not_travel_with_the_request(self, line: Line) -> None:
        await line.is_linked()
        line.announce(b"wrong", Paper(lines=(read_line(None),)))
        await line.sends("image", {"id": "media-" + b"wrong".hex(), "mime_type": "image/jpeg"}, id="wamid.WRONG")
        assert await line.sends("revoke", {"original_message_id": "wamid.WRONG"}) == []
        await line.sends_photo(b"right", READABLE)
        (asked,) = line.prior_auth.asked
        assert [line.documents.contents[paper.document_id] for paper in asked.documents] == [b"right"]

    async def test_one_that_was_not_read_yet_does_not_either(self, line: Line) -> None:
        await line.is_linked()
        line.announce(b"wrong", READABLE)
        photo = {"id": "media-" + b"wrong".hex(), "mime_type": "image/jpeg"}
        await line.post(line.message("image", photo, id="wamid.WRONG"))
        await line.sends("revoke", {"original_message_id": "wamid.WRONG"})
        assert line.prior_auth.asked == []
        await line.sends_photo(b"right", READABLE)
        (asked,) = line.prior_auth.asked
        assert [line.documents.contents[paper.document_id] for paper in asked.documents] == [b"right"]
