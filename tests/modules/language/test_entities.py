"""Facts out of chat Portuguese: complaints, medicines, procedures, conditions, people, days, numbers, providers."""

import csv
import json
import time
from collections.abc import Iterator
from datetime import date
from datetime import time as clock
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Entities, KnownProvider, SymptomMention, Words
from austa.modules.language.api.language import UtteranceContext
from austa.modules.language.domain.entities.finder import LONGEST_READ
from austa.modules.language.domain.entities.identifiers import is_cns, is_cpf
from austa.modules.language.domain.normalise import fold_text
from austa.modules.language.service import LanguageService
from tests.modules.language.test_terminology import REFERENCE

TODAY = date(2026, 11, 21)
CORPUS = Path(__file__).parents[3] / "corpora" / "language" / "entities"
PIECES = st.sampled_from(
    [
        "dor no peito",
        "minha mãe",
        "de 5 anos",
        "dipirona",
        "500 mg",
        "de 8 em 8 horas",
        "às 17h",
        "dia 12",
        "sexta que vem",
        "RM do joelho E",
        "111.444.777-35",
        "CRM 12345/SP",
        "Dr. Paulo",
        "(11) 91234-5678",
        "pressão alta",
        "não tenho",
        "febre de 39",
        "há 3 dias",
        "M23.2",
        "me chamo Ana",
        "\u200b",
        "\u202e",
        "á́",
        "🤒",
        ".",
        ",",
        "\n",
        "%",
        "nota 9",
        "50030-230",
        "joao@gmail.com",
        "zero um dois três quatro cinco seis",
    ]
)


def find(language: LanguageService, text: str, *providers: KnownProvider) -> Entities:
    context = UtteranceContext(today=TODAY, providers=providers)
    return language.understand(Personal(text), context).entities


def symptom(language: LanguageService, text: str) -> SymptomMention:
    return find(language, text).symptoms[0]


def all_words(thing: object) -> Iterator[Words]:
    if isinstance(thing, Words):
        yield thing
    elif isinstance(thing, Contract):
        for name in type(thing).model_fields:
            yield from all_words(getattr(thing, name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from all_words(one)


@given(text=st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_word_is_where_it_says(language: LanguageService, text: str) -> None:
    for words in all_words(find(language, text)):
        assert text[words.start : words.end] == words.text.reveal() != ""


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("to com dor de cabeca", "dor de cabeca", "headache"),
        ("meu joelho tá doendo muito", "dor no joelho", "knee pain"),
        ("as perna inchada", "inchaco na perna", "leg swelling"),
        ("ardendo quando faço xixi", "dor ao urinar", "painful urination"),
        ("tô com caganeira", "diarreia", "diarrhoea"),
        ("não consigo respirar", "falta de ar", "shortness of breath"),
        ("minha garganta arranhando", "dor para engolir", "painful swallowing"),
        ("coseira no braço", "coceira no braco", "arm itching"),
    ],
)
def test_complaints_have_one_name_however_they_are_said(
    language: LanguageService, text: str, name: str, label: str
) -> None:
    found = symptom(language, text)
    assert (found.name, found.label) == (name, label)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("não tenho febre", True),
        ("sem dor no peito nem falta de ar, só tontura", True),
        ("febre não, só coriza", True),
        ("nega febre, tem tosse", True),
        ("não tive tosse, tô com febre", True),
        ("febre que não passa", False),
        ("não durmo de dor de dente", False),
        ("não sei se é febre", False),
    ],
)
def test_a_denial_reaches_what_it_denies(language: LanguageService, text: str, negated: bool) -> None:
    assert symptom(language, text).negated is negated


def test_a_denial_ends_where_something_new_is_said(language: LanguageService) -> None:
    found = find(language, "não tive febre nem tosse, mas tô com dor de cabeça").symptoms
    assert [one.negated for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "kind", "hours"),
    [
        ("tosse há 3 dias", "lasting", 72.0),
        ("tosse a 3 dias", "lasting", 72.0),
        ("faz uma semana que tenho tosse", "lasting", 168.0),
        ("dor de dente faz meia hora", "lasting", 0.5),
        ("febre desde ontem", "since", 24.0),
        ("desde sexta com febre", "since", 24.0),
        ("ontem tive febre", "past", 24.0),
        ("tive febre 2 dias atrás", "past", 48.0),
        ("febre desde criança", "since", None),
    ],
)
def test_when_a_complaint_was_there(language: LanguageService, text: str, kind: str, hours: float | None) -> None:
    when = symptom(language, text).when
    assert when is not None
    assert (when.kind, when.hours) == (kind, hours)


