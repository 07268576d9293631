"""The interview: what a story alone says, what it asks, how it ends, and what may never happen."""

import itertools
import unicodedata
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from austa.bench.vignettes import triage_without_answers
from austa.kernel.errors import Conflict
from austa.kernel.personal import Personal
from austa.modules.language.api.language import (
    AnsweredQuestion,
    Category,
    RedFlags,
    TriageAnswer,
    TriageOutcome,
    TriageQuestion,
    TriageState,
    TriageStep,
)
from austa.modules.language.domain.redflags import URGENCY
from austa.modules.language.domain.replies import lint_question
from austa.modules.language.domain.triage.interview import BUTTONS, MINUTES, MOST_QUESTIONS, Interview
from austa.modules.language.domain.triage.measures import measure
from austa.modules.language.domain.triage.protocol import ProtocolData, load_protocol
from austa.modules.language.service import LanguageService

DATA = load_protocol()
INTERVIEW = Interview(DATA)
QUESTIONS = [(sign.id, sign.question) for sign in DATA.signs if sign.question]

STORIES = """
estou resfriada, nariz escorrendo desde ontem, sem febre
dor de garganta com febre de 38,5 e placas brancas
meu filho de 3 anos tá com diarreia desde ontem, mas bebe água e brinca
dor de cabeça leve
torci o tornozelo ontem
ardência pra fazer xixi
minha mãe de 82 anos está com tosse e febre
coceira na pele há uns dias
queimei a mão na panela e fez bolha
tontura quando viro a cabeça
não consigo dormir faz uma semana
dor nas costas que desce pra perna
bebê de 2 meses está resfriado
grávida de 20 semanas com enjoo
bati a cabeça na porta do armário
bom dia
""".strip().splitlines()

DANGERS = [
    "estou com falta de ar e o lábio roxo",
    "a boca entortou e a fala enrolou",
    "desmaiou e não acorda",
    "vomitando sangue",
    "quero me matar",
]


def answer_all(
    language: LanguageService, text: str, answer: TriageAnswer
) -> tuple[list[TriageQuestion], TriageOutcome]:
    """Play an interview with one answer to every question."""
    return answer_in_turn(language, text, itertools.repeat(answer))


def answer_in_turn(
    language: LanguageService, text: str, answers: "itertools.repeat[TriageAnswer] | itertools.chain[TriageAnswer]"
) -> tuple[list[TriageQuestion], TriageOutcome]:
    step, asked = language.start_triage(Personal(text)), []
    while step.question is not None:
        asked.append(step.question)
        step = language.continue_triage(step.state, next(answers))
    assert step.outcome is not None
    return asked, step.outcome


def without_red_flags(story: str) -> TriageOutcome:
    """The protocol on its own, as if the layer before it had found nothing; "não sei" to every question."""
    nothing = RedFlags(findings=(), level=None, reply=None, lexicon_version="none")
    state = TriageState(told=(Personal(story),))
    while True:
        step = INTERVIEW.step(state, [nothing])
        if step.outcome is not None:
            return step.outcome
        assert step.question is not None
        answered = AnsweredQuestion(question=step.question.id, answer="unknown")
        state = TriageState(told=state.told, answers=(*state.answers, answered))


def urgency(outcome: TriageOutcome) -> int:
    """How urgent an outcome is: a story that nobody understood goes to a person, as YELLOW does."""
    return URGENCY[outcome.level] if outcome.level else URGENCY["YELLOW"]


