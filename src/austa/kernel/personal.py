"""Personal data is a type. A `Personal` prints as a mask and refuses to be serialised unless the writer
says `REVEAL`; so it cannot slip into a log, an event, an error or a ledger leaf by accident.

The two places that reveal are the HTTP answer to a caller who may see it (`infra.http.answer`) and the
encrypted columns of a store (`infra.keys`).
"""

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

REVEAL = {"reveal_personal": True}
"""The serialisation context under which personal data is written in clear."""

MASK = "•••"


class Personal:
    """A text about an identified person: name, number, address, what they wrote."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Each call is a place to look at in review."""
        return self._text

    def __repr__(self) -> str:
        return f"Personal({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("personal data is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def write(value: "Personal", info: core_schema.SerializationInfo) -> str:
            if not (info.context or {}).get("reveal_personal"):
                raise ValueError("personal data may not be serialised here")
            return value._text

        from_text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                write, info_arg=True, return_schema=core_schema.str_schema()
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "x-personal": True}


def initials(name: str) -> str:
    """'Marina Albuquerque de Teles' -> 'M. A. T.': what a list may show before a record is opened."""
    words = [word for word in name.split() if word.lower() not in {"da", "das", "de", "do", "dos", "e"}]
    return " ".join(f"{word[0].upper()}." for word in words)
