"""typst behind one call: a template of this package and its data become PDF or PNG bytes.

Nothing is compiled at import, so a spawned process starts clean. Compilers are not shared between threads:
each thread keeps its own. A process must not be forked after its first letter, because typst's worker
threads do not survive a fork and the child would wait for ever; it is refused instead.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

FONT_FAMILY = "TeX Gyre Termes"
"""Times metrics, every Vietnamese letter in four faces; see ``docs/letters.md``."""

_TEMPLATES = Path(__file__).parent / "templates"
_PDF_STANDARDS: list[typst.PDFStandard] = ["a-2b", "ua-1"]
"""Archiving, and reading aloud to somebody who cannot see the page."""


def to_pdf(template: str, data: Mapping[str, Any], *, created: datetime) -> bytes:
    """The letter as PDF/A-2b and PDF/UA-1. The same template, data and ``created`` give the same bytes."""
    pages = _compiler().compile(
        input=_TEMPLATES / template,
        format="pdf",
        sys_inputs=_inputs(data),
        pdf_standards=_PDF_STANDARDS,
        timestamp=created,
    )
    assert isinstance(pages, bytes)
    return pages


def to_png(
    template: str, data: Mapping[str, Any], *, created: datetime, ppi: float = 144
) -> tuple[bytes, ...]:
    """The letter's pages as pictures, for a preview on screen."""
    pages = _compiler().compile(
        input=_TEMPLATES / template,
        format="png",
        ppi=ppi,
        sys_inputs=_inputs(data),
        timestamp=created,
    )
    return (pages,) if isinstance(pages, bytes) else tuple(pages or ())


def font_files() -> tuple[Path, ...]:
    """The font files letters are set in, and no others."""
    return tuple(sorted(_font_folder().glob("*.otf")))


def _font_folder() -> Path:
    return Path(str(importlib.resources.files("mplhep_data"))) / "fonts" / "texgyretermes"


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])
    if fonts.families() != [FONT_FAMILY]:
        # typst prints a page without text when it has no font, and says nothing.
        raise RuntimeError(f"the letter font {FONT_FAMILY} is not at {_font_folder()}: reinstall mplhep-data")
    return fonts


class _Compilers(threading.local):
    """This thread's compiler, made when first asked for."""

    compiler: typst.Compiler | None = None


_of_this_thread = _Compilers()
_first_used_in: list[int] = []


def _compiler() -> typst.Compiler:
    if not _first_used_in:
        _first_used_in.append(os.getpid())
    elif _first_used_in[0] != os.getpid():
        raise RuntimeError("letters were rendered before this process was forked: start workers with spawn")
    if _of_this_thread.compiler is None:
        _of_this_thread.compiler = typst.Compiler(root=_TEMPLATES, font_paths=_fonts())
    return _of_this_thread.compiler
