"""Intents and entities of whole messages, as the dialogue receives them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.kernel.personal import Personal
from austa.modules.language.api.language import Understanding, UtteranceContext
from austa.modules.language.service import LanguageService

TODAY = date(2026, 11, 21)


def understand(language: LanguageService, text: str, **context: object) -> Understanding:
    return language.understand(Personal(text), UtteranceContext.model_validate({"today": TODAY, **context}))


def test_the_main_job_is_an_authorization_request_for_an_articular_mri(language: LanguageService) -> None:
    said = understand(language, "oi, preciso de autorização pra essa ressonância do joelho")
    assert said.intent == "authorization_request"
    assert said.red_flags.findings == ()
    assert said.entities.procedures[0].candidates[0].procedure.code == "41101316"
    assert said.entities.procedures[0].words.text.reveal() == "ressonância do joelho"
    assert [part.part for part in said.entities.body_parts] == ["joelho"]


def test_an_emergency_comes_first_whatever_else_was_asked(language: LanguageService) -> None:
    said = understand(language, "tô com um aperto no peito e suando frio, preciso de guia?")
    assert said.red_flags.level == "RED"
    assert said.red_flags.reply == "emergency"
    assert said.intent == "emergency_situation"
    assert "authorization_request" in {guess.intent for guess in said.intents}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("o médico pediu um exame, como autorizo?", "authorization_request"),
        ("preciso da liberação da cirurgia de catarata", "authorization_request"),
        ("já saiu minha autorização?", "authorization_status"),
        ("qual o andamento do meu pedido?", "authorization_status"),
        ("quero marcar consulta com cardiologista", "appointment_booking"),
        ("preciso remarcar meu exame", "appointment_booking"),
        ("segunda via do boleto", "general_inquiry"),
        ("onde tem hospital credenciado?", "general_inquiry"),
        ("posso tomar dipirona com o remédio de pressão?", "medication_question"),
        ("tô com dor de garganta e tosse", "symptom_report"),
        ("vó deu um ramo, a boca entortou", "emergency_situation"),
        ("bom dia", "greeting"),
        ("muito obrigada", "thanks"),
        ("quero falar com um atendente", "ask_person"),
        ("SAIR", "opt_out"),
        ("me conta uma piada", "out_of_scope"),
        ("sim", "yes"),
        ("não, obrigado", "no"),
    ],
)
def test_intents_that_the_rules_carry(language: LanguageService, text: str, intent: str) -> None:
    assert understand(language, text).intent == intent


@pytest.mark.parametrize("text", ["", "asdf qwer", "hmm", "12", "mãe"])
def test_the_rules_abstain_rather_than_guess(language: LanguageService, text: str) -> None:
    said = understand(language, text)
    assert said.abstained
    assert said.intent is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("sim", "consent_yes"),
        ("pode sim", "consent_yes"),
        ("não", "consent_no"),
        ("não aceito", "consent_no"),
        ("eu não concordo com isso", "consent_no"),
    ],
)
def test_a_short_answer_means_what_was_asked(language: LanguageService, text: str, intent: str) -> None:
    assert understand(language, text, awaiting="consent").intent == intent


def test_breathlessness_is_never_read_as_a_plain_no(language: LanguageService) -> None:
    said = understand(language, "não consigo respirar", awaiting="consent")
    assert said.intent == "emergency_situation"
    assert "consent_no" not in {guess.intent for guess in said.intents}


def test_numbers_that_identify_are_told_apart(language: LanguageService) -> None:
    said = understand(language, "cpf 111.444.777-35, carteirinha 0037 1234 5678 90123, código 482 913").entities
    assert [cpf.value.reveal() for cpf in said.cpfs] == ["11144477735"]
    assert [card.value.reveal() for card in said.card_numbers] == ["00371234567890123"]
    assert [code.value.reveal() for code in said.codes] == ["482913"]


def test_a_wrong_cpf_is_no_cpf(language: LanguageService) -> None:
    assert understand(language, "111.111.111-11 e 123.456.789-00").entities.cpfs == ()


def test_a_written_tuss_code_is_a_procedure_and_no_card(language: LanguageService) -> None:
    said = understand(language, "o código é 40304361").entities
    assert said.procedures[0].candidates[0].procedure.code == "40304361"
    assert said.card_numbers == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("nasci em 12/03/1950", date(1950, 3, 12)),
        ("nasci em 12/03/50", date(1950, 3, 12)),
        ("dia 5 de dezembro", date(2026, 12, 5)),
        ("amanhã", date(2026, 11, 22)),
        ("depois de amanhã", date(2026, 11, 23)),
        ("ontem", date(2026, 11, 20)),
        ("31/02/2026", None),
    ],
)
def test_dates_as_people_write_them(language: LanguageService, text: str, day: date | None) -> None:
    assert [mention.value for mention in understand(language, text).entities.dates] == [day]


def test_the_side_belongs_to_the_part_it_was_said_with(language: LanguageService) -> None:
    parts = understand(language, "dor no joelho direito e no ombro esquerdo").entities.body_parts
    assert [(part.part, part.side) for part in parts] == [("joelho", "right"), ("ombro", "left")]


@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_understood_or_abstained_from_and_offsets_hold(language: LanguageService, text: str) -> None:
    said = understand(language, text)
    assert said.abstained is (said.intents == ())
    found = said.entities
    numbers = (*found.cpfs, *found.card_numbers, *found.codes)
    for words in [*(n.words for n in numbers), *(d.words for d in found.dates), *(b.words for b in found.body_parts)]:
        assert text[words.start : words.end] == words.text.reveal()
