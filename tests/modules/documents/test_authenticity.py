"""What speaks for and against a paper: its points, who sees them, and what they lead to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.clock import SetClock
from austa.kernel.errors import Unavailable
from austa.kernel.ids import DocumentId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import Authenticity, AuthenticityCode, Field, Signature
from austa.modules.documents.domain.authenticity import POINTS, START, UNREADABLE, weigh
from tests.fakes.documents import read_field
from tests.modules.documents.conftest import Desk

PDF = b"%PDF-1.7 /Producer (HP Scan) /ByteRange [0 10 20 30]"
TRUSTED = Signature(
    integrity="intact",
    coverage="whole_file",
    chain="trusted",
    root="Raiz",
    signer=Personal("ARNALDO MENEZES PINTO"),
    cpf=Personal("11144477735"),
    registration=Personal("CRM-SP 123456"),
    signed_at=datetime(2026, 11, 18, tzinfo=UTC),
    time_stamped=False,
)
CHANGED = TRUSTED.model_copy(update={"coverage": "changed"})


def codes(found: Authenticity) -> list[AuthenticityCode]:
    return [part.code for part in found.parts]


def weighed(*fields: Field, signatures: tuple[Signature, ...] = (), file: bool = False) -> Authenticity:
    return weigh(fields, signatures, "", same_file=file, same_photo=False)


class TestWeighing:
    @pytest.mark.parametrize(
        ("signature", "code"),
        [
            (TRUSTED, "signature_trusted"),
            (TRUSTED.model_copy(update={"coverage": "extended"}), "signature_trusted"),
            (TRUSTED.model_copy(update={"chain": "unknown"}), "signature_unproven"),
            (TRUSTED.model_copy(update={"chain": "not_checked"}), "signature_unproven"),
            (TRUSTED.model_copy(update={"chain": "out_of_date"}), "signature_out_of_date"),
            (TRUSTED.model_copy(update={"integrity": "altered"}), "signature_altered"),
            (CHANGED, "signature_changed_later"),
            (UNREADABLE, "signature_unreadable"),
        ],
    )
    def test_each_signature_is_one_part(self, signature: Signature, code: str) -> None:
        assert codes(weighed(signatures=(signature,))) == [code]

    @pytest.mark.parametrize(
        ("requester", "code"),
        [
            (read_field("requester_name", "Arnaldo Pinto"), "signer_is_requester"),
            (read_field("requester_name", "Arnaldo Menézes Pinto", "confirm"), "signer_is_requester"),
            (read_field("requester_name", "Helena Prado"), "signer_is_another"),
            (read_field("requester_name", "Helena Prado", "confirm"), None),
        ],
    )
    def test_who_signed_is_held_beside_who_asked(self, requester: Field, code: str | None) -> None:
        found = set(codes(weighed(requester, signatures=(TRUSTED,))))
        assert found == {"signature_trusted"} | ({code} if code else set())

    def test_who_signed_what_was_changed_later_says_nothing(self) -> None:
        found = weighed(read_field("requester_name", "Helena Prado"), signatures=(CHANGED,))
        assert codes(found) == ["signature_changed_later"]

    def test_council_and_date_count_by_their_checks(self) -> None:
        future = read_field("issue_date", "2027-01-01", "confirm").model_copy(update={"failed": ("plausible",)})
        assert codes(weighed(read_field("council_number", "123456"), future)) == ["date_doubtful", "requester_checked"]

    @given(st.lists(st.sampled_from([TRUSTED, CHANGED, UNREADABLE]), max_size=4), st.booleans(), st.booleans())
    def test_the_score_is_the_sum_of_its_parts_within_bounds(
        self, signatures: list[Signature], same_file: bool, same_photo: bool
    ) -> None:
        found = weigh((), signatures, "", same_file=same_file, same_photo=same_photo)
        assert found.score == min(100, max(0, START + sum(part.points for part in found.parts)))
        assert all(part.points == POINTS[part.code] for part in found.parts)


@dataclass(frozen=True)
class Sent:
    """A PDF that was read."""

    desk: Desk
    id: DocumentId

    async def authenticity(self) -> Authenticity:
        found = (await self.desk.documents.get(self.desk.auditor, self.id)).authenticity
        assert found
        return found


async def send(desk: Desk, *signatures: Signature, content: bytes = PDF) -> Sent:
    desk.reader.signed = signatures
    kept = await desk.documents.submit(desk.system, f"m{new_id()}", content, "web", desk.subject)
    await desk.work()
    return Sent(desk, kept.id)


class TestOfADocument:
    async def test_staff_see_the_signature_the_score_and_the_programs(self, desk: Desk) -> None:
        found = await (await send(desk, TRUSTED)).authenticity()
        assert (found.signatures, found.made_by) == ((TRUSTED,), "HP Scan")
        assert codes(found)[:2] == ["signature_trusted", "signer_is_requester"]
        assert found.score == 100

    async def test_members_do_not(self, desk: Desk) -> None:
        sent = await send(desk, TRUSTED)
        assert (await desk.documents.get(desk.member, sent.id)).authenticity is None

    async def test_a_photo_has_no_signature(self, desk: Desk) -> None:
        found = await (await send(desk, TRUSTED, content=b"\xff\xd8\xff photo")).authenticity()
        assert (found.signatures, found.made_by) == ((), "")

    async def test_a_reader_that_dies_over_it_leaves_it_unreadable(self, desk: Desk) -> None:
        desk.reader.signing_failures = [Unavailable("documents.reader_died", "died")]
        assert (await (await send(desk)).authenticity()).signatures == (UNREADABLE,)

    async def test_a_busy_reader_is_asked_again(self, desk: Desk, clock: SetClock) -> None:
        desk.reader.signing_failures = [Unavailable("documents.reader_busy", "busy")]
        sent = await send(desk, TRUSTED)
        clock.advance(timedelta(minutes=1))
        await desk.work()
        assert (await sent.authenticity()).signatures == (TRUSTED,)

    async def test_what_was_checked_tells_whether_it_was_changed(self, desk: Desk) -> None:
        for signature, changed in ((CHANGED, True), (TRUSTED, False)):
            sent = await send(desk, signature)
            marks = await desk.documents.file_marks(desk.system, sent.id)
            assert marks
            assert marks.changed_after_signature is changed

    async def test_goes_with_the_document_to_another_key(self, desk: Desk) -> None:
        sent = await send(desk, TRUSTED)
        member = SubjectId(new_id())
        await desk.documents.relink(desk.system, [sent.id], member)
        moved = replace(sent, desk=replace(desk, subject=member))
        assert (await moved.authenticity()).signatures == (TRUSTED,)
