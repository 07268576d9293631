"""The wheel carries everything that runs: SQL, policies, code tables, rules and the built web app."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.tree import ROOT, SOURCES

BUILT_WEB = ROOT / "web" / "dist"
NEEDED = ["src", "rules", "setup.py", "MANIFEST.in", "pyproject.toml", "README.md", "LICENSE"]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names within a wheel that was built from a copy of the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    if BUILT_WEB.is_dir():
        shutil.copytree(BUILT_WEB, folder / "web" / "dist")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(folder / "out"), str(folder)], check=True, timeout=300)
    (wheel,) = (folder / "out").glob("austa-*.whl")
    return set(ZipFile(wheel).namelist())


def test_every_file_of_the_sources_is_packed(packed: set[str]) -> None:
    ours = (file for file in (SOURCES / "austa").rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    assert {str(file.relative_to(SOURCES)) for file in ours} - packed == set()


def test_the_rules_are_packed(packed: set[str]) -> None:
    rules = (file for file in (ROOT / "rules").rglob("*") if file.is_file())
    assert {f"austa/_rules/{file.relative_to(ROOT / 'rules')}" for file in rules} - packed == set()


@pytest.mark.skipif(not (BUILT_WEB / "index.html").is_file(), reason="the web app is not built")
def test_the_web_app_is_packed(packed: set[str]) -> None:
    built = (file for file in BUILT_WEB.rglob("*") if file.is_file() and file.name != ".ready")
    assert {f"austa/_web/{Path(file).relative_to(BUILT_WEB)}" for file in built} - packed == set()


def test_nothing_of_the_tests_is_packed(packed: set[str]) -> None:
    assert [name for name in packed if name.startswith("tests")] == []
