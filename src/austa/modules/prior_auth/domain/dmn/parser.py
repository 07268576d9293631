"""S-FEEL text into its parts (DMN 1.3, chapter 9.1). The names in scope are known, so that they may hold spaces.

Beyond the letter of the grammar, as the compatibility kit of level 2 asks: `and`, `or`, calls with arguments by
position or name, and `null`. What only full FEEL has is refused by name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn, TypeVar

from austa.modules.prior_auth.domain.dmn.faults import SyntaxFault
from austa.modules.prior_auth.domain.dmn.functions import BUILT_IN_NAMES, FULL_FEEL_ONLY, READERS
from austa.modules.prior_auth.domain.dmn.item_types import ANY, ItemType
from austa.modules.prior_auth.domain.dmn.properties import PROPERTIES
from austa.modules.prior_auth.domain.dmn.syntax import (
    ANYTHING,
    Call,
    Compared,
    Expression,
    Interval,
    Literal,
    Name,
    Negation,
    Operation,
    Path,
    UnaryTest,
    UnaryTests,
)
from austa.modules.prior_auth.domain.dmn.temporal import read_date, read_date_time, read_duration, read_time
from austa.modules.prior_auth.domain.dmn.values import number

LONGEST_TEXT = 10_000
DEEPEST = 60

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4}(?!\w))?")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_WORD = re.compile(r"[^\W\d]\w*")
_ARGUMENT_NAME = re.compile(r"([^\W\d]\w*(?:\s+\w+)*)\s*:")
_ESCAPE = re.compile(
    r"\\(u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL
)
"""The first alternative: two halves of one character, as UTF-16 and Java write those beyond U+FFFF."""
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
RESERVED = frozenset({"true", "false", "null", "and", "or", "not"})
_FULL_FEEL = frozenset(
    {"if", "then", "else", "for", "some", "every", "function", "instance", "between", "in", "satisfies", "return"}
)

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Names:
    """What may be named: variables with their types, and functions (built-in ones are always there).

    `wrong_dates_are_null`: the standard's reading of `date("2023-02-29")`, instead of a refusal.
    """

    variables: Mapping[str, ItemType]
    functions: frozenset[str] = frozenset()
    wrong_dates_are_null: bool = False


def parse_expression(text: str, names: Names) -> Expression:
    """One expression. Raises SyntaxFault where the text is none."""
    return _whole(text, names, lambda parser: parser.expression())


def parse_tests(text: str, names: Names) -> UnaryTests:
    """A cell of unary tests; an empty one is `-`, as rule editors write it. Raises SyntaxFault."""
    if not text.strip():
        return ANYTHING
    return _whole(text, names, lambda parser: parser.unary_tests())


def _whole(text: str, names: Names, parse: "Callable[[_Parser], Parsed]") -> Parsed:
    if len(text) > LONGEST_TEXT:
        raise SyntaxFault(text[:80], 0, f"no máximo {LONGEST_TEXT} caracteres")
    parser = _Parser(text, names)
    parsed = parse(parser)
    parser.end()
    return parsed


@lru_cache(maxsize=1024)
def name_pattern(name: str) -> re.Pattern[str]:
    """A name as it may be written: any run of spaces where it has one, and not as the beginning of a longer word."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(words + (r"(?!\w)" if re.search(r"\w$", name) else ""))


