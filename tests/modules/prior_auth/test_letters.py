"""Letters to members: what each must say, in words they can read, on paper that a screen reader can read too."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import pytest_asyncio

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import MemberId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.prior_auth.adapters.letter_pdf import render_pdf
from austa.modules.prior_auth.api.letters import Letter, LetterSection
from austa.modules.prior_auth.domain import letter as words
from austa.modules.prior_auth.domain.readability import count_syllables, judge
from austa.modules.prior_auth.module import build_letters
from austa.modules.prior_auth.service.letters import LetterService
from austa.modules.privacy.api import Privacy
from tests.conftest import staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.house import CHEMOTHERAPY, KNEE_MRI, House
from tests.modules.prior_auth.releases import TEXT
from tests.modules.prior_auth.world import BIRTH

GOLDEN = Path(__file__).parents[2] / "golden" / "readability.json"
BASIS = "RN ANS 465/2021, Anexo II, diretriz 27"


@dataclass
class Desk:
    """The door to letters of a house, and what was recorded of looks through it."""

    house: House
    letters: LetterService
    privacy: FakePrivacy

    async def text(self, request_id: RequestId) -> str:
        return told(await self.letters.letter(self.house.system, request_id))

    async def decide(self, outcome: Any, **changes: Any) -> RequestId:
        request_id = await self.house.ask(**CHEMOTHERAPY)
        director = self.house.world.identity.hire("technical_director", number="900101")
        await self.house.release(request_id, outcome, director, **changes)
        return request_id


@pytest_asyncio.fixture
async def desk(house: House, platform: Platform) -> Desk:
    privacy = FakePrivacy()
    letters, _ = build_letters(
        platform,
        house.service,
        members=cast(Members, house.world.members),
        identity=cast(Identity, house.world.identity),
        privacy=cast(Privacy, privacy),
    )
    return Desk(house, letters, privacy)


def told(letter: Letter) -> str:
    return json.dumps(letter.reveal_json(), ensure_ascii=False)


async def test_an_approval_says_what_was_approved_and_how_to_use_it(desk: Desk) -> None:
    request_id = await desk.house.ask()
    (decision,) = (await desk.house.see(request_id)).decisions
    assert decision.guide
    text = await desk.text(request_id)
    for part in ("Pedido aprovado", decision.guide.number, decision.guide.senha.reveal(), "21/12/2026", "Hemograma"):
        assert part in text
    assert "Marina Albuquerque Teles" in text
    assert "ouvidoria" not in text


async def test_a_denial_has_reason_clause_and_every_way_to_disagree(desk: Desk) -> None:
    letter = await desk.letters.letter(desk.house.system, await desk.decide("deny"))
    assert letter.kind == "denial"
    text = told(letter)
    for part in (TEXT, "1438", "ouvidoria do plano", "7 dias úteis", "outro médico", "0800 701 9656", "192"):
        assert part in text
    (quote,) = [section.quote.reveal() for section in letter.sections if section.quote]
    assert quote == BASIS
    assert "senha" not in text.lower()


async def test_a_part_says_how_much_and_has_guide_and_ways_to_disagree(desk: Desk) -> None:
    request_id = await desk.decide("approve_in_part", items=({"position": 0, "approved_quantity": 1},))
    text = await desk.text(request_id)
    for part in ("aprovado em parte", "pedido 2, aprovado 1", BASIS, "Guia e senha", "ouvidoria", "0800 701 9656"):
        assert part in text


async def test_an_administrative_return_names_no_other_medical_opinion(desk: Desk) -> None:
    house = desk.house
    facts = house.world.members.facts[house.member]
    house.world.members.facts[house.member] = facts.model_copy(update={"excluded_on": date(2026, 1, 1)})
    request_id = await house.ask()
    analyst = house.world.identity.hire("authorization_analyst")
    changes = {"reason_codes": ("1013",), "legal_basis": "Cláusula 3.2 do contrato", "member_text": TEXT}
    await house.release(request_id, "administrative_return", analyst, ground="administrative", **changes)
    letter = await desk.letters.letter(house.system, request_id)
    assert letter.kind == "denial"
    assert "Cláusula 3.2 do contrato" in told(letter)
    assert "Outra opinião médica" not in told(letter)


async def test_a_pend_lists_what_lacks_and_until_when(desk: Desk) -> None:
    request_id = await desk.house.ask(items=KNEE_MRI)
    request = await desk.house.see(request_id)
    assert request.missing
    assert request.answer_by
    letter = await desk.letters.letter(desk.house.system, request_id)
    assert letter.kind == "pend"
    days = (f"{at.astimezone(ZoneInfo('America/Sao_Paulo')):%d/%m/%Y}" for at in (request.answer_by, request.due_at))
    for part in (*request.missing, *days):
        assert part in told(letter)


async def test_there_is_no_letter_before_there_is_something_to_tell(desk: Desk) -> None:
    request_id = await desk.house.ask(**CHEMOTHERAPY)
    with pytest.raises(NotFound) as refused:
        await desk.letters.letter(desk.house.system, request_id)
    assert refused.value.code == "prior_auth.no_letter"


async def test_the_member_reads_it_and_a_stranger_does_not(desk: Desk) -> None:
    house = desk.house
    request_id = await house.ask()
    operator_id = house.system.operator_id
    assert await desk.letters.letter(Caller.member(operator_id, house.member), request_id)
    with pytest.raises(NotFound):
        await desk.letters.letter(Caller.member(operator_id, MemberId(new_id())), request_id)
    with pytest.raises(Forbidden):
        await desk.letters.letter(staff(operator_id, "administrator"), request_id)
    assert desk.privacy.looks == []
    reader = staff(operator_id, "ombudsman")
    await desk.letters.letter(reader, request_id)
    assert desk.privacy.looks == [(reader.actor, house.member, "authorization")]


async def test_behind_a_link_the_date_of_birth_must_agree(desk: Desk) -> None:
    await desk.house.ask()
    (token,) = desk.house.world.identity.links
    with pytest.raises(Forbidden):
        await desk.letters.pdf_behind_link(token, date(1990, 1, 1))
    assert (await desk.letters.pdf_behind_link(token, BIRTH)).startswith(b"%PDF")
    with pytest.raises(NotFound):
        await desk.letters.pdf_behind_link("no-such-token", BIRTH)


async def test_the_paper_is_tagged_titled_and_holds_the_text(desk: Desk) -> None:
    letter = await desk.letters.letter(desk.house.system, await desk.decide("deny"))
    pdf = render_pdf(letter)
    for mark in (
        b"/StructTreeRoot",
        b"/MarkInfo",
        b"(pt-BR)",
        b"pdfuaid:part",
        b"/DisplayDocTitle true",
        b"/H1",
        b"/H2",
    ):
        assert mark in pdf
    document = pypdfium2.PdfDocument(pdf)
    assert document.get_metadata_value("Title") == letter.title
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    for section in letter.sections:
        assert section.title in text
        for part in (*section.paragraphs, *section.items, *((section.quote,) if section.quote else ())):
            assert " ".join(part.reveal().split()) in text


async def test_the_same_letter_is_the_same_paper(desk: Desk) -> None:
    letter = await desk.letters.letter(desk.house.system, await desk.house.ask())
    assert render_pdf(letter) == render_pdf(letter)


@pytest.mark.parametrize(
    "text", ['#read("/etc/passwd")', "*a* _b_ $x$ <c> @d [e] \\ #panic()", '"}; drop', "ção\n\nfim", ""]
)
def test_what_people_wrote_is_text_and_never_markup(text: str) -> None:
    paper = Letter(
        kind="denial",
        title="Pedido não aprovado",
        operator=text or "Operadora",
        ans_registry="999999",
        written_on=date(2026, 11, 21),
        member=Personal(text),
        sections=(LetterSection(title="Por quê", paragraphs=(Personal(text),), items=(Personal(text),)),),
        readability=0,
        readability_level="hard",
    )
    pages = pypdfium2.PdfDocument(render_pdf(paper))
    shown = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    for word in text.split():
        assert word in shown


# Readability


def our_own_words() -> list[str]:
    texts = [*words.TITLES.values(), *words.OPENINGS.values(), words.DECIDED_BY_PERSON, words.IF_URGENT]
    for group in (words.HOW_TO_USE, words.HOW_TO_ANSWER, words.REANALYSIS, words.SECOND_OPINION, words.REGULATOR):
        texts += group
    return [*texts, *words.QUESTIONS]


def test_our_own_sentences_are_short_and_easy() -> None:
    for text in our_own_words():
        for sentence in text.split(". "):
            assert len(sentence.split()) <= 15, sentence
    assert judge("\n".join(our_own_words())).level == "easy"


async def test_the_letter_says_how_easily_it_reads(desk: Desk) -> None:
    easy = await desk.letters.letter(desk.house.system, await desk.decide("deny"))
    assert easy.readability_level == "easy"
    assert 60 <= easy.readability <= 100


@pytest.mark.parametrize(
    "example", json.loads(GOLDEN.read_text())["examples"], ids=lambda example: example["text"][:30]
)
def test_readability_is_the_same_as_in_the_web_app(example: dict[str, Any]) -> None:
    found = judge(example["text"])
    assert (found.score, found.level) == (example["score"], example["level"])


@pytest.mark.parametrize(
    ("word", "count"),
    [("casa", 2), ("saúde", 3), ("autorizado", 5), ("não", 1), ("guia", 2), ("leal", 2), ("pneu", 1), ("xyz", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_a_text_without_words_is_hard() -> None:
    assert judge(" ... ").level == "hard"
