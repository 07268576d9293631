"""Who is meant: relations, ages, names."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from austa.modules.language.api.entities import PersonMention, Relation, Words
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.moments import NUMBER, number_of
from austa.modules.language.domain.entities.phrases import SMALL_WORDS, PhraseBook
from austa.modules.language.domain.entities.plain import Plain, Sought
from austa.modules.language.domain.normalise import fold_text

_RELATIONS: dict[Relation, str] = {
    "mother": "mãe|mamãe|mãezinha|genitora",
    "father": "pai|papai|paizinho|genitor",
    "husband": "marido|esposo|maridão|companheiro|noivo|meu velho",
    "wife": "esposa|companheira|noiva|minha mulher|minha velha|patroa",
    "child": "filho|filha|filhos|filhas|filhinho|filhinha|caçula|meu menino|minha menina|meu guri|minha guria|"
    "meu garoto"
    "|minha garota|meu pequeno|minha pequena|criança|crianças|recém nascido|recém nascida|meu curumim|meu moleque"
    "|o menino|a menina|um menino|uma menina|meus meninos|meu bebê|minha bebê|gêmeos|meu piá|o guri|a guria|os meninos"
    "|meninas|meninos|meu menor|minha menor",
    "grandparent": "avó|avô|vó|vô|vovó|vovô|vozinho|vozinha|voinha|voinho|vozão|meus avós|bisavó|bisavô|nonna|nono",
    "sibling": "irmão|irmã|irmãos|irmãs|irmãozinho|irmãzinha|mana|meu mano",
    "other": "sogra|sogro|cunhado|cunhada|tio|tia|primo|prima|sobrinho|sobrinha|neto|neta|netinho|netinha|nora|genro"
    "|enteado|enteada|afilhado|afilhada|padrasto|madrasta|vizinho|vizinha|amigo|amiga|colega|namorado|namorada"
    "|padrinho|madrinha|minha cuidadora|comadre|compadre|meu paciente|minha paciente|meus pais|idoso|idosa",
}
_BABY = frozenset({"bebe", "bebes"})
_BEFORE_BABY = frozenset(
    [
        "o",
        "a",
        "um",
        "uma",
        "meu",
        "minha",
        "do",
        "da",
        "no",
        "na",
        "ao",
        "pelo",
        "pela",
        "os",
        "as",
        "meus",
        "nosso",
        "nossa",
        "so",
        "de",
    ]
)
_OWNERS = frozenset(fold_text("meu minha meus minhas nosso nossa o a um uma seu sua dele dela os as").split())
_NO_RELATION = ("filho da puta", "filho duma", "nossa mãe do"
    " céu", "mãe do céu", "pai nosso", "dia da mãe", "dia do pai",
    "dia dos pais", "mãe de deus", "irmão de fé", "tia lurdes", "meu pai do"
        " céu", "meu pai amado", "amigo secreto")  # fmt: skip
_SELF = frozenset(
    fold_text(
        "eu estou tenho sinto tive fiquei acordei senti vomitei desmaiei comecei fui peguei caí bati tomei tomo comi"
        " durmo consigo posso operei passei sou mim comigo me ando cortei queimei torci acho apaguei perdi uso preciso"
    ).split()
)
_OF = frozenset(("da", "do", "de", "das", "dos"))
_THINGS = frozenset(fold_text("remédio remédios casa plano receita comprimido comprimidos carro festa conta").split())
_AGE = re.compile(
    rf"(?P<n>{NUMBER}) ?(?P<unit>an(?:os?|inhos?)|mes(?:es)?|mesinhos|semanas?|dias?)\b(?! (?:atras|que|q|sem|"
    rf"seguid)\b)"
    rf"(?: e (?P<more>{NUMBER}) mes(?:es)?\b)?"
)
_AGE_LINK = re.compile(
    r"(?:[ ,(]*(?:ele |ela |q |que |e |ja |so |hj |hoje )?(?:de|com|tem|tinha|fez|faz|completa|completou|cm|"
    r"tendo|d|c)? ?(?:so |apenas |quase |uns |umas )?)|[^.!?\n]{0,40}\b(?:ele|ela) tem "
)
_AGE_REACH = 48
_OWN_AGE = Sought(
    rf"\b(?:tenho|estou com|completei|fiz) (?P<n>{NUMBER}) an(?:os|inhos)\b(?! (?:atras|que|q|de)\b)",
    " ano",
    " aninhos",
)
_BARE_AGE = re.compile(r" ?\((?P<n>\d{1,3})(?: ?a| anos)?\)")
_NAME_CUE = re.compile(
    r"\b(?:me chamo|meu nome (?:completo )?(?:e|eh)\b|nome(?: completo| do beneficiario| da beneficiaria| do paciente|"
    r" da paciente| do titular)? ?:|(?:paciente|beneficiari[oa]|titular|segurad[oa]|dependente)(?: ?:|"
    r" chamad[oa]| se chama)|"
    r"aqui (?:e|eh|quem fala e)\b ?(?:[oa]\b)?|(?:quem )?fala(?:ndo)? ?(?:e|com|:)? [oa]|sou [oa]\b|chama(?:da|"
    r"do)?(?:-se)?(?: de)?|se chama) ?"
    r"|\b(?:dona|seu|sr|sra|srta|senhora|senhor|d)\b\.? ?"
)
_NAME_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]{2,})?")
_NAME_LINKS = frozenset(["de", "da", "do", "dos", "das", "e"])
_MOST_NAME_WORDS = 6
_NOT_A_NAME = frozenset(("cpf", "rg", "cns", "crm", "cro", "crp", "crefito", "coren", "crn", "crf", "crefono"))


class Person(NamedTuple):
    """Somebody meant by the words `first` to `last`."""

    first: int
    last: int
    relation: Relation
    age_months: int | None


class People:
    """Words of relations, compiled, and the names this Portuguese-speaking house knows are no names."""

    def __init__(self) -> None:
        listed: list[tuple[str, tuple[Relation, ...]]] = [(fold_text(phrase), ()) for phrase in _NO_RELATION]
        for relation, words in _RELATIONS.items():
            listed += [(fold_text(word), (relation,)) for word in words.split("|")]
        self._book = PhraseBook(listed)

    def vocabulary(self) -> set[str]:
        return self._book.vocabulary()

    def find(self, message: Message) -> list[Person]:
        """People in order; owners ("minha") belong to the words."""
        found = [
            self._person(message, first, last, relations[0])
            for first, last, relations in self._book.find(message.words, message.reading.breaks)
            if relations and not (relations[0] == "child" and _is_called(message, first, last))
        ]
        taken = {place for person in found for place in range(person.first, person.last + 1)}
        for place, word in enumerate(message.words):
            if word in _BABY and place not in taken and self._is_a_baby(message, place):
                found.append(self._person(message, place, place, "child"))
        for match in _OWN_AGE.finditer(message.plain.text):
            first, after = message.words_within(*match.span())
            if after > first:
                found.append(Person(first, after - 1, "self", 12 * number_of(match["n"])))
        return sorted(found)

    def _is_a_baby(self, message: Message, place: int) -> bool:
        """ "bebe" without accents is also "drinks": a baby has an article, or an age, or begins the sentence."""
        before = message.words[place - 1] if place and not message.reading.breaks[place] else None
        after = message.words[place + 1] if place + 1 < len(message.words) else None
        return (
            before is None
            or before in _BEFORE_BABY
            or after in {"de", "com"}
            or "ê" in message.plain.original[message.reading.starts[place] : message.reading.ends[place]]
        )

    def _person(self, message: Message, first: int, last: int, relation: Relation) -> Person:
        age, end = _age_after(message, last, relation)
        # "pro" is read as two words at one place: it is no owner.
        is_whole = first > 1 and message.reading.starts[first - 1] != message.reading.starts[first - 2]
        if (
            first
            and message.words[first - 1] in _OWNERS
            and not message.reading.breaks[first]
            and (is_whole or first == 1)
        ):
            first -= 1
        return Person(first, max(last, end), relation, age)


def mention_people(message: Message, people: Sequence[Person]) -> tuple[PersonMention, ...]:
    return tuple(
        PersonMention(
            words=message.span(person.first, person.last), relation=person.relation, age_months=person.age_months
        )
        for person in people
    )


def bearer_of(message: Message, people: Sequence[Person], first: int, last: int) -> tuple[Relation, int | None]:
    """Who has what the words `first` to `last` say: whoever was named last before, unless the writer spoke of
    themselves since; or who is named right after ("febre do meu filho")."""
    own_age = next((person.age_months for person in people if person.relation == "self"), None)
    at = bisect_left(people, (first,))
    if at < len(people) and _follows(message, last, people[at]):
        return people[at].relation, people[at].age_months
    before = next(
        (p for p in reversed(people[:at]) if p.relation != "self" and not _owns_a_thing(message, p.first)), None
    )
    if before is None:
        return "self", own_age
    since = range(before.last + 1, first)
    if any(message.words[place] in _SELF for place in since[-200:]):
        return "self", own_age
    return before.relation, before.age_months


def _owns_a_thing(message: Message, first: int) -> bool:
    """ "tomei os remédios da minha mãe": she is not who it is about."""
    return first > 1 and message.words[first - 1] in _OF and message.words[first - 2] in _THINGS


def _is_called(message: Message, first: int, last: int) -> bool:
    """ "Filha, o doutor passou …": how the writer calls us."""
    return first == 0 and last + 1 < len(message.words) and message.reading.commas[last + 1]


def _follows(message: Message, last: int, person: Person) -> bool:
    """ "febre do meu filho": nobody but small words, and no comma, between."""
    between = range(last + 1, person.first)
    return (
        person.relation != "self"
        and 0 <= len(between) <= 2
        and person.first > last
        and all(message.words[place] in SMALL_WORDS for place in between)
        and not any(message.reading.breaks[last + 1 : person.first + 1])
        and not any(message.reading.commas[last + 1 : person.first + 1])
    )


def find_names(plain: Plain, common: frozenset[str]) -> list[tuple[int, int]]:
    """Names that somebody gives: "me chamo …", "nome: …", "aqui é a …". `common`: words that are no names."""
    spans: list[tuple[int, int]] = []
    for match in _NAME_CUE.finditer(plain.text):
        is_title = match.group().rstrip(" .") in {"dona", "seu", "sr", "sra", "srta", "senhora", "senhor", "d"}
        span = name_at(
            plain,
            match.end(),
            common,
            must_be_capital=is_title and match.group().strip() not in {"sr", "sra", "sr.", "sra.", "dona"},
        )
        if span and (not spans or span[0] >= spans[-1][1]):
            spans.append(span)
    return spans


def name_at(plain: Plain, start: int, common: frozenset[str], *, must_be_capital: bool) -> tuple[int, int] | None:
    """The name that begins at `start`: capitals as long as they go on, or up to three uncommon words."""
    place, end, words, is_capital = start, start, 0, False
    text, written = plain.text, plain.written
    while words < _MOST_NAME_WORDS:
        gap = re.compile(r" {0,2}").match(written, place)
        word = _NAME_WORD.match(written, gap.end() if gap else place)
        if word is None:
            break
        folded = text[word.start() : word.end()]
        if folded in _NOT_A_NAME:
            break
        upper = written[word.start()].isupper()
        if folded in _NAME_LINKS and words:
            place = word.end()
            continue
        if words == 0:
            is_capital = upper
            if must_be_capital and not upper:
                return None
        if fold_text(folded) in common and not (is_capital and upper and words):
            break
        if is_capital and not upper:
            break
        if not is_capital and words == 3:
            break
        place = end = word.end()
        words += 1
    return (start + len(text[start:end]) - len(text[start:end].lstrip()), end) if end > start else None


def words_of(plain: Plain, spans: Sequence[tuple[int, int]]) -> tuple[Words, ...]:
    return tuple(plain.words(start, end) for start, end in spans)


def _age_after(message: Message, last: int, relation: Relation) -> tuple[int | None, int]:
    """The age said after a person, in months, and the last word of it."""
    text = message.plain.text
    start = message.chars(last, last)[1]
    if bare := _BARE_AGE.match(text, start):
        return 12 * int(bare["n"]), last
    for match in _AGE.finditer(text, start, start + _AGE_REACH):
        link = text[start : match.start()]
        if not _AGE_LINK.fullmatch(link):
            return None, last
        unit, count = match["unit"], number_of(match["n"])
        if unit.startswith("an"):
            months = 12 * count + (number_of(match["more"]) if match["more"] else 0)
            if re.search(r"\b(?:faz|com)\b", link) and relation != "child" and count < 12:
                return None, last
        elif relation != "child" or not re.search(r"\b(?:de|d|tem|com)\b", link):
            return None, last
        else:
            months = count if unit.startswith("mes") else count // 4 if unit.startswith("sem") else count // 30
        is_beside = match.start() - start <= 6
        return months, message.words_within(start, match.end())[1] - 1 if is_beside else last
    return None, last