def test_how_bad_it_is(language: LanguageService) -> None:
    assert symptom(language, "dor muito forte no peito").severity == "severe"
    assert symptom(language, "uma dorzinha na costela").severity == "mild"
    assert symptom(language, "dor de cabeça leve").severity == "mild"
    assert symptom(language, "dor nas costas, nota 8").pain == 8
    assert symptom(language, "febre de 39,5 graus").degrees == 39.5


def test_the_side_and_the_part_of_a_complaint(language: LanguageService) -> None:
    found = symptom(language, "joelho E inchado desde ontem")
    assert (found.part, found.side) == ("joelho", "left")
    found = symptom(language, "dor no joelho faz dois dias")
    assert (found.part, found.side) == ("joelho", None)


@pytest.mark.parametrize(
    ("text", "who", "months"),
    [
        ("minha mãe tá com febre", "mother", None),
        ("meu filho de 5 anos com febre", "child", 60),
        ("bebê de 8 meses com febre", "child", 8),
        ("meu marido tem 58 anos e tá com tontura", "husband", 696),
        ("febre do meu filho não baixa", "child", None),
        ("minha filha saiu da creche. eu tô com febre", "self", None),
        ("tomei os remédios da minha mãe e deu tontura", "self", None),
        ("tenho 26 anos e tontura", "self", 312),
    ],
)
def test_who_has_it(language: LanguageService, text: str, who: str, months: int | None) -> None:
    found = symptom(language, text)
    assert (found.who, found.age_months) == (who, months)


def test_how_the_writer_calls_us_is_nobody_with_a_complaint(language: LanguageService) -> None:
    assert find(language, "Filha, tô com dor de dente").people == ()
    assert find(language, "ele bebe muito").people == ()


@pytest.mark.parametrize(
    ("text", "ingredient"),
    [
        ("posso tomar losartana?", "losartana"),
        ("lozartana acabou", "losartana"),
        ("omeprazou antes de comer", "omeprazol"),
        ("a amoxilina deu alergia", "amoxicilina"),
        ("receita do venvanse", "lisdexanfetamina"),
        ("tem genérico do Xarelto", "rivaroxabana"),
        ("AAS todo dia", "acido acetilsalicilico"),
        ("esqueci de tomar o yasmin", "etinilestradiol"),
    ],
)
def test_medicines_by_ingredient_brand_and_slip(language: LanguageService, text: str, ingredient: str) -> None:
    assert find(language, text).medicines[0].ingredients[0] == ingredient


@pytest.mark.parametrize(
    "text",
    ["a Yasmin do atendimento me ligou", "conserta meu cadastro", "as contas estão certas", "segunda via do boleto",
     "qual o nível do meu plano", "vocês atendem aos domingos?"],
)  # fmt: skip
def test_other_words_are_no_medicines(language: LanguageService, text: str) -> None:
    assert find(language, text).medicines == ()


def test_a_dose_is_read_with_its_medicine(language: LanguageService) -> None:
    first, second, third = find(
        language, "1 comp de losartana 50mg de 12 em 12h, dipirona 40 gotas se tiver febre e puran 2x ao dia sublingual"
    ).medicines
    assert first.dose is not None
    assert second.dose is not None
    assert third.dose is not None
    assert (first.dose.strength, first.dose.amount, first.dose.every_hours) == ("50 mg", "1 comprimido", 12)
    assert (second.dose.amount, second.dose.as_needed) == ("40 gota", True)
    assert (third.dose.times_a_day, third.dose.route) == (2, "sublingual")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("preciso da rm do joelho", "41101316"),
        ("autroizar colonsocopia", "40201082"),
        ("guia pra eda", "40201120"),
        ("operar a ernia da virilia", "31009115"),
        ("exame vit B12", "40316572"),
        ("liberar a tomo de tórax", "41001079"),
        ("pet ct", "40708128"),
    ],
)
def test_procedures_by_lay_name_abbreviation_and_slip(language: LanguageService, text: str, code: str) -> None:
    mention = find(language, text).procedures[0]
    assert mention.candidates[0].procedure.code == code
    assert not mention.ambiguous


@pytest.mark.parametrize("text", ["preciso de uma ressonância", "autorizar ultrassom", "guia de fisioterapia"])
def test_a_bare_name_is_ambiguous_and_says_so(language: LanguageService, text: str) -> None:
    mention = find(language, text).procedures[0]
    assert mention.ambiguous
    assert mention.candidates[0].score < 0.6


