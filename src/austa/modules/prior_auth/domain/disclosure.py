"""Selective disclosure: values about people are cut out of a document, and a salted digest stays in their place.

So one signature covers everything, and what is about one person can be taken away later without touching the
signature or what is about others. The form follows array elements of SD-JWT (RFC 9901, 4.2.2): the digest is of the
canonical `[salt, value]`, and a salt of 128 random bits keeps anybody from guessing a value from its digest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from operator import itemgetter
from typing import Any

from austa.modules.prior_auth.domain.canonical import canonical

Path = tuple[str | int, ...]
"""Where a value lies: member names and positions; `*` is every position of a list."""
Disclosure = list[Any]
"""`[salt, value]`."""
Disclosures = dict[str, list[Disclosure]]
"""What can be shown, by the person it is about."""

EVERY = "*"
CUT = frozenset({"cut", "of"})


def cut(
    document: Mapping[str, Any], places: Iterable[tuple[Path, str]], new_salt: Callable[[], str]
) -> tuple[dict[str, Any], Disclosures]:
    """The document with marks `{"cut": digest, "of": person}` for the values at these places, and those values.

    A place that the document does not have is passed over; nothing is cut inside of what was cut before.
    """
    statement: dict[str, Any] = _copied(dict(document))
    found: dict[str, list[tuple[str, Disclosure]]] = {}
    for pattern, person in places:
        for holder, name in _spots(statement, pattern):
            if is_cut(holder[name]):
                continue
            disclosure = [new_salt(), holder[name]]
            digest = digest_of(disclosure)
            found.setdefault(person, []).append((digest, disclosure))
            holder[name] = {"cut": digest, "of": person}
    by_digest = itemgetter(0)
    return statement, {person: [each for _, each in sorted(shown, key=by_digest)] for person, shown in found.items()}


def restore(statement: Any, disclosures: Mapping[str, Iterable[Disclosure]]) -> Any:
    """The document again, as far as it is disclosed; where it is not the mark stays."""
    values = {digest_of(shown): shown[1] for of_person in disclosures.values() for shown in of_person}
    return _restored(statement, values)


def cuts_in(value: Any) -> list[tuple[str, str]]:
    """Digest and person of every mark, in order."""
    if is_cut(value):
        return [(value["cut"], value["of"])]
    return [found for inner in _inner(value) for found in cuts_in(inner)]


def is_cut(value: Any) -> bool:
    """Whether this is a mark for something that is not shown."""
    return isinstance(value, dict) and value.keys() == CUT


def digest_of(disclosure: Disclosure) -> str:
    """SHA-256, hex, of the canonical `[salt, value]`."""
    return sha256(canonical(disclosure)).hexdigest()


def _copied(value: Any) -> Any:
    """JSON of its own, down to the containers: what is cut here stays whole there."""
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _spots(value: Any, pattern: Path) -> Iterator[tuple[Any, Any]]:
    """The containers and names that a pattern leads to."""
    name, rest = pattern[0], pattern[1:]
    if is_cut(value):
        return
    names: Iterable[Any]
    if isinstance(value, list):
        names = range(len(value)) if name == EVERY else [name] if name in range(len(value)) else []
    else:
        names = [name] if isinstance(value, dict) and name in value else []
    for found in names:
        if rest:
            yield from _spots(value[found], rest)
        else:
            yield value, found


def _restored(value: Any, values: Mapping[str, Any]) -> Any:
    if is_cut(value):
        return values.get(value["cut"], value)
    if isinstance(value, dict):
        return {name: _restored(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_restored(inner, values) for inner in value]
    return value


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
