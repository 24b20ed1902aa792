"""Where something failed, for the log, without the words of the error."""

from __future__ import annotations

import traceback
from collections.abc import Iterator


def where_it_failed(error: BaseException) -> str:
    """The kinds of errors and the lines they passed, without their words: those may name a person."""
    lines = []
    for each in _causes(error):
        lines.append(type(each).__name__)
        lines.extend(
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(each.__traceback__)
        )
    return "\n".join(lines)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