class _Parser:
    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.names = names
        self.variables = _patterns(tuple(names.variables))
        self.functions = _patterns((*BUILT_IN_NAMES, *sorted(names.functions)))
        self._space()

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(f"no máximo {DEEPEST} níveis de parênteses")
        left = self._conjunction()
        while self._word("or"):
            left = Operation("or", left, self._conjunction())
        self.depth -= 1
        return left

    def unary_tests(self) -> UnaryTests:
        if self._sign("-", then_end=True):
            return ANYTHING
        start = self.at
        if self._word("not") and self._sign("("):
            tests = self._test_list()
            self._expect(")")
            return UnaryTests(tests, negated=True)
        self.at = start
        return UnaryTests(self._test_list())

    def end(self) -> None:
        if self.at < len(self.text):
            word = _WORD.match(self.text, self.at)
            if word is not None and word.group() in _FULL_FEEL:
                self._fail_beyond(word.group())
            self._fail("um operador ou o fim", beyond=self.text[self.at] in "[{")

    def _test_list(self) -> tuple[UnaryTest, ...]:
        tests = [self._test()]
        while self._sign(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> UnaryTest:
        for operator in _COMPARISONS:
            if self._sign(operator):
                return Compared(operator, self._addition())
        return self._interval() or Compared("=", self._addition())

    def _interval(self) -> Interval | None:
        """`[a..b]`, `(a..b)` or `]a..b[`; None (and nothing read) when what begins here is something else."""
        start = self.at
        opening = next((sign for sign in "[](" if self._sign(sign)), None)
        if opening is None:
            return None
        low = self._attempt(self._addition) if opening == "(" else self._addition()
        if low is None or not self._sign(".."):
            if opening != "(":
                self._fail("'..' entre as pontas do intervalo")
            self.at = start
            return None
        high = self._addition()
        closing = next((sign for sign in "])[" if self._sign(sign)), None)
        if closing is None:
            self._fail("o fim do intervalo: ']', ')' ou '['")
        return Interval(low, high, opening == "[", closing == "]")

    def _attempt(self, parse: Callable[[], Expression]) -> Expression | None:
        depth = self.depth
        try:
            return parse()
        except SyntaxFault:
            self.depth = depth
            return None

    def _conjunction(self) -> Expression:
        left = self._comparison()
        while self._word("and"):
            left = Operation("and", left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._addition()
        for operator in _COMPARISONS:
            if self._sign(operator):
                return Operation(operator, left, self._addition())
        return left

    def _addition(self) -> Expression:
        left = self._product()
        while True:
            operator = next((sign for sign in "+-" if self._sign(sign)), None)
            if operator is None:
                return left
            left = Operation(operator, left, self._product())

    def _product(self) -> Expression:
        left = self._power()
        while True:
            if self.text.startswith("**", self.at):
                return left
            operator = next((sign for sign in "*/" if self._sign(sign)), None)
            if operator is None:
                return left
            left = Operation(operator, left, self._power())

    def _power(self) -> Expression:
        left = self._unary()
        while self._sign("**"):
            left = Operation("**", left, self._unary())
        return left

    def _unary(self) -> Expression:
        signs = 0
        while self._sign("-"):
            signs += 1
            if signs > DEEPEST:
                self._fail(f"no máximo {DEEPEST} sinais")
            if _NUMBER.match(self.text, self.at):
                operand: Expression = self._number(negative=True)
                signs -= 1
                break
        else:
            operand = self._postfix()
        for _ in range(signs):
            operand = Negation(operand)
        return operand

    def _postfix(self) -> Expression:
        node = self._primary()
        while not self.text.startswith("..", self.at) and self._sign("."):
            node = Path(node, self._part(node))
        return node

    def _primary(self) -> Expression:
        if self._sign("("):
            inner = self.expression()
            self._expect(")")
            return inner
        if self.text.startswith('"', self.at):
            return Literal(self._string())
        if _NUMBER.match(self.text, self.at):
            return self._number()
        if self._sign("@"):
            return self._temporal_at()
        if self.text[self.at : self.at + 1] in {"[", "{"}:
            self._fail("um valor, um nome ou '(': listas e contextos só se escrevem em FEEL completo", beyond=True)
        return self._named()

    def _named(self) -> Expression:
        """The longest known name wins; a function is one only before its parenthesis."""
        start = self.at
        call = self._known(self.functions)
        if call is not None and self._sign("("):
            return self._call(call, start)
        self.at = start
        variable = self._known(self.variables)
        if variable is not None:
            return Name(variable)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._word(word):
                return Literal(value)
        return self._unknown()

    def _unknown(self) -> NoReturn:
        word = _WORD.match(self.text, self.at)
        if word is not None and word.group() in _FULL_FEEL:
            self._fail_beyond(word.group())
        if self.text.startswith("?", self.at):
            self._fail_beyond("?")
        function = self._known(_patterns(FULL_FEEL_ONLY))
        if function is not None and self.text.startswith("(", self.at):
            self._fail_beyond(function)
        if word is not None:
            self.at = word.start()
        known = ", ".join(sorted(self.names.variables)) or "nenhum aqui"
        self._fail(f'um valor ou um nome conhecido (texto vai entre "aspas"; nomes conhecidos: {known})')

    def _call(self, function: str, start: int) -> Expression:
        arguments: list[Expression] = []
        names: list[str] = []
        while not self._sign(")"):
            if arguments:
                self._expect(",")
            name = self._argument_name()
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
        if names and len(names) != len(arguments):
            self._fail("todos os argumentos com nome, ou nenhum")
        if function in READERS and len(arguments) == 1 and not names:
            return self._literal_call(function, arguments[0], start)
        return Call(function, tuple(arguments), tuple(names))

    def _argument_name(self) -> str | None:
        found = _ARGUMENT_NAME.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        self._space()
        return " ".join(found.group(1).split())

    def _literal_call(self, function: str, argument: Expression, start: int) -> Expression:
        """`date("2024-01-31")` is a value already: a wrong day is found here, not in a decision."""
        if not isinstance(argument, Literal) or not isinstance(argument.value, str):
            return Call(function, (argument,))
        value = READERS[function](argument.value)
        if value is None and not self.names.wrong_dates_are_null:
            self.at = start
            self._fail(f"{function}(…) com o valor escrito como na ISO 8601")
        return Literal(value)

    def _temporal_at(self) -> Expression:
        start = self.at
        text = self._string()
        readers = (read_date, read_date_time, read_time, read_duration)
        value = next((found for read in readers if (found := read(text)) is not None), None)
        if value is None:
            self.at = start
            self._fail("data, hora, data e hora ou duração, escrita como na ISO 8601")
        return Literal(value)

    def _number(self, negative: bool = False) -> Literal:
        found = _NUMBER.match(self.text, self.at)
        value = number(found.group()) if found else None
        if found is None or value is None:
            self._fail("um número")
        self.at = found.end()
        if _WORD.match(self.text, self.at):
            self._fail("um operador depois do número")
        self._space()
        return Literal(-value if negative and value else value)

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            self._fail('um texto entre "aspas"')
        text = _ESCAPE.sub(self._unescaped, found.group(1))
        self.at = found.end()
        self._space()
        return text

    def _unescaped(self, found: re.Match[str]) -> str:
        code = found.group(1)
        if code[0] in "uU" and len(code) > 1:
            first, _, second = code[1:].partition("\\u")
            point = int(first, 16)
            if second:
                point = 0x10000 + ((point - 0xD800) << 10) + int(second, 16) - 0xDC00
            if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
                self._fail("um caractere Unicode")
            return chr(point)
        if code not in _ESCAPED:
            self._fail('um destes escapes: \\n \\r \\t \\" \\\\ \\u0000')
        return _ESCAPED[code]

    def _part(self, owner: Expression) -> str:
        owner_type = self._type_of(owner)
        known = [name for name, _ in owner_type.parts] if owner_type.parts else []
        if owner_type.kind is not None and not known:
            known = list(PROPERTIES.get(owner_type.kind, {}))
        part = self._known(_patterns(tuple(known)))
        if part is not None:
            return part
        word = _WORD.match(self.text, self.at)
        if word is None or owner_type.kind is not None or owner_type.element is not None:
            self._fail(f"uma de suas partes: {', '.join(known) or 'não tem nenhuma'}")
        return self._known(_patterns(("time offset",))) or self._taken(word)

    def _type_of(self, node: Expression) -> ItemType:
        match node:
            case Name(name):
                return self.names.variables[name]
            case Path(owner, part):
                return self._type_of(owner).part(part) or ANY
            case _:
                return ANY

    def _known(self, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
        for name, pattern in patterns:
            found = pattern.match(self.text, self.at)
            if found is not None:
                self._taken(found)
                return name
        return None

    def _taken(self, found: re.Match[str]) -> str:
        self.at = found.end()
        self._space()
        return found.group()

    def _word(self, word: str) -> bool:
        found = name_pattern(word).match(self.text, self.at)
        if found is None:
            return False
        self._taken(found)
        return True

    def _sign(self, sign: str, then_end: bool = False) -> bool:
        if not self.text.startswith(sign, self.at) or (sign == "." and self.text.startswith("..", self.at)):
            return False
        if then_end and _SPACE.fullmatch(self.text, self.at + len(sign)) is None:
            return False
        self.at += len(sign)
        self._space()
        return True

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            self._fail(f"'{sign}'")

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _fail(self, expected: str, beyond: bool = False) -> NoReturn:
        raise SyntaxFault(self.text, self.at, expected, beyond)

    def _fail_beyond(self, word: str) -> NoReturn:
        self._fail(f"S-FEEL: '{word}' é do FEEL completo", beyond=True)


@lru_cache(maxsize=64)
def _patterns(names: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, name_pattern(name)) for name in sorted(names, key=len, reverse=True))
