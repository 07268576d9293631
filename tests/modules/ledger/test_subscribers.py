"""What is recorded is what the deciding modules really tell."""

import importlib.util
import pkgutil

from austa import modules
from austa.kernel.events import Event
from austa.modules.ledger.subscribers import RECORDED


def told() -> dict[str, type[Event]]:
    """Every event type of the house."""
    for module in pkgutil.iter_modules(modules.__path__):
        if importlib.util.find_spec(f"austa.modules.{module.name}.events"):
            importlib.import_module(f"austa.modules.{module.name}.events")
    kinds: dict[str, type[Event]] = {}
    waiting = Event.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("austa.") and "TYPE" in kind.__dict__:
            kinds[kind.TYPE] = kind
    return kinds


def test_each_recorded_type_is_told_by_some_module() -> None:
    assert set(RECORDED) <= set(told())


def test_each_recorded_event_names_a_decision_an_opinion_or_a_step_of_a_board() -> None:
    """So that a person who holds the decision's id finds its proof."""
    events = told()
    for recorded in RECORDED:
        assert {"decision_id", "opinion_id", "step_id"} & set(events[recorded].model_fields), recorded


def test_no_recorded_event_has_a_field_that_is_personal_data() -> None:
    events = told()
    for recorded in RECORDED:
        assert "x-personal" not in str(events[recorded].model_json_schema())
