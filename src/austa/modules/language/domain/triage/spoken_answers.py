"""An answer that was typed instead of tapped."""

from austa.modules.language.api.language import TriageAnswer
from austa.modules.language.domain.normalise import fold_words, read

_YES = fold_words("sim s ss isso positivo claro aham uhum exato exatamente isto")
_YES_ALONE = fold_words("tem tenho está estou muito bastante tive teve sinto fiz")
_NO = fold_words("não nunca nenhum nenhuma negativo")
_NO_WITH = fold_words("não tenho tem está estou senhor senhora ainda graças obrigado obrigada tive teve senti sinto")
_UNSURE = fold_words("sei acho talvez lembro certeza medi")


def read_answer(text: str) -> TriageAnswer:
    """Yes or no when the first words say so plainly; otherwise not known, which never lowers.

    "Não consigo andar" is no plain no: it may be the very sign that was asked.
    """
    reading = read([text])
    words = reading.words
    if not words or not _UNSURE.isdisjoint(words[:4]):
        return "unknown"
    ends = len(words) == 1 or reading.breaks[1] or reading.commas[1]
    if words[0] in _NO and (ends or words[1] in _NO_WITH):
        return "no"
    return "yes" if words[0] in _YES or (len(words) == 1 and words[0] in _YES_ALONE) else "unknown"
