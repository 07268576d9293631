"""The heads and feet of the demo's papers: eleven letterheads, so that no two kinds of paper look alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from austa.demo.orders.sheet import A4, A5, GREY, Color, Sheet
from austa.demo.shapes import DemoProfessional, DemoProvider, Layout

WHITE: Color = (255, 255, 255)


@dataclass(frozen=True)
class Letterhead:
    """How a paper of one origin looks. `patient` and `items` choose how the middle is set; `stamped` papers carry the
    signer's registration in the stamp only, others print it under the signature as well."""

    draw: Callable[[Sheet, DemoProvider, DemoProfessional], float]
    fonts: tuple[str, str]
    accent: Color
    patient: Literal["box", "columns", "lines", "prose", "form", "none"]
    items: Literal["table", "list", "form"]
    text_size: float
    size: tuple[float, float] = A4
    stamped: bool = True
    left: float = 56.0

    @property
    def body(self) -> str:
        return self.fonts[0]

    @property
    def bold(self) -> str:
        return self.fonts[1]


def _clinic(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    green = (28, 120, 84)
    sheet.disc(82, 66, 24, fill=green)
    sheet.box(78, 50, 8, 32, fill=WHITE)
    sheet.box(66, 62, 32, 8, fill=WHITE)
    sheet.text(120, 62, provider.name, "Helvetica-Bold", 19, color=green)
    sheet.text(120, 80, f"{provider.address} - {provider.municipality}/{provider.state}", "Helvetica", 9.5, color=GREY)
    sheet.line(56, 104, 539, 104, color=green, width=1.6)
    _foot(sheet, f"CNPJ {cnpj(provider)}   CNES {provider.cnes}   Tel. {phone(provider)}")
    return 136


def _letterhead(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.text(297, 62, signer.name, "Times-BoldItalic", 24, color=(40, 40, 92), align="center")
    sheet.text(297, 80, f"{signer.specialty}  -  {signer.registration}", "Times-Italic", 12.5, align="center")
    sheet.line(150, 92, 445, 92, color=(40, 40, 92), width=0.8)
    sheet.line(150, 94.5, 445, 94.5, color=(40, 40, 92), width=0.4)
    _foot(sheet, f"{provider.name} - {provider.address} - {provider.municipality}/{provider.state} - {phone(provider)}")
    return 138


def _prescription(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    ink = (52, 60, 72)
    sheet.box(18, 18, 384, 559, stroke=ink, line_width=1.1)
    sheet.box(22, 22, 376, 551, stroke=ink, line_width=0.4)
    sheet.text(210, 52, signer.name, "Times-Bold", 18, color=ink, align="center")
    sheet.text(210, 68, signer.specialty, "Times-Italic", 11.5, color=ink, align="center")
    sheet.text(210, 83, signer.registration, "Times-Roman", 11.5, color=ink, align="center")
    sheet.line(40, 93, 380, 93, color=ink)
    sheet.text(
        210, 562, f"{provider.municipality}/{provider.state} - {phone(provider)}", "Times-Roman", 9, align="center"
    )
    return 118


def _orthopedics(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    blue = (24, 74, 140)
    sheet.box(0, 0, 595, 92, fill=blue)
    sheet.box(0, 92, 595, 5, fill=(120, 176, 222))
    sheet.text(56, 46, provider.name, "Helvetica-Bold", 22, color=WHITE)
    sheet.text(56, 68, "Joelho - Ombro - Coluna - Medicina do esporte", "Helvetica-Oblique", 11, color=(214, 230, 246))
    sheet.disc(516, 46, 24, stroke=WHITE)
    sheet.line(504, 56, 528, 34, color=WHITE, width=3)
    sheet.line(504, 34, 528, 56, color=WHITE, width=3)
    _foot(sheet, f"{provider.address} - {provider.municipality}/{provider.state}   Tel. {phone(provider)}")
    return 134


def _institute(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    teal = (10, 110, 122)
    sheet.box(0, 0, 30, 842, fill=teal)
    sheet.box(30, 0, 4, 842, fill=(160, 206, 210))
    sheet.disc(80, 62, 20, stroke=teal)
    sheet.disc(80, 62, 8, fill=teal)
    sheet.text(114, 60, provider.name, "Helvetica", 20, color=teal)
    sheet.text(114, 77, f"{signer.name} - {signer.specialty}", "Helvetica", 10.5, color=GREY)
    _foot(sheet, f"{provider.address} - {provider.municipality}/{provider.state} - CNES {provider.cnes}")
    return 124


def _hospital(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.box(40, 36, 515, 56, stroke=(60, 60, 66), line_width=1)
    sheet.line(210, 36, 210, 92, color=(60, 60, 66), width=1)
    sheet.box(52, 52, 22, 22, fill=(176, 32, 44))
    sheet.box(61, 54, 4, 18, fill=WHITE)
    sheet.box(54, 61, 18, 4, fill=WHITE)
    sheet.text(82, 60, "HOSPITAL", "Helvetica-Bold", 11)
    sheet.text(82, 74, "SANTA EMÍLIA", "Helvetica-Bold", 13)
    sheet.text(222, 58, provider.name, "Helvetica", 10.5)
    sheet.text(222, 72, f"{provider.address} - {provider.municipality}/{provider.state}", "Helvetica", 9)
    sheet.text(222, 85, f"CNPJ {cnpj(provider)}   CNES {provider.cnes}", "Helvetica", 9)
    _foot(sheet, "Via da operadora")
    return 120


def _oncology(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    purple = (104, 52, 120)
    sheet.text(539, 58, provider.name, "Times-Bold", 21, color=purple, align="right")
    sheet.text(539, 75, f"{signer.name}, {signer.registration}", "Times-Roman", 11, align="right")
    for number in range(3):
        sheet.disc(70 + 20 * number, 58, 12, stroke=purple)
    sheet.box(56, 92, 483, 2.5, fill=purple)
    _foot(sheet, f"{provider.address} - {provider.municipality}/{provider.state} - {phone(provider)}")
    return 130


def _imaging(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    slate = (44, 62, 80)
    sheet.box(56, 40, 6, 40, fill=(226, 130, 24))
    sheet.text(74, 58, provider.name.upper(), "Helvetica-Bold", 15, color=slate)
    sheet.text(74, 75, "Ressonância - Tomografia - Ultrassonografia", "Helvetica", 10, color=GREY)
    sheet.text(539, 58, "LAUDO DE EXAME", "Helvetica-Bold", 10, color=slate, align="right")
    sheet.line(56, 92, 539, 92, color=slate, width=1)
    _foot(sheet, f"{provider.address} - {provider.municipality}/{provider.state} - CNES {provider.cnes}")
    return 128


def _laboratory(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.text(297, 54, "ANATOMIA PATOLÓGICA", "Courier-Bold", 17, align="center")
    sheet.text(297, 72, provider.name, "Courier", 11, align="center")
    sheet.line(56, 84, 539, 84, width=1)
    sheet.line(56, 87, 539, 87, width=0.4)
    _foot(sheet, f"{provider.address} - {provider.municipality}/{provider.state}")
    return 118


def _supplier(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.text(56, 60, provider.name, "Helvetica-Bold", 17, color=(150, 28, 32))
    sheet.text(56, 77, f"CNPJ {cnpj(provider)}   {provider.address} - {provider.municipality}/{provider.state}", size=9)
    sheet.box(56, 88, 483, 1.5, fill=(150, 28, 32))
    _foot(sheet, f"Tel. {phone(provider)}")
    return 124


def _receipt(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.box(24, 24, 372, 380, stroke=(90, 90, 90), line_width=1)
    sheet.text(210, 52, provider.name, "Times-Bold", 16, align="center")
    sheet.text(210, 68, f"CNPJ {cnpj(provider)}", "Times-Roman", 10.5, align="center")
    sheet.text(210, 82, f"{signer.name} - {signer.registration}", "Times-Roman", 10.5, align="center")
    sheet.line(40, 92, 380, 92)
    return 118


def _court(sheet: Sheet, provider: DemoProvider, signer: DemoProfessional) -> float:
    sheet.disc(297, 58, 22, stroke=(70, 70, 70))
    sheet.text(297, 63, "D", "Times-Bold", 18, align="center")
    sheet.text(297, 100, "PODER JUDICIÁRIO DEMONSTRAÇÃO", "Times-Bold", 13, align="center")
    sheet.text(297, 116, "Comarca de São Paulo - Vara Cível", "Times-Roman", 11.5, align="center")
    _foot(sheet, "Processo digital")
    return 156


_HELVETICA = ("Helvetica", "Helvetica-Bold")
_TIMES = ("Times-Roman", "Times-Bold")
_COURIER = ("Courier", "Courier-Bold")

LETTERHEADS: dict[Layout, Letterhead] = {
    "clinic": Letterhead(_clinic, _HELVETICA, (28, 120, 84), "box", "table", 13.5),
    "letterhead": Letterhead(_letterhead, _TIMES, (40, 40, 92), "prose", "list", 16),
    "prescription": Letterhead(_prescription, _COURIER, (52, 60, 72), "lines", "list", 10.5, size=A5, left=38),
    "orthopedics": Letterhead(_orthopedics, _HELVETICA, (24, 74, 140), "columns", "table", 13.5, stamped=False),
    "institute": Letterhead(_institute, _HELVETICA, (10, 110, 122), "lines", "list", 15, left=70),
    "hospital": Letterhead(_hospital, _HELVETICA, (60, 60, 66), "form", "form", 13, left=40),
    "oncology": Letterhead(_oncology, _TIMES, (104, 52, 120), "lines", "table", 14.5),
    "imaging": Letterhead(_imaging, _HELVETICA, (44, 62, 80), "columns", "list", 13, stamped=False),
    "laboratory": Letterhead(_laboratory, _COURIER, (30, 30, 30), "lines", "list", 11, stamped=False),
    "supplier": Letterhead(_supplier, _HELVETICA, (150, 28, 32), "columns", "table", 12, stamped=False),
    "receipt": Letterhead(_receipt, _TIMES, (60, 60, 60), "none", "list", 12, size=A5, left=40),
    "court": Letterhead(_court, _TIMES, (40, 40, 40), "lines", "list", 14, stamped=False),
}


def cnpj(provider: DemoProvider) -> str:
    """As printed: `99.000.001/0001-00`."""
    digits = provider.cnpj
    return f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}/{digits[8:12]}-{digits[12:]}"


def phone(provider: DemoProvider) -> str:
    """As printed: `(11) 90000-0075`."""
    digits = provider.phone.removeprefix("+55")
    return f"({digits[:2]}) {digits[2:7]}-{digits[7:]}"


def _foot(sheet: Sheet, words: str) -> None:
    sheet.line(56, 800, sheet.width - 56, 800, color=(190, 190, 194), width=0.5)
    sheet.text(sheet.width / 2, 814, words, "Helvetica", 8.5, color=GREY, align="center")
    sheet.text(sheet.width / 2, 826, "Documento fictício, feito para demonstração", size=7, color=GREY, align="center")
