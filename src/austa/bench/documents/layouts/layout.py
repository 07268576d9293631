"""What a layout is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from austa.bench.documents.cases import Case
from austa.bench.documents.typesetting import Look, Paper
from austa.modules.documents.api import DocumentClass


@dataclass(frozen=True)
class Layout:
    """One kind of paper of one origin: `draw` sets a case on it."""

    name: str
    document_class: DocumentClass
    draw: Callable[[Case], Paper]
    look: Look = field(default_factory=Look)
