"""The coverage pack: what is known of each item, as versioned data with its sources (`rules/coverage.json`)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from pydantic import ConfigDict, Field, ValidationError, model_validator

from austa.kernel.contracts import Contract
from austa.kernel.errors import Unavailable
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.api.requests import DocumentKind

KEPT = 8
ALL_CLASSES = frozenset[ServiceClass](get_args(ServiceClass))

Setting = Literal["outpatient", "hospital", "obstetric"]
"""The part of a plan's segmentation an item needs (RN ANS 465/2021)."""


class Source(Contract):
    """Where a value comes from. What was not checked against the norm's text has no `verified_on`."""

    clause: str
    confidence: Literal["high", "medium", "low", "demo"]
    verified_on: date | None


class Limit(Contract):
    """A number an operator may change, with its source."""

    value: int = Field(ge=0, le=10**6)
    source: Source


class Criterion(Contract):
    """One condition of a utilization guideline (DUT) on a structured fact. `ask`: for the member, `text`: for staff,
    `label`: names the fact where somebody of a provider states it.

    `in_indication`: an order that says why usually says this too, so a physician reads it there and nobody asks the
    member to repeat what the doctor wrote.
    """

    fact: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    test: Literal["is_true", "at_least"]
    value: int | None = None
    ask: str
    text: str
    label: str
    in_indication: bool = False

    @model_validator(mode="after")
    def _threshold(self) -> "Criterion":
        if (self.test == "at_least") != (self.value is not None):
            raise ValueError("`at_least` needs a value, and nothing else has one")
        return self


GuidelineOutcome = Literal["met", "not_met", "unknown"]
"""`not_met` sends to a physician; it denies nothing."""


class Example(Contract):
    """Facts of a case and what the guideline must come to: run whenever a pack is imported."""

    facts: dict[str, bool | int | str]
    outcome: GuidelineOutcome


class CoveredItem(Contract):
    """What the pack knows of one TUSS code. `listing`: in the Rol; `unclear`: a physician judges whether it is; not
    listed: a physician fills in the ADI 7265 checklist."""

    table: Literal["22", "18"]
    description: str
    service_class: ServiceClass
    setting: Setting
    ceiling_centavos: int = Field(ge=0, le=10**11)
    """Above it an amount is no longer approved by rule."""
    documents: tuple[DocumentKind, ...] = ()
    low_risk: bool = False
    routine: bool = False
    """May be asked together with others and repeated in other panels without being a near-duplicate (R02)."""
    recurring: bool = False
    """Asked again by nature: sessions, cycles, daily rates."""
    high_complexity: bool = False
    surgery: bool = False
    high_tech_bed: bool = False
    """A bed of high technology (intensive care): with PAC and surgery what a preexisting restriction may touch."""
    imaging: bool = False
    elective_only: bool = False
    special_materials: bool = False
    listing: Literal["listed", "unclear", "not_listed"] = "listed"
    waiting: Literal["birth", "other"] = "other"
    sex: Literal["F", "M"] | None = None
    needs_laterality: bool = False
    max_quantity: int | None = Field(None, ge=1, le=999)
    min_interval_days: int = Field(0, ge=0, le=3660)
    quotes: int = Field(0, ge=0, le=9)
    criteria: tuple[Criterion, ...] = ()
    examples: tuple[Example, ...] = ()
    nurse_check: str | None = None
    audit: str | None = None
    """Always for a physician, with this reason."""
    notices: tuple[str, ...] = ()
    source: Source


class ReferenceMaterial(Contract):
    """A special material: plausible are `per_segment` for each level or side operated, and `extra` beside."""

    description: str
    words: tuple[str, ...] = Field(min_length=1)
    """All of them occur in the description of a quote, in lower case."""
    reference_centavos: int = Field(gt=0, le=10**11)
    per_segment: int = Field(ge=0, le=99)
    extra: int = Field(ge=0, le=99)
    source: Source


class UnbundledPair(Contract):
    """Two items of which one includes the other."""

    items: tuple[str, str]
    text: str
    source: Source


class Limits(Contract):
    """The numbers behind checks and the dialogue. Those of signals are `fraud`'s; a pack of before may still hold them,
    for what it decided is decided again with it."""

    model_config = ConfigDict(extra="ignore")

    near_duplicate_days: Limit
    term_weeks: Limit
    asks_before_person: Limit


class CoveragePack(Contract):
    """A pack as read. `digest` is SHA-256, hex, of the file: decisions keep it, so that they can be replayed."""

    version: str = Field(min_length=1, max_length=40)
    about: str
    digest: str = ""
    terminology: Source
    guide_validity_days: dict[ServiceClass, Limit]
    limits: Limits
    materials: dict[str, ReferenceMaterial]
    unbundled_pairs: tuple[UnbundledPair, ...]
    items: dict[str, CoveredItem]

    def find_item(self, tuss: str) -> CoveredItem | None:
        return self.items.get(tuss)

    def find_material(self, description: str) -> ReferenceMaterial | None:
        """The material whose words all occur in the description."""
        words = description.lower()
        return next((m for m in self.materials.values() if all(word in words for word in m.words)), None)

    def service_class_of(self, tuss: str) -> ServiceClass:
        """An item the pack does not know counts as other outpatient care: the shorter of the two terms left."""
        item = self.find_item(tuss)
        return item.service_class if item else "other_outpatient"


def outcome_of(criteria: Sequence[Criterion], given: Mapping[str, bool | int | str]) -> GuidelineOutcome:
    """What the criteria of a guideline come to, all of them together."""
    answers = {is_met(criterion, given) for criterion in criteria}
    if False in answers:
        return "not_met"
    return "unknown" if None in answers else "met"


def is_met(criterion: Criterion, given: Mapping[str, bool | int | str]) -> bool | None:
    """None where the fact is not known; a guess is never made of a text."""
    value = given.get(criterion.fact)
    if criterion.test == "is_true":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value >= (criterion.value or 0)


@lru_cache(KEPT)
def read_pack(raw: bytes) -> CoveragePack:
    """Read a pack; a process reads the same text once.

    Raises `Unavailable` `prior_auth.pack_wrong` naming the first wrong field.
    """
    try:
        pack = CoveragePack.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Unavailable("prior_auth.pack_wrong", f"coverage pack: {where}: {first['msg']}") from None
    return pack.model_copy(update={"digest": hashlib.sha256(raw).hexdigest()})
