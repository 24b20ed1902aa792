"""What changed between two versions of a procedure, in words, and whether the citizen feels it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from dossiers.core.said import Said, joined
from workflows.definitions.model import CaseLimit, Definition, Outcome, Step
from workflows.definitions.schema import words
from workflows.definitions.wording import arc_text, condition_text, target_text, value_text


class ChangeKind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Affects(StrEnum):
    """What a change touches."""

    TIME = "time"
    PAPERS = "papers"
    FEES = "fees"
    PROCESS = "process"
    RECORD = "record"

    @property
    def label(self) -> str:
        """The heading in Vietnamese."""
        return {
            "time": Said("Thời gian"),
            "papers": Said("Thành phần hồ sơ"),
            "fees": Said("Phí, lệ phí"),
            "process": Said("Quy trình"),
            "record": Said("Căn cứ, ghi chú"),
        }[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``path`` names things by id: ``steps.tham_dinh.limit``; ``citizen`` feels it or not."""

    path: str
    kind: ChangeKind
    text: str
    affects: Affects
    citizen: bool


_AFFECTS = {
    "limits": Affects.TIME,
    "stages": Affects.TIME,
    "clock": Affects.TIME,
    "supplement": Affects.TIME,
    "warnings": Affects.TIME,
    "effective_from": Affects.TIME,
    "effective_to": Affects.TIME,
    "papers": Affects.PAPERS,
    "fees": Affects.FEES,
    "legal_basis": Affects.RECORD,
    "sources": Affects.RECORD,
    "split": Affects.RECORD,
    "split_note": Affects.RECORD,
    "waived": Affects.RECORD,
    "forms": Affects.RECORD,
    "note": Affects.RECORD,
    "name_en": Affects.RECORD,
}
"""By the first part of the path; everything else is the process."""

_STEP_TIME = ("limit", "counted", "not_counted_basis", "stage")
_CITIZEN = (
    *("code", "name", "level", "effective_from", "effective_to", "receiving", "competent", "channels"),
    *("papers", "fees", "clock", "limits", "stages", "ends", "supplement"),
)
_AGENCY_FIELDS = ("agency", "receiving", "competent")
_KEYS = {"legal_basis": "number", "sources": "text"}
_NAMED = {
    "steps": Said("bước"),
    "papers": Said("giấy tờ"),
    "fees": Said("khoản thu"),
    "stages": Said("giai đoạn"),
    "participants": Said("cơ quan tham gia"),
    "case": Said("dữ kiện"),
    "ends": Said("kết thúc"),
    "outcomes": Said("kết quả"),
    "legal_basis": Said("căn cứ"),
    "sources": Said("nguồn"),
    "forms": Said("biểu mẫu"),
    "waived": Said("ngoại lệ"),
}


def diff(old: Definition, new: Definition) -> list[Change]:
    """Every difference between two versions but their number, in the order of the definition."""
    return list(_Comparison(old, new).fields("", "Definition", old, new, skip=("version",)))


def as_text(changes: Sequence[Change]) -> str:
    """The changes under their headings, what citizens feel marked with a star."""
    if not changes:
        return "Không có thay đổi.\n"
    lines: list[str] = []
    for affects in Affects:
        under = [change for change in changes if change.affects is affects]
        if under:
            lines += [f"{affects.label}:", *(f"  {'*' if c.citizen else '-'} {c.text}" for c in under), ""]
    return "\n".join(lines)


