"""Holidays of Brazil by law: the nation's, and those of each of the 27 states, with the law that makes each.

A term that ends a day early harms nobody, one that ends a day late breaks the law: **in doubt a day counts.** So only
what a law in force makes a holiday stands here, and a date that is contested, moved by decree from year to year, or a
day off for public servants alone is left out; `STATES` says so beside the state. An operator adds such a day, and its
municipality's holidays, to its own list.

Carnival and Corpus Christi are days off by decree (ponto facultativo), not holidays, but where a state's law says so.
Good Friday is a religious holiday that municipal law declares (Lei 9.093/1995, art. 2); every municipality does and the
federal calendar lists it as national, so it is national here.

The laws are as the states' own publications and their indexes cite them, collected in November 2026; the table is
whole from 2024 on and holds fewer days before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from austa.kernel.errors import Invalid

TABLE_VERSION = "2026.11"
"""Grows with every change of this table; calendars name it in their id."""

State = Literal[
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
    "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
]  # fmt: skip
"""The states and the Federal District."""

Move = Literal["stays", "to_sunday", "tuesday_back_thursday_on", "not_midweek"]
"""What a holiday's law does when it falls on a working day. `not_midweek`: from Tuesday to Thursday the law puts it off
to the Friday, but each year's decree places it otherwise, so then it is no day of this table."""

TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


