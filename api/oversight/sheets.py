"""The lists of the head's board as XLSX files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Connection

from api.deps import Call, Overseer
from api.oversight.board import Agency, AsOf, From, Procedure, To, known, late_page
from api.oversight.workbook import MEDIA_TYPE, VIETNAM, Column, Kind, workbook
from dossiers.history import seals
from workflows.views import figures, late, reckoning
from workflows.views.lists import Filter
from workflows.views.models import FaultRead
from workflows.views.paging import Page
from workflows.views.reckoning import Ledger
from workflows.views.sight import Sight

router = APIRouter(tags=["oversight"])

T = TypeVar("T")

PAGE = 500
MOST_ROWS = 20_000


class Sheet(StrEnum):
    """What can be had as a file."""

    LATE = "late"
    NEARLY_LATE = "nearly-late"
    NOT_RECEIVED = "not-received"
    APOLOGIES = "apologies"
    LEDGER = "ledger"
    LOAD = "load"
    DAYS = "days"
    STANDINGS = "standings"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file is narrowed to."""

    sight: Sight
    agency: str | None
    procedure: str | None
    as_of: datetime | None
    first: date | None
    last: date | None
    mine: bool
    open_only: bool

    @property
    def filter(self) -> Filter:
        """The same for lists of dossiers."""
        return Filter(self.sight, self.agency, self.procedure)


class _Xlsx(Response):
    media_type = MEDIA_TYPE


