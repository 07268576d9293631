"""Rules of `providers`, pure: identifiers in normal writing, what is wrong with a line, standing on a day."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import dumps, loads
from types import MappingProxyType
from typing import Any, Protocol, get_args

from validate_docbr import CNPJ

from austa.kernel.bitemporal import Statement, Version, known_at
from austa.kernel.personal import Personal
from austa.modules.providers.api import (
    STATES,
    Council,
    NetworkAspect,
    NetworkWord,
    NewProfessional,
    NewProvider,
    Provider,
    ProviderKind,
    Standing,
)

LONGEST_TEXT = 200
LONGEST_CODE = 40
ALWAYS = date.min
"""From when a first word holds: nobody told when it began."""
EARLIEST = date(1990, 1, 1)
"""Nobody tells since when something holds further back but by mistake."""

SENTENCES = MappingProxyType(
    {
        "missing": "Falta preencher este campo.",
        "too_long": "O texto é longo demais.",
        "unreadable": "Há um caractere que não é de texto.",
        "cnpj_wrong": "O CNPJ está errado: confira os 14 caracteres.",
        "cnes_wrong": "O CNES deve ter 7 números.",
        "state_unknown": "Esta UF não existe.",
        "place_wrong": "A latitude ou a longitude não é possível.",
        "place_incomplete": "Latitude e longitude vão juntas.",
        "registration_wrong": "O número no conselho deve ter até 15 letras ou números.",
        "valid_too_early": "O dia desde quando isto vale é antes de 1990.",
        "valid_in_future": "O dia desde quando isto vale ainda não chegou: envie a linha nesse dia.",
    }
)

Fault = tuple[str, str]
"""A column and a key of `SENTENCES`: one thing wrong, without the value."""

_CNPJ = CNPJ()
_COUNCILS = frozenset(get_args(Council))


@dataclass(frozen=True)
class StandingSince:
    """Whether all was well, and the day from which that was told."""

    since: date
    good: bool


def normal_cnpj(text: str) -> str:
    """Upper case, without dots, bars and dashes."""
    return re.sub(r"[\s./-]", "", text).upper()


def is_cnpj(cnpj: str) -> bool:
    """14 characters in normal writing with right check digits, numeric or alphanumeric (IN RFB 2.229/2024)."""
    return re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", cnpj) is not None and bool(_CNPJ.validate(cnpj))


def normal_council(text: str) -> str:
    """'crm' -> 'CRM'; what we do not list is 'other'."""
    council = text.strip().upper()
    return council if council in _COUNCILS else "other"


def normal_registration(number: str) -> str:
    """A council number without dots, dashes and leading zeros: 'CRM 012.345' and '12345' are one."""
    return re.sub(r"[\s./-]", "", number).upper().lstrip("0")


def folded(text: str) -> str:
    """Without accents and case, single spaces: how names are sorted and specialties compared."""
    # Signs such as ℠ become letters only when decomposed, so case is folded after that; folding composes some again.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def tidy_provider(new: NewProvider) -> NewProvider:
    """The same provider in normal writing; what has none stays as it was, for the checks to name."""
    return new.model_copy(
        update={
            "code": new.code.strip(),
            "name": " ".join(new.name.split()),
            "cnpj": None if new.cnpj is None else normal_cnpj(new.cnpj),
            "cnes": None if new.cnes is None else new.cnes.strip(),
            "city": " ".join(new.city.split()),
            "state": new.state.strip().upper(),
            "specialties": _tidy_list(new.specialties),
        }
    )


def tidy_professional(new: NewProfessional) -> NewProfessional:
    """The same professional in normal writing."""
    return new.model_copy(
        update={
            "name": Personal(" ".join(new.name.reveal().split())),
            "state": new.state.strip().upper(),
            "number": normal_registration(new.number),
            "specialties": _tidy_list(new.specialties),
        }
    )


def provider_faults(new: NewProvider, today: date) -> Iterator[Fault]:
    """What is wrong with a tidy provider."""
    yield from _since_faults(new.valid_from, today)
    yield from _text_faults("code", new.code, LONGEST_CODE)
    yield from _text_faults("name", new.name, LONGEST_TEXT)
    yield from _text_faults("city", new.city, LONGEST_TEXT)
    yield from _list_faults(new.specialties)
    if new.state not in STATES:
        yield ("state", "state_unknown")
    if new.cnpj is not None and not is_cnpj(new.cnpj):
        yield ("cnpj", "cnpj_wrong")
    # CNES has no public check digit (domain-br 4).
    if new.cnes is not None and re.fullmatch(r"[0-9]{7}", new.cnes) is None:
        yield ("cnes", "cnes_wrong")
    if (new.latitude is None) != (new.longitude is None):
        yield ("latitude", "place_incomplete")
    if not -90 <= (new.latitude or 0) <= 90 or not -180 <= (new.longitude or 0) <= 180:
        yield ("latitude", "place_wrong")


def professional_faults(new: NewProfessional, today: date) -> Iterator[Fault]:
    """What is wrong with a tidy professional."""
    yield from _since_faults(new.valid_from, today)
    yield from _text_faults("name", new.name.reveal(), LONGEST_TEXT)
    yield from _list_faults(new.specialties)
    if new.state not in STATES:
        yield ("state", "state_unknown")
    if re.fullmatch(r"[0-9A-Z]{1,15}", new.number) is None:
        yield ("number", "registration_wrong")


class ProviderTold(Protocol):
    """What is read of a provider, whether it was sent or lies in the table."""

    @property
    def kind(self) -> ProviderKind: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def in_network(self) -> bool: ...
    @property
    def suspended(self) -> bool: ...
    @property
    def specialties(self) -> Sequence[str]: ...


class ProfessionalTold(Protocol):
    """The same of a professional."""

    @property
    def specialties(self) -> Sequence[str]: ...
    @property
    def active(self) -> bool: ...


def provider_statements(told: ProviderTold, day: date) -> tuple[Statement, ...]:
    """What holds of a provider from that day on."""
    return (
        _statement("network", day, in_network=told.in_network),
        _statement("place", day, city=told.city, state=told.state, latitude=told.latitude, longitude=told.longitude),
        _statement("services", day, kind=told.kind, specialties=sorted(told.specialties)),
        _statement("suspension", day, suspended=told.suspended),
    )


def professional_statements(told: ProfessionalTold, day: date) -> tuple[Statement, ...]:
    """What holds of a professional from that day on."""
    return (
        _statement("services", day, specialties=sorted(told.specialties)),
        _statement("registration", day, active=told.active),
    )


def standing_history(aspect: NetworkAspect, told: Sequence[StandingSince]) -> list[Statement]:
    """Standings as the previous version of the tables holds them: each until the next."""
    ends: list[date | None] = [*(each.since for each in told[1:]), None]
    said = {"suspension": "suspended", "registration": "active"}[aspect]
    return [
        Statement(aspect, each.since, end, _content({said: each.good is (aspect == "registration")}))
        for each, end in zip(told, ends, strict=False)
    ]


def believed_at(versions: Sequence[Version], moment: datetime | None) -> tuple[Statement, ...]:
    """What was believed at that moment; None: what is believed now, whatever the clocks of two machines say."""
    if moment is not None:
        return known_at(versions, moment)
    return tuple(each.statement for each in versions if each.known_until is None)


def standing_on(day: date, believed: Sequence[Statement]) -> Standing:
    """Standing on that day by what is believed; of whom nobody told anything, nothing is known.

    Being outside the network is not bad standing: a covered exam may not be refused for who asked (CONSU 8/1998).
    """
    said = {each.aspect: loads(each.content) for each in believed if each.holds_on(day)}
    if "suspension" in said:
        reason = "suspended" if said["suspension"]["suspended"] else None
    elif "registration" in said:
        reason = None if said["registration"]["active"] else "inactive"
    else:
        return Standing(known=False, in_good_standing=False, reason=None)
    return Standing(known=True, in_good_standing=reason is None, reason=reason)


def provider_on(day: date, provider: Provider, believed: Sequence[Statement]) -> Provider:
    """The provider as it was on that day: where, offering what, in the network or not."""
    said: dict[str, Any] = {}
    for each in believed:
        if each.holds_on(day):
            said |= loads(each.content)
    return provider.model_copy(update=said | {"specialties": tuple(said.get("specialties", provider.specialties))})


def word_of(version: Version) -> NetworkWord:
    """A word as staff may see it."""
    said = version.statement
    content = {name: tuple(value) if isinstance(value, list) else value for name, value in loads(said.content).items()}
    return NetworkWord.model_validate(
        {
            "aspect": said.aspect,
            "valid_from": said.valid_from,
            "valid_until": said.valid_until,
            "known_from": version.known_from,
            "known_until": version.known_until,
            "content": content,
        }
    )


def standing_told(good: bool, latest: StandingSince | None, today: date) -> StandingSince:
    """A word for processes of the version before: the first holds from always, a change from the day we are told."""
    if latest is None:
        return StandingSince(ALWAYS, good)
    return latest if latest.good == good else StandingSince(today, good)


def _tidy_list(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))


def _statement(aspect: NetworkAspect, day: date, **content: Any) -> Statement:
    return Statement(aspect, day, None, _content(content))


def _content(said: dict[str, Any]) -> str:
    return dumps(said, sort_keys=True, ensure_ascii=False)


def _since_faults(valid_from: date | None, today: date) -> Iterator[Fault]:
    if valid_from is not None and valid_from < EARLIEST:
        yield ("valid_from", "valid_too_early")
    # The directory shows the last word: one about a day to come would be shown, and used, before its day.
    if valid_from is not None and valid_from > today:
        yield ("valid_from", "valid_in_future")


def _text_faults(column: str, text: str, longest: int) -> Iterator[Fault]:
    if not text:
        yield (column, "missing")
    elif len(text) > longest:
        yield (column, "too_long")
    elif not text.isprintable():
        yield (column, "unreadable")


def _list_faults(texts: Sequence[str]) -> Iterator[Fault]:
    for text in texts:
        yield from _text_faults("specialties", text, LONGEST_TEXT)
