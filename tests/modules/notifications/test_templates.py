"""The words: complete, neutral, and readable for everybody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.modules.notifications.api import VALUES, TemplateCode
from austa.modules.notifications.domain import templates

EXAMPLES = {
    "protocol": "99999920261121000001",
    "guide_number": "20261121000001",
    "senha": "A1B2C3",
    "replaced": "20261121000000",
    "valid_until": "21/12/2026",
    "answer_by": "26/11/2026",
    "link": "https://austa.example/p/abc",
    "missing": "o pedido do médico com a data\na foto da carteirinha",
    "code": "042137",
    "name": "Maria",
    "level": "EMERGÊNCIA",
}
CODES: list[TemplateCode] = list(VALUES)
NEVER = re.compile(
    r"em análise|auditori|negad|recusad|indeferid|glosa|diagn|doença|câncer|cirurgi|exame|ressonância|cid\b|tuss"
    r"|garant|promet|sua culpa|você errou|infelizmente",
    re.IGNORECASE,
)


def example(code: TemplateCode) -> dict[str, str]:
    return {name: EXAMPLES[name] for name in VALUES[code]}


def rendered(code: TemplateCode) -> str:
    return templates.render(templates.get_template(code, templates.current_version(code)), example(code))


@pytest.mark.parametrize("code", CODES)
def test_every_value_of_a_template_has_its_place(code: TemplateCode) -> None:
    for version in range(1, templates.current_version(code) + 1):
        assert set(templates.get_template(code, version).parameters) == VALUES[code]


@pytest.mark.parametrize("code", CODES)
def test_the_words_are_neutral(code: TemplateCode) -> None:
    wording = templates.get_template(code, templates.current_version(code))
    assert not NEVER.search(wording.text + " " + wording.subject)


@pytest.mark.parametrize("code", CODES)
def test_sentences_are_short(code: TemplateCode) -> None:
    for sentence in re.split(r"(?<=[.!?])\s+|\n", rendered(code)):
        assert len(sentence.split()) <= 15, sentence


@pytest.mark.parametrize("code", [code for code in CODES if code not in {"one_time_code", "staff_invitation"}])
def test_members_are_told_what_happens_next(code: TemplateCode) -> None:
    assert re.search(
        r"O que fazer agora|O prazo para a resposta é|não precisa fazer nada|Veja aqui|ligue para o SAMU",
        rendered(code),
    )


def test_an_approval_reads_like_this() -> None:
    assert rendered("authorization_approved") == (
        "Seu pedido foi autorizado.\n"
        "Guia: 20261121000001\n"
        "Senha: A1B2C3\n"
        "Vale até: 21/12/2026\n\n"
        "O que fazer agora: marque o seu atendimento.\n"
        "No dia, leve a senha e um documento com foto.\n"
        "Veja os detalhes: https://austa.example/p/abc\n"
        "Protocolo: 99999920261121000001."
    )


def test_what_is_missing_is_a_list() -> None:
    assert "falta:\n- o pedido do médico com a data\n- a foto da carteirinha\n" in rendered(
        "authorization_needs_documents"
    )


def test_a_review_says_that_a_person_looks_and_until_when() -> None:
    text = rendered("authorization_in_review")
    assert "Uma pessoa da equipe de saúde vai olhar" in text
    assert "26/11/2026" in text


@pytest.mark.parametrize(
    "change",
    [{"senha": ""}, {"senha": "x" * 1001}, {"link": "javascript:alert(1)"}, {"link": "https://a b"}, {"extra": "x"}],
)
def test_wrong_values_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="values_wrong"):
        templates.check_values("authorization_approved", example("authorization_approved") | change)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        templates.check_values("one_time_code", {})
    assert refused.value.details["fields"] == ["code"]


@given(st.text(min_size=1, max_size=80).filter(str.strip))
def test_what_people_write_never_becomes_part_of_the_wording(text: str) -> None:
    wording = templates.get_template("authorization_needs_documents", 1)
    values = example("authorization_needs_documents") | {"missing": text}
    templates.render(wording, values)
    for parameter in templates.template_parameters(wording, values):
        assert "\n" not in parameter
        assert "    " not in parameter


def test_parameters_come_in_the_order_of_the_wording() -> None:
    wording = templates.get_template("authorization_needs_documents", 1)
    assert templates.template_parameters(wording, example("authorization_needs_documents")) == (
        "o pedido do médico com a data; a foto da carteirinha",
        "https://austa.example/p/abc",
        "26/11/2026",
        "99999920261121000001",
    )
