"""Names of people on paper: where they begin and end, and what only looks like one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from austa.modules.documents.api import Field, FieldName
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.layout import Layout, Value
from austa.modules.documents.domain.reading import Line, compact, fold, joined, squeeze

# Readers see "bra." and "Ora." for "Dra.".
_NAME = re.compile(
    r"(?:(?:dra?\.?|[bo]ra?\.|sra?\.?|sr\(a\))\s+)?"
    r"([^\W\d_][^\W\d_.'\-]*\.?(?:[\s'\-]+[^\W\d_][^\W\d_'\-]*\.?)+)",
    re.IGNORECASE,
)
_COUNCIL = re.compile(r"\b(?:C\.?R\.?M|CREME\w*|COREN|CREFITO|CREFONO|CRO|CRP|CRN|CRF|CRFa|CRBM|CPF|RQE|RG)\b")
"""What is printed behind a physician's name on its line."""
_TITLED = re.compile(r"\W*(?:dra?|[bo]ra)\b\.?|\W*dr\(a\)", re.IGNORECASE)
_AN_I = re.compile(r"\bl(?=[^\W\d_]{2})(?!['’])")
"""A name's word does not begin with a small l."""
_PARTICLES = frozenset({"das", "dos", "del", "von", "van"})
_NO_NAME = re.compile(
    r"(?:clinic|medic|cirurg|hospita|institut|laborator|centro$|neurolog|cardiolog|ortoped|pediatr|ginecolog|obstetr"
    r"|oncolog|urolog|dermatolog|oftalmolog|endocrinolog|psiqu|psicolog|radiolog|anestes|traumatolog|nefrolog"
    r"|reumatolog"
    r"|patolog|infectolog|hematolog|mastolog|geriatr|pneumolog|coloproct|proctolog|intensiv|ecograf|ultrasson"
    r"|fisioter|fonoaudi|enferm|nutri|assinatura|carimbo|paciente|beneficiari|convenio|operadora|saude$|nascimento"
    r"|data$|solicit|exame|avenida$|rua$)"
)
"""Words that stand near names on letterheads and stamps and are not part of them."""


def find_name(text: str) -> tuple[str, int, int] | None:
    """The first name of a person in a text, without title, and where it stands."""
    match = _NAME.search(_COUNCIL.split(text)[0])
    if match is None:
        return None
    words = list(re.finditer(r"\S+", match[1]))
    # "Nair Góes Patologista": a specialty behind a name is none of it.
    end = next((word.start() for word in words[2:] if _NO_NAME.match(fold(word[0]))), len(match[1]))
    return squeeze(match[1][:end]), match.start(1), match.start(1) + end


def is_titled(text: str) -> bool:
    """True for a physician's name with its title."""
    return _TITLED.match(text) is not None


def judge_name(name: FieldName, layout: Layout, value: Value) -> Field | None:
    """A person's name at a place, or None when there is no text like a name."""
    value = _whole(layout, value)
    found = find_name(value.text)
    if found is None:
        return None
    printed = _AN_I.sub("I", found[0])
    made = Checks(passed=("label",) if value.explicit else ())
    made = made.add("looks_like_a_name", looks_like_a_name(printed))
    made = made.add("two_readings", _agree(printed, value, layout))
    made = made.add("whole", not _goes_on(layout, value) and len(printed.split()[-1].strip(".")) > 1)
    return judge(name, printed, printed, value.line, made)


def judge_pieces(name: FieldName, layout: Layout, pieces: Sequence[Line]) -> Field:
    """A name in a sentence, which may run over two lines."""
    printed = squeeze(" ".join(piece.text for piece in pieces))
    made = Checks(passed=("label",)).add("looks_like_a_name", looks_like_a_name(printed))
    agreed = all(_agree(piece.text, Value(piece, explicit=True), layout) for piece in pieces)
    return judge(name, printed, printed, joined(pieces), made.add("two_readings", agreed))


def _agree(printed: str, value: Value, layout: Layout) -> bool:
    """Both readings have the same letters; I and l are one in many typefaces, and names begin with capitals."""
    seen = compact(layout.page.second_near(value.box)).replace("l", "i")
    return compact(printed).replace("l", "i") in seen


def _whole(layout: Layout, value: Value) -> Value:
    """A name with the line it runs on to in a narrow column: a line of its own, right below and at the same margin."""
    more = _goes_on(layout, value)
    alone = more is not None and all(len(row) == 1 for row in layout.rows if more in row)
    return replace(value, line=joined([value.line, more])) if more and alone else value


def _goes_on(layout: Layout, value: Value) -> Line | None:
    box = value.box
    own = (line for line in layout.page.lines if (line.box.y0, line.box.y1) == (box.y0, box.y1))
    source = next((line for line in own if line.box.x0 <= box.x0 and box.x1 <= line.box.x1 + 0.01), value.line)
    below = (layout.line_below(value.line), layout.line_below(source))
    return next((each for each in below if each and _is_rest_of_a_name(each, value, source)), None)


def _is_rest_of_a_name(more: Line, value: Value, source: Line) -> bool:
    """Behind its label a name runs on below itself or below the label."""
    same_margin = any(abs(more.box.x0 - x0) < 0.015 for x0 in (value.box.x0, source.box.x0))
    alike = more.box.y0 - value.box.y1 < 0.4 * value.line.height and more.height < 1.5 * value.line.height
    words = squeeze(more.text).split()
    worded = all(word.isalpha() and not _NO_NAME.match(fold(word)) for word in words)
    return same_margin and alike and worded and len(words) <= 4 and more.text[:1].isupper()


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
