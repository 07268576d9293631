"""Looking for papers by what stands in them."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from austa.infra.keys import KeyOwner
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import DocumentId, MemberId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import FoundDocument
from tests.conftest import staff
from tests.modules.documents import paper
from tests.modules.documents.conftest import Desk, code_of

PHOTO = paper.jpeg(paper.sheet())


async def keep(desk: Desk, key: str = "m1", subject: SubjectId | None = None) -> DocumentId:
    kept = await desk.documents.submit(desk.system, key, PHOTO, "whatsapp", subject or desk.subject)
    await desk.work()
    return kept.id


async def look(
    desk: Desk, query: str, subject: SubjectId | None = None, caller: Caller | None = None
) -> tuple[FoundDocument, ...]:
    return await desk.documents.search(caller or desk.auditor, Personal(query), subject)


class TestInOneMembersPapers:
    @pytest.mark.parametrize(
        "query", ["severino joelho", "ARTICULARES", "M23.2", "111.444.777-35", "indicacao clínica"]
    )
    async def test_words_and_numbers_are_found_with_their_place(self, desk: Desk, query: str) -> None:
        document_id = await keep(desk)
        (found,) = await look(desk, query, desk.subject)
        assert (found.id, found.document_class) == (document_id, "medical_order")
        assert found.places
        assert all(box.page == place.page == 1 for place in found.places for box in place.boxes)

    async def test_all_of_it_must_stand_there(self, desk: Desk) -> None:
        await keep(desk)
        assert await look(desk, "joelho quadril", desk.subject) == ()

    async def test_the_box_is_the_words_own(self, desk: Desk) -> None:
        document_id = await keep(desk)
        ((place, *_),) = [found.places for found in await look(desk, "Severino", desk.subject)]
        (page,) = await desk.documents.reading(desk.system, document_id)
        (word,) = [word for line in page.lines for word in line.words if word.text == Personal("Severino")]
        assert place.boxes == (word.box,)

    async def test_another_members_papers_are_not(self, desk: Desk) -> None:
        await keep(desk, subject=SubjectId(new_id()))
        assert await look(desk, "joelho", desk.subject) == ()

    async def test_a_member_looks_in_their_own(self, desk: Desk) -> None:
        document_id = await keep(desk)
        assert [found.id for found in await look(desk, "joelho", caller=desk.member)] == [document_id]
        stranger = Caller.member(desk.operator_id, MemberId(new_id()))
        assert await look(desk, "joelho", caller=stranger) == ()
        with pytest.raises(Forbidden):
            await look(desk, "joelho", desk.subject, stranger)

    @pytest.mark.parametrize("query", ["", "de", "?"])
    async def test_something_must_be_asked(self, desk: Desk, query: str) -> None:
        with pytest.raises(Invalid) as error:
            await look(desk, query, desk.subject)
        assert code_of(error) == "documents.nothing_asked"


class TestAcrossMembers:
    async def test_a_code_or_number_finds_everybodys_papers(self, desk: Desk) -> None:
        other = SubjectId(new_id())
        ids = {await keep(desk), await keep(desk, "m2", other)}
        for query in ("41101316", "M23.2", "111.444.777-35", "0037 1234 5678 9012 3"):
            found = await look(desk, query)
            assert {each.id for each in found} == ids
            assert all(each.places for each in found)

    async def test_words_do_not(self, desk: Desk) -> None:
        for query in ("Severino", "joelho", "Severino 1980"):
            with pytest.raises(Invalid) as error:
                await look(desk, query)
            assert code_of(error) == "documents.only_codes_across_members"

    async def test_of_another_operator_nothing_is_found(self, desk: Desk) -> None:
        await keep(desk)
        elsewhere = staff(OperatorId(new_id()), "medical_auditor")
        assert await look(desk, "41101316", caller=elsewhere) == ()
        assert await look(desk, "joelho", desk.subject, elsewhere) == ()

    async def test_who_may_not_see_papers_does_not_look(self, desk: Desk) -> None:
        with pytest.raises(Forbidden):
            await look(desk, "41101316", caller=staff(desk.operator_id, "administrator"))


class TestWhatIsKept:
    async def test_each_paper_shown_is_a_look_at_it(self, desk: Desk) -> None:
        await keep(desk)
        await look(desk, "quadril", desk.subject)
        assert desk.looks.seen == []
        await look(desk, "joelho", desk.subject)
        assert [(subject, why) for _, subject, why in desk.looks.seen] == [(desk.subject, "medical_audit")]

    async def test_no_word_lies_in_clear_and_no_two_members_share_a_token_of_words(self, desk: Desk) -> None:
        first, second = await keep(desk), await keep(desk, "m2", SubjectId(new_id()))
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            rows = await tx.all(sa.text("select document_id, token from documents.search_token"))
        tokens = {each: {row.token for row in rows if row.document_id == UUID(str(each))} for each in (first, second)}
        # What both have are the codes: card, CPF, TUSS, CID and registration.
        assert len(tokens[first] & tokens[second]) == 5
        assert len(tokens[first]) > 20
        assert all(len(token) == 32 for token in tokens[first])

    async def test_moves_with_the_document(self, desk: Desk) -> None:
        document_id, member = await keep(desk), SubjectId(new_id())
        await desk.documents.relink(desk.system, [document_id], member)
        assert await look(desk, "joelho", desk.subject) == ()
        assert [found.id for found in await look(desk, "joelho", member)] == [document_id]

    async def test_with_its_key_it_is_gone(self, desk: Desk) -> None:
        await keep(desk)
        await desk.platform.keys.destroy(desk.operator_id, KeyOwner(desk.subject, "care"))
        assert await look(desk, "41101316") == ()
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            assert await tx.all(sa.text("select 1 from documents.search_token")) == []
