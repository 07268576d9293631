"""Who may import whom is kept by import-linter, and each of its contracts catches what it forbids."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCES

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--cache-dir", str(tree / "cache"), *arguments],
        cwd=tree,
        env={"PYTHONPATH": str(tree / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources and the contracts that a test may spoil."""
    tree = tmp_path_factory.mktemp("tree")
    ignore = shutil.ignore_patterns("__pycache__", "_web", "_rules")
    shutil.copytree(SOURCES / "austa", tree / "src" / "austa", ignore=ignore)
    shutil.copy(ROOT / ".importlinter", tree)
    return tree


@dataclass(frozen=True)
class Plant:
    """A line that breaks a contract, and where it is planted."""

    contract: int
    where: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.contract}-{self.where}-{self.line.removeprefix('import ')}"


PLANTS = [
    Plant(1, "kernel/clock", "import austa.infra.settings"),
    Plant(1, "infra/db", "import austa.modules.members.api"),
    Plant(1, "infra/outbox", "import austa.runtime.migrate"),
    Plant(1, "modules/members/service", "import austa.runtime.compose"),
    Plant(1, "runtime/worker", "import austa.demo.people"),
    Plant(1, "demo/people", "import austa.cli.main"),
    Plant(1, "helpers"),
    Plant(2, "modules/chat/service", "import austa.modules.members.store"),
    Plant(2, "modules/medical_audit/service", "import austa.modules.prior_auth.domain"),
    Plant(2, "modules/prior_auth/store/requests", "import austa.modules.members.tables"),
    Plant(2, "modules/chat/adapters", "import austa.modules.documents.adapters"),
    Plant(3, "modules/identity/service", "import austa.modules.members.api"),
    Plant(3, "modules/members/service", "import austa.modules.chat.api"),
    Plant(3, "modules/prior_auth/service", "import austa.modules.medical_audit.events"),
    Plant(3, "modules/language/service", "import austa.modules.documents.api"),
    Plant(3, "modules/unplanned"),
    Plant(4, "modules/members/domain", "import austa.modules.members.tables"),
    Plant(4, "modules/members/store", "import austa.modules.members.service"),
    Plant(4, "modules/members/service", "import austa.modules.members.routes"),
    Plant(4, "modules/members/api", "import austa.modules.members.domain"),
    Plant(4, "modules/chat/store", "import austa.modules.chat.adapters"),
    Plant(4, "modules/members/utils"),
    Plant(5, "modules/members/domain", "import sqlalchemy"),
    Plant(5, "modules/members/api", "import austa.infra.db"),
    Plant(5, "modules/chat/events", "import fastapi"),
    Plant(5, "modules/prior_auth/domain/clocks", "import asyncpg"),
    Plant(5, "kernel/contracts", "import starlette"),
    Plant(5, "kernel/money", "import httpx2"),
    Plant(6, "modules/members/service", "import fastapi"),
    Plant(6, "modules/chat/store", "import starlette"),
    Plant(6, "modules/chat/subscribers", "import fastapi"),
    Plant(7, "cli/main", "import austa.modules.members.module"),
    Plant(7, "modules/chat/service", "import austa.modules.members.module"),
    Plant(8, "modules/members/routes", "import austa.modules.members.store"),
    Plant(8, "modules/chat/subscribers", "import austa.modules.chat.tables"),
    Plant(9, "runtime/compose", "import austa.modules.members.store"),
    Plant(9, "runtime/worker", "import austa.modules.chat.service"),
    Plant(9, "runtime/api", "import austa.modules.prior_auth.domain.clocks"),
    Plant(10, "modules/prior_auth/domain/authority", "import austa.modules.fraud.api"),
    Plant(10, "modules/prior_auth/domain/eligibility", "import austa.modules.prior_auth.domain.signals"),
    Plant(10, "modules/prior_auth/domain/facts", "import austa.modules.fraud.api"),
    Plant(11, "modules/medical_audit/service", "import austa.modules.fraud.api"),
    Plant(11, "modules/prior_auth/service/letters", "import austa.modules.fraud.api"),
    Plant(11, "modules/chat/service", "import austa.modules.fraud.api"),
]


def test_the_contracts_hold() -> None:
    found = lint_here()
    assert found.returncode == 0, found.stdout


def lint_here() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(SOURCES), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_contract_has_a_planted_violation() -> None:
    written = (ROOT / ".importlinter").read_text().count("[importlinter:contract:")
    assert {plant.contract for plant in PLANTS} == set(range(1, written + 1))


@pytest.mark.parametrize("contract", sorted({plant.contract for plant in PLANTS}))
def test_planted_violations_are_caught(contract: int, copy: Path) -> None:
    """All of a contract at once: reading the whole tree takes longer than judging it."""
    plants = [plant for plant in PLANTS if plant.contract == contract]
    before = {file: file.read_text() if file.exists() else None for file in (planted_file(copy, p) for p in plants)}
    for plant in plants:
        file = planted_file(copy, plant)
        file.parent.mkdir(exist_ok=True)
        with file.open("a") as source:
            source.write(f"\n{plant.line}\n")
    try:
        found = lint(copy, "--contract", str(contract))
    finally:
        for file, content in before.items():
            uproot(file, content)
    assert found.returncode != 0
    assert [plant for plant in plants if not names_the_fault(found.stdout, plant)] == [], found.stdout


def planted_file(tree: Path, plant: Plant) -> Path:
    place = tree / "src" / "austa" / plant.where
    return place.with_suffix(".py") if place.with_suffix(".py").exists() else place / "__init__.py"


def uproot(file: Path, before: str | None) -> None:
    if before is None:
        shutil.rmtree(file.parent)
    else:
        file.write_text(before)


def names_the_fault(report: str, plant: Plant) -> bool:
    """The broken contract is named, and the import or the folder that broke it."""
    place = f"austa.{plant.where.replace('/', '.')}"
    culprit = f"{place} -> {plant.line.removeprefix('import ')} (" if plant.line else place.rpartition(".")[2]
    said = " ".join(report.split())
    return f"{plant.contract}. " in said and "BROKEN" in said and culprit in said
