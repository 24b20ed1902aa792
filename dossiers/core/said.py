"""Sentences that can be said in another language: a Vietnamese pattern and the values in it.

A ``Said`` is the Vietnamese sentence itself, so the command line, JSON and letters write it as any text.
A door that speaks another language translates the pattern, then those of its values that are ``Said``;
a plain string among the values is data (a name, what somebody typed) and stays as it is. A value called
``n`` is a number that may choose between singular and plural.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator


class Worded(str):
    """A text whose first letter the formats ``capital`` and ``small`` write in upper and lower case."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec == "capital":
            return self[:1].upper() + self[1:]
        return self[:1].lower() + self[1:] if spec == "small" else super().__format__(spec)


class Said(Worded):
    """``Said("{who} tiếp nhận hồ sơ.", who="Lê Thị Lê")``. Without values braces mean themselves."""

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> Said:
        if isinstance(pattern, Said) and not values:
            return pattern
        said = super().__new__(cls, pattern.format_map(values) if values else pattern)
        said.pattern, said.values = str(pattern), values
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.pattern, dict(self.values))

    def __add__(self, more: str) -> Said:
        return Said("{said}{more}", said=self, more=more) if more else self

    def __radd__(self, before: str) -> Said:
        return Said("{before}{said}", before=before, said=self) if before else self


def _again(pattern: str, values: dict[str, Any]) -> Said:
    return Said(pattern, **values)


def capital(text: str) -> Said:
    """The text with its first letter in upper case."""
    return Said("{text:capital}", text=text if isinstance(text, Said) else Worded(text))


def thousands(number: int) -> str:
    """A whole number with dots between thousands."""
    return f"{number:,}".replace(",", ".")


def joined(between: str, texts: Iterable[str]) -> Said:
    """The texts in a row; what stands between them is punctuation, or a text that has its translation."""
    row = list(texts)
    names = [f"part{number}" for number in range(len(row))]
    if isinstance(between, Said):
        said = row[0] if row else ""
        for text in row[1:]:
            said = Said("{before}{between}{after}", before=said, between=between, after=text)
        return Said(said)
    pattern = between.join(f"{{{name}}}" for name in names)
    return Said(pattern, **dict(zip(names, row, strict=True)))


def _keep(text: Any, check: ValidatorFunctionWrapHandler, _info: ValidationInfo) -> str:
    return text if isinstance(text, Said) else str(check(text))


Sentence = Annotated[str, WrapValidator(_keep)]
"""A field of a model whose text keeps how it was made; any text will do."""
