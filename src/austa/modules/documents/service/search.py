"""Finds papers by what stands in them, without keeping any of it in clear (design rule 5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from austa.infra.db import Transaction
from austa.infra.keys import Keys
from austa.kernel.errors import Invalid
from austa.kernel.ids import DocumentId, OperatorId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.documents import store
from austa.modules.documents.api import Box, Field, FieldName, FoundDocument, FoundPlace, PageText, Procedure, ReadLine
from austa.modules.documents.domain.reading import compact
from austa.modules.documents.domain.search import code_asked, has_one, terms_asked, terms_in
from austa.modules.documents.store import Row

MOST_FOUND = 50
MOST_PLACES = 20
CODES: frozenset[FieldName] = frozenset({"card_number", "cpf", "cns", "tuss", "cid", "council_number"})
"""Fields that are found across members."""


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: all `tokens` must be there. `terms` or the one `code` is what is shown of it."""

    tokens: tuple[bytes, ...]
    terms: frozenset[str] = field(default=frozenset(), repr=False)
    code: str | None = field(default=None, repr=False)

    def found(self, row: Row, pages: Sequence[PageText]) -> FoundDocument:
        """A document with where on it the asked stands."""
        places = [
            FoundPlace(page=page.page, text=line.text, boxes=boxes)
            for page in pages
            for line in page.lines
            if (boxes := self._boxes(line))
        ]
        return FoundDocument(
            id=row.id,
            subject=row.subject_id,
            document_class=row.document_class,
            created_at=row.created_at,
            places=tuple(places[:MOST_PLACES]),
        )

    def _boxes(self, line: ReadLine) -> tuple[Box, ...]:
        """Its words that were asked for; the whole line where a number is parted by blanks."""
        wanted = {self.code} if self.code else self.terms
        boxes = tuple(word.box for word in line.words if has_one(word.text.reveal(), wanted))
        parted = self.code is not None and self.code in compact(line.text.reveal())
        return boxes or ((line.box,) if parted or has_one(line.text.reveal(), wanted) else ())


class SearchIndex:
    """The tokens of each document. Words are bound to whose paper it is, so that no token tells who shares a word."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def keep(
        self,
        tx: Transaction,
        document_id: DocumentId,
        subject: SubjectId,
        lines: Iterable[str],
        fields: Iterable[Field],
        procedures: Iterable[Procedure],
    ) -> None:
        """Make the tokens of a document anew, in the transaction of whoever read or moves it."""
        every = [*fields, *(each.tuss for each in procedures if each.tuss)]
        terms = {term for line in lines for term in terms_in(line)}
        codes = {compact(each.normal.reveal()) for each in every if each.name in CODES and each.normal}
        tokens = self._words(tx.operator_id, subject, terms) | self._codes(tx.operator_id, codes)
        await store.replace_tokens(tx, document_id, sorted(tokens))

    def asked(self, operator_id: OperatorId, query: Personal, subject: SubjectId | None) -> Asked:
        """Raises `Invalid` as `Documents.search` says."""
        if subject is not None:
            terms = terms_asked(query.reveal())
            if not terms:
                raise Invalid("documents.nothing_asked", "say a word or a number that stands in the paper")
            return Asked(tuple(self._words(operator_id, subject, terms)), terms=frozenset(terms))
        code = code_asked(query.reveal())
        if code is None:
            raise Invalid(
                "documents.only_codes_across_members",
                "across members only one code or number is looked for; name a member to look for words",
            )
        return Asked(tuple(self._codes(operator_id, [code])), code=code)

    def _words(self, operator_id: OperatorId, subject: SubjectId, terms: Collection[str]) -> set[bytes]:
        return {self._keys.blind(operator_id, "documents.word", f"{subject}|{term}") for term in terms}

    def _codes(self, operator_id: OperatorId, codes: Collection[str]) -> set[bytes]:
        return {self._keys.blind(operator_id, "documents.code", code) for code in codes}
