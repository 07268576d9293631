"""What a message says is not there or works as ever: "sem febre", "não dói", "respiro bem".

Whoever tells a story to be advised says such things; whoever is in danger hardly does: of 1,554 emergencies of the
corpus 20 say enough of them to be calm, of the vignettes that are none seven in eight. So they tell how to read words
of danger that stand beside them. What a body should do is never counted when it is denied ("sem forças").
"""

from collections.abc import Callable

from austa.modules.language.domain.normalise import Reading, fold_words, number_value

_LONGEST_STORY = 300
_FUNCTION_LOST = ("ar", "er", "ir")


def is_told_calmly(reading: Reading) -> bool:
    """True for a newest message that tells of two things that they are well, or of one beside an age or a time when
    nothing in it is said to be sudden. Earlier messages count for nothing, nor does what is too long for a story."""
    start = reading.messages.index(0) if 0 in reading.messages else len(reading.messages)
    if len(reading.words) - start > _LONGEST_STORY:
        return False
    told = 0
    for place in range(start, len(reading.words)):
        told += _tells_of_wellbeing(reading, place, begun=told > 0)
        if told == 2:
            return True
    return told == 1 and _says_when(reading, start) and _SUDDEN.isdisjoint(reading.words[start:])


def tells_of_wellbeing(reading: Reading) -> bool:
    """True for a newest message that tells of one thing that it is well or not there: a linear model may miss that."""
    start = reading.messages.index(0) if 0 in reading.messages else len(reading.messages)
    end = min(len(reading.words), start + _LONGEST_STORY)
    return any(_tells_of_wellbeing(reading, place, begun=False) for place in range(start, end))


def _tells_of_wellbeing(reading: Reading, place: int, *, begun: bool) -> bool:
    says = _SAYS.get(reading.words[place])
    # "Nem" goes on with a denial; "que nem" compares.
    if says is None or (reading.words[place] == "nem" and (not begun or _word(reading, place - 1) == "que")):
        return False
    return any(one(reading, place) for one in says)


def _says_none(reading: Reading, place: int) -> bool:
    """ "Sem febre", "nem tosse": not of functions, nor of what one cannot do ("sem conseguir andar")."""
    following = _word(reading, place + 1)
    ends = not following or reading.breaks[place + 1]
    return not ends and following not in _SHOULD_BE_THERE and not following.endswith(_FUNCTION_LOST)


def _denies(reading: Reading, place: int) -> bool:
    """ "Não tenho tosse", "não dói", "não está inchado"."""
    verb, what = _word(reading, place + 1), _word(reading, place + 2)
    if not verb or reading.breaks[place + 1] or reading.commas[place + 1]:
        return False
    if verb in _PERCEIVES:
        return what in _PERCEIVED
    if verb in _HAS:
        return what not in _SHOULD_BE_THERE
    if verb in _IS:
        return bool(what) and not what.endswith("ndo") and what not in _SHOULD_BE_THERE | _GOOD | _WELL
    if verb == "sou":
        return what in _ILL
    return verb in _COMPLAINTS and _word(reading, place - 1) not in _OTHERS


def _works_well(reading: Reading, place: int) -> bool:
    """ "Respiro bem", "mexo o dedo normal"."""
    for back in range(1, 4):
        if _word(reading, place - back) in _WORKS:
            return _word(reading, place - back - 1) not in _NOT
    return False


def _is_as_ever(reading: Reading, place: int) -> bool:
    """ "O rosto está normal", "xixi normal"."""
    before = _word(reading, place - 1)
    return before in _SHOULD_BE_AS_EVER or (_word(reading, place - 2) in _SHOULD_BE_AS_EVER and before in _IS_NOW)


def _feels_well(reading: Reading, place: int) -> bool:
    """ "Me sinto bem", "já estou melhor"; not "não estou bem", nor "bem ruim"."""
    before, earlier = _word(reading, place - 1), _word(reading, place - 2)
    following = place + 1
    ends = following >= len(reading.words) or reading.breaks[following] or reading.commas[following]
    return before in _FEELS and earlier not in _NOT and (ends or reading.words[following] in _AND)


def _eases(reading: Reading, place: int) -> bool:
    """ "Melhora com descanso", "alivia quando deito"."""
    return _word(reading, place + 1) in _WHEN and _word(reading, place - 1) not in _NOT


def _nobody(reading: Reading, place: int) -> bool:
    """ "Ninguém tem febre"."""
    return _word(reading, place + 1) in _HAS and _word(reading, place + 2) not in _SHOULD_BE_THERE


def _can(reading: Reading, place: int) -> bool:
    """ "Consigo engolir"; not "mal consigo", nor "consigo digitar devagar"."""
    hardly = {_word(reading, place - 1), _word(reading, place + 2)} & (_NOT | _HARDLY)
    return _word(reading, place + 1) in _ABILITIES and not hardly


def _plays(reading: Reading, place: int) -> bool:
    return _NOT.isdisjoint({_word(reading, place - 1), _word(reading, place - 2)})


