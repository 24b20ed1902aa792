"""A day of a calendar edited: first the what-if, then applied with a reason."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Path, Request
from starlette.responses import Response

from api.calendars.changes import apply, propose
from api.calendars.schemas import CalendarAsk, DayIn
from api.deps import Administrator, Call, Passing, TopAdministrator
from api.rooms.admin.calendars import CalendarName, neighbours
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said
from sla.calendars.days import Confidence, DayKind, parse_interval
from sla.calendars.model import CalendarVersion, read_date
from workflows.calendars import changing
from workflows.views import calendar_changes
from workflows.views.calendar_changes import day_text

router = APIRouter(prefix="/admin/calendars")

ChangeId = Annotated[UUID, Path()]

LONGEST_RANGE = 60
"""Days that may be edited at once."""

_CHOICES = (
    (
        DayKind.NORMAL.value,
        Said("Như giờ hằng tuần"),
        Said("Bỏ ngoại lệ đang ghi, trở lại theo thứ trong tuần."),
    ),
    (DayKind.CLOSED.value, Said("Nghỉ"), Said("Cơ quan không làm việc cả ngày.")),
    (
        DayKind.MAKEUP.value,
        Said("Làm bù"),
        Said("Ngày nghỉ hằng tuần nhưng làm việc theo giờ của ngày được bù."),
    ),
    (DayKind.SPECIAL.value, Said("Giờ riêng"), Said("Làm việc nhưng theo giờ ghi dưới đây.")),
)
_FIELDS = {
    "calendar_interval_unreadable": "hours",
    "calendar_intervals_overlap": "hours",
    "calendar_special_without_hours": "hours",
    "calendar_makeup_replaced_day_open": "replaces",
    "calendar_makeup_without_replaced_day": "replaces",
    "calendar_day_outside_coverage": "replaces",
}
"""The field a refusal is about, where the refusal itself names a date or a text."""

_SPLIT = re.compile(r"[,;\n]+")


@router.get("/changes/{change}", name="admin_calendar_change")
def get_change(request: Request, change: ChangeId, call: Administrator) -> Response:
    """What a change does, how far it has come, and applying it."""
    return _change_page(request, call, change)


@router.post("/changes/{change}/apply", name="admin_calendar_change_apply")
def post_apply(
    request: Request,
    change: ChangeId,
    call: TopAdministrator,
    passing: Passing,
    later: BackgroundTasks,
    form: Posted,
) -> Response:
    """Publish the version and move the dossiers."""
    try:
        if not form["reason"]:
            raise BadInput("Ghi lý do thay đổi lịch.", code="reason_missing", where="reason")
        apply(call, change, form["reason"][:1000], passing, later)
    except MotcuaError as error:
        return _change_page(request, call, change, form=form, error=error)
    return go(f"/admin/calendars/changes/{change}", note=Said("Lịch mới đã có hiệu lực."))


@router.post("/changes/{change}/drop", name="admin_calendar_change_drop")
def post_drop(change: ChangeId, call: TopAdministrator, _form: Posted) -> Response:
    """Do not make the change."""
    with call.writing() as connection:
        changing.drop(connection, change, call.at)
        name = calendar_changes.change(call.office, connection, change, size=0).calendar
    return go(f"/admin/calendars/{name}", note=Said("Đã bỏ thay đổi; lịch vẫn như cũ."))


@router.get("/{name}/days/{day}", name="admin_calendar_day")
def get_day(request: Request, name: CalendarName, day: date, call: Administrator) -> Response:
    """What a day is, and the form to change it."""
    return _day_page(request, call, name, day)


@router.post("/{name}/days/{day}", name="admin_calendar_day_change")
def post_day(
    request: Request,
    name: CalendarName,
    day: date,
    call: TopAdministrator,
    passing: Passing,
    later: BackgroundTasks,
    form: Posted,
) -> Response:
    """Look at what the change would do; nothing is changed yet."""
    try:
        with call.reading() as connection:
            version = call.office.reference(connection).calendars.current(name).version
        days = _asked(version, day, form)
        change = propose(call, CalendarAsk(calendar=name, days=days), passing, later)
    except MotcuaError as error:
        return _day_page(request, call, name, day, form=form, error=error)
    return go(f"/admin/calendars/changes/{change}")


def _asked(version: CalendarVersion, day: date, form: Form) -> list[DayIn]:
    """The days the form speaks of. A working day that is made up for is closed with it."""
    kind = form["kind"]
    if kind not in {value for value, _, _ in _CHOICES}:
        raise BadInput("Chọn loại ngày.", code="calendar_day_kind_wrong", where="kind")
    until = _date(form, "until") or day
    if not 0 <= (until - day).days < LONGEST_RANGE:
        raise BadInput(
            Said(
                "“Đến hết ngày” phải từ ngày đang sửa trở đi, nhiều nhất {longest_range} ngày.",
                longest_range=LONGEST_RANGE,
            ),
            code="calendar_range_wrong",
            where="until",
        )
    said: dict[str, Any] = {"kind": DayKind(kind)}
    if kind != DayKind.NORMAL.value:
        said |= {"name": form["title"][:200], "source": form["source"][:300]}
        said["confidence"] = Confidence.DECISION if form["source"] else Confidence.TO_VERIFY
    if kind == DayKind.SPECIAL.value:
        said["hours"] = [str(parse_interval(part)) for part in _SPLIT.split(form["hours"]) if part.strip()]
    if kind == DayKind.MAKEUP.value:
        return _made_up(version, day, said, _date(form, "replaces"))
    return [DayIn(date=day + timedelta(days=number), **said) for number in range((until - day).days + 1)]


def _made_up(version: CalendarVersion, day: date, said: dict[str, Any], replaced: date | None) -> list[DayIn]:
    if replaced is None:
        raise BadInput(
            "Ghi ngày nghỉ được làm bù.", code="calendar_makeup_without_replaced_day", where="replaces"
        )
    said["name"] = said["name"] or f"Làm bù cho ngày {replaced:%d/%m/%Y}"
    days = [DayIn(date=day, replaces=replaced, **said)]
    if version.covers(replaced) and version.exception(replaced) is None and version.hours_on(replaced):
        swapped = f"Nghỉ hoán đổi, làm bù ngày {day:%d/%m/%Y}"
        closed = {**said, "kind": DayKind.CLOSED, "name": swapped}
        days.append(DayIn(date=replaced, **closed))
    return days


def _date(form: Form, name: str) -> date | None:
    if not form[name]:
        return None
    try:
        return read_date(form[name])
    except BadInput as error:
        raise BadInput(error.message, code=error.code, where=name, hint="Ghi dạng 2026-11-24.") from error


def _day_page(
    request: Request,
    call: Call,
    name: str,
    day: date,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        working = call.office.reference(connection).calendars.current(name)
    version = working.version
    known = version.exception(day)
    before, after = neighbours(day)
    status = version.day_status(day)
    values = {
        "kind": known.kind.value if known else DayKind.CLOSED.value if status.working else "",
        "title": known.name if known else "",
        "source": known.source if known else "",
        "until": "",
        "replaces": known.replaces.isoformat() if known and known.replaces else "",
        "hours": ", ".join(str(one) for one in status.hours),
    }
    if form is not None:
        values = {field: form[field] for field in values}
    return show(
        request,
        "admin/day.html",
        call,
        status=error.status if error else 200,
        version=version,
        day=day,
        now=status,
        text=day_text(version, day),
        before=before if version.covers(before) else None,
        after=after if version.covers(after) else None,
        choices=_CHOICES,
        values=values,
        past=day < working.to_local(call.at).date(),
        error=error,
        errors={_FIELDS.get(error.code, error.where): error.message} if error else {},
    )


def _change_page(
    request: Request,
    call: Call,
    change: UUID,
    *,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        found = calendar_changes.change(call.office, connection, change)
    return show(
        request,
        "admin/calendar_change.html",
        call,
        status=error.status if error else 200,
        change=found,
        reason=form["reason"] if form else "",
        error=error,
    )
