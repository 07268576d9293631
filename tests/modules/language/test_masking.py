"""What leaves for a language model: nothing that could point to a person; and it all comes back."""

import re
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from austa.modules.language.domain.knowledge.articles import load_knowledge, words
from austa.modules.language.domain.masking import mask, unmask

FOLDER = files("austa.modules.language.domain.knowledge")
KNOWLEDGE = load_knowledge(
    FOLDER.joinpath("articles.json").read_bytes(), FOLDER.joinpath("plain_words.json").read_bytes()
)
NAMES = tuple(
    re.findall(
        r"\w+",
        """
Maria José Ana João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Luís Gabriel Rafael Daniel Marcelo
Bruno Eduardo Felipe Raimundo Rodrigo Manoel Mateus André Fernando Fábio Leonardo Gustavo Guilherme Leandro
Tiago Anderson Ricardo Márcio Jorge Sebastião Alexandre Roberto Edson Diego Vitor Sérgio Cláudio Francisca
Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda Bruna Jéssica Letícia Júlia
Luciana Vanessa Mariana Gabriela Vera Vitória Larissa Cláudia Beatriz Rita Luana Sônia Renata Eliane Josefa
Simone Natália Cristiane Carla Débora Rosângela Jaqueline Rosa Daniela Aparecida Marlene Terezinha Raimunda
Andreia Fabiana Lúcia Raquel Angela Rafaela Joana Luzia Clara Esperança Conceição Socorro Graça Sol Luz Dulce
Iracema Severino Zuleica Cícero Moacir Ubirajara Enzo Valentina Silva Santos Oliveira Souza Pereira Lima
Carvalho Ferreira Ribeiro Almeida Costa Rocha Leite Pinto Cordeiro Prado
""",
    )
)
CPF, PHONE = "529.982.247-25", "(11) 98765-4321"
PERSONAL = st.one_of(
    st.sampled_from(NAMES).map(lambda name: name),
    st.sampled_from(NAMES).map(str.upper),
    st.sampled_from(NAMES).map(str.lower),
    st.sampled_from(
        [CPF, PHONE, "00371234567890123", "700 0012 3456 7890", "maria@example.org", "01310-100", "12/03/1954"]
    ),
    st.from_regex(r"\A[0-9]{1,20}\Z"),
)
PLAIN = st.sampled_from(
    ["qual", "o", "prazo", "da", "carência", "do", "parto", "eu", "quero", "reembolso", ",", ".", "?"]
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves(name: str) -> None:
    assert [mask(form, KNOWLEDGE.words).text for form in (name, name.upper(), name.lower())] == ["{A}"] * 3


@given(st.lists(st.one_of(PERSONAL, PLAIN), min_size=1, max_size=20))
def test_no_digit_and_no_name_leaves_and_all_comes_back(pieces: list[str]) -> None:
    text = " ".join(pieces)
    masked = mask(text, KNOWLEDGE.words)
    assert not re.search(r"\d", masked.text)
    assert "@" not in masked.text
    left = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", re.sub(r"\{[A-Z]+\}", "", masked.text))}
    assert left & {name.casefold() for name in NAMES} == set()
    assert unmask(masked.text, masked.originals) == re.sub(r"\s+", " ", text).strip()


@given(st.text())
@example("N¹")
def test_of_any_text_only_known_words_leave(text: str) -> None:
    masked = mask(text, KNOWLEDGE.words)
    rest = re.sub(r"\{[A-Z]+\}", " ", masked.text)
    assert set(words(rest)) <= KNOWLEDGE.words
    assert not any(character.isdigit() for character in rest)


@given(st.text())
def test_strange_placeholders_come_back_as_nothing_or_ours(text: str) -> None:
    back = unmask(text, {"{A}": "Zuleica"})
    assert back is None or "{" not in back


def test_spelled_numbers_and_addresses_stay_here() -> None:
    masked = mask("meu cpf é cinco dois nove e moro na rua Girassol nº 12, cep 01310-100", KNOWLEDGE.words)
    for word in ("cinco", "dois", "nove", "Girassol", "12", "01310", "rua"):
        assert word not in masked.text
