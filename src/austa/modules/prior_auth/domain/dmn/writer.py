"""A model of any namespace that is read, written as DMN 1.3: the same file with the names of 1.3, and a diagram.

Everything else stays as it was, to the letter: extensions, comments, the diagram. A file without a diagram gets a plain
one, because editors show nothing otherwise.
"""

import re
from xml.sax.saxutils import quoteattr

from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, refused
from austa.modules.prior_auth.domain.dmn.reader import MODEL_NAMESPACES
from austa.modules.prior_auth.domain.dmn.xml import Element, read_xml

_FOLDER_1_3 = "https://www.omg.org/spec/DMN/20191111/"
_FOLDERS = (
    "http://www.omg.org/spec/DMN/20180521/",
    "https://www.omg.org/spec/DMN/20211108/",
    "https://www.omg.org/spec/DMN/20230324/",
)
_RENAMED = {f"{folder}{part}": f"{_FOLDER_1_3}{part}" for folder in _FOLDERS for part in ("MODEL/", "DMNDI/", "FEEL/")}
DIAGRAM_NAMESPACE = f"{_FOLDER_1_3}DMNDI/"
_SHAPES = {"inputData": (125, 45), "decision": (180, 80), "businessKnowledgeModel": (135, 46)}
_REFERENCES = ("requiredInput", "requiredDecision", "requiredKnowledge")
_ACROSS, _DOWN, _MARGIN = 230, 150, 80

_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<[^\s/!?<>]+(?:\s+[^\s=<>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>",
    re.DOTALL,
)
_URI = re.compile(r"(?<=[\"'\s])(" + "|".join(re.escape(uri) for uri in _RENAMED) + r")(?=[\"'\s])")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>\s*")
_ENCODING = re.compile(rb"\A<\?xml[^>]*\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_END = re.compile(r"</[^\s<>]*\bdefinitions\s*>\s*\Z")


def as_dmn_1_3(source: bytes) -> bytes:
    """The file as DMN 1.3 in UTF-8. Raises `prior_auth.rules_refused` where it is no model, or 1.3 lacks a word."""
    root = read_xml(source)
    if root.name != "definitions" or root.namespace not in MODEL_NAMESPACES:
        raise refused([Fault(Place(), root.name, f"<definitions> da DMN {', '.join(MODEL_NAMESPACES.values())}")])
    if any(item.first("typeConstraint") for item in root.named("itemDefinition")):
        raise refused([Fault(Place(), "typeConstraint", "allowedValues: a DMN 1.3 não tem restrições de tipo", True)])
    text = _DECLARATION.sub("", _decoded(source))
    text = _MARKUP.sub(_renamed, text)
    if not any(child.name == "DMNDI" for child in root.children):
        text = _END.sub(lambda end: _diagram(root) + end.group(), text.rstrip())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text.rstrip()}\n'.encode()


def _decoded(source: bytes) -> str:
    """The text; the XML parser has read it before, so its encoding is one that exists."""
    if source[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return source.decode("utf-16")
    declared = _ENCODING.match(source)
    return source.decode(declared.group(1).decode() if declared else "utf-8").removeprefix("\ufeff")


def _renamed(found: re.Match[str]) -> str:
    """Names of namespaces change only inside tags: a comment or an expression may quote what it likes."""
    markup = found.group()
    if markup.startswith(("<!", "<?")):
        return markup
    return _URI.sub(lambda uri: _RENAMED[uri.group()], markup)


def _diagram(root: Element) -> str:
    places = _places(root)
    shapes = [
        f"      <dmndi:DMNShape dmnElementRef={quoteattr(node)}>\n"
        f'        <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>\n'
        "      </dmndi:DMNShape>\n"
        for node, (x, y, width, height) in places.items()
    ]
    edges = [
        f"      <dmndi:DMNEdge dmnElementRef={quoteattr(requirement)}>\n"
        f'        <di:waypoint x="{places[start][0] + places[start][2] // 2}" y="{places[start][1]}"/>\n'
        f'        <di:waypoint x="{places[end][0] + places[end][2] // 2}" y="{places[end][1] + places[end][3]}"/>\n'
        "      </dmndi:DMNEdge>\n"
        for requirement, start, end in _requirements(root)
        if requirement and start in places and end in places
    ]
    return (
        f'  <dmndi:DMNDI xmlns:dmndi="{DIAGRAM_NAMESPACE}" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"'
        ' xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/">\n'
        f"    <dmndi:DMNDiagram>\n{''.join(shapes)}{''.join(edges)}    </dmndi:DMNDiagram>\n  </dmndi:DMNDI>\n"
    )


def _places(root: Element) -> dict[str, tuple[int, int, int, int]]:
    """What is required stands below what requires it: x, y, width and height of each part."""
    nodes = [node for node in root.named(*_SHAPES) if node.get("id")]
    below: dict[str, list[str]] = {node.get("id"): [] for node in nodes}
    for _, start, end in _requirements(root):
        if start in below and end in below:
            below[end].append(start)
    levels = {node: _level(node, below, frozenset()) for node in below}
    highest = max(levels.values(), default=0)
    beside: dict[int, int] = {}
    places = {}
    for node in nodes:
        level = levels[node.get("id")]
        at = beside[level] = beside.get(level, -1) + 1
        width, height = _SHAPES[node.name]
        places[node.get("id")] = (_MARGIN + at * _ACROSS, _MARGIN + (highest - level) * _DOWN, width, height)
    return places


def _level(node: str, below: dict[str, list[str]], above: frozenset[str]) -> int:
    if node in above:
        return 0
    return max((_level(other, below, above | {node}) + 1 for other in below[node]), default=0)


def _requirements(root: Element) -> list[tuple[str, str, str]]:
    """Id of the requirement, of what is required, and of what requires it."""
    return [
        (requirement.get("id"), reference.get("href").rpartition("#")[2], node.get("id"))
        for node in root.named(*_SHAPES)
        for requirement in node.named("informationRequirement", "knowledgeRequirement")
        for reference in requirement.named(*_REFERENCES)
    ]
