"""How a reading is judged: each rule of the labels, one test."""

from typing import Any

import pytest

from austa.bench.documents.labels import Label
from austa.bench.documents.scoring import Entry, Got, Judged, Reported, is_same, judge_all, score


def accepted(value: str) -> Got:
    return Got(value, accepted=True)


def doubted(value: str) -> Got:
    return Got(value, accepted=False)


def judged(fields: dict[str, Any], **reported: Got) -> list[Judged]:
    return list(judge_all(fields, Reported(single={name: [got] for name, got in reported.items()})))


def judged_entries(name: str, printed: list[Any], *entries: Entry) -> list[Judged]:
    return list(judge_all({name: printed}, Reported(lists={name: list(entries)})))


def label(**told: Any) -> Label:
    return Label.model_validate({"class": "receipt", "quality": "scan", **told})


@pytest.mark.parametrize(
    ("name", "printed", "read", "right"),
    [
        ("cpf", "39053344705", "39053344705", True),
        ("cpf", "39053344705", "39053344795", False),
        ("card_number", "000123456789", "0001 2345 6789", True),
        ("provider_cnpj", "12ABC34501DE35", "12.abc.345/01DE-35", True),
        ("cid", "M23.2", "M232", True),
        ("cid", "I50.0", "150.0", False),
        ("birth_date", "2001-02-03", "2001-02-08", False),
        ("total_amount", 14026.25, "14026.25", True),
        ("total_amount", 14026.25, "14026.2", False),
        ("total_amount", 2960.0, "2960.00", True),
        ("total_amount", 2960.0, "R$", False),
        ("days_off", 3, "8", False),
        ("member_name", "João Conceição da Silva", "JOAO  CONCEICAO DA SILVA", True),
        ("member_name", "Ana Lima", "Ana Lina", False),
        ("member_name", "Maria Aparecida Lima", "Maria Aparecida Lina", True),
        ("indication", "Entorse do joelho direito há 8 semanas", "Entorse do joelho direito há 8 semana", True),
        ("dose", "50 mg 30 comprimidos", "80 mg 30 comprimidos", False),
        ("value", "0,98", "9,98", False),
    ],
)
def test_identifiers_dates_and_numbers_are_equal_and_words_nearly(
    name: str, printed: object, read: str, right: bool
) -> None:
    assert is_same(name, str(printed), read) is right


def test_a_value_that_is_not_printed_is_wrong_when_accepted() -> None:
    (one,) = judged({}, cpf=accepted("39053344705"))
    assert (one.accepted, one.right, one.is_printed) == (True, False, False)


def test_a_value_that_is_not_read_is_sent_to_a_person() -> None:
    (one,) = judged({"cns": "700000000000005"})
    assert (one.is_printed, one.accepted, one.got) == (True, False, None)


def test_a_second_value_that_would_be_rested_on_is_one_more_that_is_wrong() -> None:
    both = Reported(single={"member_name": [accepted("Ana Lima"), accepted("Rua das Flores")]})
    first, second = judge_all({"member_name": "Ana Lima"}, both)
    assert (first.right, second.right, second.accepted, second.is_printed) == (True, False, True, False)


def test_codes_of_a_list_are_matched_wherever_they_stand() -> None:
    found = judged_entries("cid", ["M23.2", "M17.1"], {"cid": accepted("M17.1")}, {"cid": accepted("M23")})
    assert [(each.expected, each.got, each.right) for each in found] == [
        ("M17.1", "M17.1", True),
        ("M23.2", None, False),
        (None, "M23", False),
    ]


def test_entries_match_by_code_before_they_match_by_words() -> None:
    printed = [{"description": "Hemograma", "tuss": "40304361"}, {"description": "Glicose", "quantity": 2}]
    read: list[Entry] = [
        {"description": accepted("GLICOSE"), "quantity": accepted("3")},
        {"description": doubted("Hemogr."), "tuss": accepted("40304361")},
    ]
    found = {(each.name, each.expected): each for each in judged_entries("procedures", printed, *read)}
    assert found["procedures.tuss", "40304361"].right
    assert not found["procedures.description", "Hemograma"].accepted
    assert found["procedures.description", "Glicose"].right
    assert not found["procedures.quantity", "2"].right


def test_every_part_of_an_entry_that_is_not_printed_is_wrong() -> None:
    found = judged_entries("medicines", [], {"name": accepted("Dipirona"), "dose": accepted("1 g")})
    assert [(each.name, each.right, each.accepted) for each in found] == [
        ("medicines.name", False, True),
        ("medicines.dose", False, True),
    ]


def test_characters_and_words_without_regard_to_white_space() -> None:
    scored = score(label(text="Valor  total\nR$ 10,00"), Reported("receipt", "total R$ 10,00\tValor"))
    assert (scored.class_right, scored.word_recall) == (True, 1.0)
    assert score(label(text="abcd"), Reported(None, "abed")).char_accuracy == 0.75


def test_handwriting_is_judged_by_whether_it_goes_to_a_person() -> None:
    told = label(handwritten=True, text="Solicito", fields={"member_name": "Ana Lima"})
    left = score(told, Reported("receipt", "Sol", {"member_name": [doubted("Ana Lina")]}))
    assert (left.left_to_person, left.char_accuracy) == (True, None)
    assert not score(told, Reported("receipt", "Sol", {"member_name": [accepted("Ana Lima")]})).left_to_person