class _Comparison:
    def __init__(self, old: Definition, new: Definition) -> None:
        self.old = old
        self.new = new

    def fields(
        self, path: str, model: str, old: BaseModel, new: BaseModel, *, skip: Sequence[str] = ()
    ) -> Iterator[Change]:
        """The differences of two things of one model, field by field."""
        of = words()[model]
        for field in type(old).model_fields:
            if field in skip:
                continue
            was, now = getattr(old, field), getattr(new, field)
            if was != now:
                yield from self._field(_under(path, field), field, of[field].label, was, now)

    def _field(self, path: str, field: str, label: str, was: Any, now: Any) -> Iterator[Change]:
        if field in ("limits", "limit") and isinstance(was, tuple):
            changes = list(self._limits(path, label, was, now))
            yield from changes or [
                self._change(path, ChangeKind.CHANGED, Said("{label}: đổi cách ghi", label=label))
            ]
        elif field in _NAMED:
            yield from self._collection(path, field, was, now)
        elif isinstance(was, BaseModel) and isinstance(now, BaseModel):
            for change in self.fields(path, type(was).__name__, was, now):
                yield _prefixed(change, label)
        elif field == "when":
            before = condition_text(self.old, was) or Said("luôn luôn")
            after = condition_text(self.new, now) or Said("luôn luôn")
            yield self._change(
                path,
                ChangeKind.CHANGED,
                Said("{label}: {before} → {after}", label=label, before=before, after=after),
            )
        elif isinstance(was, dict):
            before, after = (value_text(tuple(f"{k}={v}" for k, v in each.items())) for each in (was, now))
            yield self._change(
                path,
                ChangeKind.CHANGED,
                Said("{label}: {before} → {after}", label=label, before=before, after=after),
            )
        else:
            before, after = self._shown(self.old, field, was), self._shown(self.new, field, now)
            yield self._change(
                path,
                _kind(was, now),
                Said("{label}: {before} → {after}", label=label, before=before, after=after),
            )

    @staticmethod
    def _shown(definition: Definition, field: str, value: Any) -> str:
        participant = definition.participants.get(value) if field in _AGENCY_FIELDS else None
        if participant is not None:
            return Said("“{participant}”", participant=participant.name)
        return value_text(value, field)

    def _collection(self, path: str, field: str, was: Any, now: Any) -> Iterator[Change]:
        """Things with ids: taken away, added, changed, and those that changed places."""
        before, after = _by_key(field, was), _by_key(field, now)
        what = _NAMED[field]
        for key in before:
            if key not in after:
                text = Said("Bỏ {what} “{name}”", what=what, name=_name(before[key], key))
                yield self._change(_under(path, key), ChangeKind.REMOVED, text)
        moved = _moved(list(before), list(after)) if isinstance(was, tuple) else frozenset()
        for key, item in after.items():
            here = _under(path, key)
            if key not in before:
                yield self._change(
                    here, ChangeKind.ADDED, Said("Thêm {what} “{name}”", what=what, name=_name(item, key))
                )
                continue
            if key in moved:
                text = Said("Đổi thứ tự {what} “{name}”", what=what, name=_name(item, key))
                yield self._change(here, ChangeKind.MOVED, text)
            for change in self._item(here, key, before[key], item):
                yield _prefixed(change, Said("{what:capital} “{name}”", what=what, name=_name(item, key)))

    def _item(self, path: str, key: str, was: Any, now: Any) -> Iterator[Change]:
        if isinstance(was, Step):
            yield from self.fields(path, "Step", was, now, skip=("outcomes", "next"))
            yield from self._collection(_under(path, "outcomes"), "outcomes", was.ways, now.ways)
        elif isinstance(was, Outcome):
            yield from self.fields(path, "Outcome", was, now, skip=("next",))
            if was.next != now.next:
                before, after = _ways(self.old, was), _ways(self.new, now)
                if before == after:
                    before, after = (joined(", ", (arc.to for arc in way.next)) for way in (was, now))
                yield self._change(
                    path + ".next",
                    ChangeKind.CHANGED,
                    Said("Đi tiếp đến: {before} → {after}", before=before, after=after),
                )
        elif isinstance(was, BaseModel):
            yield from self.fields(path, type(was).__name__, was, now)
        elif was != now:
            yield self._change(
                path,
                ChangeKind.CHANGED,
                Said("{before} → {after}", before=value_text(was), after=value_text(now)),
            )

    def _limits(
        self, path: str, label: str, was: Sequence[CaseLimit], now: Sequence[CaseLimit]
    ) -> Iterator[Change]:
        """Limits case by case; the order matters only when the cases stay the same."""
        before = {condition_text(self.old, limit.when): limit for limit in was}
        after = {condition_text(self.new, limit.when): limit for limit in now}
        for case in dict.fromkeys((*before, *after)):
            of = Said("{label} ({case})", label=label, case=case) if case else label
            one, other = before.get(case), after.get(case)
            if one is None or other is None or one.limit != other.limit:
                left = value_text(one.limit) if one else Said("không có")
                right = value_text(other.limit) if other else Said("không có")
                kind = _kind(one, other)
                yield self._change(path, kind, Said("{of}: {left} → {right}", of=of, left=left, right=right))
            elif one.text != other.text:
                text = Said(
                    "{of}, lời văn gốc: {before} → {after}",
                    of=of,
                    before=value_text(one.text),
                    after=value_text(other.text),
                )
                yield self._change(path, ChangeKind.CHANGED, text)
        if list(before) != list(after) and set(before) == set(after):
            yield self._change(
                path, ChangeKind.MOVED, Said("{label}: đổi thứ tự xét các trường hợp", label=label)
            )

    def _change(self, path: str, kind: ChangeKind, text: str) -> Change:
        first, _, rest = path.partition(".")
        affects = _AFFECTS.get(first, Affects.PROCESS)
        if first == "steps" and rest.rpartition(".")[2] in _STEP_TIME:
            affects = Affects.TIME
        return Change(path, kind, text, affects, first in _CITIZEN)


def _ways(definition: Definition, outcome: Outcome) -> str:
    """Where an outcome leads, in words."""
    ways = []
    for arc in outcome.next:
        case = arc_text(definition, arc)
        ways.append(target_text(definition, arc.to) + (Said(" ({case})", case=case) if case else ""))
    return joined(", ", ways) or Said("không đâu")


def _by_key(field: str, items: Any) -> dict[str, Any]:
    if isinstance(items, Mapping):
        return dict(items)
    return {str(getattr(item, _KEYS.get(field, "id"))): item for item in items}


def _moved(before: list[str], after: list[str]) -> frozenset[str]:
    """The fewest things whose moving explains the new order: all but a longest run that kept its order."""
    place = {key: number for number, key in enumerate(before)}
    kept = [key for key in after if key in place]
    best: list[tuple[int, int | None]] = []
    for number, key in enumerate(kept):
        earlier = [(best[n][0], n) for n in range(number) if place[kept[n]] < place[key]]
        length, last = max(earlier, key=lambda each: (each[0], -each[1]), default=(0, None))
        best.append((length + 1, last))
    at = max(range(len(best)), key=lambda n: (best[n][0], -n), default=None)
    staying: set[str] = set()
    while at is not None:
        staying.add(kept[at])
        at = best[at][1]
    return frozenset(kept) - staying


def _kind(was: Any, now: Any) -> ChangeKind:
    if was in (None, "", ()):
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if now in (None, "", ()) else ChangeKind.CHANGED


def _name(item: Any, key: str) -> str:
    for field in ("name", "label", "number", "text"):
        name = getattr(item, field, "")
        if isinstance(name, str) and name.strip():
            return name.strip()
    return key


def _under(path: str, field: str) -> str:
    return f"{path}.{field}" if path else field


def _prefixed(change: Change, of: str) -> Change:
    return replace(change, text=Said("{of}: {text}", of=of, text=change.text))
