"""Every text a member may see: short, simple, no disease names, no promises, no blame, within WhatsApp's limits."""

import re

import pytest

from austa.kernel.ids import MemberId, new_id
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from austa.modules.documents.api import REFUSALS
from austa.modules.privacy.domain import first_contact

OWN = {name: value for name, value in vars(texts).items() if isinstance(value, Say)}
OWN |= {
    "LINKED": Say(texts.LINKED),
    "FILE_GONE": Say(texts.FILE_GONE),
    "FILE_REFUSED_MORE": Say(texts.FILE_REFUSED_MORE),
    "LATE_PREFIX": Say(texts.LATE_PREFIX),
    "confirm_requester": texts.confirm_requester("CREFITO 12345678901 de SP"),
    "confirm_pending": texts.confirm_pending("34567820261121000001"),
    "understood": texts.understood("quero pedir uma autorização"),
    "contact_protocol": Say(texts.contact_protocol("34567820261121000001")),
    "for_whom": texts.for_whom([(MemberId(new_id()), "Maria"), (MemberId(new_id()), "João")]),
    "for_whom_list": texts.for_whom([(MemberId(new_id()), f"Maria {n}") for n in range(9)]),
    "speaking_of": texts.speaking_of("Maria"),
    "about": texts.about("Maria", ["Pedido 1: aprovado."]),
    "about_danger": texts.about_danger("Está com febre de 37,8 ou mais?"),
    "registered": texts.registered("34567820261121000001"),
}
DISEASES = (
    "infarto",
    "avc",
    "derrame",
    "convulsão",
    "câncer",
    "diabetes",
    "infecção",
    "depressão",
    "suicídio",
    "tumor",
)
PROMISES = ("prometo", "garanto", "com certeza", "vai passar", "fique tranquil", "não se preocupe", "será aprovado")
BLAME = ("você deveria", "culpa", "erro seu", "você errou", "inválido")
INTERACTIVE_BODY = texts.LONGEST_ABOVE_BUTTONS - len(texts.contact_protocol("0" * 20))
"""The protocol of the contact may stand below any of them."""


@pytest.mark.parametrize("name", OWN)
def test_texts_are_simple(name: str) -> None:
    text = OWN[name].text.casefold()
    assert [word for word in (*DISEASES, *PROMISES, *BLAME) if word in text] == []
    long = [s for s in re.split(r"[.!?\n]", text) if len(s.split()) > 15]
    assert long == []


@pytest.mark.parametrize("name", OWN)
def test_texts_fit_whatsapp(name: str) -> None:
    say = OWN[name]
    assert len(say.text) <= INTERACTIVE_BODY
    assert len(say.buttons) <= 3
    assert len(say.rows) <= 10
    assert not (say.buttons and say.rows)
    assert all(0 < len(button.title) <= 20 for button in say.buttons)
    assert all(0 < len(row.title) <= 24 and len(row.description) <= 72 for row in say.rows)
    assert all(len(option.id) <= 200 for option in say.options)
    assert len({option.id for option in say.options}) == len({texts.fold_title(o.title) for o in say.options})


def test_the_notice_of_the_first_contact_fits_above_its_buttons() -> None:
    notice = first_contact("whatsapp")
    words = "\n\n".join([notice.notice, *(text.text for text in notice.texts), notice.question])
    assert len(words) <= INTERACTIVE_BODY


def test_a_refused_file_is_spoken_of_within_the_limit() -> None:
    assert all(len(f"{why} {texts.FILE_REFUSED_MORE}") <= INTERACTIVE_BODY for why in REFUSALS.values())


@pytest.mark.parametrize(
    "name",
    [
        "CONSENT_REFUSED",
        "OPTED_OUT",
        "HANDED_OVER",
        "STILL_HANDED_OVER",
        "AUDIO",
        "NURSE_READS",
        "ASK_COMPLAINT",
        "ASK_WHO",
    ],
)
def test_where_nobody_may_answer_soon_192_is_named(name: str) -> None:
    assert "192" in OWN[name].text
