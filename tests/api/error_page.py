"""The list of error codes for people: ``python -m tests.api.error_page`` writes ``docs/error-codes.md``."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from api.errors import ErrorCode, error_codes, status_name

TARGET = Path(__file__).parents[2] / "docs" / "error-codes.md"
HEAD = """# Error codes

Every refusal and failure is an `application/problem+json` document with a `code` from this list. Codes do not
change between versions: a program may decide by them. What is wrong in the case at hand and how to mend it is
said in `detail` and `hint`, for people; [the interface](api.md) says more about the other fields.

This page is made from `api/error_codes.yaml` by `python -m tests.api.error_page`. A test finds every code the
program raises and fails when one is missing here.
"""


def page() -> str:
    """The page, by status and code."""
    known = sorted(error_codes().values(), key=lambda each: (each.status, each.code))
    parts = [HEAD]
    for status, codes in groupby(known, key=lambda each: each.status):
        parts.append(f"\n## {status} {status_name(status)}\n\n| code | meaning |\n| --- | --- |\n")
        parts.extend(_line(each) for each in codes)
    return "".join(parts)


def _line(known: ErrorCode) -> str:
    return f"| `{known.code}` | {known.title} |\n"


def main() -> int:
    """Write the file."""
    TARGET.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
