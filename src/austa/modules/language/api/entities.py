"""Facts named in a message, as `Language.understand` hands them out: each with its place in the text."""

from datetime import date, time
from typing import Literal

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal

Side = Literal["right", "left", "both"]

Relation = Literal["self", "mother", "father", "child", "husband", "wife", "grandparent", "sibling", "other"]
"""Who somebody is to the writer. `child` is also any small child without a relation ("um bebê de 8 meses")."""

DayPart = Literal["dawn", "morning", "afternoon", "night"]
Severity = Literal["mild", "moderate", "severe"]
ProviderKind = Literal["doctor", "hospital", "clinic", "laboratory", "other"]


class Words(Contract):
    """Words of a message: `start` and `end` are positions in the text as it was written.

    `message` is 0 for the message itself and -1, -2, … for the ones before it.
    """

    text: Personal
    start: int
    end: int
    message: int = 0


class KnownProvider(Contract):
    """A provider of the caller's network, to be recognised by name. `key` is handed back as it came."""

    key: str
    name: str


class Procedure(Contract):
    """A row of TUSS table 22, as published by ANS. `code`: eight digits, kept as text."""

    code: str
    description: str
    in_force: bool
    valid_from: date | None = None
    valid_until: date | None = None


class ProcedureMatch(Contract):
    """A procedure that fits some words. `score` 0..1 orders candidates; it is not a probability."""

    procedure: Procedure
    score: float


class ProcedureMention(Contract):
    """Words that name a procedure, the best candidates first. `code_doubtful`: its check digit is wrong.

    `ambiguous`: the words fit several procedures about as well ("ressonância", of what?): ask, do not take the first.
    `quantity`: sessions or units said; `side`, `contrast`, `sedation`: None when not said.
    """

    words: Words
    candidates: tuple[ProcedureMatch, ...]
    code_doubtful: bool = False
    ambiguous: bool = False
    side: Side | None = None
    quantity: int | None = None
    contrast: bool | None = None
    sedation: bool | None = None


class NumberMention(Contract):
    """A number found in the text, digits only. For a CPF the check digits were right."""

    words: Words
    value: Personal


class DateMention(Contract):
    """A date as written; None where the text alone does not say which day. `until`: the last day of a stretch
    ("mês que vem"), of which `value` is the first."""

    words: Words
    value: date | None
    until: date | None = None


class TimeMention(Contract):
    """A time of day: the clock ("às dez e meia"), the part of the day ("de manhã"), or both."""

    words: Words
    value: time | None
    part: DayPart | None


class CouncilMention(Contract):
    """A registration with a professional council: `CRM`, its number, the state (two letters) when it was said."""

    words: Words
    council: str
    number: Personal
    region: str | None


class PersonMention(Contract):
    """Words that say who is meant ("minha mãe", "um bebê de 8 meses"); the age in months when it was said."""

    words: Words
    relation: Relation
    age_months: int | None


class ProviderMention(Contract):
    """A hospital, clinic, laboratory or doctor by name. `key`: of the caller's list when one fits, with the `score`
    0..1 of that fit; a look-alike name is no proof of identity."""

    words: Words
    kind: ProviderKind
    key: str | None = None
    score: float | None = None


class BodyPartMention(Contract):
    """A part of the body, in Portuguese without accents (`joelho`), and the side when it was said."""

    words: Words
    part: str
    side: Side | None


class When(Contract):
    """When a complaint was there. `since` and `lasting`: it is there now, for that many `hours`; `past`: it was there,
    that many hours ago. `hours` is None where the words do not say ("desde criança")."""

    words: Words
    kind: Literal["since", "lasting", "past"]
    hours: float | None


class SymptomMention(Contract):
    """A complaint. `name`: Portuguese without accents; `label`: English; `confidence` 0..1 that it is one.

    `pain`: the number of a 0-10 scale; `degrees`: of a fever, Celsius; `age_months`: of who has it, when said.
    `negated` is how it was written, not what is true: the red-flag layer alone decides what a denial is worth.
    """

    words: Words
    name: str
    label: str
    confidence: float
    negated: bool = False
    when: When | None = None
    severity: Severity | None = None
    pain: int | None = None
    degrees: float | None = None
    part: str | None = None
    side: Side | None = None
    who: Relation = "self"
    age_months: int | None = None


class Dose(Contract):
    """How a medicine is taken, as written; nothing here says that it is right. `strength`: "50 mg"; `amount`:
    "1 comprimido"; `route`: "oral". None where it was not said."""

    words: tuple[Words, ...]
    strength: str | None = None
    amount: str | None = None
    every_hours: float | None = None
    times_a_day: float | None = None
    as_needed: bool = False
    route: str | None = None


class MedicineMention(Contract):
    """A medicine: its active ingredients in Portuguese without accents, the brand when that was said, and the
    confidence 0..1 that the words name it."""

    words: Words
    ingredients: tuple[str, ...]
    brand: str | None
    confidence: float
    dose: Dose | None = None


class ConditionMention(Contract):
    """A named illness or state with its CID-10 code (no dot). `description` is None when the table lacks the code.
    `confidence` 0..1 that the code is what was meant; a lay name is never a diagnosis."""

    words: Words
    code: str
    description: str | None
    confidence: float
    negated: bool = False
    who: Relation = "self"


class Entities(Contract):
    """Facts named in a message, each with its place in the text.

    A number can be in two lists (a card and a phone) where its shape leaves it open.
    """

    procedures: tuple[ProcedureMention, ...] = ()
    cpfs: tuple[NumberMention, ...] = ()
    card_numbers: tuple[NumberMention, ...] = ()
    codes: tuple[NumberMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    body_parts: tuple[BodyPartMention, ...] = ()
    symptoms: tuple[SymptomMention, ...] = ()
    medicines: tuple[MedicineMention, ...] = ()
    conditions: tuple[ConditionMention, ...] = ()
    times: tuple[TimeMention, ...] = ()
    people: tuple[PersonMention, ...] = ()
    names: tuple[Words, ...] = ()
    providers: tuple[ProviderMention, ...] = ()
    phones: tuple[NumberMention, ...] = ()
    emails: tuple[NumberMention, ...] = ()
    ceps: tuple[NumberMention, ...] = ()
    cns_numbers: tuple[NumberMention, ...] = ()
    protocols: tuple[NumberMention, ...] = ()
    councils: tuple[CouncilMention, ...] = ()