@dataclass(frozen=True)
class Holiday:
    """A day on which no legal term runs, and the law that says so.

    `when` is `MM-DD` (each year), `easter+N` or `easter-N` (days from Easter Sunday), or `YYYY-MM-DD` (once).
    `since` is the first year. Raises `Invalid` `calendar.day_wrong` where `when` is none of these.
    """

    name: str
    when: str
    law: str
    since: int = 1
    move: Move = "stays"

    def __post_init__(self) -> None:
        try:
            self._stated_in(2024)  # a leap year: 29 February is a day of some years
        except ValueError:
            raise Invalid("calendar.day_wrong", "a holiday is MM-DD, easter+N, easter-N or YYYY-MM-DD") from None

    def day_in(self, year: int) -> date | None:
        """Its date in that year; None where it has none."""
        if year < self.since:
            return None
        try:
            stated = self._stated_in(year)
        except ValueError:
            return None  # 29 February
        return _moved(stated, self.move) if stated and stated.year == year else None

    def _stated_in(self, year: int) -> date | None:
        if self.when.startswith("easter"):
            return easter(year) + timedelta(days=int(self.when.removeprefix("easter")))
        if len(self.when) == len("MM-DD"):
            return date.fromisoformat(f"{year:04}-{self.when}")
        return date.fromisoformat(self.when)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    month, day = divmod(epact + weekday - 7 * ((golden + 11 * epact + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def _moved(day: date, move: Move) -> date | None:
    weekday = day.weekday()
    match move:
        case "stays":
            return day
        case "to_sunday":
            return day + timedelta(days=6 - weekday)
        case "tuesday_back_thursday_on":
            return day + timedelta(days={TUESDAY: -1, THURSDAY: 1}.get(weekday, 0))
        case "not_midweek":
            return None if weekday in (TUESDAY, WEDNESDAY, THURSDAY) else day


LEI_662 = "Lei 662/1949, art. 1º (Lei 10.607/2002)"

NATIONAL: tuple[Holiday, ...] = (
    Holiday("Confraternização Universal", "01-01", LEI_662),
    Holiday("Sexta-feira da Paixão", "easter-2", "Lei 9.093/1995, art. 2º"),
    Holiday("Tiradentes", "04-21", LEI_662),
    Holiday("Dia do Trabalho", "05-01", LEI_662),
    Holiday("Independência do Brasil", "09-07", LEI_662),
    Holiday("Nossa Senhora Aparecida", "10-12", "Lei 6.802/1980"),
    Holiday("Finados", "11-02", LEI_662),
    Holiday("Proclamação da República", "11-15", LEI_662),
    Holiday("Dia Nacional de Zumbi e da Consciência Negra", "11-20", "Lei 14.759/2023", since=2024),
    Holiday("Natal", "12-25", LEI_662),
)


@dataclass(frozen=True)
class StateCalendar:
    """A state's holidays, the time zone of its capital, and what was left out, and why, in Portuguese."""

    zone: str
    holidays: tuple[Holiday, ...] = ()
    left_out: str = ""


SAO_PAULO, FORTALEZA, MACEIO, BELEM = "America/Sao_Paulo", "America/Fortaleza", "America/Maceio", "America/Belem"
AC_MOVES = " (adiamento: Lei AC 2.126/2009, redação da Lei AC 2.247/2009)"
SC_LAW = "Lei SC 18.531/2022 (passa para o domingo seguinte)"

STATES: Mapping[State, StateCalendar] = MappingProxyType(
    {
        "AC": StateCalendar(
            "America/Rio_Branco",
            (
                Holiday("Dia do Católico", "01-20", "Lei AC 3.137/2016" + AC_MOVES, move="not_midweek"),
                Holiday("Dia do Evangélico", "01-23", "Lei AC 1.538/2004" + AC_MOVES, move="not_midweek"),
                Holiday("Dia Internacional da Mulher", "03-08", "Lei AC 1.411/2001" + AC_MOVES, move="not_midweek"),
                Holiday("Aniversário do Acre", "06-15", "Lei AC 14/1964"),
                Holiday("Dia da Amazônia", "09-05", "Lei AC 243/1968" + AC_MOVES, move="not_midweek"),
                Holiday("Tratado de Petrópolis", "11-17", "Lei AC 57/1965" + AC_MOVES, move="not_midweek"),
            ),
            "De terça a quinta, o decreto de cada ano coloca o feriado em outro dia. 06/08 é ponto facultativo.",
        ),
        "AL": StateCalendar(
            MACEIO,
            (
                Holiday("São João", "06-24", "Lei AL 5.508/1993"),
                Holiday("São Pedro", "06-29", "Lei AL 5.509/1993"),
                Holiday("Emancipação Política de Alagoas", "09-16", "Lei AL 9.358/2024"),
                Holiday(
                    "Dia Estadual do Evangélico", "11-30", "Lei AL 7.530/2013, art. 2º", move="tuesday_back_thursday_on"
                ),
            ),
        ),
        "AM": StateCalendar(
            "America/Manaus",
            (Holiday("Elevação do Amazonas à categoria de Província", "09-05", "Lei AM 25/1977"),),
            "08/12 é feriado do município de Manaus (Lei municipal 496/1999), não do estado.",
        ),
        "AP": StateCalendar(
            BELEM,
            (
                Holiday("São José", "03-19", "Lei AP 667/2002"),
                Holiday("Dia de Cabralzinho", "05-15", "Lei AP 2.213/2017"),
                Holiday("Criação do Território Federal do Amapá", "09-13", "Constituição do AP, art. 355"),
            ),
            "25/07: a Lei AP 1.696/2012 é inconstitucional (STF, ADI 4820). 05/10 não dispensa do trabalho.",
        ),
        "BA": StateCalendar(
            "America/Bahia", (Holiday("Independência da Bahia", "07-02", "Constituição da BA, art. 6º, § 3º"),)
        ),
        "CE": StateCalendar(
            FORTALEZA,
            (Holiday("Data Magna do Ceará", "03-25", "Constituição do CE, art. 18, parágrafo único (EC 73/2011)"),),
            "19/03 e 15/08: nenhuma lei estadual encontrada que os faça feriado.",
        ),
        "DF": StateCalendar(
            SAO_PAULO,
            (
                Holiday("Fundação de Brasília", "04-21", "Lei DF 72/1989"),
                Holiday("Dia do Evangélico", "11-30", "Lei DF 963/1995"),
            ),
            "Corpus Christi: a Lei DF 72/1989 o cita, mas os decretos anuais o tratam como ponto facultativo.",
        ),
        "ES": StateCalendar(SAO_PAULO, (Holiday("Nossa Senhora da Penha", "easter+8", "Lei ES 11.010/2019"),)),
        "GO": StateCalendar(
            SAO_PAULO,
            left_out="26/07, 24/10 e 28/10 são do estatuto dos servidores (Lei GO 20.756/2020, art. 269).",
        ),
        "MA": StateCalendar(
            FORTALEZA,
            (
                Holiday("Adesão do Maranhão à Independência", "07-28", "Lei MA 2.457/1964"),
                Holiday("Corpus Christi", "easter+60", "Lei MA 11.539/2021"),
            ),
            "08/03: a Lei MA 12.800/2026 é contestada no Tribunal de Justiça.",
        ),
        "MG": StateCalendar(SAO_PAULO, (Holiday("Dia de Tiradentes", "04-21", "Constituição de MG, art. 256"),)),
        "MS": StateCalendar("America/Campo_Grande", (Holiday("Criação do Estado", "10-11", "Lei MS 10/1979"),)),
        "MT": StateCalendar("America/Cuiaba", left_out="20/11 (Lei MT 7.879/2002) é nacional desde 2024."),
        "PA": StateCalendar(BELEM, (Holiday("Adesão do Pará à Independência", "08-15", "Lei PA 5.999/1996"),)),
        "PB": StateCalendar(
            FORTALEZA,
            (Holiday("Data Magna da Paraíba", "08-05", "Lei PB 10.601/2015"),),
            "26/07: a Lei PB 10.601/2015 revogou o feriado.",
        ),
        "PE": StateCalendar(
            "America/Recife",
            (Holiday("Data Magna de Pernambuco", "03-06", "Lei PE 16.241/2017, art. 49"),),
            "24/06 é feriado de municípios.",
        ),
        "PI": StateCalendar(FORTALEZA, (Holiday("Dia do Piauí", "10-19", "Lei PI 176/1937"),)),
        "PR": StateCalendar(SAO_PAULO, left_out="19/12 deixou de ser feriado (Lei PR 18.384/2014)."),
        "RJ": StateCalendar(
            SAO_PAULO,
            (
                Holiday("Terça-feira de Carnaval", "easter-47", "Lei RJ 5.243/2008"),
                Holiday("São Jorge", "04-23", "Lei RJ 5.198/2008"),
                Holiday("Corpus Christi", "easter+60", "Lei RJ 11.002/2025", since=2026),
            ),
        ),
        "RN": StateCalendar(
            FORTALEZA,
            (Holiday("Mártires de Cunhaú e Uruaçu", "10-03", "Lei RN 8.913/2006"),),
            "07/08 é data comemorativa (Lei RN 7.831/2000).",
        ),
        "RO": StateCalendar(
            "America/Porto_Velho",
            (Holiday("Criação do Estado", "01-04", "Lei RO 2.291/2010"),),
            "18/06: a Lei RO 1.026/2001 é inconstitucional (STF, ADI 3940).",
        ),
        "RR": StateCalendar("America/Boa_Vista", (Holiday("Data magna", "10-05", "Constituição de RR, art. 9º"),)),
        "RS": StateCalendar(
            SAO_PAULO, (Holiday("Revolução Farroupilha", "09-20", "Constituição do RS, art. 6º, § 1º"),)
        ),
        "SC": StateCalendar(
            SAO_PAULO,
            (
                Holiday("Dia do Estado de Santa Catarina", "08-11", SC_LAW, move="to_sunday"),
                Holiday("Santa Catarina de Alexandria", "11-25", SC_LAW, move="to_sunday"),
            ),
        ),
        "SE": StateCalendar(MACEIO, (Holiday("Independência de Sergipe", "07-08", "Constituição de SE, art. 269"),)),
        "SP": StateCalendar(SAO_PAULO, (Holiday("Revolução Constitucionalista", "07-09", "Lei SP 9.497/1997"),)),
        "TO": StateCalendar(
            "America/Araguaina",
            (
                Holiday("Nossa Senhora da Natividade", "09-08", "Lei TO 627/1993"),
                Holiday("Criação do Estado", "10-05", "Lei TO 98/1989"),
            ),
            "18/03 deixou de ser feriado (Lei TO 2.013/2009).",
        ),
    }
)