def _says_nothing_of(reading: Reading, place: int) -> bool:
    return _word(reading, place + 1) in _OF


def _says_when(reading: Reading, start: int) -> bool:
    """An age or a time in days or longer: "há três dias", "tenho 41 anos"."""
    words = reading.words
    return any(
        words[place + 1] in _TIMES and number_value(words[place]) is not None for place in range(start, len(words) - 1)
    )


def _word(reading: Reading, place: int) -> str:
    return reading.words[place] if 0 <= place < len(reading.words) else ""


_NOT = fold_words("não nunca jamais mal nem sem só")
_HARDLY = fold_words("devagar")
_HAS = fold_words("tenho tem têm tive teve sinto sente senti sentiu há houve apresenta apareceu")
_PERCEIVES = fold_words("sinto sente sentem senti sentiu")
_PERCEIVED = fold_words(
    "dor dores falta enjoo náusea tontura febre fraqueza formigamento dormência coceira ardor ardência incômodo cansaço"
    " aperto peso palpitação pressão calafrio desconforto sintoma sintomas"
)
"""Who "não sente dor" is well; who "não sente a perna" is not."""
_IS = fold_words("está estou estava fica")
_IS_NOW = fold_words("está estão é tudo também")
_COMPLAINTS = fold_words(
    "dói doeu doem coça coçam sangra sangrou sangram arde incomoda inchou incha piorou desmaiei desmaiou vomitei"
    " vomitou caiu caí engasgo engasga espalhou aumentou cresceu perdi perdeu supura tusso tosse bati bateu notei"
    " percebi vomito vomita ronco emagreci incharam inchei sangrando fumo bebo espalham"
)
_FEELS = fold_words("sinto estou está fico ficou me já")
_AND = fold_words("e mas no na fora tirando de")
_WHEN = fold_words("com quando se depois em sozinho sozinha deitado deitada")
_ILL = fold_words("diabético diabética hipertenso hipertensa alérgico alérgica fumante asmático asmática")
_OTHERS = fold_words("ele ela que")
_SHOULD_BE_THERE = fold_words(
    "respira respirar respirando respiração ar fôlego xixi urina urinar pulso força forças movimento reação reage"
    " responde acorda acordar fala anda mexe mexer mama mamar suga come bebe chora saliva fome sono barulho apetite"
    " graça vontade ânimo sentido cor controle dinheiro ninguém mais remédio fator jeito capacete insulina convênio"
    " plano resposta ajuda aviso motivo razão explicação camisinha protetor cinto freio"
    " máscara nada como onde certeza condições carro ideia outro se meu minha meus minhas igual"
)
_GOOD = fold_words("bem bom boa melhor legal")
_WELL = fold_words("bem normal normais normalmente direito tranquilo tranquila bastante tudo")
_WORKS = fold_words(
    "respiro respira respirando como come comendo durmo dorme dormindo dormi ando anda andando bebo bebe bebendo mama"
    " mamando enxergo enxerga enxergando engulo engole falo fala ouço ouve escuto mexo mexe urino abro abre funciono"
    " tomei tomou faço fez sai saiu funciona alimento alimenta hidrata trabalho"
)
_SHOULD_BE_AS_EVER = fold_words(
    "xixi urina fezes fala rosto olhos olho força vista visão pernas braço respiração cor sensibilidade pele"
    " temperatura pressão glicose movimento apetite pescoço barriga exame exames peso comportamento evacuação"
    " intestino voz"
)
_ABILITIES = fold_words(
    "respirar engolir andar beber comer urinar falar dormir abrir mexer pisar trabalhar encostar enxergar levantar"
    " evacuar apoiar dobrar caminhar correr subir fechar virar sorrir brincar tomar"
)
_OF = fold_words("de além")
_TIMES = fold_words("anos ano dias dia semanas semana meses mês")
_SUDDEN = fold_words("repente súbito minutos agora horas hora socorro rápido urgente samu")

_Says = Callable[[Reading, int], bool]


def _by_word() -> dict[str, tuple[_Says, ...]]:
    """What a word may say, looked up once for each word of a message."""
    kinds: tuple[tuple[_Says, str], ...] = (
        (_says_none, "sem nem"),
        (_denies, "não nunca jamais"),
        (_works_well, "bem normal normais normalmente direito tranquilo tranquila bastante tudo"),
        (_is_as_ever, "normal normais boa bom"),
        (_can, "consigo consegue"),
        (_feels_well, "bem melhor ótimo ótima"),
        (_eases, "melhora alivia passa"),
        (_nobody, "ninguém"),
        (
            _plays,
            "brinca brincando brincou corre correndo sorri sorrindo esperto esperta ativo ativa alegre animado animada",
        ),
        (_says_nothing_of, "nada"),
    )
    says: dict[str, tuple[_Says, ...]] = {}
    for one, words in kinds:
        for word in fold_words(words):
            says[word] = (*says.get(word, ()), one)
    return says


_SAYS = _by_word()
