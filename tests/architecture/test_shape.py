"""Every module looks the same, no file grows past reading, and nothing is left undone or silenced."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import MODULES, MODULES_FOLDER, ROOT, SOURCES, python_files

LONGEST_FILE = 500
NAMES = {"api", "events", "module", "routes", "subscribers", "jobs", "service", "domain", "store", "tables"}
OTHERS = {"adapters", "migrations", "README.md", "__init__.py"}
MIGRATION = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|#\s*(noqa|type:\s*ignore|pragma:\s*no cover)")
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "base", "core"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_holds_only_the_names_of_the_house(module: str) -> None:
    allowed = NAMES | {f"{name}.py" for name in NAMES} | OTHERS
    found = {entry.name for entry in (MODULES_FOLDER / module).iterdir() if entry.name != "__pycache__"}
    assert found <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_door_and_wiring(module: str) -> None:
    assert (MODULES_FOLDER / module / "api.py").exists() or (MODULES_FOLDER / module / "api").is_dir()
    assert (MODULES_FOLDER / module / "module.py").exists()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_on_one_page_what_it_is(module: str) -> None:
    page = MODULES_FOLDER / module / "README.md"
    assert page.exists()
    assert 5 <= len(page.read_text().splitlines()) <= 80


@pytest.mark.parametrize("module", MODULES)
def test_migrations_are_numbered_without_gaps(module: str) -> None:
    folder = MODULES_FOLDER / module / "migrations"
    names = sorted(entry.name for entry in folder.glob("*") if entry.name != "__pycache__") if folder.exists() else []
    assert all(MIGRATION.fullmatch(name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_the_list_of_modules_is_whole() -> None:
    folders = {entry.name for entry in MODULES_FOLDER.iterdir() if entry.is_dir() and entry.name != "__pycache__"}
    assert folders == set(MODULES)


def test_no_file_grows_past_reading() -> None:
    long = {str(file.relative_to(ROOT)): count for file in python_files() if (count := lines(file)) > LONGEST_FILE}
    assert long == {}


def test_nothing_is_left_undone_or_silenced() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in python_files()
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if UNDONE.search(line)
    ]
    assert found == []


def test_no_name_is_vague() -> None:
    assert [str(file) for file in python_files() if VAGUE & {*file.parts, file.stem}] == []


def test_packages_do_not_pass_names_on() -> None:
    passing = [
        str(file.relative_to(ROOT))
        for file in (SOURCES / "austa").rglob("__init__.py")
        if re.search(r"^(from|import) ", file.read_text(), re.MULTILINE)
    ]
    assert passing == []


def lines(file: Path) -> int:
    return len(file.read_text().splitlines())