@pytest.mark.parametrize(
    ("story", "level"),
    [
        ("Nariz entupido e espirro desde anteontem, 30 anos, sem febre, sem falta de ar.", "GREEN"),
        ("Minha pele fica seca e descamando no inverno, depois do banho quente.", "BLUE"),
        ("Dor de garganta há dois dias, febre de 38,4, dói para engolir.", "YELLOW"),
        ("Tosse há quatro semanas.", "YELLOW"),
        ("Dor de ouvido desde ontem.", "YELLOW"),
        ("Ardência para urinar desde ontem, vou toda hora ao banheiro.", "YELLOW"),
        ("Estou com a perna esquerda inchada e a panturrilha quente e doendo.", "ORANGE"),
        ("Tenho 30 anos, a dor começou no umbigo e foi pro lado direito embaixo, estou com febre.", "ORANGE"),
        ("Voltei de Rondônia faz dez dias e estou com febre e calafrio.", "ORANGE"),
        ("Faço quimioterapia e a temperatura deu 38,2.", "ORANGE"),
        ("Pari há 8 dias e estou com febre.", "ORANGE"),
        ("O testículo esquerdo começou a doer de repente.", "ORANGE"),
        ("Minha bombinha não faz mais efeito, tenho asma.", "ORANGE"),
        ("Menina de 4 anos com diarreia com sangue, pálida, quase não faz xixi.", "ORANGE"),
        ("Sou diabética, meu pé ficou preto e estou com febre.", "ORANGE"),
        ("Comi camarão e a garganta está fechando.", "RED"),
        ("Minha mulher, de 32 semanas, está com sangue na calcinha.", "ORANGE"),
        ("Dor nas costas e não sinto a região do períneo.", "ORANGE"),
        ("Meu filho caiu do sofá, chorou na hora e já está brincando.", "GREEN"),
        ("Tomei a vacina ontem e o braço está dolorido e vermelho.", "GREEN"),
        ("Tosse seca há um mês, perdi 4 quilos.", "YELLOW"),
        ("A perna ficou vermelha e quente, a vermelhidão está aumentando.", "YELLOW"),
        ("Um cachorro da rua mordeu minha mão, já lavei.", "YELLOW"),
        ("Queimei o braço na panela e fez bolha.", "YELLOW"),
        ("Dor nas costas que desce para a perna há um mês.", "YELLOW"),
        ("Dor nas costas desde ontem, depois de carregar caixas. Não desce para a perna.", "GREEN"),
        ("Cólica da menstruação, como todo mês.", "GREEN"),
        ("Intestino preso há 4 dias, sem sangue, sem vômito, solto gases.", "GREEN"),
        ("Abelha picou meu braço, inchou e ficou vermelho só no lugar. Respiro bem.", "GREEN"),
        ("Ressaca: bebi demais ontem, dor de cabeça e enjoo.", "GREEN"),
        ("Tenho 30 anos, há dois dias coriza, dor no corpo e febre de 38.", "GREEN"),
        ("Tenho 30 anos, há seis dias coriza, dor no corpo e febre de 38.", "YELLOW"),
        ("Tenho 75 anos, há dois dias coriza, dor no corpo e febre de 38.", "YELLOW"),
        ("Abelha picou meu braço, está vermelho e inchado, dói, do tamanho de uma moeda.", "GREEN"),
        ("Queimei a mão no forno, ficou vermelha e quente, arde.", "GREEN"),
        ("Há quatro meses levanto cinco vezes à noite para urinar, jato fraco.", "YELLOW"),
        ("Minha mãe de 81 anos, há três meses, repete as mesmas histórias e guarda a chave na geladeira.", "YELLOW"),
        ("Febre de 39, tremendo, pele fria e pressão 8 por 4.", "ORANGE"),
        ("A perna esquerda ficou gelada e branca, dormente, desde ontem.", "ORANGE"),
        ("Sete semanas de atraso, dor do lado da barriga e um sangramento pequeno.", "ORANGE"),
        ("Uma cobra me mordeu no tornozelo.", "ORANGE"),
    ],
)
def test_the_protocol_finds_the_level_in_the_story_alone(story: str, level: str) -> None:
    outcome = without_red_flags(story)
    assert outcome.level == level
    assert outcome.minutes == MINUTES[outcome.level]
    assert outcome.version == DATA.version


def test_a_stated_red_flag_ends_the_interview_at_once(language: LanguageService) -> None:
    step = language.start_triage(Personal("falta de ar forte e lábio roxo"))
    assert step.question is None
    assert step.outcome is not None
    assert (step.outcome.level, step.outcome.reply) == ("RED", "emergency")


def test_a_red_flag_in_a_typed_answer_ends_it_too(language: LanguageService) -> None:
    step = language.start_triage(Personal("estou com tosse"))
    assert step.question is not None
    step = language.continue_triage(step.state, Personal("não sei, mas agora estou vomitando sangue"))
    assert step.outcome is not None
    assert step.outcome.level in {"RED", "ORANGE"}


def test_danger_named_only_to_deny_it_is_asked_once_and_first(language: LanguageService) -> None:
    asked, outcome = answer_all(language, "nariz entupido, mas sem falta de ar", "no")
    assert asked[0].id.startswith("red_flag.")
    assert sum(question.id.startswith("red_flag.") for question in asked) == 1
    assert outcome.level == "GREEN"
    confirmed = language.continue_triage(language.start_triage(Personal("resfriado, sem falta de ar")).state, "yes")
    assert confirmed.outcome is not None
    assert confirmed.outcome.level == "RED"


