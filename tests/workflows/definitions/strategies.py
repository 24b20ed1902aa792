"""Random definitions that are valid: ``definitions()`` draws them, ``lint`` finds no error in any.

A definition is grown as a line of parts that are sound by construction: plain work, an opinion of several
agencies, something not counted, a check that may refuse, send back or end a branch early, a way around by
outcome or by condition, parallel branches that meet in a join, an optional branch. Parts nest; a loop leads
back within its own branch only. First the parts are drawn, then the arcs are laid. All shrinks towards two
plain steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from workflows.definitions.model import Definition

AGENCY_KINDS = {
    "mot_cua": "centre.commune",
    "chuyen_mon": "department.land",
    "ubnd": "committee.commune",
    "phoi_hop": "department.construction",
}
"""The agencies the definitions use: participant → kind. ``phoi_hop`` stands for several agencies."""

FACTS: dict[str, Any] = {
    "xac_minh": {"label": "Cần xác minh", "type": "bool", "default": False},
    "dien_tich": {"label": "Diện tích", "type": "number", "default": 50},
    "loai": {
        "label": "Loại",
        "type": "choice",
        "choices": {"moi": "mới", "lai": "cấp lại"},
        "default": "moi",
    },
}
"""The facts the conditions ask for, beside ``channel`` and ``applicant``."""

CONDITIONS: tuple[dict[str, Any], ...] = (
    {"xac_minh": True},
    {"dien_tich": {"at_least": 100}},
    {"loai": ["lai"]},
    {"channel": ["online", "kiosk"]},
    {"applicant": "organisation", "xac_minh": True},
)

DESK, EXPERTS, COMMITTEE, CONSULTED = AGENCY_KINDS

WORKING = {
    "4 working_hour": 240,
    "0.25 working_day": 120,
    "1 working_day": 480,
    "2 working_day": 960,
    "same_day 15:00": 480,
}
CALENDAR = {"12 clock_hour": 720, "1 calendar_day": 1_440, "2 calendar_day": 2_880}
"""Limits with their minutes; one definition keeps to one of the two families."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Wishes:
    """What the definitions may contain."""

    most_steps: int = 8
    machines: bool = True
    stages: bool = True
    calendar: bool = True
    members: tuple[str, ...] = ()
    """Codes of procedures for member dossiers; none means no such steps."""


@dataclass
class Part:
    """A step with the branches that leave it and, when they run side by side, the step that joins them."""

    kind: str
    step: Data
    branches: list[list[Part]] = field(default_factory=list)
    join: Data | None = None
    back_to: str | None = None
    may_end: bool = False
    when: Data = field(default_factory=dict)

    @property
    def entry(self) -> str:
        """Where the part begins."""
        return str(self.step["id"])

    def steps(self) -> Iterator[Data]:
        """The steps of the part in reading order."""
        yield self.step
        for branch in self.branches:
            for part in branch:
                yield from part.steps()
        if self.join is not None:
            yield self.join


