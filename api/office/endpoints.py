"""The office itself: health, settings and forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Administrator, Official
from api.office.schemas import FormVersionRead, OfficeHealth, SettingRead
from api.office.service import SAMPLE, health, settings_shown
from api.paging import ListRead
from sla.letters.forms import all_forms

router = APIRouter(prefix="/office", tags=["office"])

_VIETNAM = timedelta(hours=7)


@router.get("/health", summary="Tình trạng cài đặt")
def get_office_health(
    call: Administrator,
    sample: Annotated[bool, Query(description=f"Kiểm chứng {SAMPLE} hồ sơ chọn ngẫu nhiên")] = False,
) -> OfficeHealth:
    """The database, its schema, the monitor's last look and how much there is."""
    with call.reading() as connection:
        return health(call.office, call.settings, connection, call.at, sample=sample)


@router.get("/settings", summary="Các thiết lập đang dùng")
def list_settings(call: Administrator) -> ListRead[SettingRead]:
    """Every setting, its value and where it comes from. They are changed outside, before a restart."""
    return ListRead(items=settings_shown(call.settings))


@router.get("/forms", summary="Các biểu mẫu và phiên bản")
def list_forms(call: Official) -> ListRead[FormVersionRead]:
    """Every standard form of every circular known, and which is in force today."""
    today = (call.at + _VIETNAM).date()
    return ListRead(items=[FormVersionRead.of(form, today) for form in all_forms()])
