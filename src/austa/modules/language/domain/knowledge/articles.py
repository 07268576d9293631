"""Approved passages about how a plan works, and a simple lexical search over them."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from austa.kernel.contracts import Contract
from austa.modules.language.domain.normalise import fold_text
from austa.modules.language.domain.replies import lint_text

STEM = 5
"""Portuguese endings begin about here: prazo and prazos, autorizar and autorização fall together."""
_MOST_PASSAGES = 3
_ENOUGH = 3.0
"""Summed rarity of the words shared with a question: about two telling words."""
_TITLE_WEIGHT = 2.0


class Article(Contract):
    """One approved passage. `source`: the norm that it rests on."""

    id: str
    title: str
    keywords: str
    source: str
    text: str


class _Data(Contract):
    version: str
    articles: tuple[Article, ...]


class _PlainWords(Contract):
    version: str
    words: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text, folded; without digits."""
    return re.findall(r"[^\W\d_]+", fold_text(text))


def stems(text: str) -> list[str]:
    """The same, cut."""
    return [word[:STEM] for word in words(text)]


@dataclass(frozen=True)
class Knowledge:
    """The articles and the words that are used to speak about plans."""

    version: str
    articles: tuple[Article, ...]
    words: frozenset[str]
    """Everyday words and those of the articles, folded: no name, disease or medicine is among them."""
    everyday: frozenset[str]
    """Stems of the everyday words alone."""
    _weights: dict[str, float] = field(repr=False)
    _silent: frozenset[str] = field(repr=False)

    def find(self, question: str) -> tuple[Article, ...]:
        """The passages that fit a question, best first; empty when none does."""
        asked = set(stems(question)) - self._silent
        scored = [(self._score(asked, article), article) for article in self.articles]
        best = sorted((pair for pair in scored if pair[0] >= _ENOUGH), key=lambda pair: (-pair[0], pair[1].id))
        return tuple(article for _, article in best[:_MOST_PASSAGES])

    def _score(self, asked: set[str], article: Article) -> float:
        head, body = set(stems(f"{article.title} {article.keywords}")), set(stems(article.text))
        return sum(
            self._weights.get(stem, 0.0) * (_TITLE_WEIGHT if stem in head else 1.0)
            for stem in asked
            if stem in head or stem in body
        )


def load_knowledge(articles: bytes, plain_words: bytes) -> Knowledge:
    """Errors: ValueError when an article breaks the lint of texts that members see, so a bad one never starts."""
    data = _Data.model_validate_json(articles)
    faults = [f"{article.id}: {fault}" for article in data.articles for fault in lint_text(article.text)]
    if faults:
        raise ValueError("; ".join(faults))
    plain = " ".join(_PlainWords.model_validate_json(plain_words).words)
    everyday = frozenset(stems(plain))
    known = frozenset(words(" ".join([plain, *(_whole(article) for article in data.articles)])))
    counts = Counter(stem for article in data.articles for stem in set(stems(_whole(article))))
    return Knowledge(
        version=data.version,
        articles=data.articles,
        words=known,
        everyday=everyday,
        _weights={stem: math.log(1 + len(data.articles) / count) for stem, count in counts.items()},
        _silent=_function_words(data.articles, everyday),
    )


def _function_words(articles: Sequence[Article], everyday: frozenset[str]) -> frozenset[str]:
    """Everyday words that no title or keyword uses say nothing about what a question is about."""
    telling = {stem for article in articles for stem in stems(f"{article.title} {article.keywords}")}
    return everyday - telling


def _whole(article: Article) -> str:
    return f"{article.title} {article.keywords} {article.text}"