class Growing:
    """Draws the parts, within a number of steps."""

    def __init__(self, draw: st.DrawFn, wishes: Wishes) -> None:
        self.draw = draw
        self.wishes = wishes
        self.made = 0
        self.left = draw(st.integers(2, max(2, wishes.most_steps))) - 2
        working = not wishes.calendar or draw(st.sampled_from((True, True, True, False)))
        self.limits = WORKING if working else CALENDAR

    def maybe(self) -> bool:
        """A choice that shrinks towards no."""
        return self.draw(st.booleans())

    def limit(self) -> Any:
        """A limit, or two by case."""
        plain = self.draw(st.sampled_from(tuple(self.limits)))
        if self.draw(st.sampled_from((True, True, False))):
            return plain
        when = self.draw(st.sampled_from(CONDITIONS))
        return [{"limit": self.draw(st.sampled_from(tuple(self.limits))), "when": when}, {"limit": plain}]

    def step(self, agency: str, kind: str = "human", **fields: Any) -> Data:
        """A new step; its arcs are laid later."""
        self.made += 1
        self.left -= 1
        name = {"id": f"b{self.made}", "name": f"Việc {self.made}", "product": f"Kết quả {self.made}"}
        return {**name, "agency": agency, "kind": kind, **fields}

    def work(self) -> Data:
        """A step people do, or now and then a machine."""
        agency = self.draw(st.sampled_from((EXPERTS, COMMITTEE, DESK)))
        if self.wishes.machines and self.draw(st.sampled_from((False, False, False, True))):
            return self.step(agency, "automatic")
        return self.step(agency, limit=self.limit())

    def line(self, deep: int, most: int = 3) -> list[Part]:
        """Some parts one after the other; a check among them may send back to the first."""
        parts = [self.part(deep, None)]
        while len(parts) < most and self.left > 0 and self.maybe():
            parts.append(self.part(deep, parts[0].entry))
        return parts

    def part(self, deep: int, back_to: str | None) -> Part:
        """One part; the first of the kinds that fit is the plainest."""
        kinds = ["work", "opinion", "waiting", "check"]
        kinds += ["member"] if self.wishes.members else []
        kinds += ["around", "again", "in_some_cases"] if self.left >= 2 else []
        kinds += ["parallel", "optional", "parallel", "optional"] if self.left >= 4 and deep < 3 else []
        kind = self.draw(st.sampled_from(kinds))
        if kind in ("parallel", "optional"):
            return self.side_by_side(kind, deep)
        step = {
            "opinion": self.opinion,
            "waiting": self.waiting,
            "member": self.member,
        }.get(kind, self.work)()
        part = Part(kind, step, back_to=back_to if kind == "check" and self.maybe() else None)
        part.may_end = kind == "check" and deep > 1 and self.maybe()
        if kind in ("around", "again", "in_some_cases"):
            part.branches = [self.line(deep + 1, most=2)]
        if kind == "in_some_cases":
            part.when = self.draw(st.sampled_from(CONDITIONS))
        return part

    def opinion(self) -> Data:
        """Several agencies are asked."""
        return self.step(
            CONSULTED,
            "opinion",
            limit=self.limit(),
            send=self.draw(st.sampled_from(("all_at_once", "sequential"))),
            silence=self.draw(st.sampled_from(("nothing", "consent"))),
        )

    def waiting(self) -> Data:
        """Somebody outside is waited for, off the clock."""
        kind = self.draw(st.sampled_from(("outside", "payment")))
        step = self.step(DESK, kind, counted=False, not_counted_basis="QĐ 1/2026/QĐ-UBND điều 1")
        step["owner"] = self.draw(st.sampled_from(("outside", "applicant")))
        return step | ({"limit": self.draw(st.sampled_from(tuple(self.limits)))} if self.maybe() else {})

    def member(self) -> Data:
        """A dossier of another procedure is opened."""
        return self.step(EXPERTS, "dossier", member=self.draw(st.sampled_from(self.wishes.members)))

    def side_by_side(self, kind: str, deep: int) -> Part:
        """Branches that run in parallel, the last of them perhaps only in some cases."""
        part = Part(kind, self.work())
        self.left -= 1  # kept for the join
        part.branches = [self.line(deep + 1, most=2), self.line(deep + 1, most=2)]
        if self.left > 0 and self.maybe():
            part.branches.append(self.line(deep + 1, most=1))
        self.left += 1
        part.join = self.work()
        part.join["join"] = "all"
        if kind == "optional":
            part.when = self.draw(st.sampled_from(CONDITIONS))
        elif self.maybe() and all(inner.kind in _SURE for line in part.branches for inner in line):
            part.join["join"] = [line[-1].entry for line in part.branches]
        return part


_SURE = ("work", "opinion", "waiting", "member")
"""Parts that always go on, and from the step they begin with."""


