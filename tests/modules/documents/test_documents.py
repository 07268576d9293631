"""Keeping, reading, showing and moving documents."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from austa.infra.keys import KeyOwner
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from austa.kernel.ids import DocumentId, MemberId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.adapters.reader import FileRefused
from austa.modules.documents.api import NAMES_THE_MEMBER, REFUSALS
from tests.conftest import staff
from tests.modules.documents import paper
from tests.modules.documents.conftest import Desk, code_of
from tests.modules.documents.readings import seen_otherwise

PHOTO = paper.jpeg(paper.sheet())
OTHER_PHOTO = paper.jpeg(paper.sheet(paper.Text(100, 100, "Outra folha")))


class TestSubmit:
    async def test_keeps_the_file_and_reads_it_soon(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        assert (kept.status, kept.created) == ("stored", True)
        await desk.work()
        document = await desk.documents.get(desk.system, kept.id)
        assert (document.status, document.document_class) == ("read", "medical_order")
        assert document.accepted_value("cid") == "M23.2"
        assert document.requested_by == "m1"

    async def test_the_same_key_and_bytes_are_one_document(self, desk: Desk) -> None:
        first = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        again = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        assert again.id == first.id
        assert not again.created

    async def test_the_same_key_with_other_bytes_is_a_conflict_and_loses_nothing(self, desk: Desk) -> None:
        first = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        with pytest.raises(Conflict) as error:
            await desk.documents.submit(desk.system, "m1", OTHER_PHOTO, "whatsapp", desk.subject)
        assert code_of(error) == "documents.key_reused"
        await desk.work()
        assert (await desk.documents.get(desk.system, first.id)).status == "read"
        assert len(_files(desk.platform.settings.data / "files", desk.operator_id)) == 3

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "documents.empty"),
            (b"\xff\xd8\xff" + bytes(26 * 1024 * 1024), "documents.too_large"),
            (b"MZ\x90\x00 not a picture", "documents.type_not_accepted"),
            (b"<html>%PDF-1.7</html>", "documents.type_not_accepted"),
        ],
    )
    async def test_refuses_what_is_useless_with_a_sentence(self, desk: Desk, content: bytes, code: str) -> None:
        with pytest.raises(Invalid) as error:
            await desk.documents.submit(desk.system, "m1", content, "web", desk.subject)
        assert code_of(error) == code
        assert error.value.details["sentence"] == REFUSALS[code]

    async def test_a_member_submits_only_for_themselves(self, desk: Desk) -> None:
        await desk.documents.submit(desk.member, "m1", PHOTO, "web", desk.subject)
        with pytest.raises(Forbidden):
            await desk.documents.submit(desk.member, "m2", PHOTO, "web", SubjectId(new_id()))

    async def test_nothing_personal_lies_in_clear(self, desk: Desk, platform: Platform) -> None:
        kept = await desk.documents.submit(
            desk.system, "m1", PHOTO, "web", desk.subject, filename=Personal("exame do Severino.jpg")
        )
        await desk.work()
        async with platform.database.for_module("documents").transaction(desk.system) as tx:
            row = repr(await tx.all(sa.text("select * from documents.document")))
            events = repr(await tx.all(sa.text("select envelope from outbox.event")))
        stored = b"".join(path.read_bytes() for path in _files(platform.settings.data / "files", desk.operator_id))
        for clear in ("Severino", "11144477735", "111.444", "M23"):
            assert clear not in row
            assert clear not in events
        assert b"JFIF" not in stored
        document = await desk.documents.get(desk.system, kept.id)
        assert document.filename == Personal("exame do Severino.jpg")


class TestGet:
    async def test_finds_the_same_file_in_another_request(self, desk: Desk, clock: SetClock) -> None:
        first = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        clock.advance(timedelta(days=20))
        second = await desk.documents.submit(desk.system, "m2", PHOTO, "whatsapp", SubjectId(new_id()))
        assert (await desk.documents.get(desk.system, second.id)).duplicate_of == (first.id,)
        assert (await desk.documents.get(desk.system, first.id)).duplicate_of == ()

    async def test_another_members_or_operators_document_does_not_exist(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        stranger = Caller.member(desk.operator_id, MemberId(new_id()))
        elsewhere = staff(OperatorId(new_id()), "medical_auditor")
        for caller in (stranger, elsewhere):
            with pytest.raises(NotFound) as error:
                await desk.documents.get(caller, kept.id)
            assert code_of(error) == "documents.no_such_document"
            assert await desk.documents.get_many(caller, [kept.id]) == ()

    async def test_many_come_in_the_order_asked(self, desk: Desk) -> None:
        ids = [
            (await desk.documents.submit(desk.system, key, PHOTO, "whatsapp", desk.subject)).id
            for key in ("a", "b", "c")
        ]
        found = await desk.documents.get_many(desk.system, [ids[2], DocumentId(new_id()), ids[0]])
        assert [document.id for document in found] == [ids[2], ids[0]]

    async def test_a_look_by_staff_is_written_down(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        auditor = desk.auditor
        await desk.documents.get(desk.system, kept.id)
        await desk.documents.get(desk.member, kept.id)
        await desk.documents.get(auditor, kept.id)
        assert desk.looks.seen == [(auditor.id, desk.subject, "medical_audit")]


class TestPageImage:
    async def test_is_a_narrow_jpeg_without_metadata(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        with Image.open(io.BytesIO(await desk.documents.page_image(desk.auditor, kept.id, 1, 400))) as shown:
            assert (shown.format, shown.width) == ("JPEG", 400)
            assert not shown.getexif()

    async def test_is_painted_over_where_it_names_the_member(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        document = await desk.documents.get(desk.system, kept.id)
        open_, covered = [
            np.asarray(
                Image.open(
                    io.BytesIO(await desk.documents.page_image(desk.auditor, kept.id, 1, 800, covered=hidden))
                ).convert("L"),
                np.int16,
            )
            for hidden in (False, True)
        ]
        differs = np.abs(open_ - covered) > 20
        assert {field.name for field in document.fields if field.box} >= {"member_name", "card_number", "cid"}
        for field in document.fields:
            if field.box is None:
                continue
            rows = slice(int(field.box.y0 * differs.shape[0]), int(field.box.y1 * differs.shape[0]))
            columns = slice(int(field.box.x0 * differs.shape[1]), int(field.box.x1 * differs.shape[1]))
            assert (differs[rows, columns].mean() > 0.5) == (field.name in NAMES_THE_MEMBER), field.name

    async def test_of_a_page_that_is_not_there(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        with pytest.raises(Conflict) as early:
            await desk.documents.page_image(desk.auditor, kept.id, 1, 400)
        assert code_of(early) == "documents.not_read_yet"
        await desk.work()
        with pytest.raises(NotFound) as missing:
            await desk.documents.page_image(desk.auditor, kept.id, 2, 400)
        assert code_of(missing) == "documents.no_such_page"


class TestWords:
    async def test_of_a_read_document_have_their_place_and_confidence(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        with pytest.raises(Conflict) as early:
            await desk.documents.reading(desk.auditor, kept.id)
        assert code_of(early) == "documents.not_read_yet"
        seen = desk.reader.page.reading
        desk.reader.page = replace(desk.reader.page, reading=seen_otherwise(seen, "Severino", "Sevenno"))
        await desk.work()
        (page,) = await desk.documents.reading(desk.auditor, kept.id)
        line = next(each for each in page.lines if each.text.reveal().startswith("Paciente"))
        assert [word.text.reveal() for word in line.words] == ["Paciente:", "Severino", "Lopes", "Damasceno"]
        assert [line.words[0].box.x0, line.words[-1].box.x1] == pytest.approx([line.box.x0, line.box.x1])
        assert line.words[1].confidence < 0.9 < line.words[2].confidence
        assert len(desk.looks.seen) == 1

    async def test_are_for_nobody_who_may_not_see_the_document(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        with pytest.raises(NotFound):
            await desk.documents.reading(Caller.member(desk.operator_id, MemberId(new_id())), kept.id)


class TestOriginal:
    async def test_needs_its_own_permission(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        with pytest.raises(Forbidden):
            await desk.documents.original(desk.auditor, kept.id)


class TestRelink:
    async def test_moves_file_pages_and_fields_under_the_members_key(self, desk: Desk, platform: Platform) -> None:
        kept = await desk.documents.submit(
            desk.system, "m1", PHOTO, "whatsapp", desk.subject, filename=Personal("foto.jpg")
        )
        await desk.work()
        before = await desk.documents.get(desk.system, kept.id)
        member = SubjectId(new_id())
        for _ in range(2):
            await desk.documents.relink(desk.system, [kept.id], member)
        await platform.keys.destroy(desk.operator_id, KeyOwner(desk.subject, "care"))
        after = await desk.documents.get(Caller.member(desk.operator_id, MemberId(member)), kept.id)
        assert after == before.model_copy(update={"subject": member, "authenticity": None})
        assert await desk.documents.page_image(desk.system, kept.id, 1, 300)
        assert await desk.documents.reading(desk.system, kept.id)
        assert len(_files(platform.settings.data / "files", desk.operator_id)) == 3

    async def test_before_reading_the_file_is_read_under_the_new_key(self, desk: Desk) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        member = SubjectId(new_id())
        await desk.documents.relink(desk.system, [kept.id], member)
        await desk.work()
        assert (await desk.documents.get(desk.system, kept.id)).status == "read"

    async def test_while_reading_nothing_is_written_under_the_old_key(self, desk: Desk, clock: SetClock) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        found = await desk.documents.read_document(desk.system, kept.id)
        await desk.documents.relink(desk.system, [kept.id], SubjectId(new_id()))
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            with pytest.raises(Conflict):
                await desk.documents.record_reading(tx, kept.id, found)
        await desk.work()
        assert (await desk.documents.get(desk.system, kept.id)).status == "read"


class TestState:
    async def test_says_how_far_it_is_and_records_no_look(self, desk: Desk) -> None:
        document_id = await encrypted(desk)
        state = await desk.documents.state(desk.auditor, document_id)
        assert (state.status, state.refusal) == ("refused", "documents.pdf_encrypted")
        assert state.sentence == REFUSALS["documents.pdf_encrypted"]
        assert desk.looks.seen == []
        with pytest.raises(NotFound):
            await desk.documents.state(Caller.member(desk.operator_id, MemberId(new_id())), document_id)


class TestUnlock:
    async def test_reads_an_encrypted_file_once_more_and_forgets_the_password(
        self, desk: Desk, platform: Platform
    ) -> None:
        document_id = await encrypted(desk)
        answer = await desk.documents.unlock(desk.member, document_id, Personal("segredo"))
        assert (answer.id, answer.status) == (document_id, "stored")
        assert "segredo" not in await everything(desk, platform)
        await desk.work()
        assert desk.reader.passwords == [None, "segredo"]
        document = await desk.documents.get(desk.system, document_id)
        assert (document.status, document.refusal) == ("read", None)
        async with platform.database.for_module("documents").transaction(desk.system) as tx:
            assert not await tx.all(sa.text("select id from documents.document where password is not null"))

    async def test_a_wrong_password_is_not_asked_again(self, desk: Desk) -> None:
        document_id = await encrypted(desk)
        desk.reader.failures = [FileRefused("documents.wrong_password")]
        await desk.documents.unlock(desk.member, document_id, Personal("outra"))
        await desk.work()
        assert (await desk.documents.get(desk.system, document_id)).refusal == "documents.wrong_password"
        with pytest.raises(Conflict) as error:
            await desk.documents.unlock(desk.member, document_id, Personal("segredo"))
        assert code_of(error) == "documents.no_password_awaited"

    async def test_is_for_who_may_submit_and_needs_a_password(self, desk: Desk) -> None:
        document_id = await encrypted(desk)
        with pytest.raises(Invalid) as error:
            await desk.documents.unlock(desk.member, document_id, Personal(""))
        assert code_of(error) == "documents.password_missing"
        with pytest.raises(NotFound):
            await desk.documents.unlock(
                Caller.member(desk.operator_id, MemberId(new_id())), document_id, Personal("segredo")
            )

    async def test_when_the_file_moves_to_a_member_it_is_asked_for_again(self, desk: Desk) -> None:
        document_id = await encrypted(desk)
        await desk.documents.unlock(desk.system, document_id, Personal("segredo"))
        await desk.documents.relink(desk.system, [document_id], SubjectId(new_id()))
        desk.reader.failures = [FileRefused("documents.pdf_encrypted")]
        await desk.work()
        assert desk.reader.passwords == [None, None]
        assert (await desk.documents.get(desk.system, document_id)).refusal == "documents.pdf_encrypted"


async def encrypted(desk: Desk) -> DocumentId:
    """A file that was refused for want of its password."""
    desk.reader.failures = [FileRefused("documents.pdf_encrypted")]
    kept = await desk.documents.submit(desk.system, "m1", PHOTO, "web", desk.subject)
    await desk.work()
    return kept.id


async def everything(desk: Desk, platform: Platform) -> str:
    async with platform.database.for_module("documents").transaction(desk.system) as tx:
        rows = await tx.all(sa.text("select * from documents.document"))
        return repr(rows) + repr(await tx.all(sa.text("select envelope from outbox.event")))


class TestReading:
    async def test_a_file_that_cannot_be_opened_is_refused_with_its_reason(self, desk: Desk) -> None:
        desk.reader.failures = [FileRefused("documents.pdf_encrypted")]
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        document = await desk.documents.get(desk.system, kept.id)
        assert (document.status, document.refusal) == ("refused", "documents.pdf_encrypted")

    async def test_goes_on_after_the_reader_died(self, desk: Desk, clock: SetClock) -> None:
        desk.reader.failures = [Unavailable("documents.reader_died", "it died")]
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        assert (await desk.documents.get(desk.system, kept.id)).status == "reading"
        clock.advance(timedelta(minutes=1))
        await desk.work()
        assert (await desk.documents.get(desk.system, kept.id)).status == "read"

    async def test_a_file_that_kills_the_reader_each_time_is_refused(self, desk: Desk, clock: SetClock) -> None:
        desk.reader.failures = [Unavailable("documents.reader_died", "it died") for _ in range(9)]
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        for _ in range(4):
            await desk.work()
            clock.advance(timedelta(minutes=5))
        assert (await desk.documents.get(desk.system, kept.id)).refusal == "documents.damaged"
        assert desk.reader.calls == 3

    async def test_is_told_once_with_its_outcome(self, desk: Desk, platform: Platform) -> None:
        kept = await desk.documents.submit(desk.system, "m1", PHOTO, "whatsapp", desk.subject)
        await desk.work()
        async with platform.database.for_module("documents").transaction(desk.system) as tx:
            told = await tx.all(sa.text("select type, envelope->'data' as data from outbox.event order by position"))
        assert [(event.type, event.data.get("outcome")) for event in told] == [
            ("documents.document_stored.v1", None),
            ("documents.document_read.v1", "complete"),
        ]
        assert told[1].data["requested_by"] == "m1"
        assert told[1].data["document_id"] == str(kept.id)


def _files(folder: Path, operator_id: OperatorId) -> list[Path]:
    return [path for path in (folder / str(operator_id)).rglob("*") if path.is_file()]
