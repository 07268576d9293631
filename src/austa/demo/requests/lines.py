"""How the lines and papers of a request are written down."""

from datetime import date, datetime, timedelta

from austa.demo.shapes import DemoItem, DemoMaterial, DemoPaper, Layout, PaperKind, Side
from austa.kernel.clock import BRASILIA
from austa.kernel.money import Money


def paper(
    name: str,
    kind: PaperKind,
    title: str,
    issued_on: date,
    *paragraphs: str,
    rows: tuple[tuple[str, ...], ...] = (),
    layout: Layout = "clinic",
    signed_by: str | None = None,
    codes: tuple[str, ...] = (),
    cids: tuple[str, ...] = (),
) -> DemoPaper:
    """A document with its paragraphs as the last positional arguments."""
    return DemoPaper(name, kind, title, issued_on, paragraphs, rows, layout, signed_by, codes, cids)


def item(
    code: str,
    description: str,
    centavos: int,
    *,
    quantity: int = 1,
    side: Side | None = None,
    at: datetime | None = None,
    where: str | None = None,
) -> DemoItem:
    """A line of table 22, value in centavos; `at` is local time."""
    return DemoItem(
        table="22",
        code=code,
        description=description,
        quantity=quantity,
        unit_value=Money(centavos=centavos),
        laterality=side,
        provider_key=where,
        performed_at=at.replace(tzinfo=BRASILIA) if at else None,
    )


def material(description: str, quantity: int, centavos: int, reference: int, makers: int = 3) -> DemoMaterial:
    """An OPME line, values in centavos; `reference` is the median the operator knows."""
    names = ("Implantes Alfa Demo", "Ortho Beta Demo", "Titânio Gama Demo")
    return DemoMaterial(
        description, quantity, Money(centavos=centavos), Money(centavos=reference), names[:makers], "89999900002"
    )


def quote(name: str, issued_on: date, *lines: tuple[str, int, int]) -> DemoPaper:
    """A supplier's quote; lines are text, quantity, centavos."""
    rows = tuple(
        (text, str(quantity), str(Money(centavos=price)), str(Money(centavos=price * quantity)))
        for text, quantity, price in lines
    )
    total = Money(centavos=sum(quantity * price for _, quantity, price in lines))
    heading = ("Material", "Qtd.", "Valor unitário", "Total")
    return paper(
        name,
        "quote",
        "Orçamento de materiais",
        issued_on,
        "Fabricante: Implantes Alfa Demo. Registro ANVISA 89999900002. Validade da proposta: 30 dias.",
        f"Total do orçamento: {total}.",
        rows=(heading, *rows),
        layout="supplier",
    )


def ultrasound_finding(name: str, issued_on: date, conclusion: str) -> DemoPaper:
    """An ultrasound of the upper abdomen with this sentence about the gallbladder."""
    return paper(
        name,
        "exam",
        "Ultrassonografia de abdome superior",
        issued_on,
        "Exame realizado com transdutor convexo multifrequencial.",
        "Vias biliares sem dilatação. Fígado e pâncreas de aspecto habitual.",
        f"Vesícula biliar: {conclusion}",
        layout="imaging",
        signed_by="raul",
    )


def mri_finding(name: str, issued_on: date, conclusion: str) -> DemoPaper:
    """A magnetic resonance of the lumbar spine with this conclusion."""
    return paper(
        name,
        "image",
        "Ressonância magnética da coluna lombar",
        issued_on,
        "Técnica: sequências multiplanares ponderadas em T1, T2 e STIR.",
        f"Impressão: {conclusion}",
        layout="imaging",
        signed_by="raul",
    )


def days_before(day: date, days: int) -> date:
    """So many days earlier."""
    return day - timedelta(days=days)