def definitions(
    *,
    most_steps: int = 8,
    machines: bool = True,
    stages: bool = True,
    calendar: bool = True,
    members: Sequence[str] = (),
) -> st.SearchStrategy[Definition]:
    """Valid definitions of two to about ``most_steps`` steps (a join or a last step may be one more)."""
    wishes = Wishes(most_steps, machines, stages, calendar, tuple(members))
    return _data(wishes).map(Definition.model_validate)


def case_facts() -> st.SearchStrategy[dict[str, Any]]:
    """Facts of a case such as reception would give them, some left to their defaults."""
    return st.fixed_dictionaries(
        {},
        optional={
            "xac_minh": st.booleans(),
            "dien_tich": st.sampled_from((50, 99, 100, 250)),
            "loai": st.sampled_from(("moi", "lai")),
        },
    )


@st.composite
def _data(draw: st.DrawFn, wishes: Wishes) -> Data:
    grow = Growing(draw, wishes)
    parts = [Part("work", grow.step(DESK, role="receptionist", limit=grow.limit()))]
    grow.left += 1
    while grow.left > 0:
        parts.append(grow.part(1, parts[0].entry))
    decision = Part("decision", grow.step(COMMITTEE, role="leader", limit=grow.limit(), decides=True))
    decision.back_to = draw(st.sampled_from((None, *(part.entry for part in parts))))
    parts.append(decision)
    if grow.maybe():
        parts.append(Part("work", grow.step(DESK, role="receptionist", limit=grow.limit())))
    elif grow.maybe():
        basis: Data = {"counted": False, "not_counted_basis": "Trả trong giờ hành chính"}
        parts.append(Part("work", grow.step(DESK, role="receptionist", **basis)))
    _lay(parts, "xong", grow)
    return _whole(grow, parts)


def _lay(parts: list[Part], after: str, grow: Growing) -> None:
    """Lay the arcs of parts that follow each other; the last leads to ``after``."""
    for part, following in pairwise((*(part for part in parts), None)):
        assert part is not None
        _lay_one(part, after if following is None else following.entry, grow)


def _lay_one(part: Part, after: str, grow: Growing) -> None:
    step, inner = part.step, [line[0].entry for line in part.branches]
    match part.kind:
        case "check" | "decision":
            step["outcomes"] = [{"id": "dat", "name": "Đạt", "next": after}]
            if part.kind == "check" or grow.maybe():
                step["outcomes"].append(_reasoned("tu_choi", "Từ chối", "tu_choi"))
            if part.may_end:
                step["outcomes"].append({"id": "du", "name": "Đã đủ", "next": "xong"})
            if part.back_to is not None:
                step["outcomes"].append(_reasoned("lam_lai", "Làm lại", part.back_to))
        case "around" | "again":
            around = {"id": "vong", "name": "Qua bước phụ", "next": inner}
            step["outcomes"] = [{"id": "thang", "name": "Đi thẳng", "next": after}, around]
            _lay(part.branches[0], after if part.kind == "around" else part.entry, grow)
        case "in_some_cases":
            step["next"] = [{"to": inner[0], "when": part.when}, {"to": after, "otherwise": True}]
            _lay(part.branches[0], after, grow)
        case "parallel" | "optional":
            assert part.join is not None
            step["next"] = [{"to": entry} for entry in inner]
            if part.when:
                step["next"][-1]["when"] = part.when
            for line in part.branches:
                _lay(line, part.join["id"], grow)
            part.join["next"] = after
        case _:
            step["next"] = after


def _reasoned(outcome: str, name: str, to: str) -> Data:
    return {"id": outcome, "name": name, "next": to, "needs_reason": True}


