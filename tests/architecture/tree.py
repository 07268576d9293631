"""The source tree, as the architecture tests look at it."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from austa.kernel.events import Event
from austa.runtime.migrate import MODULES

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"
MODULES_FOLDER = SOURCES / "austa" / "modules"


def python_files() -> list[Path]:
    return sorted((SOURCES / "austa").rglob("*.py"))


def python_modules(name: str) -> list[ModuleType]:
    """The Python module of that dotted name and all beneath it; none where it does not exist."""
    place = SOURCES.joinpath(*name.split("."))
    files = [place.with_suffix(".py")] if place.with_suffix(".py").is_file() else sorted(place.rglob("*.py"))
    names = [".".join(file.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__") for file in files]
    return [import_module(found) for found in names]


def tables_of(module: str) -> list[sa.Table]:
    """Every table that the module's `tables.py` describes, in its own schema or in `dispatch`."""
    found = {
        value.fullname: value
        for source in python_modules(f"austa.modules.{module}.tables")
        for value in vars(source).values()
        if isinstance(value, sa.Table)
    }
    return list(found.values())


def event_types() -> list[type[Event]]:
    """Every event that modules publish."""
    found: dict[str, type[Event]] = {}
    for module in MODULES:
        for source in python_modules(f"austa.modules.{module}.events"):
            for value in vars(source).values():
                if isinstance(value, type) and issubclass(value, Event) and hasattr(value, "TYPE"):
                    found[f"{value.__module__}.{value.__name__}"] = value
    return [found[name] for name in sorted(found)]
