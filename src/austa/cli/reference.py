"""`austa reference`: the reference pages of the documentation, written from the code they describe.

A test compares docs/reference with what this writes, so the pages never drift.
"""

import ast
import json
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup

from austa import modules
from austa.infra.settings import Settings
from austa.kernel.actors import Caller, Role
from austa.kernel.events import Event
from austa.kernel.ids import MemberId, OperatorId, derived_id

KIND_OF_CLASS = {
    "NotFound": "not_found",
    "Conflict": "conflict",
    "Invalid": "invalid",
    "Forbidden": "forbidden",
    "Unauthenticated": "unauthenticated",
    "TooMany": "too_many",
    "Unavailable": "unavailable",
    "Unexpected": "unexpected",
}
RELEASE_OUTCOMES = ("approve", "approve_in_part", "deny", "request_information", "administrative_return")
OPINION_QUEUES = ("nurse", "medical")
TYPE_NAMES = {str: "text", int: "number", bool: "true or false", Path: "path", SecretStr: "secret text"}
WRITTEN = "<!-- Written by `austa reference`; edit the code instead. -->"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("reference", epilog="Example: austa reference docs/reference")(write_reference)


def write_reference(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of the pages.")] = Path("docs/reference"),
) -> None:
    """Write the reference pages: settings, commands, events, errors, permissions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference_pages(context.find_root().command).items():
        (folder / name).write_text(text, "utf-8")
        print(folder / name)


def reference_pages(command: Any) -> dict[str, str]:
    """Every page by its file name. `command` is the root of the command line."""
    return {
        "settings.md": _settings_page(),
        "cli.md": _commands_page(command),
        "events.md": _events_page(),
        "events.json": json.dumps(_event_schemas(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "errors.md": _errors_page(),
        "access.md": _access_page(),
    }


def _settings_page() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        computed = field.default_factory is not None or field.default is PydanticUndefined
        default = "see meaning" if computed else _shown(field.default)
        rows.append([f"`AUSTA_{name.upper()}`", _type_name(field.annotation), default, str(field.description)])
    return _page(
        "Settings",
        "Read from the environment, then from `.env`. A wrong one refuses to start with exit code 78. `austa settings`"
        " shows the values in force; secrets are masked. `DATABASE_URL` is accepted for `AUSTA_DATABASE_URL`.",
        _table(["name", "type", "default", "meaning"], rows),
    )


def _type_name(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    inner = [kind for kind in get_args(annotation) if kind not in (NoneType, Ellipsis)]
    plain = inner[0] if inner else annotation
    return TYPE_NAMES.get(plain, str(plain)) + (", …" if get_origin(annotation) is tuple else "")


def _shown(value: Any) -> str:
    return "" if value in (None, "", ()) else f"`{value}`"


def _commands_page(root: Any) -> str:
    parts = [_one_command(path, command) for path, command in leaves("austa", root)]
    return _page(
        "Commands",
        "Exit codes: 0 done; 1 it could not be done, the message says why; 2 the command line is wrong; 69 something"
        " needed does not answer; 78 a setting is wrong.",
        *parts,
    )


def leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command below this one, by the words that call it."""
    if not isinstance(command, TyperGroup):
        yield path, command
        return
    within: Any = typer.Context(command)
    for name in sorted(command.list_commands(within)):
        yield from leaves(f"{path} {name}", command.get_command(within, name))


def _one_command(path: str, command: Any) -> str:
    usage = " ".join(_usage(parameter) for parameter in command.params if parameter.name != "help")
    rows = [
        [f"`{', '.join(parameter.opts)}`", parameter.help]
        for parameter in command.params
        if getattr(parameter, "help", None) and parameter.name != "help"
    ]
    lines = [f"## `{path}`", str(command.help).strip(), f"`{f'{path} {usage}'.strip()}`"]
    if rows:
        lines.append(_table(["parameter", "meaning"], rows))
    if command.epilog:
        lines.append(command.epilog.strip().replace("Example: ", "Example: `", 1) + "`")
    return "\n\n".join(lines)


