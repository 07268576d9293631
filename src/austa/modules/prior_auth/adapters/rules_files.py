"""Rules as files: models, the example rows beside them, and folders of compatibility cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import austa
from austa.kernel.errors import AustaError, Invalid
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.dmn.check import Checked, check_rules
from austa.modules.prior_auth.domain.dmn.tck import Outcome, read_suite, run_suite

MODEL_SUFFIX = ".dmn"
EXAMPLES_SUFFIX = ".examples.json"


@dataclass(frozen=True)
class SuiteOutcome:
    """How the cases of one file went."""

    file: Path
    outcomes: tuple[Outcome, ...]


def models_in(paths: list[Path]) -> list[Path]:
    """The models named, and those in the folders named. Raises `prior_auth.no_such_file`."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.rglob(f"*{MODEL_SUFFIX}"))
        elif path.is_file():
            found.append(path)
        else:
            raise Invalid("prior_auth.no_such_file", f"there is no file or folder {path}")
    return found


def seed_folder() -> Path:
    """The seed of rules: inside the installed package, or in a checkout beside the source."""
    packed = Path(austa.__file__).resolve().parent / "_rules"
    return packed if packed.is_dir() else Path(austa.__file__).resolve().parents[2] / "rules"


@dataclass(frozen=True)
class Seed:
    """Tables that AUSTA brings along, with their example rows."""

    xml: bytes
    examples: bytes


def load_seeds(names: Iterable[RuleSetName]) -> dict[RuleSetName, Seed]:
    """The seed of each of these sets."""
    folder = seed_folder()
    return {
        name: Seed((folder / f"{name}{MODEL_SUFFIX}").read_bytes(), (folder / f"{name}{EXAMPLES_SUFFIX}").read_bytes())
        for name in names
    }


def examples_beside(model: Path) -> Path | None:
    """`NAME.examples.json` beside `NAME.dmn`, where it is there."""
    beside = model.with_name(model.name.removesuffix(MODEL_SUFFIX) + EXAMPLES_SUFFIX)
    return beside if beside.is_file() else None


def check_file(model: Path) -> Checked:
    """A model checked, with the example rows beside it where there are any."""
    beside = examples_beside(model)
    return check_rules(model.read_bytes(), beside.read_bytes() if beside else None)


def run_suites(folder: Path) -> list[SuiteOutcome]:
    """Every case in every XML file of compatibility cases under a folder, each with the model that lies beside it."""
    if not folder.is_dir():
        raise Invalid("prior_auth.no_such_file", f"there is no folder {folder}")
    return [run for file in sorted(folder.rglob("*.xml")) if (run := _run_suite(file)) is not None]


def _run_suite(file: Path) -> SuiteOutcome | None:
    try:
        suite = read_suite(file.read_bytes())
    except AustaError as error:
        return SuiteOutcome(file, (Outcome("", "failed", error.message),))
    if suite is None:
        return None
    model = _model_for(suite.model_name, file.parent)
    if model is None:
        why = f"there is no model {suite.model_name} beside the cases"
        return SuiteOutcome(file, tuple(Outcome(case.id, "failed", why) for case in suite.cases))
    return SuiteOutcome(file, tuple(run_suite(suite, model.read_bytes())))


def _model_for(name: str, folder: Path) -> Path | None:
    """The model of that name, or the only one in the folder: the kit's older cases name models by their title."""
    named = folder / Path(name).name
    if name and named.is_file():
        return named
    models = list(folder.glob(f"*{MODEL_SUFFIX}"))
    return models[0] if len(models) == 1 else None
