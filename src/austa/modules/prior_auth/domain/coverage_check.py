"""What is wrong with a coverage pack that an operator sends: everything at once, each with its line."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from json import JSONDecodeError
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from austa.kernel.imports import ImportProblem
from austa.modules.prior_auth.domain.coverage import (
    ALL_CLASSES,
    CoveragePack,
    CoveredItem,
    Source,
    outcome_of,
    read_pack,
)
from austa.modules.prior_auth.domain.json_lines import JsonLines, Path, find_lines

LARGEST_PACK = 20_000_000
"""Bytes; the whole Rol with guidelines is a fraction of it."""
MOST_PROBLEMS = 1000

SENTENCES = {
    "too_large": "O arquivo passa de 20 MB.",
    "not_json": "A partir desta linha o arquivo não é JSON.",
    "not_text": "O arquivo não está em UTF-8.",
    "repeated": "Este nome aparece duas vezes: só o último valeria.",
    "field_missing": "Falta este campo.",
    "field_unknown": "Este campo não existe no pacote.",
    "choice_wrong": "O valor deve ser um destes: {expected}.",
    "yes_or_no": "O valor deve ser true ou false, sem aspas.",
    "number_wrong": "O valor deve ser um número inteiro, sem aspas, ponto nem vírgula.",
    "number_too_small": "O número deve ser no mínimo {ge}.",
    "number_too_large": "O número deve ser no máximo {le}.",
    "date_wrong": "A data deve ser aaaa-mm-dd, ou null onde não foi conferida.",
    "text_wrong": "O valor deve ser um texto entre aspas.",
    "field_wrong": "O campo tem um valor que não é aceito.",
    "code_wrong": "O código deve ter 8 números.",
    "code_unknown": "O código não existe na TUSS.",
    "sessions_capped": "Terapias não têm limite de sessões (RN ANS 541/2022).",
    "unlisted_low_risk": "Item fora do Rol não pode ser de baixo risco.",
    "birth_elsewhere": "Carência de parto é de item obstétrico.",
    "class_missing": "Falta a validade da senha de uma classe de serviço.",
    "source_missing": "Falta dizer de onde vem o valor.",
    "verified_in_future": "A data de conferência está no futuro.",
    "examples_missing": "A diretriz precisa de um exemplo que a satisfaz e um que não.",
    "example_wrong": "O exemplo não dá o resultado escrito.",
    "pair_unknown": "O par cita um item que não está no pacote.",
    "empty": "O pacote não tem item nenhum.",
    "more_problems": "Há mais problemas do que cabem aqui.",
}

Fault = tuple[Path, str]
_BY_KIND = (
    ("missing", "field_missing"),
    ("extra_forbidden", "field_unknown"),
    ("literal_error", "choice_wrong"),
    ("bool_", "yes_or_no"),
    ("int_", "number_wrong"),
    ("greater_than_equal", "number_too_small"),
    ("less_than_equal", "number_too_large"),
    ("date_", "date_wrong"),
    ("string_type", "text_wrong"),
)
"""How the kinds of error that pydantic knows begin, and what each is here."""


def check_pack(
    raw: bytes, is_known: Callable[[str], bool], today: date
) -> tuple[CoveragePack | None, tuple[ImportProblem, ...]]:
    """The pack, or every problem in order of lines. `is_known`: whether TUSS table 22 has the code."""
    if len(raw) > LARGEST_PACK:
        return None, (_problem(1, (), "too_large"),)
    try:
        text = raw.decode("utf-8-sig")
        document = json.loads(text)
    except UnicodeDecodeError:
        return None, (_problem(1, (), "not_text"),)
    except RecursionError:
        return None, (_problem(1, (), "not_json"),)
    except JSONDecodeError as error:
        return None, (_problem(error.lineno, (), "not_json"),)
    lines = find_lines(text)
    wrong: list[ErrorDetails] = []
    pack = _read(document, wrong)
    faults: list[Fault] = [(path, "repeated") for path in lines.repeated]
    if pack:
        faults += [*_pack_faults(pack, is_known), *_source_faults(pack, today)]
    found = {_problem(lines.line_of(path), path, code) for path, code in faults}
    problems = _in_order(found | {_field_problem(each, lines) for each in wrong})
    return (read_pack(raw) if pack and not problems else None), problems


def _read(document: Any, wrong: list[ErrorDetails]) -> CoveragePack | None:
    """The pack; with items that are wrong, the pack without them, so that everything is told at once."""
    try:
        return CoveragePack.model_validate_json(json.dumps(document))
    except ValidationError as error:
        wrong += error.errors(include_input=False, include_url=False)
    places = [each["loc"][:2] for each in wrong]
    if any(len(place) < 2 or place[0] != "items" for place in places):
        return None
    codes = {code for _, code in places}
    others = {code: item for code, item in document["items"].items() if code not in codes}
    if not others:
        return None
    pairs = [pair for pair in document["unbundled_pairs"] if not codes & set(pair["items"])]
    return CoveragePack.model_validate_json(json.dumps(document | {"items": others, "unbundled_pairs": pairs}))


def _field_problem(error: ErrorDetails, lines: JsonLines) -> ImportProblem:
    """Never with the value; what would have been right is no secret."""
    code = next((ours for kind, ours in _BY_KIND if error["type"].startswith(kind)), "field_wrong")
    about = {name: str(value).replace(" or ", " ou ") for name, value in error.get("ctx", {}).items()}
    path = error["loc"]
    sentence = SENTENCES[code].format_map(about)
    return ImportProblem(line=lines.line_of(path), column=".".join(map(str, path)), code=code, problem=sentence)


def _pack_faults(pack: CoveragePack, is_known: Callable[[str], bool]) -> Iterator[Fault]:
    if not pack.items:
        yield ("items",), "empty"
    if ALL_CLASSES - set(pack.guide_validity_days):
        yield ("guide_validity_days",), "class_missing"
    for number, pair in enumerate(pack.unbundled_pairs):
        if not set(pair.items) <= set(pack.items):
            yield ("unbundled_pairs", number), "pair_unknown"
    for code, item in pack.items.items():
        path: Path = ("items", code)
        if not (len(code) == 8 and code.isascii() and code.isdigit()):
            yield path, "code_wrong"
        elif item.table == "22" and not is_known(code):
            yield path, "code_unknown"
        for name, fault in _item_faults(item):
            yield (*path, *name), fault


def _item_faults(item: CoveredItem) -> Iterator[tuple[Path, str]]:
    if item.service_class == "therapy" and item.max_quantity is not None:
        yield ("max_quantity",), "sessions_capped"
    if item.low_risk and item.listing != "listed":
        yield ("low_risk",), "unlisted_low_risk"
    if item.waiting == "birth" and item.setting != "obstetric":
        yield ("waiting",), "birth_elsewhere"
    found = set()
    for number, example in enumerate(item.examples):
        outcome = outcome_of(item.criteria, example.facts)
        found.add(outcome)
        if outcome != example.outcome:
            yield ("examples", number), "example_wrong"
    if item.criteria and not found >= {"met", "not_met"}:
        yield ("criteria",), "examples_missing"


def _source_faults(pack: CoveragePack, today: date) -> Iterator[Fault]:
    for path, source in _sources(pack):
        if not source.clause.strip():
            yield (*path, "clause"), "source_missing"
        if source.verified_on is not None and source.verified_on > today:
            yield (*path, "verified_on"), "verified_in_future"


def _sources(pack: CoveragePack) -> Iterator[tuple[Path, Source]]:
    yield ("terminology",), pack.terminology
    for service_class, limit in pack.guide_validity_days.items():
        yield ("guide_validity_days", service_class, "source"), limit.source
    for name in type(pack.limits).model_fields:
        yield ("limits", name, "source"), getattr(pack.limits, name).source
    for name, material in pack.materials.items():
        yield ("materials", name, "source"), material.source
    for number, pair in enumerate(pack.unbundled_pairs):
        yield ("unbundled_pairs", number, "source"), pair.source
    for code, item in pack.items.items():
        yield ("items", code, "source"), item.source


def _in_order(problems: set[ImportProblem]) -> tuple[ImportProblem, ...]:
    found = sorted(problems, key=lambda each: (each.line, each.column, each.code))
    if len(found) > MOST_PROBLEMS:
        return (*found[:MOST_PROBLEMS], _problem(found[MOST_PROBLEMS].line, (), "more_problems"))
    return tuple(found)


def _problem(line: int, path: Path, code: str) -> ImportProblem:
    return ImportProblem(line=line, column=".".join(map(str, path)), code=code, problem=SENTENCES[code])
