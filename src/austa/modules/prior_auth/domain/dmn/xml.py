"""XML into a plain tree, without what XML can do to a server: no document type, no entities, bounded size and depth."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, refused

LARGEST_SOURCE = 4 * 1024 * 1024
DEEPEST = 200
MOST_ELEMENTS = 200_000
_SEPARATOR = "\n"


@dataclass
class Element:
    """An element: attributes without a namespace by their name, those of one as `{namespace}name`."""

    namespace: str
    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def named(self, *names: str) -> list["Element"]:
        """The children of these names in the element's own namespace, in order."""
        return [child for child in self.children if child.name in names and child.namespace == self.namespace]

    def first(self, name: str) -> "Element | None":
        """The first child of that name, if any."""
        return next(iter(self.named(name)), None)

    def get(self, name: str) -> str:
        """An attribute, empty when it is not there."""
        return self.attributes.get(name, "")


def read_xml(source: bytes) -> Element:
    """The root of a document. Raises `prior_auth.rules_refused` where it is none, or not a safe one."""
    if len(source) > LARGEST_SOURCE:
        raise _refusal("", f"no máximo {LARGEST_SOURCE // 1024 // 1024} MB")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(source, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _refusal("", f"um XML bem formado ({error})") from None
    if builder.root is None:
        raise _refusal("", "um documento XML")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _refusal(_split(tag)[1], f"no máximo {MOST_ELEMENTS} elementos, até {DEEPEST} níveis")
        namespace, name = _split(tag)
        element = Element(namespace, name, {_attribute(key): value for key, value in attributes.items()})
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].text += text

    def doctype(self, *_: Any) -> None:
        raise _refusal("<!DOCTYPE", "nenhum tipo de documento: ele poderia nomear arquivos e entidades")


def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition(_SEPARATOR)
    return namespace, name


def _attribute(key: str) -> str:
    namespace, name = _split(key)
    return f"{{{namespace}}}{name}" if namespace else name


def _refusal(text: str, expected: str) -> Exception:
    return refused([Fault(Place(), text, expected)])