def test_it_asks_the_most_urgent_open_question_first(language: LanguageService) -> None:
    asked, _ = answer_all(language, "estou com tosse", "no")
    assert asked[0].id == "short_of_breath"


def test_what_the_story_answered_is_not_asked(language: LanguageService) -> None:
    asked, _ = answer_all(language, "tosse há 2 dias. Temperatura de 36,5. Respiro normal.", "no")
    assert not {"fever", "short_of_breath"} & {question.id for question in asked}


def test_a_yes_raises_the_level_and_says_why(language: LanguageService) -> None:
    step = language.start_triage(Personal("torci o tornozelo"))
    assert step.question is not None
    step = language.continue_triage(step.state, "yes")
    assert step.outcome is not None
    assert step.outcome.level == "ORANGE"
    assert (step.outcome.findings[0].sign, step.outcome.findings[0].evidence) == ("bent_or_open", "answer")


def test_findings_point_at_their_words(language: LanguageService) -> None:
    story = "Olá. Estou com dor de ouvido."
    _, outcome = answer_all(language, story, "no")
    words = [(w.text.reveal(), story[w.start : w.end]) for finding in outcome.findings for w in finding.words]
    assert all(quoted == there for quoted, there in words)


def test_unknown_stays_explicit_and_worry_brings_a_person(language: LanguageService) -> None:
    _, calm = answer_all(language, "dor de cabeça leve desde ontem", "no")
    _, worried = answer_all(language, "dor de cabeça leve desde ontem, estou muito preocupada", "unknown")
    assert not calm.handed_to_person
    assert worried.handed_to_person
    assert worried.unknown
    assert worried.reply == "nurse"


def test_what_nobody_understood_goes_to_a_person(language: LanguageService) -> None:
    _, outcome = answer_all(language, "xpto qwerty", "no")
    assert (outcome.level, outcome.handed_to_person, outcome.reply) == (None, True, "nurse")


def test_a_story_can_be_measured_without_answers(language: LanguageService) -> None:
    assert triage_without_answers(language, "vomitando sangue")[0] in {"RED", "ORANGE"}
    assert triage_without_answers(language, "xpto qwerty") == (None, True)


def test_an_interview_that_has_ended_takes_no_answer(language: LanguageService) -> None:
    step = language.start_triage(Personal("vomitando sangue"))
    with pytest.raises(Conflict, match="interview_has_ended"):
        language.continue_triage(step.state, "yes")


def test_the_state_can_be_stored_between_two_messages(language: LanguageService) -> None:
    step = language.start_triage(Personal("dor nas costas"))
    kept = TriageState.model_validate(step.state.reveal_json(), strict=False)
    assert language.continue_triage(kept, "no") == language.continue_triage(step.state, "no")


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("danger", DANGERS)
def test_a_stated_red_flag_never_lowers(language: LanguageService, story: str, danger: str) -> None:
    _, before = answer_all(language, story, "unknown")
    _, after = answer_all(language, f"{story}. {danger}", "unknown")
    assert urgency(after) >= urgency(before)
    assert after.level in {"RED", "ORANGE"}


@pytest.mark.parametrize("story", STORIES)
def test_not_knowing_is_never_less_urgent_than_denying(language: LanguageService, story: str) -> None:
    _, unknown = answer_all(language, story, "unknown")
    _, denied = answer_all(language, story, "no")
    assert urgency(unknown) >= urgency(denied)
    assert unknown.handed_to_person or not denied.handed_to_person


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(STORIES), st.lists(st.sampled_from(["yes", "no", "unknown"]), min_size=6, max_size=6))
def test_every_path_ends_within_five_questions(
    language: LanguageService, story: str, answers: list[TriageAnswer]
) -> None:
    asked, outcome = answer_in_turn(language, story, itertools.chain(answers))
    assert len(asked) <= MOST_QUESTIONS
    assert len({question.id for question in asked}) == len(asked)
    assert outcome.level is not None or outcome.handed_to_person


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_ends_with_a_level_or_a_person(language: LanguageService, text: str) -> None:
    _, outcome = answer_all(language, text, "unknown")
    assert outcome.level is not None or outcome.handed_to_person


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STORIES), st.text(max_size=60))
def test_any_typed_answer_goes_on_or_ends(language: LanguageService, story: str, typed: str) -> None:
    step: TriageStep = language.start_triage(Personal(story))
    for _ in range(MOST_QUESTIONS + 1):
        if step.outcome is not None:
            return
        step = language.continue_triage(step.state, Personal(typed))
    raise AssertionError("the interview did not end")