def _usage(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        shown = parameter.name.upper()
    else:
        shown = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {parameter.name.upper()}"
    return shown if parameter.required else f"[{shown}]"


def _events_page() -> str:
    parts = []
    for event in _event_types():
        schema = event.model_json_schema()
        rows = [
            [f"`{name}`", _field_type(shape), "" if name in schema.get("required", []) else "optional"]
            for name, shape in schema.get("properties", {}).items()
        ]
        parts.append(f"## `{event.TYPE}`\n\n{_first_sentences(event)}\n\n{_table(['field', 'type', ''], rows)}")
    return _page(
        "Events",
        "What modules tell each other, in a CloudEvents 1.0 envelope (id, type, time, operator, actor, correlation,"
        " causation, key, data). Fields are only ever added. No event holds personal data. Schemas: `events.json`.",
        *parts,
    )


def _event_types() -> list[type[Event]]:
    found: dict[str, type[Event]] = {}
    for module in pkgutil.iter_modules(modules.__path__):
        if not (resources.files(f"{modules.__name__}.{module.name}") / "events.py").is_file():
            continue
        for value in vars(import_module(f"{modules.__name__}.{module.name}.events")).values():
            if isinstance(value, type) and issubclass(value, Event) and hasattr(value, "TYPE"):
                found[value.TYPE] = value
    return [found[name] for name in sorted(found)]


def _event_schemas() -> dict[str, Any]:
    return {event.TYPE: event.model_json_schema() for event in _event_types()}


def _field_type(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return " or ".join(_field_type(one) for one in shape["anyOf"])
    if "enum" in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if shape.get("type") == "array":
        return "list of " + _field_type(shape.get("items", {}))
    return str(shape.get("format") or shape.get("type") or shape.get("$ref", "").rpartition("/")[2] or "any")


def _first_sentences(documented: Any) -> str:
    return " ".join(str(documented.__doc__).split())


def _errors_page() -> str:
    from austa.infra.http import STATUS, STATUS_BY_CODE

    found = _errors_within(resources.files("austa"))
    rows = [
        [f"`{code}`", kind, str(STATUS_BY_CODE.get(code, STATUS[kind])), " / ".join(sorted(messages))]
        for (code, kind), messages in sorted(found.items())
    ]
    return _page(
        "Errors",
        "The stable code is what a person quotes to support; it is in every problem document (RFC 9457) and on the"
        " command line. `…` stands for ids, counts and names of fields.",
        _table(["code", "kind", "HTTP", "message"], rows),
    )


def _errors_within(folder: Traversable) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for source in _python_sources(folder):
        for node in ast.walk(ast.parse(source)):
            raised = _raised(node)
            if raised is not None:
                code, kind, message = raised
                found.setdefault((code, kind), set()).add(message)
    return found


def _python_sources(folder: Traversable) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _python_sources(entry)
        elif entry.name.endswith(".py"):
            yield entry.read_text("utf-8")


def _raised(node: ast.AST) -> tuple[str, str, str] | None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), message, *_]) if (
            name in KIND_OF_CLASS
        ):
            return code, KIND_OF_CLASS[name], _literal_text(message)
    return None


def _literal_text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_literal_text(value) for value in values)
    return "…"


def _access_page() -> str:
    from austa.infra.access import Access

    access = Access()
    roles: tuple[Role, ...] = get_args(Role)
    operator = OperatorId(derived_id("reference", "operator"))
    callers = [
        *(Caller(operator_id=operator, kind="staff", id=role, roles=frozenset({role})) for role in roles),
        Caller.member(operator, MemberId(derived_id("reference", "member"))),
        Caller.system(operator, "austa"),
    ]
    rows = [
        [label, *("✔" if access.allows(caller, action, **_owned(caller), **attributes) else "" for caller in callers)]
        for label, action, attributes in _questions(access.actions)
    ]
    return _page(
        "Permissions",
        "What each role may do, asked of the policies in `infra/access.cedar`. Nobody reaches into another operator;"
        " nobody decides or gives an opinion on what they requested or reviewed before. A member's column is about"
        " their own things.",
        _table(["action", *(role.replace("_", " ") for role in roles), "member", "system"], rows),
    )


def _owned(caller: Caller) -> dict[str, Any]:
    return {"owner": caller.id} if caller.kind == "member" else {}


def _questions(actions: Iterable[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for action in actions:
        if action == "decision:release":
            for outcome in RELEASE_OUTCOMES:
                yield f"`{action}` {outcome.replace('_', ' ')}", action, {"outcome": outcome}
        elif action == "opinion:write":
            for queue in OPINION_QUEUES:
                yield f"`{action}` in the {queue} queue", action, {"queue": queue}
        elif action == "case:forward":
            yield f"`{action}` from the nurse queue", action, {"queue": "nurse"}
        else:
            yield f"`{action}`", action, {}


def _page(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", WRITTEN, intro, *parts]) + "\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