@router.get(
    "/sheets/{sheet}.xlsx",
    summary="Danh sách giám sát dạng bảng tính (XLSX)",
    response_class=_Xlsx,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_sheet(
    sheet: Annotated[Sheet, Path(description="Danh sách nào")],
    call: Overseer,
    agency: Agency = None,
    procedure: Procedure = None,
    as_of: AsOf = None,
    since: From = None,
    until: To = None,
    mine: Annotated[bool, Query(description="Sổ trách nhiệm: chỉ mục của tôi hoặc của cấp dưới tôi")] = False,
    open_only: Annotated[bool, Query(alias="open", description="Sổ trách nhiệm: chỉ mục chưa khép")] = False,
) -> Response:
    """A list with Vietnamese headings, real dates, and a filter on each column."""
    title, columns, rows_of = SHEETS[sheet]
    with call.reading() as connection:
        where = known(call, connection, agency)
        asked = Asked(call.sight(connection), where, procedure, as_of, since, until, mine, open_only)
        place = call.office.reference(connection).directory.name(where) if where else "mọi cơ quan"
        at = (as_of or call.at).astimezone(VIETNAM)
        said = f"{place}; lúc {at:%H:%M ngày %d/%m/%Y}"
        seal = seals.latest(connection) if sheet is Sheet.LATE else None
        if seal is not None:
            said += f"; niêm phong số {seal.number} ngày {seal.day:%d/%m/%Y}: {seal.printed}"
        body = workbook(title, said, columns, rows_of(call, connection, asked))
    return _Xlsx(
        body, headers={"Content-Disposition": f'attachment; filename="{sheet.value}-{at:%Y%m%d}.xlsx"'}
    )


Rows = Callable[[Call, Connection, Asked], Iterator[tuple[Any, ...]]]


def _whole(page_at: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Every line of a list, page after page."""
    cursor, count = None, 0
    while count < MOST_ROWS:
        page = page_at(cursor)
        yield from page.items
        count += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def _late(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    lines = _whole(lambda cursor: late_page(call, connection, asked.filter, asked.as_of, cursor, PAGE))
    for line in lines:
        yield (
            line.code,
            f"{line.procedure.code} {line.procedure.name}",
            line.applicant,
            line.holder.name if line.holder else "người nộp",
            line.step,
            line.official,
            line.held_since,
            line.judged_due_at,
            line.due_at if line.due_at != line.judged_due_at else None,
            line.minutes_past,
            LETTERS.get(line.apology or "", "chưa có"),
            line.why,
        )


def _nearly(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    lines = _whole(
        lambda cursor: late.nearly_late(
            call.office, connection, call.at, asked.filter, cursor=cursor, size=PAGE
        )
    )
    for line in lines:
        yield (
            line.code,
            f"{line.procedure.code} {line.procedure.name}",
            line.applicant,
            line.holder.name if line.holder else "người nộp",
            line.step,
            line.official,
            line.held_since,
            line.due_at,
            line.minutes_left,
            line.why,
        )


def _not_received(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    lines = _whole(
        lambda cursor: late.not_received(
            call.office, connection, call.at, asked.filter, cursor=cursor, size=PAGE
        )
    )
    for line in lines:
        yield (
            line.dossier,
            f"{line.procedure.code} {line.procedure.name}",
            line.giver.name,
            line.receiver.name,
            line.step,
            line.sent_at,
            line.acknowledge_by,
            line.minutes_past,
        )


def _apologies(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    lines = _whole(
        lambda cursor: reckoning.apologies(
            call.office, connection, sight=asked.sight, agency=asked.agency, cursor=cursor, size=PAGE
        )
    )
    for line in lines:
        yield (
            line.dossier,
            line.no,
            f"{line.procedure.code} {line.procedure.name}",
            line.applicant,
            line.agency.name,
            line.promised_at,
            line.sign_by,
            "được" if line.can_reappoint else "không",
            line.reason,
            line.new_due_at,
        )


def _ledger(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    narrow = Ledger(
        asked.sight,
        agency=asked.agency,
        concerns=call.actor.id if asked.mine else None,
        open_only=asked.open_only,
    )
    lines = _whole(lambda cursor: reckoning.ledger(call.office, connection, narrow, cursor=cursor, size=PAGE))
    for line in lines:
        yield (
            line.dossier,
            line.no,
            FAULTS.get(line.kind, line.kind),
            line.agency.name,
            line.step,
            line.head.name if line.head else "khuyết",
            line.up_head.name if line.up_head else None,
            line.instant,
            line.minutes,
            _said(line, "explained"),
            "có" if any(entry.kind == "acknowledged" for entry in line.entries) else "chưa",
            line.closed_at,
        )


def _said(fault: FaultRead, kind: str) -> str:
    return "; ".join(entry.text or "" for entry in fault.entries if entry.kind == kind)


def _load(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    for line in figures.load(call.office, connection, call.at, asked.agency):
        yield (
            line.agency.name,
            line.official.name if line.official else "chưa ai nhận",
            line.open,
            line.overdue,
            line.nearly_due,
            line.finished,
        )


def _days(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    days = figures.series(call.office, connection, call.at, asked.agency, first=asked.first, last=asked.last)
    for line in days:
        yield line.day, line.received, line.finished, line.late


def _standings(call: Call, connection: Connection, asked: Asked) -> Iterator[tuple[Any, ...]]:
    lines = figures.standings(
        call.office, connection, call.at, asked.agency, first=asked.first, last=asked.last
    )
    for line in lines:
        yield (
            line.agency.name,
            line.received,
            line.finished,
            line.on_time,
            line.on_time_percent,
            line.open,
            line.late,
            line.late_minutes,
            line.to_sign,
        )


LETTERS = {"signed": "đã ký", "asked": "chờ ký"}
FAULTS = {
    "late": "trễ hẹn",
    "unsigned_apology": "không ký thư xin lỗi đúng hạn",
    "broken_reappointment": "trễ cả ngày hẹn lại",
}

_CODE, _PROCEDURE, _APPLICANT = Column("Mã hồ sơ", 26), Column("Thủ tục", 50), Column("Người nộp", 26)
_HOLDER, _STEP, _OFFICIAL = Column("Nơi đang giữ", 34), Column("Bước", 30), Column("Người xử lý", 24)
_SINCE = Column("Giữ từ", 18, Kind.INSTANT)
_WHY = Column("Vì sao", 70)


def _number(heading: str) -> Column:
    return Column(heading, 14, Kind.NUMBER)


def _instant(heading: str) -> Column:
    return Column(heading, 18, Kind.INSTANT)


SHEETS: dict[Sheet, tuple[str, tuple[Column, ...], Rows]] = {
    Sheet.LATE: (
        "Hồ sơ quá hẹn",
        (_CODE, _PROCEDURE, _APPLICANT, _HOLDER, _STEP, _OFFICIAL, _SINCE, _instant("Hẹn trả"),
         _instant("Hẹn lại"), _number("Quá hẹn (phút làm việc)"), Column("Thư xin lỗi", 12), _WHY),
        _late,
    ),
    Sheet.NEARLY_LATE: (
        "Hồ sơ sắp đến hẹn",
        (_CODE, _PROCEDURE, _APPLICANT, _HOLDER, _STEP, _OFFICIAL, _SINCE, _instant("Hẹn trả"),
         _number("Còn (phút làm việc)"), _WHY),
        _nearly,
    ),
    Sheet.NOT_RECEIVED: (
        "Chưa nhận bàn giao",
        (_CODE, _PROCEDURE, Column("Bên giao", 34), Column("Bên nhận", 34), _STEP, _instant("Giao lúc"),
         _instant("Phải nhận trước"), _number("Quá hạn nhận (phút làm việc)")),
        _not_received,
    ),
    Sheet.APOLOGIES: (
        "Thư xin lỗi chờ ký",
        (_CODE, _number("Thư số"), _PROCEDURE, _APPLICANT, Column("Cơ quan xin lỗi", 34),
         _instant("Ngày đã hẹn"), _instant("Phải ký trước"), Column("Hẹn lại", 10),
         Column("Lý do đã soạn", 50), _instant("Ngày hẹn lại đã soạn")),
        _apologies,
    ),
    Sheet.LEDGER: (
        "Sổ trách nhiệm",
        (_CODE, _number("Mục"), Column("Việc", 30), Column("Cơ quan", 34), _STEP,
         Column("Người đứng đầu", 24), Column("Cấp trên", 24), _instant("Thời điểm"), _number("Số phút"),
         Column("Giải trình", 50), Column("Xác nhận", 10), _instant("Khép lại lúc")),
        _ledger,
    ),
    Sheet.LOAD: (
        "Khối lượng việc",
        (Column("Cơ quan", 40), Column("Công chức", 28), _number("Đang có"), _number("Quá hạn"),
         _number("Sắp đến hạn"), _number("Xong trong 30 ngày")),
        _load,
    ),
    Sheet.DAYS: (
        "Từng ngày",
        (Column("Ngày", 14, Kind.DAY), _number("Tiếp nhận"), _number("Giải quyết xong"),
         _number("Đang quá hẹn cuối ngày")),
        _days,
    ),
    Sheet.STANDINGS: (
        "Các cơ quan",
        (Column("Cơ quan", 44), _number("Tiếp nhận"), _number("Xong"), _number("Đúng hẹn"),
         Column("Tỷ lệ đúng hẹn (%)", 14, Kind.PERCENT), _number("Đang giải quyết"), _number("Đang quá hẹn"),
         _number("Phút trễ"), _number("Thư chờ ký")),
        _standings,
    ),
}  # fmt: skip
"""Every file: its title, its columns, and what is in them."""