@pytest.mark.parametrize("story", STORIES)
def test_case_accents_and_politeness_keep_the_level(language: LanguageService, story: str) -> None:
    _, outcome = answer_all(language, story, "unknown")
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", story) if not unicodedata.combining(ch))
    for other in (story.upper(), bare, f"Bom dia, tudo bem? {story}. Obrigada, por favor"):
        assert answer_all(language, other, "unknown")[1].level == outcome.level, other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tenho 61 anos", {"age_years": 61.0}),
        ("bebê de 4 meses", {"age_years": 4 / 12}),
        ("meu neném, 6 meses, com tosse há 3 dias", {"age_years": 0.5, "days": 3.0}),
        ("recém-nascido", {"age_years": 0.02}),
        ("tomo pílula há dez anos", {}),
        ("tosse há um mês e meio", {"days": 45.0}),
        ("desde ontem", {"days": 1.0}),
        ("dor a 2 semanas", {"days": 14.0}),
        ("febre de 38,4", {"temperature": 38.4}),
        ("o termômetro deu 39", {"temperature": 39.0}),
        ("Febre de 37,9. Tenho 41 anos", {"temperature": 37.9, "age_years": 41.0}),
        ("dor 8 de 10", {"pain": 8.0}),
        ("numa escala de 0 a 10, 7", {"pain": 7.0}),
    ],
)
def test_numbers_of_a_story(text: str, expected: dict[str, float]) -> None:
    assert measure([text]).model_dump(exclude_none=True) == pytest.approx(expected)


def says(language: LanguageService, story: str, sign: str) -> bool | None:
    """Whether the story says a sign that was given a question: True, False, or None when it would be asked."""
    asked, outcome = answer_all(language, story, "unknown")
    if any(finding.sign == sign for finding in outcome.findings):
        return True
    return None if sign in {question.id for question in asked} or sign in outcome.unknown else False


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("tosse. Estou com febre", True),
        ("tosse. Não tenho febre", False),
        ("tosse sem febre", False),
        ("tosse, sem chiado, dor ou febre", False),
        ("tosse. Não tenho chiado, nem febre", False),
        ("tosse. Febre não tive", False),
        ("tosse, sem apetite, febre desde ontem", True),
        ("tosse, não melhora, febre desde ontem", True),
        ("tosse. Não consigo comer com essa febre", True),
        ("tosse e medo de ter febre", None),
        ("tosse. E se tiver febre?", None),
        ("tosse", None),
    ],
)
def test_denial_reaches_as_far_as_it_is_meant(language: LanguageService, story: str, expected: bool | None) -> None:
    assert says(language, story, "fever") is expected


@pytest.mark.parametrize(("sign", "question"), QUESTIONS + list(DATA.questions_on_red_flags.items()))
def test_every_question_passes_the_lint(sign: str, question: str) -> None:
    assert lint_question(TriageQuestion(id=sign, text=question, buttons=BUTTONS)) == []


def test_every_category_of_red_flags_has_its_question() -> None:
    assert set(DATA.questions_on_red_flags) == set(get_args(Category))


def test_every_sign_is_used_and_can_be_found(language: LanguageService) -> None:
    used = {
        name for groups in (DATA.always, *(c.raises for c in DATA.presentations)) for g in groups.values() for name in g
    }
    used |= {name for item in (*DATA.signs, *DATA.presentations) for c in item.when for name in c.signs}
    used |= {*DATA.vulnerable, *DATA.worried}
    assert {sign.id for sign in DATA.signs} - used == set()
    assert all(sign.said or sign.when for sign in DATA.signs)
    assert all(complaint.said or complaint.when for complaint in DATA.presentations)


def test_a_protocol_that_contradicts_itself_does_not_start() -> None:
    broken = DATA.model_dump() | {"worried": ("no_such_sign",)}
    with pytest.raises(ValueError, match="no_such_sign"):
        ProtocolData.model_validate(broken, strict=False)
