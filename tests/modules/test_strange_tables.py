"""Whatever file comes to an import door is read whole or refused with a line and a column; no value is repeated."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from austa.infra.csv_tables import LARGEST_CELL, decode_csv, problems_of, read_csv
from austa.kernel.imports import ImportProblem
from austa.modules.fraud.domain.records import SENTENCES as SIGNAL_SENTENCES
from austa.modules.fraud.domain.records import faults_of
from austa.modules.fraud.service.csv_rows import FORMS
from austa.modules.medical_audit.service import tiebreakers
from austa.modules.members.domain import checks
from austa.modules.members.service import csv_rows as member_rows
from austa.modules.prior_auth.domain import own_holidays
from austa.modules.prior_auth.service import clocks
from austa.modules.providers import domain as network
from austa.modules.providers.service import csv_rows as network_rows
from tests.conftest import TODAY

DAY = TODAY.date()
Problems = list[ImportProblem]
Door = Callable[[str], Problems]


def _contracts(text: str) -> Problems:
    sent = member_rows.read_sent(text, None)
    found = ((line, checks.contract_faults(checks.tidy_contract(new))) for line, new in sent.contracts)
    return [*sent.problems, *problems_of("contracts", checks.SENTENCES, found)]


def _members(text: str) -> Problems:
    sent = member_rows.read_sent(None, text)
    found = ((line, checks.member_faults(checks.tidy_member(new), DAY)) for line, new in sent.people)
    return [*sent.problems, *problems_of("members", checks.SENTENCES, found)]


def _providers(text: str) -> Problems:
    sent = network_rows.read_sent(text, None)
    found = ((line, network.provider_faults(network.tidy_provider(new), DAY)) for line, new in sent.providers)
    return [*sent.problems, *problems_of("providers", network.SENTENCES, found)]


def _professionals(text: str) -> Problems:
    sent = network_rows.read_sent(None, text)
    tidy = ((line, network.tidy_professional(new)) for line, new in sent.professionals)
    found = ((line, network.professional_faults(new, DAY)) for line, new in tidy)
    return [*sent.problems, *problems_of("professionals", network.SENTENCES, found)]


def _tiebreakers(text: str) -> Problems:
    sent = read_csv(text, tiebreakers.TABLE, tiebreakers.COLUMNS, tiebreakers.OPTIONAL, tiebreakers._read)
    found = ((line, tiebreakers._faults(one)) for line, one in sent.read)
    return [*sent.problems, *problems_of(tiebreakers.TABLE, tiebreakers.SENTENCES, found)]


def _holidays(text: str) -> Problems:
    sent = read_csv(text, clocks.TABLE, clocks.COLUMNS, (), clocks._line)
    found = ((line, own_holidays.faults(*cells)) for line, cells in sent.read)
    return [*sent.problems, *problems_of(clocks.TABLE, own_holidays.SENTENCES, found)]


def _signals(name: Any) -> Door:
    def read(text: str) -> Problems:
        form = FORMS[name]
        sent = read_csv(text, name, form.required, form.optional, form.make)
        found = ((line, faults_of(record)) for line, record in sent.read)
        return [*sent.problems, *problems_of(name, SIGNAL_SENTENCES, found)]

    return read


DOORS: MappingProxyType[str, tuple[tuple[str, ...], Door]] = MappingProxyType(
    {
        "contracts": ((*member_rows.CONTRACT_COLUMNS, *member_rows.CONTRACT_OPTIONAL), _contracts),
        "members": ((*member_rows.MEMBER_COLUMNS, *member_rows.MEMBER_OPTIONAL), _members),
        "providers": ((*network_rows.PROVIDER_COLUMNS, *network_rows.PROVIDER_OPTIONAL), _providers),
        "professionals": ((*network_rows.PROFESSIONAL_COLUMNS, *network_rows.PROFESSIONAL_OPTIONAL), _professionals),
        tiebreakers.TABLE: ((*tiebreakers.COLUMNS, *tiebreakers.OPTIONAL), _tiebreakers),
        clocks.TABLE: (clocks.COLUMNS, _holidays),
        **{name: ((*form.required, *form.optional), _signals(name)) for name, form in FORMS.items()},
    }
)
CELLS = st.one_of(
    st.sampled_from(
        [
            "", "sim", "não", "SP", "CRM", "M", "F", "titular", "hospital", "ativo", "nacional", "12345", "-1", "0",
            "999999999999999999999", "1,5", "-23.5", "1e9", "٣", "21/11/2026", "2026-11-21", "11-21-2026", "31/02/2026",
            "2026-W47-6", "01/01/0001", "9999-12-31", "24:00", "25:61", "a|b|", "|", "00370001", "40304361", "NaN",
            "=1+1", "12ABC34501DE35", "\u202eabc", "x" * 300,
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """The name of a table and a file that somebody might send for it."""
    name = draw(st.sampled_from(sorted(DOORS)))
    columns = list(DOORS[name][0])
    if draw(st.integers(0, 4)) == 0:
        columns = draw(st.permutations(columns))[draw(st.integers(0, 2)) :] + draw(st.sampled_from([[], ["?"]]))
    delimiter, end = draw(st.sampled_from(";,\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns) + 1), max_size=3))
    quote = draw(st.booleans())
    lines = [columns, *rows]
    text = end.join(delimiter.join(f'"{cell}"' if quote else cell for cell in line) for line in lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    raw = text.encode(encoding, errors="replace")
    return name, raw + draw(st.sampled_from([b"", b"", b"\xff", b"\0", b'"']))


def refused_clearly(name: str, raw: bytes) -> Problems:
    columns, door = DOORS[name]
    problems = door(decode_csv(raw))
    for each in problems:
        assert 1 <= each.line <= raw.count(b"\n") + raw.count(b"\r") + 1
        table, _, column = each.column.partition(".")
        assert table == name
        assert column in {"", *columns} or column.startswith("coluna ")
        assert each.problem.endswith(".")
    return problems


@given(files())
@example(("members", b"\xff\xfe"))
@example(("providers", b"\0\0"))
@example(("services", b'"' * 50))
def test_any_file_is_read_or_refused_with_its_place(file: tuple[str, bytes]) -> None:
    refused_clearly(*file)


@pytest.mark.slow
@settings(max_examples=5_000)
@given(files())
def test_five_thousand_files(file: tuple[str, bytes]) -> None:
    refused_clearly(*file)


HEAD = b"nome;data;lei\n"
GOOD = "Aniversário;25/01;Lei 1\n"


@pytest.mark.parametrize(
    ("raw", "line", "code"),
    [
        (HEAD + GOOD.encode() + b"Fundacao;2026-01-25\0;Lei 2\n", 3, "unreadable"),
        (HEAD + GOOD.encode() + "Fundação;09/07;Lei 2\n".encode("cp1252"), 3, "encoding_mixed"),
        (HEAD + b"a\x81b;25/01;Lei 1\n", 2, "encoding_mixed"),
        (HEAD + GOOD.encode("utf-16"), 2, "unreadable"),
        (b'"' + HEAD + GOOD.encode(), 1, "not_csv"),
        (HEAD + b"x" * (LARGEST_CELL + 1) + b";25/01;Lei 1\n", 2, "too_long"),
        (HEAD + b'"' + b"x" * 10_000_000, 2, "not_csv"),
        (b"x" * 10_000_000, 1, "not_csv"),
        (b"nome;data\n" + b"a;25/01\n", 1, "column_missing"),
        (b"", 1, "empty"),
        (HEAD + "Feriado;٢٥/٠١;Lei\n".encode(), 2, "day_wrong"),
    ],
)
def test_each_way_in_which_a_file_is_no_table_is_named(raw: bytes, line: int, code: str) -> None:
    assert (line, code) in {(each.line, each.code) for each in refused_clearly(clocks.TABLE, raw)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_what_spreadsheets_write_is_read(encoding: str, end: str, delimiter: str) -> None:
    text = "\n" + HEAD.decode() + GOOD
    raw = text.replace(";", delimiter).replace("\n", end).encode(encoding)
    sent = read_csv(decode_csv(raw), clocks.TABLE, clocks.COLUMNS, (), clocks._line)
    assert (sent.problems, sent.read) == ([], [(3, ("Aniversário", "25/01", "Lei 1"))])
