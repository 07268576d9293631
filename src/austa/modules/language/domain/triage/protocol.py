"""The protocol as data: complaints, signs, and the level each sign gives. Versioned; a physician signs it.

A complaint (`Presentation`) has a level that it has by itself; a sign raises it. Nothing lowers a level except that a
narrower complaint may stand in place of a wider one ("the cramps of every month" in place of "pain in the belly").
"""

import json
from importlib.resources import files
from typing import Literal

from pydantic import Field, model_validator

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import Category, Level

Measure = Literal["age_years", "days", "temperature", "pain"]


class Condition(Contract):
    """Holds when every sign in `signs` is there and every measure lies between its bounds, both included.

    Units: years, days, degrees Celsius, 0 to 10.
    """

    signs: tuple[str, ...] = ()
    between: dict[Measure, tuple[float, float]] = Field(default_factory=dict)


class Sign(Contract):
    """Something that a story says or a question finds out.

    `said`: patterns that say it is there; where they are denied, it is not. `well`: patterns that say it is not there
    ("ando normal"). `when`: it follows from other signs and measures; `never`: measures that exclude it whatever the
    words. `question`: simple Portuguese, answered by yes, no or not known; None when it is never asked. `prior`: how
    often, 0..1, it is there when it is asked, by judgement.
    """

    id: str
    why: str
    source: str = "AUSTA protocol, Manchester-inspired"
    said: tuple[str, ...] = ()
    well: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    never: tuple[Condition, ...] = ()
    question: str | None = None
    prior: float = 0.1


class Presentation(Contract):
    """A complaint. `said` and `when` recognise it, as they do a sign. `instead_of`: complaints (and signs) whose own
    level does not count beside this one, nor do the signs of those complaints, below ORANGE. `raises`: signs by the
    level they give."""

    id: str
    why: str
    level: Level
    said: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    instead_of: tuple[str, ...] = ()
    raises: dict[Level, tuple[str, ...]] = Field(default_factory=dict)


class ProtocolData(Contract):
    """The whole protocol. `always`: signs that count in every story, asked only when no complaint was recognised or
    the complaint asks them too. `vulnerable`: signs of people who wait for nobody: anything not known goes to a person.
    `worried`: signs of somebody who is afraid. Patterns are those of `pattern.py`."""

    version: str
    signed_by: str | None
    notice: str
    classes: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    always: dict[Level, tuple[str, ...]]
    vulnerable: tuple[str, ...]
    worried: tuple[str, ...]
    questions_on_red_flags: dict[Category, str]
    signs: tuple[Sign, ...]
    presentations: tuple[Presentation, ...]

    @model_validator(mode="after")
    def _names_are_known(self) -> "ProtocolData":
        signs = {sign.id for sign in self.signs}
        complaints = {complaint.id for complaint in self.presentations}
        named = [*self.vulnerable, *self.worried, *(name for group in self.always.values() for name in group)]
        named += [name for complaint in self.presentations for group in complaint.raises.values() for name in group]
        conditions = [c for sign in self.signs for c in (*sign.when, *sign.never)]
        conditions += [c for complaint in self.presentations for c in complaint.when]
        named += [name for condition in conditions for name in condition.signs]
        unknown = {name for name in named if name not in signs}
        unknown |= {name for complaint in self.presentations for name in complaint.instead_of} - complaints - signs
        if unknown:
            raise ValueError(f"the protocol names what it does not define: {', '.join(sorted(unknown))}")
        if len(signs) < len(self.signs) or len(complaints) < len(self.presentations) or signs & complaints:
            raise ValueError("the protocol defines an id twice")
        return self


def load_protocol() -> ProtocolData:
    """Read the shipped protocol: `shared.json`, and the signs and complaints of every other file, in order of names.

    Errors: ValueError when the data contradicts itself.
    """
    folder = files("austa.modules.language.domain").joinpath("triage")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".json") and file.name != "shared.json")
    parts = [json.loads(folder.joinpath(name).read_bytes()) for name in names]
    whole = json.loads(folder.joinpath("shared.json").read_bytes())
    whole["signs"] = [*whole["signs"], *(sign for part in parts for sign in part.get("signs", []))]
    whole["presentations"] = [complaint for part in parts for complaint in part["presentations"]]
    return ProtocolData.model_validate_json(json.dumps(whole))