@pytest.mark.parametrize("text", ["tomo losartana e dói a cabeça", "minhas hemorroidas atacaram", "glicemia deu 300"])
def test_what_nobody_asks_for_is_no_procedure(language: LanguageService, text: str) -> None:
    assert find(language, text).procedures == ()


def test_an_order_of_several_procedures_gives_several_mentions(language: LanguageService) -> None:
    found = find(
        language, "RM joelho E sem contraste + TC de tórax com contraste + 10 sessões de fisioterapia + EDA com sedação"
    )
    codes = {mention.candidates[0].procedure.code: mention for mention in found.procedures}
    assert {"41101316", "41001079", "40201120"} <= set(codes)
    assert (codes["41101316"].side, codes["41101316"].contrast) == ("left", False)
    assert codes["41001079"].contrast is True
    assert codes["40201120"].sedation is True
    assert [mention.quantity for mention in found.procedures if mention.quantity] == [10]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tenho pressão alta", "I10"),
        ("açúcar no sangue", "E149"),
        ("pedra no rim", "N209"),
        ("bico de papagaio", "M47"),
        ("laudo com M23.2", "M232"),
        ("cid m232", "M232"),
        ("enchaqueca direto", "G439"),
        ("covid de novo", "U071"),
    ],
)
def test_conditions_by_lay_name_and_code(language: LanguageService, text: str, code: str) -> None:
    found = find(language, text).conditions[0]
    assert found.code == code
    assert found.description is not None


@pytest.mark.parametrize("text", ["vitamina B12", "sala A15", "gotas de dipirona", "versão v2.1", "H1N1", "T4 livre"])
def test_other_letters_and_digits_are_no_cid(language: LanguageService, text: str) -> None:
    assert find(language, text).conditions == ()


def test_a_condition_may_be_denied_and_be_somebody_elses(language: LanguageService) -> None:
    first, second = find(language, "minha mãe tem diabetes e não tem asma").conditions
    assert (first.negated, first.who) == (False, "mother")
    assert (second.negated, second.who) == (True, "mother")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("sexta que vem", date(2026, 11, 27)),
        ("desde sexta", date(2026, 11, 20)),
        ("dia 12", date(2026, 11, 12)),
        ("dia 12 do mês que vem", date(2026, 12, 12)),
        ("daqui a 15 dias", date(2026, 12, 6)),
        ("mês passado", date(2026, 10, 1)),
        ("anteontem", date(2026, 11, 19)),
        ("2026-12-03", date(2026, 12, 3)),
        ("hj", TODAY),
        ("em março de 2025", date(2025, 3, 1)),
    ],
)
def test_days_seen_from_today(language: LanguageService, text: str, day: date) -> None:
    assert [mention.value for mention in find(language, text).dates] == [day]


def test_a_stretch_of_days_has_an_end(language: LanguageService) -> None:
    (mention,) = find(language, "pode ser na semana que vem").dates
    assert (mention.value, mention.until) == (date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize(
    "text", ["segunda via", "quarta vez que ligo", "pressão 12/8", "dor 8/10", "8/8h", "plano de 50.10"]
)
def test_other_numbers_and_ordinals_are_no_days(language: LanguageService, text: str) -> None:
    assert find(language, text).dates == ()


@pytest.mark.parametrize(
    ("text", "value", "part"),
    [
        ("às 14h30", clock(14, 30), None),
        ("7 da manhã", clock(7), "morning"),
        ("às dez e meia", clock(10, 30), None),
        ("meio-dia", clock(12), None),
        ("8 da noite", clock(20), "night"),
        ("pode ser de manhã", None, "morning"),
    ],
)
def test_times_of_day(language: LanguageService, text: str, value: clock | None, part: str | None) -> None:
    assert [(mention.value, mention.part) for mention in find(language, text).times] == [(value, part)]


@pytest.mark.parametrize("text", ["de 8 em 8h", "boa tarde", "há 3h", "tomo as 2"])
def test_other_hours_are_no_times(language: LanguageService, text: str) -> None:
    assert find(language, text).times == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("cpf 111 444 777 35", "cpfs", "11144477735"),
        ("1 1 1 4 4 4 7 7 7 3 5", "cpfs", "11144477735"),
        ("um um um quatro quatro quatro sete sete sete três cinco", "cpfs", "11144477735"),
        ("me liga 11 91234-5678", "phones", "11912345678"),
        ("tel (81) 3222 4455", "phones", "8132224455"),
        ("0800 722 6001", "phones", "08007226001"),
        ("cep 50030230", "ceps", "50030230"),
        ("50030-230", "ceps", "50030230"),
        ("joao.silva @ gmail.com", "emails", "joao.silva@gmail.com"),
        ("joao arroba gmail ponto com", "emails", "joao@gmail.com"),
        ("protocolo nº 30991-7", "protocols", "30991-7"),
        ("cns 704502301471201", "cns_numbers", "704502301471201"),
        ("carteirinha 11 91234 5678", "card_numbers", "11912345678"),
    ],
)
def test_numbers_and_addresses(language: LanguageService, text: str, kind: str, value: str) -> None:
    assert [mention.value.reveal() for mention in getattr(find(language, text), kind)] == [value]


