"""Finds papers by what stands in them, without keeping any of it in clear (design rule 5)."""

from collections.abc import Collection, Iterable, Sequence

from austa.infra.db import Transaction
from austa.infra.keys import Keys
from austa.kernel.ids import OperatorId, SubjectId
from austa.modules.documents import store
from austa.modules.documents.api import Box, Field, FieldName, FoundDocument, FoundPlace, PageText
from austa.modules.documents.domain.reading import compact
from austa.modules.documents.domain.search import has_one, terms_in
from austa.modules.documents.store import Row

MOST_FOUND = 50
MOST_PLACES = 20
CODES: frozenset[FieldName] = frozenset({"card_number", "cpf", "cns", "tuss", "cid", "council_number"})
"""Fields that are found across members."""


class SearchIndex:
    """The tokens of each document. Words are bound to whose paper it is, so that no token tells who shares a word."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def keep(
        self, tx: Transaction, row: Row, subject: SubjectId, lines: Iterable[str], fields: Iterable[Field]
    ) -> None:
        """Make the tokens of a document anew, in the transaction of whoever read or moves it."""
        terms = {term for line in lines for term in terms_in(line)}
        codes = {compact(each.normal.reveal()) for each in fields if each.name in CODES and each.normal}
        tokens = self.words(tx.operator_id, subject, terms) | self.codes(tx.operator_id, codes)
        await store.replace_tokens(tx, row.id, sorted(tokens))

    def words(self, operator_id: OperatorId, subject: SubjectId, terms: Collection[str]) -> set[bytes]:
        """Tokens of words in one person's papers."""
        return {self._keys.blind(operator_id, "documents.word", f"{subject}|{term}") for term in terms}

    def codes(self, operator_id: OperatorId, codes: Collection[str]) -> set[bytes]:
        """Tokens of codes and numbers in anybody's papers."""
        return {self._keys.blind(operator_id, "documents.code", code) for code in codes}


def found(row: Row, places: Sequence[FoundPlace]) -> FoundDocument:
    """A document with where on it the asked stands."""
    return FoundDocument(
        id=row.id,
        subject=row.subject_id,
        document_class=row.document_class,
        created_at=row.created_at,
        places=tuple(places[:MOST_PLACES]),
    )


def places_of_words(pages: Sequence[PageText], asked: Collection[str]) -> list[FoundPlace]:
    """The lines in which an asked term stands, with the boxes of its words."""
    places = []
    for page in pages:
        for line in page.lines:
            # A number may be parted on paper by more than the words are: then the whole line is shown.
            boxes = [word.box for word in line.words if has_one(word.text.reveal(), asked)]
            if boxes or has_one(line.text.reveal(), asked):
                places.append(FoundPlace(page=page.page, text=line.text, boxes=tuple(boxes) or (line.box,)))
    return places


def places_of_code(fields: Sequence[Field], code: str) -> list[FoundPlace]:
    """The fields that are that code."""
    return [
        FoundPlace(page=each.box.page if each.box else 1, text=each.value, boxes=_boxes(each.box))
        for each in fields
        if each.name in CODES and each.normal and each.value and compact(each.normal.reveal()) == code
    ]


def _boxes(box: Box | None) -> tuple[Box, ...]:
    return (box,) if box else ()
