"""All finders over one message, in the order in which they need each other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import (
    ConditionMention,
    Entities,
    KnownProvider,
    MedicineMention,
    ProcedureMatch,
    ProcedureMention,
    Words,
)
from austa.modules.language.domain.entities.body import BodyParts, mention_parts
from austa.modules.language.domain.entities.durations import find_whens
from austa.modules.language.domain.entities.identifiers import find_identifiers, find_tuss_codes
from austa.modules.language.domain.entities.illnesses import Illnesses
from austa.modules.language.domain.entities.medicines import Medicines
from austa.modules.language.domain.entities.message import Message, first_words
from austa.modules.language.domain.entities.moments import find_dates, find_days, find_times
from austa.modules.language.domain.entities.ordered import procedure_mention
from austa.modules.language.domain.entities.people import People, find_names, mention_people, words_of
from austa.modules.language.domain.entities.plain import Plain, Taken
from austa.modules.language.domain.entities.providers import find_providers
from austa.modules.language.domain.entities.spelling import Spelling
from austa.modules.language.domain.entities.symptoms import Symptoms
from austa.modules.language.domain.normalise import Reading
from austa.modules.language.domain.procedures import ProcedureIndex, ProcedureNames, has_doubtful_check_digit

_MOST_CANDIDATES = 4
LONGEST_READ = 20_000
"""Characters. Five of the longest messages of WhatsApp; what comes after is not searched for entities."""


class _Common(Contract):
    version: str
    words: tuple[str, ...]


class EntityFinder:
    """Everything compiled once; safe between threads. `data` reads a file of this package; `everyday_words` are
    never taken for a misspelt name."""

    def __init__(
        self,
        data: Callable[[str], bytes],
        names: ProcedureNames,
        procedures: ProcedureIndex,
        everyday_words: Iterable[str],
    ) -> None:
        self._names = names
        self._procedures = procedures
        self._parts = BodyParts(data("body_parts.json"))
        self._symptoms = Symptoms(data("symptoms.json"), self._parts)
        self._medicines = Medicines(data("medicines.json"))
        self._illnesses = Illnesses(data("condition_names.json"))
        self._people = People()
        common = frozenset(" ".join(_Common.model_validate_json(data("common_words.json")).words).split())
        finders = (self._parts, self._symptoms, self._medicines, self._illnesses, self._people, names)
        vocabulary = {word for finder in finders for word in finder.vocabulary()}
        names_of_things = self._medicines.vocabulary() | self._names.vocabulary()
        self._spelling = Spelling(
            vocabulary, common.union(everyday_words), self._symptoms.beginnings(), names_of_things
        )
        self._no_names = common | vocabulary

    def find(
        self,
        text: str,
        reading: Reading,
        *,
        today: date | None,
        conditions: Mapping[str, str],
        providers: Sequence[KnownProvider],
    ) -> Entities:
        """Entities of a message and its reading. `conditions`: the CID-10 table; `providers`: names to link to."""
        if len(text) > LONGEST_READ:
            text, reading = text[:LONGEST_READ], first_words(reading, LONGEST_READ)
        plain = Plain(text)
        message = Message(plain, reading, self._spelling.mend_all(reading.words))
        written, coded = self._written_codes(plain)
        medicines = self._medicines.find(message)
        named, procedure_words = self._named_procedures(message, medicines)
        numbers = find_identifiers(plain, coded)
        days = find_days(plain, today)
        parts = self._parts.find(message)
        people = self._people.find(message)
        symptoms = self._symptoms.find(message, parts, people, find_whens(plain.text, days, today))
        illnesses = self._illnesses.find(message, conditions, people, procedure_words)
        return Entities(
            procedures=(*written, *named),
            cpfs=tuple(numbers.cpfs),
            card_numbers=tuple(numbers.card_numbers),
            codes=tuple(numbers.codes),
            dates=find_dates(plain, days),
            body_parts=mention_parts(message, parts),
            symptoms=tuple(one for one in symptoms if not _is_inside(one.words, illnesses)),
            medicines=medicines,
            conditions=illnesses,
            times=find_times(plain),
            people=mention_people(message, people),
            names=words_of(plain, find_names(plain, self._no_names)),
            providers=find_providers(plain, self._no_names, providers),
            phones=tuple(numbers.phones),
            emails=tuple(numbers.emails),
            ceps=tuple(numbers.ceps),
            cns_numbers=tuple(numbers.cns_numbers),
            protocols=tuple(numbers.protocols),
            councils=tuple(numbers.councils),
        )

    def _written_codes(self, plain: Plain) -> tuple[list[ProcedureMention], Taken]:
        """Eight digits are taken for TUSS only when the table has them: cards and dates have eight digits too."""
        mentions, taken = [], Taken()
        for start, end, words in find_tuss_codes(plain):
            procedure = self._procedures.get(words.text.reveal())
            if procedure is not None:
                taken.add(start, end)
                mentions.append(
                    ProcedureMention(
                        words=words,
                        candidates=(ProcedureMatch(procedure=procedure, score=1.0),),
                        code_doubtful=has_doubtful_check_digit(procedure.code),
                    )
                )
        return mentions, taken

    def _named_procedures(
        self, message: Message, medicines: Sequence[MedicineMention]
    ) -> tuple[list[ProcedureMention], frozenset[int]]:
        """Procedures by name, and the words that name them. "Puran T4" asks for no T4."""
        mentions, words = [], set[int]()
        for named in self._names.find_asked(message.words):
            candidates = self._procedures.matches(named.codes[:_MOST_CANDIDATES], named.score)
            if not candidates:
                continue
            mention = procedure_mention(message, named, candidates, self._parts)
            if not _is_inside(mention.words, medicines):
                mentions.append(mention)
                words.update(named.match.places)
        return mentions, frozenset(words)


def _is_inside(words: Words, mentions: Sequence[MedicineMention | ConditionMention]) -> bool:
    """The words are part of a longer name: "sangue" in "açúcar no sangue"."""
    return any(
        other.words.start <= words.start
        and words.end <= other.words.end
        and words.end - words.start < other.words.end - other.words.start
        for other in mentions
    )
