"""Pages as a reader would have seen them, from rows of text."""

from dataclasses import replace

from austa.modules.documents.api import Box
from austa.modules.documents.domain.reading import Line, PageReading

Row = str | tuple[tuple[float, str], ...]
"""One text at the left margin, or several at their x (fractions of the page)."""


def page(*rows: Row, confidence: float = 0.98) -> PageReading:
    """Rows from top to bottom, an empty text for a gap; both readings the same."""
    lines = tuple(
        Line(text, Box(page=1, x0=x, y0=0.05 + 0.03 * at, x1=x + 0.011 * len(text), y1=0.068 + 0.03 * at), confidence)
        for at, row in enumerate(rows)
        for x, text in (((0.1, row),) if isinstance(row, str) else row)
        if text
    )
    return PageReading(1, 1240, 1754, lines, lines)


def seen_otherwise(reading: PageReading, here: str, there: str) -> PageReading:
    """The same page whose second reading has `there` instead of `here`."""
    second = tuple(replace(line, text=line.text.replace(here, there)) for line in reading.second)
    return replace(reading, second=second)


ORDER: tuple[Row, ...] = (
    "Clínica Ortopédica São Lucas",
    "SOLICITAÇÃO DE EXAME",
    "",
    "Paciente: Severino Lopes Damasceno",
    "Carteirinha: 0037 1234 5678 9012 3",
    "CPF: 111.444.777-35   Data de nascimento: 02/03/1980",
    "",
    "Solicito:",
    "41101316 RM articular - joelho direito",
    "CID-10: M23.2",
    "Indicação clínica: dor e bloqueio após trauma",
    "",
    "São Paulo, 18 de novembro de 2026",
    "",
    "Dr. Arnaldo Menezes Pinto",
    "CRM-SP 123456",
)


def order(**changed: str) -> PageReading:
    """The order above with the row that begins with a word replaced: `order(CPF="CPF: 123")`."""
    rows = [
        next((text for word, text in changed.items() if isinstance(row, str) and row.startswith(word)), row)
        for row in ORDER
    ]
    return page(*rows)
