"""Words of denial that every reader knows. Which of them reach how far is each reader's own matter: the red-flag layer
doubts a denial, the interview takes it for an answer."""

from austa.modules.language.domain.normalise import fold_words

NOT = fold_words("não nunca jamais")
NONE = fold_words("nem ninguém nenhum nenhuma nega nego negou negando")
THERE_IS = fold_words(
    "tenho tem têm temos tinha tive teve ter estou está estão estava estar sinto sente sentiu senti sentir sentindo"
    " apresento apresenta há houve havia apareceu aparece foi é era fica ficou são seria vi notei percebi reparei"
)
"""Verbs that say "there is": denied, they deny what follows. Other denied verbs ("não aguento a dor") do not."""