def test_a_number_without_a_word_stays_a_card_number(language: LanguageService) -> None:
    found = find(language, "11912345678")
    assert [card.value.reveal() for card in found.card_numbers] == ["11912345678"]
    assert find(language, "protocolo 33448820251122000187").card_numbers == ()


@given(digits=st.text("0123456789", min_size=11, max_size=15))
def test_check_digits_accept_one_in_eleven_or_fewer(digits: str) -> None:
    assert sum(is_cns(f"{digits[:14]:0<14}{last}") for last in range(10)) <= 1
    assert sum(is_cpf(f"{digits[:10]}{last}") for last in range(10)) <= 1


def test_registrations_names_and_providers(language: LanguageService) -> None:
    found = find(
        language, "me chamo Ana Beatriz Souza, pedido do Dr. Paulo Menezes CRM 45678/SP, Hospital Santa Cecília"
    )
    assert [words.text.reveal() for words in found.names] == ["Ana Beatriz Souza"]
    assert [(one.council, one.number.reveal(), one.region) for one in found.councils] == [("CRM", "45678", "SP")]
    assert [(one.kind, one.words.text.reveal()) for one in found.providers] == [
        ("doctor", "Dr. Paulo Menezes"),
        ("hospital", "Hospital Santa Cecília"),
    ]


@pytest.mark.parametrize("text", ["o dr pediu exame", "qual hospital atende", "meu nome veio errado", "aqui está"])
def test_words_without_a_name_name_nobody(language: LanguageService, text: str) -> None:
    found = find(language, text)
    assert (found.providers, found.names) == ((), ())


def test_a_provider_is_linked_only_to_a_list_of_the_caller(language: LanguageService) -> None:
    known = KnownProvider(key="p-1", name="Hospital e Maternidade Santa Cecília")
    assert find(language, "quero o Hospital Santa Cecilia", known).providers[0].key == "p-1"
    assert find(language, "quero o Hospital São Lucas", known).providers[0].key is None
    assert find(language, "quero o Hospital Santa Cecilia").providers[0].key is None


@pytest.mark.parametrize(
    "piece", ["1234567 ", "dor no peito ", "12/03/2025 ", "a", "um dois tres ", "Dr. Ana @ ", "joelho E "]
)
def test_a_very_long_text_is_read_in_good_time(language: LanguageService, piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    find(language, "aquecer")
    begin = time.thread_time()
    found = find(language, text)
    # The reading and the red flags of the whole text are in here too; alone, entities take some 0.1 s.
    assert time.thread_time() - begin < 3
    assert all(words.end <= LONGEST_READ for words in all_words(found))


def test_the_development_messages_are_read_as_annotated(language: LanguageService) -> None:
    hits = total = 0
    for line in (CORPUS / "development.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = [words.text.reveal() for words in all_words(find(language, row["text"]))]
        for entity in row["entities"]:
            total += 1
            hits += any(entity["text"] in words or words in entity["text"] for words in found)
    assert hits / total > 0.9


def test_most_ingredients_of_the_list_are_registered_in_brazil() -> None:
    published = REFERENCE / "medicines" / "principios_ativos_br.csv"
    if not published.exists():
        pytest.skip(f"no reference data at {REFERENCE}: the published list of ingredients is not compared")
    with published.open(encoding="utf-8", newline="") as file:
        known = " ".join(fold_text(row["principio_ativo"]) for row in csv.DictReader(file))
    data = Path(__file__).parents[3] / "src/austa/modules/language/domain/entities/medicines.json"
    listed = {
        part for name, _ in json.loads(data.read_text(encoding="utf-8"))["medicines"] for part in name.split(" + ")
    }
    missing = {name for name in listed if fold_text(name) not in known}
    assert len(missing) / len(listed) < 0.2
