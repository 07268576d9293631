"""Names of people on paper: where they begin and end, and what only looks like one."""

import re

from austa.modules.documents.api import Field, FieldName
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.layout import Layout, Value
from austa.modules.documents.domain.reading import fold, squeeze

# Readers see "bra." and "Ora." for "Dra.".
_NAME = re.compile(
    r"(?:(?:dra?\.?|[bo]ra?\.|sra?\.?|sr\(a\))\s+)?"
    r"([^\W\d_][^\W\d_.'\-]*\.?(?:[\s'\-]+[^\W\d_][^\W\d_'\-]*\.?)+)",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"das", "dos", "del", "von", "van"})
_NO_NAME = re.compile(
    r"(?:clinic|medic|cirurg|hospita|institut|laborator|centro$|neurolog|cardiolog|ortoped|pediatr|ginecolog|obstetr"
    r"|oncolog|urolog|dermatolog|oftalmolog|endocrinolog|psiqu|psicolog|radiolog|anestes|traumatolog|nefrolog|reumatolog"
    r"|fisioter|fonoaudi|enferm|nutri|assinatura|carimbo|paciente|beneficiari|convenio|operadora|saude$|nascimento"
    r"|data$|solicit|exame|avenida$|rua$)"
)
"""Words that stand near names on letterheads and stamps and are not part of them."""


def find_name(text: str) -> tuple[str, int, int] | None:
    """The first name of a person in a text, without title, and where it stands."""
    match = _NAME.search(text)
    return (squeeze(match[1]), match.start(1), match.end(1)) if match else None


def judge_name(name: FieldName, layout: Layout, value: Value) -> Field | None:
    """A person's name at a place, or None when there is no text like a name."""
    found = find_name(value.text)
    if found is None:
        return None
    printed = found[0]
    made = Checks(passed=("label",) if value.explicit else ())
    made = made.add("looks_like_a_name", looks_like_a_name(printed))
    made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
    return judge(name, printed, printed, value.line, made)


def looks_like_a_name(text: str) -> bool:
    """Two or more words of letters that begin with capitals, at least two of them long, none of them a specialty's."""
    words = [word.strip(".'-") for word in text.split()]
    long = [word for word in words if len(word) > 2 and fold(word) not in _PARTICLES]
    return (
        len(long) >= 2
        and all(word.replace("-", "").replace("'", "").isalpha() for word in words if word)
        and all(word[0].isupper() for word in long)
        and not any(_NO_NAME.match(fold(word)) for word in long)
    )
