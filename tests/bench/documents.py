"""Processor time of each standard form, warm, against a page with one line of text set by the same compiler.

Every run prints another dossier, so that nothing is remembered but templates and fonts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import typst

from sla.letters.rendering import font_files
from tests.letters.samples import (
    HANDOVERS,
    control_slip,
    entry,
    plain_receipt,
    receipt,
    refusal,
    register_book,
    stop_notice,
    supplement,
)

RUNS = 40
BOUND = 15
"""Milliseconds a form of one dossier may take on a machine that has nothing else to do."""

Render = Callable[[int], bytes]

FORMS: dict[str, Render] = {
    "01 receipt": lambda n: plain_receipt(dossier_code=_code(n)).pdf(),
    "01 receipt, by a proxy": lambda n: receipt(dossier_code=_code(n)).pdf(),
    "02 supplement request": lambda n: supplement(dossier_code=_code(n)).pdf(),
    "03 refusal": lambda n: refusal(dossier_code=_code(n)).pdf(),
    "05 stop notice": lambda n: stop_notice(dossier_code=_code(n)).pdf(),
    "06 control slip, 3 handovers": lambda n: control_slip(dossier_code=_code(n)).pdf(),
    "06 control slip, 12 handovers": lambda n: control_slip(
        dossier_code=_code(n), handovers=HANDOVERS * 4
    ).pdf(),
    "07 register book, 10 lines": lambda n: _book(n, 10),
    "07 register book, 300 lines": lambda n: _book(n, 300),
}


def main() -> None:
    """Print the time of each form and its ratio to the reference."""
    with TemporaryDirectory() as folder:
        reference = _median(_one_line(Path(folder)))
    sys.stdout.write(f"documents, one line of text: {reference:.1f} ms\n")
    for name, render in FORMS.items():
        taken = _median(render)
        late = f" (over {BOUND} ms)" if taken > BOUND and "lines" not in name else ""
        sys.stdout.write(f"documents, {name}: {taken:.1f} ms, ratio {taken / reference:.1f}{late}\n")


def _median(render: Render) -> float:
    render(0)
    taken = []
    for number in range(1, RUNS + 1):
        started = time.process_time()
        render(number)
        taken.append((time.process_time() - started) * 1000)
    return median(taken)


def _one_line(folder: Path) -> Render:
    page = folder / "line.typ"
    page.write_text('#set document(title: "x")\n#set text(lang: "vi")\n#sys.inputs.line')
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_files()[0].parent]
    )
    compiler = typst.Compiler(root=folder, font_paths=fonts)

    def render(number: int) -> bytes:
        at = datetime(2026, 11, 20, tzinfo=UTC)
        made = compiler.compile(
            input=page,
            format="pdf",
            sys_inputs={"line": _code(number)},
            pdf_standards=["a-2b", "ua-1"],
            timestamp=at,
        )
        assert isinstance(made, bytes)
        return made

    return render


def _book(number: int, lines: int) -> bytes:
    names = (f"Nguyễn Văn {number} {line}" for line in range(1, lines + 1))
    entries = tuple(entry(line, applicant=name) for line, name in enumerate(names, start=1))
    return register_book(entries=entries).pdf()


def _code(number: int) -> str:
    return f"H44.101.01-261119-{number:04d}"


if __name__ == "__main__":
    main()
