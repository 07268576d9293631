"""Sets a demo paper on a page: head, patient, items or text, date, and the place where the signer signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from austa.demo.orders.letterheads import LETTERHEADS, Letterhead
from austa.demo.orders.sheet import GREY, Color, Sheet
from austa.demo.shapes import DemoItem, DemoMember, DemoPaper, DemoProfessional, DemoProvider, DemoRequest, DemoWorld

MONTHS = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
FormRow = tuple[tuple[str, str], ...]
CHARACTERS = {"elective": "Eletivo", "urgency": "Urgência"}


@dataclass(frozen=True)
class Parts:
    """Everything that a paper names."""

    request: DemoRequest
    paper: DemoPaper
    member: DemoMember
    signer: DemoProfessional
    provider: DemoProvider
    insurer: str

    @property
    def items(self) -> tuple[DemoItem, ...]:
        return tuple(item for item in self.request.items if not self.paper.codes or item.code in self.paper.codes)

    @property
    def cids(self) -> tuple[str, ...]:
        return self.paper.cids or self.request.cids

    @property
    def signed_as(self) -> tuple[str, ...]:
        """What stands under the signature."""
        match self.paper.kind:
            case "quote":
                return "Setor comercial", self.provider.name
            case "ruling":
                return "Juiz de Direito", "Vara Cível Demonstração"
            case _:
                return self.signer.name, self.signer.specialty, self.signer.registration

    @property
    def patient(self) -> tuple[tuple[str, str], ...]:
        """Label and value, the name first."""
        return (
            ("Paciente", self.member.name),
            ("Nascimento", numeric_date(self.member.birth_date)),
            ("Carteirinha", self.member.card_number),
            ("Convênio", self.insurer),
        )


def parts_of(world: DemoWorld, request: DemoRequest, paper: DemoPaper) -> Parts:
    """Looks up who and what stands on the paper; a quote comes from the supplier, the rest from the signer's house."""
    signer = world.professional(paper.signed_by or request.requester_key or "helena")
    provider = world.provider("implants" if paper.kind == "quote" else signer.provider_key)
    return Parts(request, paper, world.member(request.member_key), signer, provider, world.operator.name)


def set_page(sheet: Sheet, parts: Parts, *, by_hand: bool) -> tuple[float, float]:
    """Draws the paper; returns the point (in points) around which stamp and signature belong.

    What is not signed by hand gets the signer's name printed.
    """
    style = LETTERHEADS[parts.paper.layout]
    y = style.draw(sheet, parts.provider, parts.signer)
    sheet.text(sheet.width / 2, y, parts.paper.title.upper(), style.bold, style.text_size + 3, align="center")
    y = _patient(sheet, style, parts, y + 30)
    y = _order(sheet, style, parts, y) if parts.paper.kind == "order" else _prose(sheet, style, parts, y)
    return _close(sheet, style, parts, y, printed=not (by_hand and style.stamped))


