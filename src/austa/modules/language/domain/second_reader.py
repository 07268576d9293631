"""A second reader beside the red-flag layer: the model's probability of an emergency. It can only raise.

The layer stays what it is, deterministic and first. What it did not find stated, but a model that read thousands of
emergencies thinks probable, is put before a nurse as ORANGE; no word is quoted, because no rule matched one.
"""

from collections.abc import Sequence

from austa.modules.language.api.language import RedFlag, RedFlags
from austa.modules.language.domain.intents import Bars, Scores
from austa.modules.language.domain.normalise import fold_words

RULE = "second_reader"

SURE_ENOUGH_FOR_A_STORY = 0.9
"""Of the vignettes that are no emergency 3 % reach it, of those that are 94 %; of these the model had read none."""


FRAGMENT = 2
"""Words: "no peito" is half of something, and a probability of it says little."""

_RELATIVES = fold_words(
    "mãe pai filha filho filhos esposa esposo marido mulher companheira companheiro avó avô vó vô irmã irmão neta neto"
    " tia tio sogra sogro bebê pessoa outra outro ela ele"
)
_AROUND_THEM = fold_words(
    "agora então mas não é eh era seria quero queria falar trocar mudar para do da de o a os as um uma esse essa"
    " minha meu meus nossa nosso"
)


def says_only_for_whom(words: Sequence[str]) -> bool:
    """Whether a message names somebody and nothing of them ("agora é para minha mãe"): no model is asked about it,
    because most who write "minha mãe" write of an emergency, and a linear model hears one in the name alone."""
    said = frozenset(words)
    return not said.isdisjoint(_RELATIVES) and said <= _RELATIVES | _AROUND_THEM


def read_again(red_flags: RedFlags, scores: Scores, bars: Bars, *, words: int, calmly: bool = False) -> RedFlags:
    """The findings, with one more when nothing was stated and an emergency is probable.

    `words`: how many the message has. `calmly`: it also tells what is well (`pertinent_negatives`).
    """
    # What the layer doubts was asked already, with 192: a denial it understood, a linear model may not.
    bar = bars.doubted if red_flags.findings or words <= FRAGMENT else bars.emergency
    if calmly:
        bar = max(bar, SURE_ENOUGH_FOR_A_STORY)
    if red_flags.level is not None or scores.emergency < bar:
        return red_flags
    finding = RedFlag(
        rule=RULE,
        category="several_signs",
        level="ORANGE",
        reading="stated",
        reply="urgent",
        words=(),
        why="no rule matched; the model reads an emergency in the whole message",
    )
    return red_flags.model_copy(
        update={"findings": (finding, *red_flags.findings), "level": "ORANGE", "reply": "urgent"}
    )
