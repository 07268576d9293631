"""What names the member is covered wherever it stands, and little else."""

import pytest

from austa.modules.documents.api import Field
from austa.modules.documents.domain.covering import naming_boxes
from austa.modules.documents.domain.words import page_text
from tests.fakes.documents import read_field
from tests.modules.documents.readings import page

WHO: tuple[Field, ...] = (
    read_field("member_name", "Severino Lopes Damasceno"),
    read_field("card_number", "00371234567890123"),
    read_field("cpf", "11144477735"),
    read_field("birth_date", "1980-03-02"),
)


def covered(line: str) -> str:
    """The words of a line that are painted over."""
    text = page_text(page(line))
    boxes = naming_boxes(WHO, text, 1)
    return " ".join(word.text.reveal() for each in text.lines for word in each.words if word.box in boxes)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("O paciente Severino L. Damasceno refere dor", "Severino Damasceno"),
        ("Atesto que SEVERINO LOPES, nascido em 02/03/1980, esteve aqui", "SEVERINO LOPES, 02/03/1980,"),
        ("nascido a 2 de março de 1980 em Recife", "2 de março de 1980"),
        ("Sevenno Damascen0 trouxe os exames", "Sevenno Damascen0"),
        ("Severlno Damasceno trouxe os exames", "Severlno Damasceno"),
        ("SeverinoLopes trouxe", "SeverinoLopes"),
        ("carteira 0037 1234 5678 9012 3 válida", "0037 1234 5678 9012 3"),
        ("CPF 111.444.777-35 e CPF da mãe 529.982.247-25", "111.444.777-35 529.982.247-25"),
        ("41101316 RM articular, CID M23.2, 18/11/2026", ""),
        ("Dr. Arnaldo Menezes Pinto CRM-SP 123456", ""),
    ],
)
def test_within_sentences(line: str, hidden: str) -> None:
    assert covered(line) == hidden


def test_a_field_is_covered_where_no_words_were_kept() -> None:
    text = page_text(page("Paciente: Severino"))
    box = text.lines[0].words[1].box
    fields = [WHO[0].model_copy(update={"box": box}), read_field("cid", "M23.2").model_copy(update={"box": box})]
    assert naming_boxes(fields, None, 1) == [box]
    assert naming_boxes(fields, None, 2) == []