def numeric_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def written_date(day: date) -> str:
    """`21 de novembro de 2026`."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def _patient(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    """Who it is for; returns where the next part begins."""
    left, right, size = style.left, sheet.width - style.left, style.text_size
    match style.patient:
        case "none":
            return y
        case "prose":
            member = parts.member
            text = (
                f"Paciente: {member.name}, nascimento em {numeric_date(member.birth_date)},"
                f" carteirinha {member.card_number}, convênio {parts.insurer}."
            )
            return sheet.paragraph(left, y, right - left, text, style.body, size) + 10
        case "lines":
            for label, value in parts.patient:
                label_width = sheet.text(left, y, f"{label}:", style.bold, size)
                sheet.text(left + label_width + 7, y, value, style.body, size)
                y += size * 1.5
            return y + 8
        case "form":
            return _form_rows(sheet, style, y - 8, [parts.patient[:2], parts.patient[2:]])
        case _:
            if style.patient == "box":
                sheet.box(left, y - 20, right - left, 76, stroke=style.accent, line_width=0.8)
            for place, (label, value) in enumerate(parts.patient):
                x = left + 12 + (place % 2) * (right - left) * 0.58
                line = y + (place // 2) * 34
                sheet.text(x, line - 4, label.upper(), style.bold, 7.5, color=style.accent)
                sheet.text(x, line + 12, value, style.body, size)
            return y + 88


def _order(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    left, right, size = style.left, sheet.width - style.left, style.text_size
    asks = {"table": _item_table, "list": _item_list, "form": _item_form}[style.items]
    y = asks(sheet, style, parts, y)
    cids = ", ".join(parts.cids)
    if style.items == "form":
        medical = (("CID-10", cids), ("Caráter", CHARACTERS[parts.request.character]))
        rows: Sequence[FormRow] = [medical, (("Indicação clínica", parts.request.indication),)]
        return _form_rows(sheet, style, y, rows)
    sheet.text(left, y, "Indicação clínica:", style.bold, size)
    y = sheet.paragraph(left, y + size * 1.45, right - left, parts.request.indication, style.body, size) + 8
    width = sheet.text(left, y, "CID-10:", style.bold, size)
    sheet.text(left + width + 7, y, cids, style.body, size)
    return y + size * 2


def _item_table(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    rows = [("Código TUSS", "Procedimento", "Qtd.")]
    rows += [(item.code, item.description, str(item.quantity)) for item in parts.items]
    return _table(sheet, style, y, rows, (0.0, 0.20, 0.90))


def _item_list(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    left, right, size = style.left, sheet.width - style.left, style.text_size
    sheet.text(left, y, "Solicito:", style.bold, size)
    y += size * 1.8
    for number, item in enumerate(parts.items, start=1):
        sheet.text(left, y, f"{number}.", style.body, size)
        y = sheet.paragraph(left + 26, y, right - left - 26, item.description, style.body, size)
        sheet.text(left + 26, y, f"TUSS {item.code}   Quantidade: {item.quantity}", style.body, size)
        y += size * 1.9
    for material in parts.request.materials:
        words = f"Material: {material.quantity} x {material.description}"
        y = sheet.paragraph(left + 26, y, right - left - 26, words, style.body, size) + size * 0.5
    return y + 4


def _item_form(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    for item in parts.items:
        y = _form_rows(
            sheet,
            style,
            y,
            [(("Código TUSS", item.code), ("Quantidade", str(item.quantity))), (("Procedimento", item.description),)],
        )
    for material in parts.request.materials:
        y = _form_rows(sheet, style, y, [(("Material (OPME)", material.description), ("Qtd.", str(material.quantity)))])
    return y


def _prose(sheet: Sheet, style: Letterhead, parts: Parts, y: float) -> float:
    left, right, size = style.left, sheet.width - style.left, style.text_size
    y += 14 if style.patient == "form" else 0
    for words in parts.paper.paragraphs:
        y = sheet.paragraph(left, y, right - left, words, style.body, size, leading=1.5) + size * 0.7
    if parts.paper.rows:
        others = len(parts.paper.rows[0]) - 1
        columns = (0.0, *(0.34 + 0.66 * n / others for n in range(others)))
        y = _table(sheet, style, y + 10, parts.paper.rows, columns)
    if parts.paper.kind == "report":
        width = sheet.text(left, y + 6, "CID-10:", style.bold, size)
        sheet.text(left + width + 7, y + 6, ", ".join(parts.cids), style.body, size)
        y += size * 2.2
    return y


def _table(
    sheet: Sheet, style: Letterhead, y: float, rows: Sequence[tuple[str, ...]], columns: tuple[float, ...]
) -> float:
    """Rows with a rule under each, the first as heading; `columns` are the left ends as shares of the width."""
    left, right, size = style.left, sheet.width - style.left, style.text_size
    ends = (*columns[1:], 1.0)
    sheet.box(left, y - size * 1.25, right - left, size * 1.9, fill=_pale(style.accent))
    for number, row in enumerate(rows):
        font = style.bold if number == 0 else style.body
        bottom = y
        for start, end, cell in zip(columns, ends, row, strict=True):
            width = (end - start) * (right - left) - 10
            after = sheet.paragraph(left + start * (right - left) + 5, y, width, cell, font, size, leading=1.25)
            bottom = max(bottom, after)
        y = bottom + size * 0.75
        sheet.line(left, y - size * 1.15, right, y - size * 1.15, color=(170, 172, 178), width=0.5)
    return y + 14


def _pale(color: Color) -> Color:
    red, green, blue = (round(230 + part * 0.07) for part in color)
    return red, green, blue


def _form_rows(sheet: Sheet, style: Letterhead, y: float, rows: Sequence[FormRow]) -> float:
    """Boxes with small labels, as on the forms of operators; the first box of a row is the wider one."""
    left, right, size = style.left, sheet.width - style.left, style.text_size
    for row in rows:
        widths = [right - left] if len(row) == 1 else [(right - left) * 0.68, (right - left) * 0.32]
        lines = max(1, round(sheet.width_of(row[0][1], style.body, size) / (widths[0] - 16) + 0.5))
        height = 20 + size * 1.3 * lines
        x = left
        for (label, value), width in zip(row, widths, strict=True):
            sheet.box(x, y, width, height, stroke=style.accent, line_width=0.7)
            sheet.text(x + 6, y + 10, label, style.body, 7.5, color=GREY)
            sheet.paragraph(x + 6, y + 14 + size, width - 12, value, style.body, size, leading=1.3)
            x += width
        y += height
    return y + 12


def _close(sheet: Sheet, style: Letterhead, parts: Parts, y: float, *, printed: bool) -> tuple[float, float]:
    """Place, date and the line for the signature."""
    size = style.text_size
    place = f"{parts.provider.municipality}, {written_date(parts.paper.issued_on)}"
    if style.items == "table" or style.patient in {"form", "columns"}:
        place = f"Data: {numeric_date(parts.paper.issued_on)}"
    sheet.text(style.left, y + 10, place, style.body, size)
    lowest = (404.0 if style.patient == "none" else sheet.height - 42) - 62
    line = min(max(y + 104, sheet.height * 0.70 if sheet.height > 700 else 0), lowest)
    middle = sheet.width * (0.5 if style.stamped else 0.66)
    sheet.line(middle - 105, line, middle + 105, line, width=0.5)
    for number, words in enumerate(parts.signed_as if printed else ()):
        sheet.text(middle, line + 14 * (number + 1), words, style.body, 11.5, align="center")
    return middle, line - 15
