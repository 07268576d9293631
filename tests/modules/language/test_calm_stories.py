"""Stories that say what is well too: what is denied beside danger, and what may never be lowered by it."""

import pytest

from austa.kernel.personal import Personal
from austa.modules.language.api.language import RedFlags
from austa.modules.language.domain.intents import Bars, Scores
from austa.modules.language.domain.normalise import read
from austa.modules.language.domain.pertinent_negatives import is_told_calmly
from austa.modules.language.domain.second_reader import read_again
from austa.modules.language.service import LanguageService

TIME = "Tenho 40 anos e há três dias estou com o joelho inchado, dolorido quando subo a escada do prédio. "


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        (TIME, False),
        (TIME + "Sem febre.", True),
        (TIME + "Não tenho febre.", True),
        (TIME + "Nem febre.", False),
        (TIME + "Não está vermelho.", True),
        (TIME + "Ando normal.", True),
        (TIME + "Consigo dobrar.", True),
        (TIME + "Mal consigo dobrar.", False),
        (TIME + "Não consigo andar.", False),
        (TIME + "Sem forças.", False),
        (TIME + "Sem conseguir andar.", False),
        (TIME + "Não está respirando.", False),
        (TIME + "Sem febre. Piorou de repente.", False),
        (TIME + "Sem febre, ando normal. Piorou de repente.", True),
        ("Sem febre, ando normal.", True),
        ("dor no peito, sem febre", False),
        ("", False),
    ],
)
def test_calm_is_a_story_that_names_what_is_well(text: str, calm: bool) -> None:
    assert is_told_calmly(read([text])) is calm


def test_only_the_newest_message_can_be_calm() -> None:
    assert not is_told_calmly(read([TIME + "Sem febre, ando normal.", "dor no peito"]))


@pytest.mark.parametrize(
    "text",
    [
        "Há duas semanas o joelho está quente e vermelho depois da corrida. Tenho 50 anos, ando normal, sem febre.",
        "Tenho 61 anos e há um mês minha vista fica embaçada. Hoje, sem dor, o olho não está vermelho, leio bem.",
        "Meu filho de 6 anos está com febre de 38,2 há dois dias e dor de ouvido. Bebe água, brinca, respira normal.",
    ],
)
def test_words_of_a_rule_only_ask_in_a_calm_story(language: LanguageService, text: str) -> None:
    assert language.screen(Personal(text)).level is None


@pytest.mark.parametrize(
    "text",
    [
        "Tenho 40 anos, ando normal, sem febre, como bem, durmo bem, mas ontem pensei em me matar e quero isso.",
        "Estou grávida de 30 semanas, sem febre, sem dor, como bem e ando normal, mas desde cedo estou sangrando.",
        "Meu bebê de 20 dias mama bem, xixi normal, sem vômito e sem manchas, mas desde ontem à noite está com febre.",
        "Minha filha de 9 anos brinca, come bem, sem febre, sem vômito. O tio abusou dela no sábado na casa da avó.",
        "Tenho 31 anos, sem febre, como bem e durmo normal. Meu bebê de dois meses está molinho, não mama desde cedo.",
    ],
)
def test_people_who_cannot_wait_are_never_lowered_by_calm(language: LanguageService, text: str) -> None:
    assert language.screen(Personal(text)).level == "RED"


@pytest.mark.parametrize("danger", ["A boca entortou.", "Agora está vomitando sangue.", "Desmaiou e não acorda."])
def test_a_certain_phrase_is_not_calmed_by_its_story(language: LanguageService, danger: str) -> None:
    text = f"Meu pai de 60 anos tem tosse há três dias, sem febre, come bem, anda normal. {danger}"
    assert language.screen(Personal(text)).level == "RED"


def test_another_message_does_not_make_danger_calm(language: LanguageService) -> None:
    calm = (
        "Tenho 40 anos, ando normal, sem febre, como bem e durmo bem, só queria saber do meu pedido de exame de ontem."
    )
    assert language.screen(Personal("dor no peito e suando frio"), (Personal(calm),)).level == "RED"


@pytest.mark.parametrize(
    ("emergency", "calmly", "level"), [(0.7, False, "ORANGE"), (0.7, True, None), (0.95, True, "ORANGE")]
)
def test_a_calm_story_needs_a_surer_second_reader(emergency: float, calmly: bool, level: str | None) -> None:
    nothing = RedFlags(findings=(), level=None, reply=None, lexicon_version="test")
    bars = Bars(enough=0.4, also=0.4, emergency=0.5, doubted=0.9)
    scores = Scores(intents=(("symptom_report", 1.0),), emergency=emergency)
    assert read_again(nothing, scores, bars, words=9, calmly=calmly).level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            "Tenho 19 anos e uma íngua pequena e molinha no pescoço, já está diminuindo. Sem febre, como normal.",
            None,
        ),
        ("minha filha de 9 anos está mole e não acorda", "RED"),
        ("não acorda, molinha, 3 meses", "RED"),
    ],
)
def test_rules_of_small_children_speak_of_small_children(
    language: LanguageService, text: str, level: str | None
) -> None:
    assert language.screen(Personal(text)).level == level


@pytest.mark.parametrize(
    "text",
    [
        "não tenho febre, vômito nem dor no peito",
        "sem dor no peito, falta de ar ou desmaio",
        "não senti dor no peito nem falta de ar",
        "não vi sangue nas fezes",
        "minha boca não está torta",
        "tosse sim, falta de ar não",
        "meu bebê de 20 dias mama bem, não tem febre, manchas nem vômito",
    ],
)
def test_a_denial_reaches_over_its_list(language: LanguageService, text: str) -> None:
    assert language.screen(Personal(text)).level is None


@pytest.mark.parametrize(
    "text",
    [
        "meu bebê de 20 dias não tem febre, vomita tudo, nem água fica",
        "sem remédio, mas com falta de ar ou coisa assim",
        "não tem febre, tem dor no peito ou aperto, não sei",
        "ela está com a boca torta não?",
    ],
)
def test_what_follows_a_denial_without_being_listed_is_stated(language: LanguageService, text: str) -> None:
    assert language.screen(Personal(text)).level == "RED"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("infarto entra na carência?", None),
        ("internação em coma tem limite de dias?", None),
        ("meu pai está infartando, o plano cobre?", "RED"),
        ("Tenho 38 anos e minha tia teve câncer.", None),
        ("faço tratamento de câncer e estou com 38 de febre", "ORANGE"),
        ("bebê de 10 meses com febre desde ontem", None),
        ("bebê de 2 meses com febre desde ontem", "RED"),
        ("tenho 31 anos e meu bebê está com febre", "RED"),
    ],
)
def test_numbers_and_coverage_are_read_for_what_they_are(
    language: LanguageService, text: str, level: str | None
) -> None:
    assert language.screen(Personal(text)).level == level
