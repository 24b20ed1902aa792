"""Bringing in the national catalogue of procedures: a table of thousands of rows that nobody proofread.

Every row is accounted for: added, updated, unchanged, repeated, or refused with its line and the reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from dossiers.core.errors import BadInput
from dossiers.core.searching import searchable
from dossiers.procedures import repository
from sla.limit_texts.words import normalise

BATCH = 500
FIELDS = (
    "name",
    "decision_no",
    "level",
    "field",
    "executing_agency",
    "competent_agency",
    "channels",
    "deadlines",
    "result",
)
"""The columns kept beside the code; others are read past."""
MOST_TOLD = 200
"""So many rows are told of one kind; all are counted."""

_LENGTHS = {"decision_no": 60, "level": 60, "field": 200, "channels": 60}
_LONGEST_CELL = 10_000_000
_NATIONAL = re.compile(r"\d\.\d{6}")
_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")

Row = Mapping[str | None, Any]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was refused, or kept with a remark. ``row`` counts from one, without the header."""

    row: int
    code: str
    name: str
    reason: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The note as data."""
        return {
            "row": self.row,
            "code": self.code,
            "name": self.name,
            "reason": self.reason,
            "message": self.message,
        }


REFUSALS: Mapping[str, str] = {
    "code_missing": "Dòng không có mã thủ tục.",
    "code_unreadable": "Mã thủ tục không dùng được: chữ không dấu, số, dấu chấm, gạch; tối đa 40 ký tự.",
    "name_missing": "Thủ tục không có tên.",
}
"""Why a row is refused."""
REMARKS: Mapping[str, str] = {
    "odd_code": "Mã không theo dạng quốc gia (1.000001): giữ nguyên, cần đối chiếu.",
    "repeated": "Mã đã có ở dòng trước với cùng nội dung.",
    "repeated_otherwise": "Mã đã có ở dòng trước với nội dung khác ({fields}): giữ dòng đầu.",
    "shortened": "Nội dung dài quá cỡ, đã cắt bớt: {fields}.",
}
"""What is said of rows that are accounted for otherwise."""


@dataclass(slots=True)
class CatalogueReport:
    """What became of the rows: ``read`` is the sum of the five numbers after it."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Refused rows and remarks by reason."""
    filled: Counter[str] = field(default_factory=Counter)
    """Entries with something in a field, by field."""
    changed: Counter[str] = field(default_factory=Counter)
    """Updated entries by the field that changed."""
    rows: list[RowNote] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as data."""
        return {
            "read": self.read,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "refused": self.refused,
            "reasons": dict(self.reasons),
            "filled": {name: self.filled[name] for name in FIELDS},
            "changed": dict(self.changed),
            "rows": [note.as_dict() for note in self.rows],
        }


def load_catalogue(text: str | bytes) -> list[dict[str | None, Any]]:
    """The rows of a CSV file with the columns ``code`` and ``name`` at least.

    Raises ``BadInput`` (``catalogue_unreadable``) with the line of the mistake.
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _unreadable(f"byte thứ {error.start + 1} không phải UTF-8", "") from error
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(decoded, newline=""), strict=True)
    try:
        header = reader.fieldnames or ()
        missing = [name for name in ("code", "name") if name not in header]
        if missing:
            raise _unreadable(f"thiếu cột {', '.join(missing)}", "dòng 1")
        return list(reader)
    except csv.Error as error:
        where = f"dòng {reader.line_num + 1}"  # where the row that cannot be read begins
        raise _unreadable(f"{where}: {error}", where) from error
    finally:
        csv.field_size_limit(before)


def _unreadable(why: str, where: str) -> BadInput:
    return BadInput(
        f"Không đọc được tệp danh mục: {why}.",
        code="catalogue_unreadable",
        where=where,
        hint=f"Tệp CSV, mã hoá UTF-8, dòng đầu có code, {', '.join(FIELDS)}. Chưa có gì được nhập.",
    )


def import_catalogue(
    connection: Connection,
    rows: Iterable[Row],
    at: datetime,
    source: str,
    *,
    progress: Progress | None = None,
) -> CatalogueReport:
    """Import the rows in batches. Of several rows with one code the first is kept and the others are told.

    ``source`` says where the rows are from. An entry whose content is the same stays as it was, with the
    source and the time of its first import.
    """
    report = CatalogueReport()
    seen: dict[str, dict[str, str]] = {}
    pending = iter(rows)
    while batch := list(islice(pending, BATCH)):
        entries = [entry for row in batch if (entry := _entry(row, report, seen)) is not None]
        _keep(connection, entries, at, source[:200], report)
        if progress is not None:
            progress(report.read)
    return report


def _entry(row: Row, report: CatalogueReport, seen: dict[str, dict[str, str]]) -> dict[str, str] | None:
    """The row as an entry; None when it is refused or repeats an earlier one."""
    report.read += 1
    code = _cleaned(row.get("code")).replace("\n", " ")
    entry = {"code": code} | {name: _cleaned(row.get(name)) for name in FIELDS}
    entry["name"] = " ".join(entry["name"].split())
    entry["channels"] = "|".join(dict.fromkeys(part for part in entry["channels"].split("|") if part))
    refusal = _refusal(code, entry["name"])
    if refusal is not None:
        report.refused += 1
        _tell(report, entry, refusal, REFUSALS[refusal])
        return None
    too_long = [name for name, most in _LENGTHS.items() if len(entry[name]) > most]
    for name in too_long:
        entry[name] = entry[name][: _LENGTHS[name] - 1] + "…"
    if code in seen:
        _repeat(report, entry, seen[code])
        return None
    seen[code] = entry
    if too_long:
        _tell(report, entry, "shortened", REMARKS["shortened"].format(fields=", ".join(too_long)))
    if not _NATIONAL.fullmatch(code):
        _tell(report, entry, "odd_code", REMARKS["odd_code"])
    report.filled.update(name for name in FIELDS if entry[name])
    return entry | {"search_text": searchable(f"{code} {entry['name']}")}


def _refusal(code: str, name: str) -> str | None:
    if not code:
        return "code_missing"
    if not _USABLE.fullmatch(code):
        return "code_unreadable"
    return None if name else "name_missing"


def _repeat(report: CatalogueReport, entry: dict[str, str], first: dict[str, str]) -> None:
    report.repeated += 1
    differing = [name for name in FIELDS if entry[name] != first[name]]
    reason = "repeated_otherwise" if differing else "repeated"
    _tell(report, entry, reason, REMARKS[reason].format(fields=", ".join(differing)))


def _tell(report: CatalogueReport, entry: Mapping[str, str], reason: str, message: str) -> None:
    report.reasons[reason] += 1
    if report.reasons[reason] <= MOST_TOLD:
        report.rows.append(RowNote(report.read, entry["code"][:80], entry["name"][:120], reason, message))


def _keep(
    connection: Connection,
    entries: Sequence[dict[str, str]],
    at: datetime,
    source: str,
    report: CatalogueReport,
) -> None:
    known = repository.catalogue_entries(connection, [entry["code"] for entry in entries])
    written: list[dict[str, Any]] = []
    for entry in entries:
        row = known.get(entry["code"])
        changed = [] if row is None else [name for name in FIELDS if getattr(row, name) != entry[name]]
        report.added += row is None
        report.updated += bool(changed)
        report.unchanged += row is not None and not changed
        report.changed.update(changed)
        if row is None or changed:
            written.append({**entry, "source": source, "imported_at": at})
    repository.put_catalogue(connection, written)


def _cleaned(value: object) -> str:
    return _CONTROL.sub("", normalise(value)) if isinstance(value, str) else ""