def _whole(grow: Growing, parts: list[Part]) -> Data:
    draw = grow.draw
    decision = next(number for number, part in enumerate(parts) if part.kind == "decision")
    promise: Data = {"limits": _total(grow, parts)}
    if grow.wishes.stages and draw(st.sampled_from((False, False, True))):
        border = draw(st.integers(1, decision))
        for part in parts[border:]:
            for step in part.steps():
                step["stage"] = "hai"
        promise = {
            "stages": [
                {"id": "mot", "name": "Giai đoạn một", "limits": _total(grow, parts[:border])},
                {"id": "hai", "name": "Giai đoạn hai", "limits": _total(grow, parts[border:])},
            ]
        }
    used = {step["agency"] for part in parts for step in part.steps()} | {DESK, COMMITTEE}
    return {
        "code": "9.000001",
        "version": 1,
        "name": "Thủ tục thử",
        "field": "Thử",
        "level": "commune",
        "effective_from": date(2026, 9, 1),
        "legal_basis": [{"number": "118/2025/NĐ-CP", "confidence": "T"}],
        "sources": [{"text": "Bài kiểm tra", "confidence": "D"}],
        "split": "decision",
        "participants": {
            name: {"name": name, "kind": kind, "many": name == CONSULTED}
            for name, kind in AGENCY_KINDS.items()
            if name in used
        },
        "receiving": DESK,
        "competent": COMMITTEE,
        "channels": ["direct", "online", "postal", "kiosk"],
        "case": FACTS,
        "clock": draw(_clocks()),
        **promise,
        "steps": [step for part in parts for step in part.steps()],
        "ends": {"xong": {"name": "Đã trả kết quả"}, "tu_choi": {"name": "Từ chối", "positive": False}},
        "supplement": draw(st.none() | _supplements()),
        "handover": draw(_handovers()),
        "warnings": draw(_ladders(grow.limits)),
    }


def _total(grow: Growing, parts: list[Part]) -> list[Data]:
    """A total no way through the parts exceeds, perhaps longer in some cases."""
    minutes = sum(_longest(grow, step) for part in parts for step in part.steps())
    unit = "working_hour" if grow.limits is WORKING else "clock_hour"
    hours = max(1, -(-minutes // 60)) + grow.draw(st.sampled_from((0, 8, 24)))
    plain = {"limit": f"{hours} {unit}"}
    if not grow.maybe():
        return [plain]
    when = grow.draw(st.sampled_from(CONDITIONS))
    return [{"limit": f"{hours + 8} {unit}", "when": when}, plain]


def _longest(grow: Growing, step: Data) -> int:
    limit = step.get("limit", [])
    limits = [limit] if isinstance(limit, str) else [each["limit"] for each in limit]
    return max((grow.limits[each] for each in limits if step.get("counted", True)), default=0)


def _clocks() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {
            "rule": st.sampled_from(("hour-for-hour", "civil-code")),
            "starts": st.sampled_from(("accepted", "competent_received")),
            "outside_hours": st.sampled_from(("as_is", "next_session")),
            "day_end": st.sampled_from(("closing", "midnight")),
        },
        optional={"cut_off": st.sampled_from(("15:00", "16:30"))},
    )


def _supplements() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {
            "effect": st.sampled_from(("pause", "restart")),
            "cap": st.sampled_from(("7 working_day", "30 calendar_day")),
            "at_cap": st.sampled_from(("stop", "refuse", "return")),
            "max_requests": st.sampled_from((1, 2)),
            "basis": st.just("NĐ 61/2018/NĐ-CP điều 19.4"),
        }
    )


def _handovers() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {
            "mode": st.sampled_from(("electronic", "paper")),
            "in_transit": st.sampled_from(("receiver", "sender")),
        },
        optional={"acknowledge_within": st.just("2 working_hour")},
    )


def _ladders(limits: dict[str, int]) -> st.SearchStrategy[list[str]]:
    rungs = ["2 working_day", "1 working_day", "2 working_hour"]
    if limits is not WORKING:
        rungs = ["48 clock_hour", "24 clock_hour", "2 clock_hour"]
    return st.sampled_from([rungs[number:] for number in range(4)])
