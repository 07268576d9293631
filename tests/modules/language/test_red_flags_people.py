"""Pregnancy, birth, small children, poison, self-harm and violence: said in many ways, and nothing lowers them.

The sentences here are not in the lexicon: each says a concept of a rule in other words, by age, region and schooling.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.kernel.personal import Personal
from austa.modules.language.api.language import Category, RedFlags
from austa.modules.language.domain.redflags import NEVER_LOWERED, URGENCY, load_lexicon
from austa.modules.language.service import LanguageService

DATA = load_lexicon()
PEOPLE = [example for rule in DATA.rules if rule.category in NEVER_LOWERED for _, example in rule.phrases]

SAID_OTHERWISE: dict[Category, tuple[str, ...]] = {
    "obstetric": (
        "o nenê lá dentro não dá sinal desde manhã",
        "minha barriga tá de 8 meses e começou a sair um sangue vivo",
        "a bolsa furou e a água veio cor de chá",
        "tô com sete meses de gravidez, pressão 17 por 10, cabeça estourando",
        "minha nora tá grávida e caiu da garupa da moto",
        "contração a cada 4 minutos, moro longe do hospital",
        "prenha de 5 meses ardendo em febre",
        "gestante de gêmeos com falta de ar",
    ),
    "postpartum": (
        "tive neném faz duas semanas e tô botando pedaços de sangue",
        "minha irmã pariu e tá falando sozinha, diz que querem roubar a criança",
        "dez dias de cesárea e o corte tá vazando um caldo fedido",
        "depois que ganhei bebê minha cabeça parece que vai rachar, pressão 16",
        "seio duro que nem pedra, vermelho, e calafrio, tô amamentando",
    ),
    "newborn_child": (
        "bebê de 10 dias todo amarelo e não acorda pra mamar",
        "meu filho nasceu ontem e ainda não fez xixi",
        "nenê de um mês ficou mole e branco depois da mamada",
        "tem 15 dias e o umbigo tá fedendo",
        "o gurizinho tá com o pescoço duro e 39 de febre",
        "guria de 5 anos não faz xixi desde cedo e vomita tudo",
        "ele engoliu dois ímãs do brinquedo, meu menino",
        "bebê de 1 ano com sangue no cocô e chora encolhido",
    ),
    "poisoning": (
        "tomou 40 gotas de rivotril",
        "minha mãe confundiu os remédios e tomou a dose da semana toda, tá grogue",
        "achei meu irmão no chão com um frasco vazio do lado",
        "meu filho cheirou lança e desmaiou",
        "tomei água da garrafa e era querosene",
        "passei o dia pulverizando e agora tô babando e com a pupila pequena",
        "o aquecedor a gás deixou a família inteira com dor de cabeça",
        "aranha marrom me picou e tá necrosando",
    ),
    "self_harm": (
        "se eu não existisse seria melhor pra todo mundo",
        "já deixei as senhas do banco com minha irmã, não vou precisar mais",
        "queria que um caminhão passasse por cima de mim",
        "meu marido postou um texto de despedida e sumiu",
        "pra que continuar vivendo desse jeito",
        "me ajuda tô no parapeito",
        "vocês ficam melhor sem mim",
        "ninguém vai sentir falta",
    ),
    "violence": (
        "ele apertou meu pescoço até eu apagar",
        "minha vizinha apanha toda noite, hoje os gritos pararam",
        "ele não pode saber que tô escrevendo",
        "tô escondida no banheiro",
        "meu tio entra no meu quarto de noite",
        "a moça que cuida da minha avó dá tapa nela",
        "tô trancada, ele levou a chave",
        "minha filha voltou da casa do pai com sangue na calcinha",
    ),
}

AROUND = (
    "desculpa incomodar, {}",
    "bom dia, tudo bem? {}, obrigada",
    "não deve ser nada, mas {}",
    "acho que não é nada grave, {}",
    "não precisa se preocupar não, {}",
    "{}, mas já tá melhorando, não sei",
    "será que é normal? {}",
    "o plano cobre consulta? {}",
    "minha prima falou assim: {}",
    "{} e também queria a segunda via do boleto",
    "ontem eu tava bem e não tinha nada. {}",
    "kkkk rindo de nervoso, {}",
)

EVERYDAY = (
    "palestra sobre prevenção ao suicídio na empresa",
    "overdose de fofura essa foto do meu neto",
    "me mata de rir esse atendente",
    "esse calo tá me matando",
    "caí do cavalo com esse reajuste",
    "o dente do siso tá nascendo",
    "quero marcar o pré-natal",
    "meu bebê tem 2 meses, quero incluir como dependente",
    "teste do pezinho tá no plano?",
    "como incluo o RN no plano, tem 30 dias né",
    "a RN 566 diz que o prazo é de 14 dias",
    "se a luz acabar vocês têm gerador?",
    "perdi o horário, dormi demais",
    "a senha venceu, já era?",
    "não aguento mais esse aplicativo travando",
    "meu filho entrou na natação e precisa de atestado",
    "minha filha vai fazer 3 anos, muda o valor?",
)


def screen(language: LanguageService, text: str) -> RedFlags:
    return language.screen(Personal(text), ())


def urgency(flags: RedFlags) -> int:
    return URGENCY[flags.level] if flags.level else 0


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, texts in SAID_OTHERWISE.items() for text in texts]
)
def test_what_people_say_in_other_words_is_an_emergency(
    language: LanguageService, category: Category, text: str
) -> None:
    flags = screen(language, text)
    assert flags.level in {"RED", "ORANGE"}
    assert category in {finding.category for finding in flags.findings}


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_about_people_raise_nothing(language: LanguageService, text: str) -> None:
    assert screen(language, text).level is None


@given(example=st.sampled_from(PEOPLE), around=st.sampled_from(AROUND))
@settings(max_examples=200, deadline=None)
def test_politeness_chatter_and_playing_down_never_lower_people(
    language: LanguageService, example: str, around: str
) -> None:
    assert urgency(screen(language, around.format(example))) >= urgency(screen(language, example))


@given(category=st.sampled_from(sorted(SAID_OTHERWISE)), around=st.sampled_from(AROUND), data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_same_holds_for_words_nobody_wrote_into_the_lexicon(
    language: LanguageService, category: Category, around: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(SAID_OTHERWISE[category]))
    assert urgency(screen(language, around.format(text))) >= urgency(screen(language, text))


@given(example=st.sampled_from(PEOPLE))
@settings(max_examples=200, deadline=None)
def test_findings_about_people_are_always_stated(language: LanguageService, example: str) -> None:
    asking = {rule.id for rule in DATA.rules if rule.asks}
    for finding in screen(language, f"não, se eu disser que {example}, foi semana passada").findings:
        assert finding.category not in NEVER_LOWERED or finding.rule in asking or finding.reading == "stated"


def test_rules_about_people_name_a_guideline() -> None:
    sources = {rule.source for rule in DATA.rules if rule.category in NEVER_LOWERED}
    assert all(re.search(r"Ministério da Saúde|AIDPI|ABRACIT|CVV|FEBRASGO|Disque", source) for source in sources)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("ele vai me matar", "violence"),
        ("meu pai tentou me matar", "violence"),
        ("meu ex jurou que vai se matar", "self_harm"),
        ("ele disse que vai se enforcar", "self_harm"),
        ("ele disse que vai me matar e depois vai se matar", "violence"),
        ("vou me matar", "self_harm"),
    ],
)
def test_what_is_answered_is_what_the_nurse_is_called_for(
    language: LanguageService, text: str, category: Category
) -> None:
    flags = language.screen(Personal(text))
    assert (flags.reply, flags.findings[0].category, flags.level) == (category, category, "RED")
