"""A DMN model as it was read: what stands in the file, with expressions still as text (DMN 1.3, chapters 6 to 8)."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from austa.modules.prior_auth.domain.dmn.faults import Fault


class HitPolicy(Enum):
    """How the rules that match become one result (DMN 1.3, 8.2.10); the value is what the file says."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def gives_a_list(self) -> bool:
        """Whether several rules may match, each with its own result."""
        return self in {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT}


class Aggregation(Enum):
    """What COLLECT makes of the results."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True)
class LiteralLogic:
    """A boxed literal expression."""

    text: str


@dataclass(frozen=True)
class InputClause:
    """A column of conditions: the expression they are asked of, and the values it may have."""

    label: str
    expression: str
    type_ref: str
    allowed: str


@dataclass(frozen=True)
class OutputClause:
    """A column of results: their type, the values they may have (in order of priority), and the default."""

    name: str
    label: str
    type_ref: str
    allowed: str
    default: str | None


@dataclass(frozen=True)
class Rule:
    """A row: one text per column; what the author noted beside it."""

    id: str
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableLogic:
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type_ref: str = ""


@dataclass(frozen=True)
class InvocationLogic:
    """A boxed invocation: a knowledge model and an expression for each parameter."""

    function: str
    bindings: tuple[tuple[str, "Logic"], ...]


@dataclass(frozen=True)
class ContextLogic:
    """A boxed context: named entries in order, and the result where the last entry has no name."""

    entries: tuple[tuple[str, str, "Logic"], ...]
    result: "Logic | None"


Logic: TypeAlias = LiteralLogic | TableLogic | InvocationLogic | ContextLogic


@dataclass(frozen=True)
class ItemDefinition:
    """A type of the model."""

    name: str
    type_ref: str
    allowed: str
    is_collection: bool
    components: tuple["ItemDefinition", ...] = ()


@dataclass(frozen=True)
class InputData:
    """What the model is told."""

    id: str
    name: str
    type_ref: str


@dataclass(frozen=True)
class Decision:
    """What the model answers, from inputs, other decisions and knowledge models (by id)."""

    id: str
    name: str
    type_ref: str
    logic: Logic | None
    required: tuple[str, ...]
    knowledge: tuple[str, ...]


@dataclass(frozen=True)
class KnowledgeModel:
    """A function of the model."""

    id: str
    name: str
    type_ref: str
    parameters: tuple[tuple[str, str], ...]
    logic: Logic | None
    knowledge: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """A whole file. `digest` is the SHA-256 of its bytes: what is replayed is the file as it was, to the byte.

    `faults` are those found while reading; the decisions they name cannot be evaluated.
    """

    name: str
    namespace: str
    version: str
    digest: str
    types: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge_models: tuple[KnowledgeModel, ...]
    faults: tuple[Fault, ...] = field(default=())
