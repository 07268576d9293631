"""By what words papers are found: accents, plurals, codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.documents.domain.search import code_asked, terms_asked, terms_in

ORDER = "Solicito: RM articular - joelho direito. CID:M23.2, autorização em 18/11/2026; CPF 111.444.777-35 (0,98 mg/dL)"


@pytest.mark.parametrize(
    "query",
    [
        "autorizacao",
        "AUTORIZAÇÕES",
        "autorizacoes",
        "joelhos direitos",
        "rm do joelho",
        "M23.2",
        "m232",
        "18/11/2026",
        "11144477735",
        "111.444.777-35",
        "0,98",
        "articulares",
    ],
)
def test_is_found_by(query: str) -> None:
    asked = terms_asked(query)
    assert asked
    assert set(asked) <= terms_in(ORDER)


@pytest.mark.parametrize("query", ["ombro", "joelho esquerdo", "M23", "9,98", "11/2026", "joel"])
def test_is_not_found_by(query: str) -> None:
    assert not set(terms_asked(query)) <= terms_in(ORDER)


@pytest.mark.parametrize("query", ["", "  ", "de", "a o", "?", "--"])
def test_nothing_of_weight_is_nothing_asked(query: str) -> None:
    assert terms_asked(query) == ()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("41101316", "41101316"),
        ("4.11.01316", "41101316"),
        ("M23.2", "m232"),
        ("111.444.777-35", "11144477735"),
        ("CRM 123456", "crm123456"),
        ("Severino", None),
        ("Severino 1980", None),
        ("12", None),
    ],
)
def test_across_members_only_a_code_is_asked(query: str, code: str | None) -> None:
    assert code_asked(query) == code


@given(st.text(max_size=60))
def test_whatever_stands_in_a_paper_finds_it(text: str) -> None:
    assert set(terms_asked(text)) <= terms_in(text)
