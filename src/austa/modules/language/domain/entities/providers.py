"""Hospitals, clinics, laboratories and doctors by name, linked only to a list that the caller brings."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from austa.modules.language.api.entities import KnownProvider, ProviderKind, ProviderMention
from austa.modules.language.domain.entities.people import name_at
from austa.modules.language.domain.entities.plain import Plain, Sought, Taken
from austa.modules.language.domain.normalise import fold_text

_TITLE = Sought(r"\b(?:dr|dra|drª|doutor|doutora|doto|doutô)\b\.?(?:\(a\))? ?", "dr", "dout", "doto")
_PLACES: tuple[tuple[ProviderKind, str], ...] = (
    ("hospital", r"hosp(?:ital)?\.?|maternidade|santa casa|pronto[ -]?socorro|pronto[ -]atendimento|upa|ps"),
    ("clinic", r"clinicas?|consultorio|centro (?:medico|clinico|de \w+)|policlinica|instituto|casa de saude"),
    ("laboratory", r"laboratorios?|lab\.?"),
)
_PLACE = re.compile("|".join(rf"\b(?P<{kind}>{words})(?=[ :]|$)" for kind, words in _PLACES))
_LINK = re.compile(r" ?:? ?(?:d[eoa]s? |n[oa] )?(?:(?:hospital|clinica|lab(?:oratorio)?) )?")
# Names that many write without capitals; facts about who exists in Brazil, no endorsement.
_CHAINS: tuple[tuple[ProviderKind, str], ...] = (
    ("laboratory", "fleury|lavoisier|delboni|hermes pardini|sabin|dasa|cdb|salomao zoppi|labi|hermes|alta diagnosticos|"
     "sergio franco|bronstein|dimagem|image memorial|unimed lab|a mais medicina|leme|exame medicina|frischmann|"
     "dom bosco"),
    ("hospital", "albert einstein|einstein|sirio libanes|sao luiz|samaritano|oswaldo cruz|beneficencia portuguesa|hcor|"
     "moinhos de vento|mae de deus|santa joana|pro matre|copa d'or|copa dor|rede d'or|rede dor|barra d'or|quinta d'or|"
     "santa catarina|nove de julho|9 de julho|leforte|sao camilo|santa paula|mater dei|felicio rocho|sao rafael|"
     "portugues|santa lucia|santa helena|sao lucas|sao francisco|sao jose|santa isabel|sao vicente|santo antonio"),
)  # fmt: skip
_CHAIN_NAMES = tuple((kind, re.compile(rf"(?:{names})\b")) for kind, names in _CHAINS)
_BY_NAME_ALONE = (
    "fleury", "lavoisier", "delboni", "hermes pardini", "sirio libanes", "albert einstein", "hcor", "pro matre",
    "copa d'or", "moinhos de vento",
)  # fmt: skip
_ALONE = Sought(rf"\b(?:{'|'.join(_BY_NAME_ALONE)})\b", *_BY_NAME_ALONE)
_LEAST_FIT = 0.82


def find_providers(plain: Plain, common: frozenset[str], known: Sequence[KnownProvider]) -> tuple[ProviderMention, ...]:
    """Providers in order. `common`: words that are no names."""
    found: list[tuple[int, int, ProviderKind]] = []
    taken = Taken()

    def add(start: int, end: int, kind: ProviderKind) -> None:
        if not taken.overlaps(start, end):
            found.append((start, end, kind))
            taken.add(start, end)

    for match in _TITLE.finditer(plain.text):
        if name := name_at(plain, match.end(), common, must_be_capital=False):
            add(match.start(), name[1], "doctor")
    for match in _PLACE.finditer(plain.text):
        kind: ProviderKind = next(kind for kind, _ in _PLACES if match[kind])
        link = _LINK.match(plain.text, match.end())
        begin = link.end() if link else match.end()
        chain = next((m.end() for _, names in _CHAIN_NAMES if (m := names.match(plain.text, begin))), None)
        name = name_at(plain, begin, common, must_be_capital=True)
        end = max(chain or 0, name[1] if name else 0)
        if end:
            add(match.start(), end, kind)
    for match in _ALONE.finditer(plain.text):
        kind = next(kind for kind, names in _CHAIN_NAMES if names.match(plain.text, match.start()))
        add(*match.span(), kind)
    return tuple(_mention(plain, *item, known) for item in sorted(found))


def _mention(plain: Plain, start: int, end: int, kind: ProviderKind, known: Sequence[KnownProvider]) -> ProviderMention:
    said = fold_text(plain.text[start:end])
    best: KnownProvider | None = None
    score = 0.0
    for provider in known:
        fit = fuzz.token_set_ratio(said, fold_text(provider.name)) / 100
        if fit > score:
            best, score = provider, fit
    fits = best is not None and score >= _LEAST_FIT
    return ProviderMention(
        words=plain.words(start, end),
        kind=kind,
        key=best.key if best and fits else None,
        score=round(score, 3) if fits else None,
    )
