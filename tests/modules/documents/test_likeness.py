"""One photo that was saved anew is known again; two papers on one form are not, however alike their pictures."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image, ImageEnhance

from austa.infra.keys import KeyOwner
from austa.kernel.ids import DocumentId, ProviderId, SubjectId, new_id
from austa.modules.documents.adapters.signs import signs_of
from austa.modules.documents.domain.extraction import extract
from austa.modules.documents.domain.likeness import (
    MEASURED,
    PageLikeness,
    are_one_photo,
    likeness_of,
    names_the_person,
    person_keys,
    words_of,
)
from austa.modules.documents.domain.reading import Line, PageReading
from tests.conftest import TODAY, clerk
from tests.modules.documents import paper
from tests.modules.documents.conftest import SIGNS, Desk
from tests.modules.documents.readings import order, page, seen_otherwise
from tests.modules.documents.terms import FewTerms

PHOTO = paper.photo(paper.knee_order())
NEARLY = f"{int(SIGNS, 16) ^ 0b1011:064x}"
"""The signs of the same photo, three of them otherwise."""
TWO_SIDES = {"Indicação": "Indicação clínica: dor no joelho direito, o esquerdo é normal"}


def known_by(reading: PageReading, signs: str = SIGNS) -> PageLikeness:
    return likeness_of(reading, signs)


def without(reading: PageReading, *begins: str) -> PageReading:
    """The page, of which the readers missed the lines that begin so."""

    def left(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(line for line in lines if not line.text.startswith(begins))

    return replace(reading, lines=left(reading.lines), second=left(reading.second))


def misread(reading: PageReading, here: str, there: str) -> PageReading:
    """The page, on which both readers saw `there` instead of `here`."""
    lines = tuple(replace(line, text=line.text.replace(here, there)) for line in reading.lines)
    return replace(reading, lines=lines, second=lines)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Carteirinha: 999.999-00", ["carteirinha", "99999900"]),
            ("CARTEIRINHA999.999-00", ["carteirinha", "99999900"]),
            ("São Paulo, 18/11/2026", ["sao", "paulo", "18112026"]),
            ("CID-10: M23.2 de 1", ["cid", "10", "m232", "1"]),
        ],
    )
    def test_are_the_same_however_they_are_written(self, text: str, words: list[str]) -> None:
        assert words_of(text) == words


class TestOnePhoto:
    @pytest.mark.parametrize(
        "saved",
        [
            order(),
            without(order(), "Clínica"),
            misread(order(), "Ortopédica", "Ortopedlca"),
            misread(order(), "Carteirinha: ", "Carteirinha:"),
            seen_otherwise(order(), "M23.2", "M28.2"),
        ],
        ids=["read alike", "small print unread", "a letter misread", "a space unseen", "a code in doubt"],
    )
    def test_saved_anew_is_known_again(self, saved: PageReading) -> None:
        assert are_one_photo(known_by(order()), known_by(saved, NEARLY), MEASURED)
        assert are_one_photo(known_by(saved, NEARLY), known_by(order()), MEASURED)

    @pytest.mark.parametrize(
        "changed",
        [
            {"Paciente": "Paciente: Raimunda Nonata Pereira", "Carteirinha": "Carteirinha: 0037 9876 5432 1098 7"},
            {"Paciente": "Paciente: Severino Lopes Damasceno Filho", "CPF": "CPF: 529.982.247-25"},
            {"Paciente": "Paciente: Josefa Lopes Damasceno"},
            {"São": "São Paulo, 17 de novembro de 2026"},
            {"41101316": "40901122 US abdome total"},
            {"41101316": "41101316 RM articular - joelho esquerdo"},
            {"CID": "CID-10: M23.3"},
            {"Dr.": "Dr. Benedito Alves Ramos"},
        ],
        ids=[
            "two people",
            "father and son",
            "sisters",
            "two days",
            "two exams",
            "two sides",
            "two codes",
            "two doctors",
        ],
    )
    def test_papers_on_one_form_are_two(self, changed: dict[str, str]) -> None:
        one, other = known_by(order()), known_by(order(**changed))
        assert not are_one_photo(one, other, MEASURED)
        assert not are_one_photo(other, one, MEASURED)

    def test_a_side_that_stands_elsewhere_too_is_counted(self) -> None:
        left = order(**TWO_SIDES, **{"41101316": "41101316 RM articular - joelho esquerdo"})
        assert not are_one_photo(known_by(order(**TWO_SIDES)), known_by(left), MEASURED)

    def test_taken_again_is_another_photo(self) -> None:
        turned = f"{int(SIGNS, 16) ^ ((1 << 60) - 1):064x}"
        assert not are_one_photo(known_by(order()), known_by(order(), turned), MEASURED)

    def test_a_page_of_few_words_is_known_by_none(self) -> None:
        scrap = page("Paciente: Severino Lopes Damasceno", "Carteirinha: 0037 1234 5678 9012 3")
        assert not are_one_photo(known_by(scrap), known_by(scrap), MEASURED)

    def test_only_a_page_that_names_the_person_counts(self) -> None:
        whose = person_keys(extract([order()], FewTerms(), TODAY.date()).fields)
        assert whose == {"member_name severinolopesdamasceno", "card_number 00371234567890123", "cpf 11144477735"}
        assert names_the_person(order(), whose)
        assert not names_the_person(page("Orientações ao paciente", "Jejum de 4 horas, sem metais"), whose)


class TestSigns:
    @pytest.mark.parametrize("way", ["harder", "smaller", "brighter", "cropped"])
    def test_change_little_when_a_photo_is_saved_anew(self, way: str) -> None:
        assert differing(signs_of(PHOTO), signs_of(saved_anew(PHOTO, way))) <= MEASURED.signs

    @pytest.mark.parametrize("shape", [(41, 3000, 3), (3000, 41, 3), (130, 140, 3)])
    def test_of_any_shape_are_256(self, shape: tuple[int, ...]) -> None:
        assert len(signs_of(np.zeros(shape, np.uint8))) == 64


class TestFiles:
    """As files come: under whose key, in which order, and what becomes of them."""

    async def test_another_persons_photo_saved_anew_is_noted_on_the_later_one(self, desk: Desk) -> None:
        first = await sent(desk, "m1", SubjectId(new_id()))
        second = await sent(desk, "m2", SubjectId(new_id()), signs=NEARLY)
        assert (await desk.documents.get(desk.system, second)).same_photo_as == (first,)
        assert (await desk.documents.get(desk.system, first)).same_photo_as == ()
        assert (await desk.documents.get(desk.system, second)).duplicate_of == ()

    async def test_the_same_file_is_told_as_that_alone(self, desk: Desk) -> None:
        first = await sent(desk, "m1", SubjectId(new_id()), content=b"same")
        second = await desk.documents.get(desk.system, await sent(desk, "m2", SubjectId(new_id()), content=b"same"))
        assert (second.duplicate_of, second.same_photo_as) == ((first,), ())

    @pytest.mark.parametrize(
        "what", [{"signs": "93" * 32}, {"reading": order(Paciente="Paciente: Josefa Lima Prado")}, {"same": True}]
    )
    async def test_another_picture_other_words_or_ones_own_paper_is_not(self, desk: Desk, what: dict[str, Any]) -> None:
        who = SubjectId(new_id())
        await sent(desk, "m1", who)
        own = what.pop("same", False)
        second = await sent(desk, "m2", who if own else SubjectId(new_id()), **what)
        assert (await desk.documents.get(desk.system, second)).same_photo_as == ()

    async def test_is_no_business_of_a_provider_or_a_member(self, desk: Desk) -> None:
        await sent(desk, "m1", SubjectId(new_id()))
        theirs = clerk(desk.operator_id, ProviderId(new_id()))
        desk.clock.advance(timedelta(minutes=1))
        kept = await desk.documents.submit(theirs, "c1", paper.jpeg(paper.sheet()), "web", desk.subject)
        await desk.work()
        assert (await desk.documents.get(desk.auditor, kept.id)).same_photo_as
        for caller in (theirs, desk.member):
            assert (await desk.documents.get(caller, kept.id)).same_photo_as == ()

    async def test_two_read_at_the_same_moment_see_each_other(self, desk: Desk) -> None:
        ids = [await stored(desk, key, SubjectId(new_id())) for key in ("m1", "m2")]
        database = desk.platform.database.for_module("documents")

        async def read(document_id: DocumentId) -> None:
            found = await desk.documents.read_document(desk.system, document_id)
            async with database.transaction(desk.system) as tx:
                await desk.documents.record_reading(tx, document_id, found)
                await asyncio.sleep(0.05)

        await asyncio.gather(*map(read, ids))
        noted = [(await desk.documents.get(desk.system, each)).same_photo_as for each in ids]
        assert sorted(map(len, noted)) == [0, 1]

    async def test_follows_a_paper_to_the_member_it_belongs_to(self, desk: Desk) -> None:
        first = await sent(desk, "m1", SubjectId(new_id()))
        await desk.documents.relink(desk.system, [first], SubjectId(new_id()))
        second = await sent(desk, "m2", SubjectId(new_id()))
        assert (await desk.documents.get(desk.system, second)).same_photo_as == (first,)

    async def test_an_erased_paper_is_compared_with_nothing_and_leaves_no_mark(self, desk: Desk) -> None:
        who = SubjectId(new_id())
        first = await sent(desk, "m1", who)
        await desk.platform.keys.destroy(desk.operator_id, KeyOwner(who, "care"))
        second = await sent(desk, "m2", SubjectId(new_id()))
        assert (await desk.documents.get(desk.system, second)).same_photo_as == ()
        assert await documents_with(desk, "person_mark") == await documents_with(desk, "likeness") == {second}
        assert first != second

    async def test_goes_with_its_document(self, desk: Desk) -> None:
        first = await sent(desk, "m1", SubjectId(new_id()))
        second = await sent(desk, "m2", SubjectId(new_id()))
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            await tx.execute(sa.text("delete from documents.document where id = :id"), {"id": first})
        assert (await desk.documents.get(desk.system, second)).same_photo_as == ()
        assert await documents_with(desk, "person_mark") == {second}


async def stored(desk: Desk, key: str, subject: SubjectId, content: bytes | None = None) -> DocumentId:
    desk.clock.advance(timedelta(minutes=1))
    picture = paper.jpeg(paper.sheet()) + (content or key.encode())
    return (await desk.documents.submit(desk.system, key, picture, "whatsapp", subject)).id


async def sent(
    desk: Desk, key: str, subject: SubjectId, *, reading: PageReading | None = None, signs: str = SIGNS, **how: Any
) -> DocumentId:
    """A file that was sent and read: what the reader sees on it, and the signs of its picture."""
    desk.reader.page = replace(desk.reader.page, reading=reading or order(), signs=signs)
    document_id = await stored(desk, key, subject, **how)
    await desk.work()
    return document_id


async def documents_with(desk: Desk, table: str) -> set[DocumentId]:
    async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
        return {row.document_id for row in await tx.all(sa.text(f"select document_id from documents.{table}"))}


def saved_anew(photo: paper.Image, way: str) -> paper.Image:
    """As a telephone's gallery or messenger writes it again."""
    picture = Image.fromarray(photo)
    if way == "smaller":
        picture = picture.resize((picture.width * 6 // 10, picture.height * 6 // 10))
    if way == "brighter":
        picture = ImageEnhance.Brightness(picture).enhance(1.1)
    if way == "cropped":
        side, top = picture.width // 50, picture.height // 50
        picture = picture.crop((side, top, picture.width - side, picture.height - top))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=50 if way == "harder" else 75)
    return np.asarray(cv2.imdecode(np.frombuffer(out.getvalue(), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8)


def differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
